// Where somebody is signed in: each session with the device that it said it was, the place that it came from, when it was last used; and the end of each. One's
// own, or another person's for an administrator, by the URL.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useList, useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Page } from '../../design/page.tsx'
import { When } from '../../design/when.tsx'
import { useView } from '../../shell/view.ts'
import { Thing } from '../audit/thing.tsx'
import { useNameOf } from '../people/names.ts'
import { OwnWays } from './passkeys.tsx'

type Session = OutputOf<'person:sessions'>['items'][number]

const ways: Readonly<Record<Session['via'], string>> = {
  link: 'a one-time link',
  break_glass: 'a break-glass link, past the provider',
  sso: 'the organization’s provider',
  passkey: 'a passkey',
  recovery: 'a recovery code',
}

function Item({ session }: { readonly session: Session }): ReactElement {
  const name = session.device === '' ? 'A device that did not say what it is' : session.device
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-b border-line py-4" data-item tabIndex={-1}>
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="font-semibold">
          <bdi>{name}</bdi>
          {session.here ? <span className="ml-2 text-small font-normal text-good">this one</span> : null}
        </h2>
        <Facts>
          <Fact name="Signed in by">
            <span className={session.via === 'break_glass' ? 'text-bad' : ''}>{ways[session.via]}</span>
          </Fact>
          <Fact name="From">
            {session.address === null ? <span className="text-faint">not known</span> : <code>{session.address}</code>}
          </Fact>
          <Fact name="Last used">
            <When at={session.lastUsedAt} />
          </Fact>
          <Fact name="Began">
            <When at={session.createdAt} />
          </Fact>
          <Fact name="Ends">
            <When at={session.expiresAt} />
          </Fact>
        </Facts>
      </div>
      <Act
        action="session:revoke"
        label="End it"
        title={`End the session of ${name}`}
        weight="danger"
        input={() => ({ session: session.id })}
        before={
          <p>
            Nothing is admitted under it any more, from the moment that the answer is there.
            {session.here ? ' You are signed out here.' : ''}
          </p>
        }
        after={({ ended }) => <p>{ended ? 'It is over.' : 'It was over already.'}</p>}
      />
    </li>
  )
}

function Sessions({ person }: { readonly person: string }): ReactElement {
  const sessions = useList('person:sessions', { person, limit: 100 })
  return (
    <Shown of={sessions} what="the sessions">
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No live session">Nobody is signed in as this person.</Empty>
        ) : (
          <ul aria-label="Sessions">
            {items.map((session) => (
              <Item key={session.id} session={session} />
            ))}
          </ul>
        )
      }
    </Shown>
  )
}

/** The screen. */
export function SessionsScreen(): ReactElement {
  const [search] = useView()
  const me = useRead('session:show', {}, { every: false }) // who one is stays; the list below says when it was read
  const self = me.state === 'ready' ? me.data.id : undefined
  const other = search.person === self ? undefined : search.person
  const name = useNameOf(other)
  return (
    <Page
      title={other === undefined ? 'Sessions' : `Sessions of ${name ?? 'somebody else'}`}
      line={other === undefined ? undefined : <Thing id={other} name={name ?? null} linked />}
    >
      <p className="mb-4 max-w-prose text-soft">
        Each browser and command line that is signed in. A session ends when it is ended here, when its time is over, or when it was not
        used for some hours.
      </p>
      <Shown of={me} what="who is signed in">
        {({ id }) => (
          <>
            <Sessions person={search.person ?? id} />
            <OwnWays person={search.person ?? id} isMine={search.person === undefined || search.person === id} />
          </>
        )}
      </Shown>
    </Page>
  )
}
