// The fields of a change that is asked about. What is chosen stands in the URL, so that a difference can be sent to whoever decides.
import type { ReactElement } from 'react'
import { useList, useRead } from '../../../api/queries.ts'
import { Select, TextField } from '../../../design/field.tsx'
import { visible } from '../../../design/visible.ts'
import type { SearchChange } from '../../../shell/view.ts'
import { lengthIn, lengths, shippedRoles } from '../grants/grant-terms.ts'
import { EnvironmentFields, ScopeFields, WhatField } from '../grants/terms-fields.tsx'
import { TermsFields } from '../guardrails/terms.tsx'
import type { Directory, Named } from '../names.ts'
import { Pick } from '../pick.tsx'
import { heldIn, kindIn } from './change.ts'

interface FieldsProps {
  readonly search: Readonly<Record<string, string | undefined>>
  readonly change: (to: SearchChange) => void
  readonly of: Directory
}

const holders = ['per', 'pip', 'agt', 'svc', 'grp'] as const
const everybody = ({ people, workloads, groups }: Directory): readonly Named[] => [...people, ...workloads, ...groups]

function Give({ search, change, of }: FieldsProps): ReactElement {
  return (
    <>
      <Pick
        label="To"
        value={search.principal}
        onChange={(principal) => change({ principal })}
        choices={everybody(of)}
        ids={holders}
        isRequired
      />
      <WhatField search={search} change={change} />
      <ScopeFields search={search} change={change} of={of} />
      <EnvironmentFields search={search} change={change} of={of} />
      <Select
        label="For how long"
        value={lengthIn(search.until)}
        onChange={(until) => change({ until: until === 'always' ? undefined : until })}
        choices={lengths}
      />
    </>
  )
}

function Take({ search, change, of }: FieldsProps): ReactElement {
  const live = useList('grant:list', { limit: 200, state: 'live' }, { every: false })
  const choices =
    live.state !== 'ready'
      ? []
      : live.data.items.map((one) => {
          const what = one.role ?? one.customRole ?? one.actions.join(' ')
          const where = one.scope.type === 'Organization' ? '' : ` on ${of.nameOf(one.scope.id) ?? one.scope.id}`
          return { id: one.id, name: `${one.principalName ?? one.principal}: ${what}${where}` }
        })
  return <Pick label="The grant" value={search.grant} onChange={(grant) => change({ grant })} choices={choices} ids={['grt']} isRequired />
}

function Member({ search, change, of }: FieldsProps): ReactElement {
  return (
    <>
      <Pick label="The group" value={search.group} onChange={(group) => change({ group })} choices={of.groups} ids={['grp']} isRequired />
      <Pick label="Whom" value={search.member} onChange={(member) => change({ member })} choices={everybody(of)} ids={holders} isRequired />
    </>
  )
}

function Dissolve({ search, change, of }: FieldsProps): ReactElement {
  return (
    <Pick label="The group" value={search.group} onChange={(group) => change({ group })} choices={of.groups} ids={['grp']} isRequired />
  )
}

function Mapping({ search, change }: FieldsProps): ReactElement {
  const mappings = useList('mapping:list', { limit: 200 }, { every: false })
  const choices =
    mappings.state === 'ready'
      ? mappings.data.items
          .filter(({ state }) => state === 'active')
          .map(({ id, slug, title }) => ({ id, name: `${slug}: ${visible(title)}` }))
      : []
  return (
    <Select
      label="The mapping"
      value={search.mapping}
      onChange={(mapping) => change({ mapping })}
      choices={choices}
      hint="Everything that it gives would end."
    />
  )
}

const typed = (text: string): string | undefined => (text === '' ? undefined : text)

function Role({ search, change }: FieldsProps): ReactElement {
  const roles = useRead('role:list', {}, { every: false })
  const own = roles.state === 'ready' ? roles.data.items.filter(({ state }) => state === 'active') : []
  return (
    <>
      <Select
        label="The role"
        value={search.role}
        onChange={(role) => change({ role })}
        choices={[
          ...own.map(({ role, title }) => ({ id: role, name: `own role ${role}: ${visible(title)}` })),
          ...shippedRoles.map((id) => ({ id, name: `role ${id}, which ships` })),
        ]}
      />
      <Retire search={search} change={change} what="It would be retired" />
      {search.retire === undefined ? (
        <>
          <TextField
            label="It would gain"
            value={search.add ?? ''}
            onChange={(text) => change({ add: typed(text) })}
            hint="Actions as noun:verb."
            mono
          />
          <TextField label="It would lose" value={search.remove ?? ''} onChange={(text) => change({ remove: typed(text) })} mono />
        </>
      ) : null}
    </>
  )
}

function Retire({ search, change, what }: Omit<FieldsProps, 'of'> & { readonly what: string }): ReactElement {
  return (
    <Select
      label="How"
      value={search.retire === undefined ? 'change' : 'retire'}
      onChange={(id) => change({ retire: id === 'retire' ? '1' : undefined })}
      choices={[
        { id: 'change', name: 'It would say something else' },
        { id: 'retire', name: what },
      ]}
    />
  )
}

function Policy({ search, change }: FieldsProps): ReactElement {
  const guardrails = useRead('guardrail:list', {}, { every: false })
  const own = guardrails.state === 'ready' ? guardrails.data.items.filter(({ state }) => state !== 'retired') : []
  const there = own.find(({ guardrail }) => guardrail === search.guardrail) ?? { environmentClasses: [], sensitivity: null }
  return (
    <>
      <Select
        label="The guardrail"
        value={search.guardrail ?? 'new'}
        onChange={(id) => change({ guardrail: id === 'new' ? undefined : id })}
        choices={[
          { id: 'new', name: 'one that is not there yet' },
          ...own.map(({ guardrail, title, state }) => ({ id: guardrail, name: `${guardrail} (${state}): ${visible(title)}` })),
        ]}
      />
      {search.guardrail === undefined ? null : <Retire search={search} change={change} what="It would be retired" />}
      {search.retire === undefined ? (
        <>
          <TextField
            label="The policy"
            value={search.policy ?? ''}
            onChange={(text) => change({ policy: typed(text) })}
            hint={search.guardrail === undefined ? 'One Cedar policy that forbids.' : 'Empty: as it is written.'}
            lines={6}
            maxLength={8_192}
            mono
          />
          <TermsFields
            value={{ environmentClasses: there.environmentClasses, sensitivity: there.sensitivity, ...heldIn(search) }}
            onChange={({ environmentClasses, sensitivity }) =>
              change({ classes: environmentClasses.join(' ') || 'everywhere', sensitivity: sensitivity ?? 'any' })
            }
          />
        </>
      ) : null}
    </>
  )
}

function Owner({ search, change, of }: FieldsProps): ReactElement {
  const things = [...of.twins, ...of.workloads, ...of.connections]
  return (
    <>
      <Pick
        label="Of"
        value={search.thing}
        onChange={(thing) => change({ thing })}
        choices={things}
        ids={['twn', 'pip', 'agt', 'svc', 'con']}
        hint="A twin, a workload or a connection."
        isRequired
      />
      <Pick label="To" value={search.to} onChange={(to) => change({ to })} choices={of.people} ids={['per']} isRequired />
    </>
  )
}

const fields = {
  give: Give,
  take: Take,
  join: Member,
  leave: Member,
  dissolve: Dissolve,
  role: Role,
  policy: Policy,
  mapping: Mapping,
  owner: Owner,
} as const

/** The fields of the chosen kind. */
export function ChangeFields(props: FieldsProps): ReactElement {
  const Fields = fields[kindIn(props.search)]
  return <Fields {...props} />
}
