// What a person holds, and through what: given to him, through a group, by a mapping or a position, or with his invitation as a guest.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Empty } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { Ends, Gives } from '../../access/grant-facts.tsx'
import type { Directory } from '../../access/names.ts'
import { Environments, Scope } from '../../access/who.tsx'
import { Thing } from '../../audit/thing.tsx'

type Held = OutputOf<'person:show'>['holds'][number]

/** Through what he holds it. */
function Through({ held: { through, mapping, invitation } }: { readonly held: Held }): ReactElement {
  return (
    <span className="flex flex-col">
      {through === null ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          in <Thing id={through.id} name={visible(through.name)} linked />
        </span>
      )}
      {mapping === null ? null : (
        <span>
          <span className="text-soft">by the mapping</span>{' '}
          <Link to={place('/people/mappings/$mapping', { mapping: mapping.id })}>
            <bdi>{visible(mapping.name)}</bdi>
          </Link>
        </span>
      )}
      {mapping?.position ? (
        <span>
          <span className="text-soft">as</span>{' '}
          <Link to={place('/people/positions/$position', { position: mapping.position })}>
            <bdi>{mapping.position}</bdi>
          </Link>
        </span>
      ) : null}
      {invitation === null ? null : <Link to={place('/people/guests/$guest', { guest: invitation })}>with an invitation</Link>}
      {through === null && mapping === null && invitation === null ? <span className="text-soft">given to the person</span> : null}
    </span>
  )
}

function columnsOf(of: Directory): readonly Column<Held>[] {
  return [
    {
      id: 'what',
      title: 'Holds',
      by: ({ role, customRole, actions }) => role ?? customRole ?? actions.join(' '),
      cell: (held) => (
        <span className="block min-w-0">
          <Link to={place('/access/grants', {}, { grant: held.grant })} quiet>
            <Gives grant={held} />
          </Link>
          <span className="block text-tiny text-soft beside-md:hidden">
            on <Scope scope={held.scope} of={of} /> <Environments ids={held.environments} of={of} none="everywhere" />
          </span>
        </span>
      ),
    },
    { id: 'through', title: 'Through', cell: (held) => <Through held={held} /> },
    { id: 'on', title: 'Scope', from: 'md', cell: ({ scope }) => <Scope scope={scope} of={of} /> },
    {
      id: 'in',
      title: 'Environments',
      from: 'md',
      cell: ({ environments }) => <Environments ids={environments} of={of} none="everywhere" />,
    },
    { id: 'ends', title: 'Ends', from: 'sm', by: ({ expiresAt }) => expiresAt ?? '9', cell: (held) => <Ends grant={held} /> },
  ]
}

/** The table. */
export function HeldTable({ holds, of }: { readonly holds: readonly Held[]; readonly of: Directory }): ReactElement {
  return (
    <Table
      label="What the person holds"
      rows={holds}
      idOf={({ grant }) => grant}
      columns={columnsOf(of)}
      also={[of]}
      empty={<Empty title="The person holds nothing.">What belongs to a person, like their sessions, needs no grant.</Empty>}
    />
  )
}
