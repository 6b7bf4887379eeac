// The admin links: whom each is for, what was set up by it, and whether that waits for somebody here.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { LinkButton } from '../../access/link-button.tsx'
import { IdentityPage } from '../identity-page.tsx'

/** One of the links. */
export type Link = OutputOf<'link:list'>['items'][number]

/** What a link sets up, in words. */
export const purposeWord = { 'sign-in': 'single sign-on', directory: 'a directory', both: 'single sign-on and a directory' } as const

const columns: readonly Column<Link>[] = [
  {
    id: 'name',
    title: 'For',
    by: ({ name }) => name,
    cell: ({ name, purpose }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
        <span className="block text-small text-soft">{purposeWord[purpose]}</span>
      </span>
    ),
  },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state, waits }) => <State is={waits ? 'waits_for_you' : state} /> },
  { id: 'expires', title: 'Ends', from: 'sm', by: ({ expiresAt }) => expiresAt, cell: ({ expiresAt }) => <When at={expiresAt} /> },
  { id: 'made', title: 'Created', from: 'md', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** The screen. */
export function AdminLinks(): ReactElement {
  const reading = useList('link:list', { limit: 100 })
  return (
    <IdentityPage
      title="Admin links"
      line="With one, somebody elsewhere sets up a provider here, without an account, and sees nothing else."
      actions={
        <LinkButton to="/identity/links/new" weight="primary">
          Make a link
        </LinkButton>
      }
    >
      <Shown of={reading} what="admin links">
        {({ items }) => (
          <Table
            label="Admin links"
            rows={items}
            idOf={({ id }) => id}
            columns={columns}
            to={({ id }) => place('/identity/links/$id', { id })}
            empty={
              <Empty title="There is no admin link." command='npx twinlock link create --name "Their IT" --reason "…"'>
                Make one for whoever administers the provider, where that is not you. What comes of it waits until you accept it.
              </Empty>
            }
          />
        )}
      </Shown>
    </IdentityPage>
  )
}
