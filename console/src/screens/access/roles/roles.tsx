// Roles: those of the organization's own, and those that ship, each with what it may do.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { LinkButton } from '../link-button.tsx'
import { ActionsOf } from './actions-of.tsx'

type Role = OutputOf<'role:list'>['items'][number]

const columns: readonly Column<Role>[] = [
  {
    id: 'role',
    title: 'Role',
    by: ({ role }) => role,
    cell: ({ role, title }) => (
      <span className="block min-w-0">
        <span className="font-medium">{role}</span>
        <bdi className="block text-small text-soft [overflow-wrap:anywhere]">{visible(title)}</bdi>
      </span>
    ),
  },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  { id: 'actions', title: 'Actions', align: 'end', by: ({ actions }) => actions.length, cell: ({ actions }) => actions.length },
  { id: 'version', title: 'Version', from: 'md', align: 'end', by: ({ version }) => version, cell: ({ version }) => version },
  { id: 'made', title: 'Created', from: 'md', by: ({ createdAt }) => createdAt ?? '', cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** The screen. */
export function Roles(): ReactElement {
  const [search, change] = useView()
  const reading = useRead('role:list', {})
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (...texts: readonly string[]): boolean => words.every((word) => texts.join(' ').toLowerCase().includes(word))
  return (
    <AccessPage
      title="Roles"
      line="A role is a set of actions. None has two of author, run, export and hand off."
      actions={
        <LinkButton to="/access/new-role" weight="primary">
          Make a role
        </LinkButton>
      }
    >
      <div className="mb-4">
        <Search
          label="Filter by name, title or action"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find === '' ? undefined : find })}
        />
      </div>
      <Shown of={reading} what="roles">
        {({ items, shipped }) => {
          const own = items.filter((one) => matches(one.role, one.title, ...one.actions))
          const others = shipped.filter((one) => matches(one.role, ...one.actions))
          return (
            <>
              <Section title="Of this organization" note={String(own.length)}>
                <Table
                  label="Roles of this organization"
                  rows={own}
                  idOf={({ role }) => role}
                  columns={columns}
                  to={({ role }) => place('/access/roles/$role', { role })}
                  empty={
                    items.length === 0 ? (
                      <Empty title="It has none of its own yet." command="npx twinlock role create --help">
                        Those that ship are below. <Link to="/access/new-role">Make one</Link> where none of them fits.
                      </Empty>
                    ) : (
                      <Empty title="No role is like that." />
                    )
                  }
                />
              </Section>
              <Section title="That ship with the product" note={String(others.length)}>
                <ul>
                  {others.map(({ role, actions }) => (
                    <li key={role} className="border-b border-line/70 last:border-b-0">
                      <details>
                        <summary className="rounded-mark py-1.5">
                          <span className="font-medium">{role}</span>{' '}
                          <span className="text-small text-faint">{counted(actions.length, 'action')}</span>
                        </summary>
                        <div className="pb-3 pl-4">
                          <ActionsOf actions={actions} />
                        </div>
                      </details>
                    </li>
                  ))}
                </ul>
              </Section>
            </>
          )
        }}
      </Shown>
    </AccessPage>
  )
}
