// Where somebody is signed in: each session with the device that it said it was, the place that it came from, when it was last used; and the end of each. One's
// own, or another person's for an administrator, by the URL.
import type { ReactElement, ReactNode } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useList, useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
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

function Said({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="flex items-baseline gap-1">
      <dt className="text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Item({ session }: { readonly session: Session }): ReactElement {
  const name = session.device === '' ? 'A device that did not say what it is' : session.device
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 border-b border-line/70 py-3 last:border-b-0" data-item tabIndex={-1}>
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="font-semibold">
          <bdi>{name}</bdi>
          {session.here ? <span className="ml-2 text-small font-normal text-good">this one</span> : null}
        </h2>
        <dl className="mt-0.5 flex flex-wrap gap-x-5 gap-y-0.5 text-small">
          <Said name="Signed in by">
            <span className={session.via === 'break_glass' ? 'text-bad' : ''}>{ways[session.via]}</span>
          </Said>
          <Said name="from">
            {session.address === null ? <span className="text-faint">an address not known</span> : <code>{session.address}</code>}
          </Said>
          <Said name="last used">
            <When at={session.lastUsedAt} />
          </Said>
          <Said name="began">
            <When at={session.createdAt} />
          </Said>
          <Said name="ends">
            <When at={session.expiresAt} />
          </Said>
        </dl>
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
      line={
        other === undefined ? (
          'Each browser and command line that is signed in. A session ends here, when its time is over, or after some hours without use.'
        ) : (
          <Thing id={other} name={name ?? null} linked />
        )
      }
    >
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
