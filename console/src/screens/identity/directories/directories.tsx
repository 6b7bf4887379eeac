// The directories: each a connection of an identity provider that says over SCIM who is here and who is in which group.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { LinkButton } from '../../access/link-button.tsx'
import { IdentityPage } from '../identity-page.tsx'

type Directory = OutputOf<'directory:list'>['items'][number]

const columns: readonly Column<Directory>[] = [
  {
    id: 'name',
    title: 'Directory',
    by: ({ name }) => name,
    cell: ({ name, slug }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
        <span className="block text-small text-soft">{slug}</span>
      </span>
    ),
  },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  {
    id: 'adopts',
    title: 'People who were here before it',
    from: 'md',
    cell: ({ adopts }) => (adopts ? 'are taken over by their address' : <span className="text-soft">stay as they are</span>),
  },
  { id: 'made', title: 'Created', from: 'sm', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** The screen. */
export function Directories(): ReactElement {
  const reading = useList('directory:list', { limit: 100 })
  return (
    <IdentityPage
      title="Directories"
      line="What an identity provider says over SCIM: who is here, who has left, who is in which group."
      actions={
        <LinkButton to="/identity/directories/new" weight="primary">
          Open a directory
        </LinkButton>
      }
    >
      <Shown of={reading} what="directories">
        {({ items }) => (
          <Table
            label="Directories"
            rows={items}
            idOf={({ id }) => id}
            columns={columns}
            to={({ id }) => place('/identity/directories/$id', { id })}
            empty={
              <Empty title="No directory says who is here." command="npx twinlock directory create --help">
                <Link to="/identity/directories/new">Open one</Link> for each connection of Okta, Entra or another provider, so that people
                come and go by themselves.
              </Empty>
            }
          />
        )}
      </Shown>
    </IdentityPage>
  )
}
