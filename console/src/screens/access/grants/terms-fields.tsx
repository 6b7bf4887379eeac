// The fields of a grant that is to be: what, on what, where, for how long. They stand in the URL; whoever asks for access fills in the same.
import type { ReactElement } from 'react'
import { routes } from '../../../api/generated/api.ts'
import { useMay } from '../../../api/may.ts'
import { useRead } from '../../../api/queries.ts'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { visible } from '../../../design/visible.ts'
import type { SearchChange } from '../../../shell/view.ts'
import type { Directory } from '../names.ts'
import { Pick } from '../pick.tsx'
import { Ticks } from '../tick.tsx'
import { scopeTypes, shippedRoles, wordsIn } from './grant-terms.ts'

interface TermsProps {
  readonly search: Readonly<Record<string, string | undefined>>
  readonly change: (to: SearchChange) => void
  readonly of: Directory
}

interface WhatProps extends Omit<TermsProps, 'of'> {
  /** Whether single actions cannot be given here. */
  readonly withoutActions?: boolean
}

/** What is given: a role, or single actions. */
export function WhatField({ search, change, withoutActions = false }: WhatProps): ReactElement {
  const may = useMay('role:list', {})
  const roles = useRead('role:list', {}, { when: may.state === 'yes', every: false })
  const own = roles.state === 'ready' ? roles.data.items.filter(({ state }) => state === 'active') : []
  return (
    <>
      <Select
        label="What"
        value={search.gives}
        onChange={(gives) => change({ gives, ...(gives === 'actions' ? {} : { actions: undefined }) })}
        choices={[
          ...shippedRoles.map((id) => ({ id, name: `role ${id}` })),
          ...own.map(({ role, title }) => ({ id: `own:${role}`, name: `own role ${role}: ${visible(title)}` })),
          ...(withoutActions ? [] : [{ id: 'actions', name: 'single actions' }]),
        ]}
      />
      {search.gives === 'actions' ? (
        <TextField
          label="Actions"
          value={search.actions ?? ''}
          onChange={(actions) => change({ actions: actions === '' ? undefined : actions })}
          hint={<ActionHint typed={wordsIn(search.actions)} />}
          lines={2}
          mono
        />
      ) : null}
    </>
  )
}

/** Which of the words that were typed are no actions, before the server says it. */
function ActionHint({ typed }: { readonly typed: readonly string[] }): ReactElement {
  const unknown = typed.filter((one) => !Object.hasOwn(routes, one))
  return unknown.length === 0 ? (
    <>As noun:verb, with a space between them: run:launch run:cancel.</>
  ) : (
    <>
      There is no action called <bdi className="font-mono text-tiny">{visible(unknown.join(', '))}</bdi>.
    </>
  )
}

/** The things of a kind that can be named, and the prefix of their ids. */
function choicesOf(type: string, of: Directory): readonly [choices: Directory['people'], prefix: string] {
  if (type === 'Project') return [of.projects, 'prj']
  if (type === 'Twin') return [of.twins, 'twn']
  if (type === 'Connection') return [of.connections, 'con']
  if (type === 'Asset') return [[], 'ast']
  return [[], type === 'Scenario' ? 'scn' : 'art']
}

/** On what: the kind of thing, and which. */
export function ScopeFields({ search, change, of }: TermsProps): ReactElement {
  const type = scopeTypes.find((one) => one === search.scopeType) ?? 'Organization'
  const [choices, prefix] = choicesOf(type, of)
  return (
    <>
      <Select
        label="On"
        value={type}
        onChange={(id) => change({ scopeType: id === 'Organization' ? undefined : id, scope: undefined })}
        choices={scopeTypes.map((id) => ({ id, name: id === 'Organization' ? 'the whole organization' : `one ${id.toLowerCase()}` }))}
      />
      {type === 'Organization' ? null : type === 'Channel' ? (
        <TextField
          label="Which channel"
          value={search.scope ?? ''}
          onChange={(scope) => change({ scope: scope === '' ? undefined : scope })}
          hint="The environment’s id, a slash, and the channel’s name."
          mono
        />
      ) : (
        <Pick
          label={`Which ${type.toLowerCase()}`}
          value={search.scope}
          onChange={(scope) => change({ scope })}
          choices={choices}
          ids={[prefix]}
          isRequired
        />
      )}
    </>
  )
}

/** In which environments; none means everywhere. */
export function EnvironmentFields({ search, change, of }: TermsProps): ReactElement {
  return (
    <Ticks
      label="In"
      value={wordsIn(search.environments)}
      onChange={(all) => change({ environments: all.length === 0 ? undefined : all.join(' ') })}
      choices={of.environments.map(({ id, name, class: kind }) => ({ id, shown: <EnvironmentMark of={kind} name={name} /> }))}
      hint={wordsIn(search.environments).length === 0 ? 'None chosen: in every environment.' : 'In these and no others.'}
    />
  )
}
