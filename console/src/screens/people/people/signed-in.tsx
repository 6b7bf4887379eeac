// Where a person is signed in: what the device said it was, where it came from, when it was last used; and the end of each, or of all of them.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { More } from '../more.tsx'

type Session = OutputOf<'person:sessions'>['items'][number]

const ways: Readonly<Record<Session['via'], string>> = {
  link: 'one-time link',
  break_glass: 'break-glass link',
  sso: 'the provider',
  passkey: 'passkey',
  recovery: 'recovery code',
}

const networks: Readonly<Record<Session['network'], string>> = {
  this_machine: 'this machine',
  private_network: 'a private network',
  internet: 'the internet',
  unknown: 'not known',
}

const deviceOf = ({ device }: Session): string => (device === '' ? 'A device that did not say what it is' : visible(device))

function From({ session: { network, address, place } }: { readonly session: Session }): ReactElement {
  return (
    <span className="block min-w-0">
      <span className={network === 'unknown' ? 'text-faint' : ''}>{networks[network]}</span>
      {address === null ? null : <code className="block font-mono text-tiny text-soft">{address}</code>}
      {place === null || place === address ? null : <bdi className="block text-tiny text-soft">{place}</bdi>}
    </span>
  )
}

function Revoke({ session }: { readonly session: Session }): ReactElement {
  return (
    <Act
      action="session:revoke"
      label="End it"
      title={`End the session of ${deviceOf(session)}`}
      input={() => ({ session: session.id })}
      before={
        <p>
          Nothing is admitted under it any more, from the moment that the answer is there.{session.here ? ' You are signed out here.' : ''}
        </p>
      }
      after={({ ended }) => <p>{ended ? 'It is over.' : 'It was over already.'}</p>}
    />
  )
}

const columns: readonly Column<Session>[] = [
  {
    id: 'device',
    title: 'Device',
    by: deviceOf,
    cell: (session) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{deviceOf(session)}</bdi>
        {session.here ? <span className="ml-2 text-small text-good">this one</span> : null}
        <span className="block text-tiny text-soft">
          by <span className={session.via === 'break_glass' ? 'text-bad' : ''}>{ways[session.via]}</span>
        </span>
        <span className="block text-tiny text-soft beside-sm:hidden">
          last used <When at={session.lastUsedAt} />
        </span>
      </span>
    ),
  },
  { id: 'from', title: 'From', cell: (session) => <From session={session} /> },
  { id: 'used', title: 'Last used', from: 'sm', by: ({ lastUsedAt }) => lastUsedAt, cell: ({ lastUsedAt }) => <When at={lastUsedAt} /> },
  { id: 'ends', title: 'Ends', from: 'md', by: ({ expiresAt }) => expiresAt, cell: ({ expiresAt }) => <When at={expiresAt} /> },
  { id: 'end', title: 'End', align: 'end', cell: (session) => <Revoke session={session} /> },
]

/** The section. */
export function SignedIn({ person }: { readonly person: string }): ReactElement {
  const sessions = useList('person:sessions', { person, limit: 100 })
  return (
    <Section title="Signed in" note={sessions.state === 'ready' ? counted(sessions.data.items.length, 'session') : undefined}>
      <Shown of={sessions} what="sessions" rows={2}>
        {(listed) =>
          listed.items.length === 0 ? (
            <p className="py-1 text-soft">Nowhere now.</p>
          ) : (
            <>
              <Table label="Sessions" rows={listed.items} idOf={({ id }) => id} columns={columns} />
              {listed.more === undefined ? null : <More of={listed} one="session" />}
            </>
          )
        }
      </Shown>
    </Section>
  )
}
