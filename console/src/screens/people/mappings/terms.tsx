// Terms: roles on things, in environments. As they are given, and as they are put together while a mapping or a position is made.
import { type ReactElement, useState } from 'react'
import { Button } from '../../../design/button.tsx'
import { Gives } from '../../access/grant-facts.tsx'
import { scopeTypes, shippedRoles, wordsIn } from '../../access/grants/grant-terms.ts'
import { EnvironmentFields, ScopeFields, WhatField } from '../../access/grants/terms-fields.tsx'
import type { Directory } from '../../access/names.ts'
import { Environments, Scope } from '../../access/who.tsx'
import { type ShownTerm, shownTerm, type Term, termText } from './draft.ts'

type Shown = Pick<ShownTerm, 'role' | 'customRole' | 'scope' | 'environments'>

interface TermLineProps {
  readonly term: Shown
  readonly of: Directory
}

/** One term in a line. */
export function TermLine({ term: { role, customRole, scope, environments }, of }: TermLineProps): ReactElement {
  return (
    <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5 gap-y-0.5">
      <Gives grant={{ role, customRole, actions: [] }} />
      <span className="text-soft">on</span>
      <Scope scope={scope} of={of} />
      {environments.length === 0 ? null : <Environments ids={environments} of={of} none="" />}
    </span>
  )
}

interface TermListProps {
  readonly terms: readonly Shown[]
  readonly of: Directory
}

/** Terms, one a line. */
export function TermList({ terms, of }: TermListProps): ReactElement {
  if (terms.length === 0) return <span className="text-faint">nothing</span>
  return (
    <ul>
      {terms.map((term) => (
        <li key={JSON.stringify(term)} className="py-0.5">
          <TermLine term={term} of={of} />
        </li>
      ))}
    </ul>
  )
}

type Fields = Readonly<Record<string, string | undefined>>

/** The term that the fields say, or what is still missing of it. */
function termOf({ gives, scopeType, scope, environments }: Fields): Term | string {
  const role = shippedRoles.find((one) => one === gives)
  if (role === undefined && gives?.startsWith('own:') !== true) return 'Choose a role first.'
  const type = scopeTypes.find((one) => one === scopeType) ?? 'Organization'
  if (type !== 'Organization' && scope === undefined) return `Choose the ${type.toLowerCase()} that it is given on.`
  const where = wordsIn(environments)
  return {
    ...(role === undefined ? { customRole: gives?.slice(4) ?? '' } : { role }),
    scopeType: type,
    ...(type === 'Organization' || scope === undefined ? {} : { scope }),
    ...(where.length === 0 ? {} : { environments: [...where] }),
  }
}

interface TermsFieldProps {
  readonly value: readonly Term[]
  readonly onChange: (terms: readonly Term[]) => void
  readonly of: Directory
}

/** The terms that were put together, and one more. */
export function TermsField({ value, onChange, of }: TermsFieldProps): ReactElement {
  const [fields, setFields] = useState<Fields>({})
  const next = termOf(fields)
  const isThere = typeof next !== 'string' && value.some((one) => termText(one) === termText(next))
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-small font-medium">Gives</legend>
      {value.length === 0 ? null : (
        <ul className="mb-3">
          {value.map((term) => (
            <li key={termText(term)} className="flex items-baseline justify-between gap-3 border-b border-line/70 py-1">
              <TermLine term={shownTerm(term)} of={of} />
              <Button
                weight="quiet"
                onPress={() => onChange(value.filter((one) => one !== term))}
                label={`Leave out ${termText(term)}`}
                className="shrink-0 whitespace-nowrap"
              >
                Leave out
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-col gap-3 border-l-2 border-line pl-3">
        <WhatField search={fields} change={(to) => setFields((before) => ({ ...before, ...to }))} withoutActions />
        <ScopeFields search={fields} change={(to) => setFields((before) => ({ ...before, ...to }))} of={of} />
        <EnvironmentFields search={fields} change={(to) => setFields((before) => ({ ...before, ...to }))} of={of} />
        {typeof next === 'string' ? (
          <p className="text-small text-soft">{next}</p>
        ) : isThere ? (
          <p className="text-small text-soft">It is given already.</p>
        ) : (
          <Button
            onPress={() => {
              onChange([...value, next])
              setFields({})
            }}
          >
            Give this {value.length === 0 ? '' : 'as well'}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
