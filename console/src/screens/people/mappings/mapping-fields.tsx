// The fields of a mapping that is to be: of whom, and what it gives. They stand in the URL.
import { type ReactElement, useState } from 'react'
import { useMay } from '../../../api/may.ts'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { visible } from '../../../design/visible.ts'
import type { SearchChange } from '../../../shell/view.ts'
import type { Directory } from '../../access/names.ts'
import { Pick } from '../../access/pick.tsx'
import { useLookup } from '../lookup.ts'
import { type Attribute, attributes, type Condition, conditionsIn, conditionsText, termsIn, termsText } from './draft.ts'
import { attributeWords } from './source.tsx'
import { TermsField } from './terms.tsx'

interface FieldsProps {
  readonly search: Readonly<Record<string, string | undefined>>
  readonly change: (to: SearchChange) => void
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((one) => one.trim())
      .filter(Boolean),
  ),
]

interface ConditionFieldProps {
  readonly condition: Condition
  readonly onChange: (oneOf: string[]) => void
  readonly onRemove: () => void
}

function ConditionField({ condition: { attribute, oneOf }, onChange, onRemove }: ConditionFieldProps): ReactElement {
  const [text, setText] = useState(oneOf.join('\n'))
  const word = attributeWords[attribute]
  return (
    <div className="flex flex-col items-start gap-1">
      <div className="w-full">
        <TextField
          label={`The ${word} is one of`}
          value={text}
          onChange={(typed) => {
            setText(typed)
            onChange(linesOf(typed))
          }}
          hint="One a line, without regard to case."
          lines={2}
        />
      </div>
      <Button weight="quiet" onPress={onRemove} label={`Leave out the ${word}`}>
        Leave out
      </Button>
    </div>
  )
}

function ConditionFields({ search, change }: FieldsProps): ReactElement {
  const conditions = conditionsIn(search.when)
  const set = (all: readonly Condition[]): void => change({ when: conditionsText(all) })
  const free = attributes.filter((one) => !conditions.some(({ attribute }) => attribute === one))
  const may = useMay('directory:list', {})
  const directories = useRead('directory:list', { limit: 100 }, { when: may.state === 'yes', every: false })
  const known = directories.state === 'ready' ? directories.data.items.filter(({ state }) => state === 'active') : []
  return (
    <>
      {conditions.map((condition) => (
        <ConditionField
          key={condition.attribute}
          condition={condition}
          onChange={(oneOf) => set(conditions.map((one) => (one === condition ? { ...one, oneOf } : one)))}
          onRemove={() => set(conditions.filter((one) => one !== condition))}
        />
      ))}
      {free.length === 0 || conditions.length >= 5 ? null : (
        <Select
          label={conditions.length === 0 ? 'What a directory says of somebody' : 'and'}
          value={undefined}
          onChange={(id) => set([...conditions, { attribute: id as Attribute, oneOf: [] }])} // one of the choices
          choices={free.map((id) => ({ id, name: `the ${attributeWords[id]}` }))}
        />
      )}
      <Select
        label="Who must say so"
        value={search.directory ?? 'any'}
        onChange={(id) => change({ directory: id === 'any' ? undefined : id })}
        choices={[{ id: 'any', name: 'any directory or connection' }, ...known.map(({ id, name }) => ({ id, name: visible(name) }))]}
        hint="A directory is believed: ask for nothing that people may change themselves where it comes from."
      />
    </>
  )
}

/** Of whom it is. */
export function SourceFields({ search, change }: FieldsProps): ReactElement {
  const { choices, onType } = useLookup({ groups: true, value: search.group })
  const isByAttributes = search.from === 'attributes'
  return (
    <>
      <div>
        <p className="mb-1 text-small font-medium" id="of-whom">
          Of whom
        </p>
        <Choose
          label="Of whom"
          value={isByAttributes ? 'attributes' : 'group'}
          onChange={(id) => change({ from: id === 'group' ? undefined : id })}
          choices={[
            { id: 'group', name: 'Who is in a group' },
            { id: 'attributes', name: 'What a directory says' },
          ]}
        />
      </div>
      {isByAttributes ? (
        <ConditionFields search={search} change={change} />
      ) : (
        <Pick
          label="The group"
          value={search.group}
          onChange={(group) => change({ group })}
          choices={choices}
          onType={onType}
          ids={['grp']}
          hint="Whoever is in it, directly or through others."
          isRequired
        />
      )}
    </>
  )
}

/** What it gives: a position, or terms of its own. */
export function GivesFields({ search, change, of }: FieldsProps & { readonly of: Directory }): ReactElement {
  const positions = useRead('position:list', {}, { every: false })
  const known = positions.state === 'ready' ? positions.data.items.filter(({ state }) => state === 'active') : []
  return (
    <>
      <Select
        label="Gives the position"
        value={search.position ?? 'none'}
        onChange={(id) => change({ position: id === 'none' ? undefined : id })}
        choices={[
          { id: 'none', name: 'no position: roles of its own' },
          ...known.map(({ position, title }) => ({ id: position, name: `${position}: ${visible(title)}` })),
        ]}
        isReading={positions.state === 'loading'}
      />
      {search.position === undefined ? (
        <TermsField value={termsIn(search.gives)} onChange={(terms) => change({ gives: termsText(terms) })} of={of} />
      ) : null}
    </>
  )
}
