// What a group gives to whoever is in it: grants to itself, and those of the groups that it is in; and the mappings that speak of it.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Ends, Gives } from '../../access/grant-facts.tsx'
import type { Directory } from '../../access/names.ts'
import { Environments, Scope } from '../../access/who.tsx'
import { Thing } from '../../audit/thing.tsx'

type Grant = OutputOf<'grant:list'>['items'][number]

function columnsOf(of: Directory): readonly Column<Grant>[] {
  return [
    {
      id: 'what',
      title: 'Gives',
      by: ({ role, customRole, actions }) => role ?? customRole ?? actions.join(' '),
      cell: (grant) => (
        <span className="block min-w-0">
          <Gives grant={grant} />
          <span className="block text-tiny text-soft beside-sm:hidden">
            on <Scope scope={grant.scope} of={of} /> <Environments ids={grant.environments} of={of} none="everywhere" />
          </span>
        </span>
      ),
    },
    { id: 'on', title: 'Scope', from: 'sm', cell: ({ scope }) => <Scope scope={scope} of={of} /> },
    {
      id: 'in',
      title: 'Environments',
      from: 'sm',
      cell: ({ environments }) => <Environments ids={environments} of={of} none="everywhere" />,
    },
    { id: 'ends', title: 'Ends', by: ({ expiresAt }) => expiresAt ?? '9', cell: (grant) => <Ends grant={grant} /> },
    {
      id: 'by',
      title: 'Given by',
      from: 'md',
      by: ({ givenByName }) => givenByName ?? '',
      cell: ({ givenBy, givenByName }) => <Thing id={givenBy} name={givenByName === null ? null : visible(givenByName)} brief />,
    },
  ]
}

interface GroupGivesProps {
  readonly group: string
  readonly within: OutputOf<'group:show'>['within']
  readonly of: Directory
}

/** The section. */
export function GroupGives({ group, within, of }: GroupGivesProps): ReactElement {
  const grants = useList('grant:list', { principal: group, state: 'live', limit: 100 })
  const mappings = useList('mapping:list', { limit: 200 })
  const own =
    mappings.state === 'ready' ? mappings.data.items.filter(({ source }) => source.kind === 'group' && source.group === group) : []
  return (
    <Section
      title="Gives"
      note={grants.state === 'ready' ? counted(grants.data.items.length, 'grant') : undefined}
      actions={
        <span className="flex flex-wrap gap-x-4 text-small">
          <Link to={place('/access/new-grant', {}, { principal: group })}>Give it something</Link>
          <Link to={place('/people/mappings/new', {}, { from: 'group', group })}>Map it to roles</Link>
          <Link to={place('/access/blast', {}, { of: group })}>What it reaches</Link>
        </span>
      }
    >
      <Shown of={grants} what="what it gives" rows={2}>
        {({ items }) => (
          <Table
            label="What the group gives"
            rows={items}
            idOf={({ id }) => id}
            columns={columnsOf(of)}
            also={[of]}
            to={({ id }) => place('/access/grants', {}, { grant: id })}
            empty={<Empty title="It gives nothing itself." />}
          />
        )}
      </Shown>
      {own.length === 0 ? null : (
        <p className="mt-2 flex flex-wrap items-baseline gap-x-3">
          <span className="text-soft">By the {own.length === 1 ? 'mapping' : 'mappings'}</span>
          {own.map(({ id, title, state }) => (
            <span key={id} className="inline-flex items-baseline gap-1.5">
              <Link to={place('/people/mappings/$mapping', { mapping: id })}>
                <bdi>{visible(title)}</bdi>
              </Link>
              {state === 'retired' ? <State is={state} /> : null}
            </span>
          ))}
        </p>
      )}
      {within.length === 0 ? null : (
        <p className="mt-2 flex flex-wrap items-baseline gap-x-3">
          <span className="text-soft">and everything that is given by</span>
          {within.map(({ id, name }) => (
            <Thing key={id} id={id} name={visible(name)} linked />
          ))}
        </p>
      )}
    </Section>
  )
}
