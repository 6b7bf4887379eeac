// How people sign in: the providers of the organization, and whether one of them is the only way in.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { LinkButton } from '../../access/link-button.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { Required } from './required.tsx'
import { protocolWord, Warning } from './words.tsx'

type Connection = OutputOf<'sso:list'>['items'][number]

const columns: readonly Column<Connection>[] = [
  {
    id: 'name',
    title: 'Provider',
    by: ({ name }) => name,
    cell: ({ name, issuer }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
        <code className="block font-mono text-tiny text-soft [overflow-wrap:anywhere]">{visible(issuer)}</code>
      </span>
    ),
  },
  {
    id: 'state',
    title: 'State',
    by: ({ state }) => state,
    cell: ({ state, saml }) => (state === 'active' && saml?.warning ? <Warning>certificate</Warning> : <State is={state} />),
  },
  { id: 'protocol', title: 'Protocol', from: 'md', by: ({ protocol }) => protocol, cell: ({ protocol }) => protocolWord[protocol] },
  {
    id: 'domains',
    title: 'Domains',
    from: 'sm',
    cell: ({ domains }) => (domains.length === 0 ? <span className="text-faint">no domain yet</span> : <bdi>{domains.join(', ')}</bdi>),
  },
  { id: 'made', title: 'Created', from: 'md', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** The screen. */
export function Connections(): ReactElement {
  const reading = useList('sso:list', { limit: 100 })
  return (
    <IdentityPage
      title="Sign-in"
      line="Providers that people sign in through. Each is believed about the domains that were proved for it, and about nobody else."
      actions={
        <LinkButton to="/identity/new" weight="primary">
          Connect a provider
        </LinkButton>
      }
    >
      <Shown of={reading} what="providers">
        {({ items }) => (
          <>
            <Section title="Providers" note={items.length === 0 ? undefined : String(items.length)}>
              <Table
                label="Providers"
                rows={items}
                idOf={({ id }) => id}
                columns={columns}
                to={({ id }) => place('/identity/$id', { id })}
                empty={
                  <Empty title="People sign in by links and passkeys." command="npx twinlock sso create --help">
                    <Link to="/identity/new">Connect the provider</Link> that they sign in through elsewhere, or{' '}
                    <Link to="/identity/links/new">send a link</Link> to whoever administers it.
                  </Empty>
                }
              />
            </Section>
            <Required providers={items.filter(({ state }) => state === 'active').length} />
          </>
        )}
      </Shown>
    </IdentityPage>
  )
}
