// One request: what is asked for and why, its steps, what it would bring together; approving it, for as long or for less, denying it, taking it back.
import { type ReactElement, useState } from 'react'
import { useRead } from '../../../api/queries.ts'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Act } from '../../../design/act.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { Id } from '../../../design/id.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { visible } from '../../../design/visible.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { useParam } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { Conflicts } from '../grants/conflicts.tsx'
import { type Directory, useDirectory } from '../names.ts'
import { Who } from '../who.tsx'
import { Asked, lasting, RequestState, type ShownRequest } from './request-words.tsx'
import { Steps } from './steps.tsx'

/** The screen. */
export function Request(): ReactElement {
  const id = useParam('request')
  const reading = useRead('request:show', { request: id })
  const known = useDirectory(true, false)
  const request = reading.state === 'ready' ? reading.data : undefined
  // Whoever decides may not list people, and knows who asks all the same.
  const nameOf = (one: string): string | undefined => (one === request?.asker ? request.askerName : known.nameOf(one))
  const of = { ...known, nameOf }
  return (
    <AccessPage
      title="Request for access"
      below="/access/requests"
      line={
        request === undefined ? undefined : (
          <>
            <RequestState of={request} />
            <Who id={request.asker} name={request.askerName} of={of} />
            {request.state === 'open' ? (
              <span>
                <Countdown until={request.expiresAt} soonMs={900_000} over="it has expired" before="open for" />
              </span>
            ) : null}
          </>
        )
      }
    >
      <Shown of={reading} what="the request">
        {(shown) => <Whole request={shown} of={of} />}
      </Shown>
    </AccessPage>
  )
}

interface WholeProps {
  readonly request: ShownRequest
  readonly of: Directory
}

function Whole({ request, of }: WholeProps): ReactElement {
  const { id, reason, notBefore, createdAt, closedAt, grant, state, conflicts } = request
  const [despite, setDespite] = useState<readonly string[]>([])
  const now = useStore(session)
  const isOwn = now.state === 'somebody' && now.here.person.id === request.asker
  return (
    <>
      <Facts>
        <Fact name="Asked for">
          <Asked request={request} of={of} />
        </Fact>
        <Fact name="Why">{reason === null ? <span className="text-faint">The text was erased.</span> : <bdi>{visible(reason)}</bdi>}</Fact>
        <Fact name="Asked">
          <When at={createdAt} />
        </Fact>
        {notBefore === null ? null : (
          <Fact name="Not before">
            <When at={notBefore} />
          </Fact>
        )}
        {closedAt === null ? null : (
          <Fact name="Closed">
            <Answer request={request} of={of} />
          </Fact>
        )}
        {grant === null ? null : (
          <Fact name="Became">
            <Link to={place('/access/grants', {}, { grant, state: 'all' })}>the grant that it gave</Link>
          </Fact>
        )}
        <Fact name="Request">
          <Id id={id} />
        </Fact>
      </Facts>
      <Section title="Steps" note={`${request.approvalsGiven} of ${request.approvalsNeeded} approved`}>
        <Steps of={request} directory={of} />
      </Section>
      {state === 'open' ? (
        <>
          <Section title="What it would bring together">
            <Conflicts of={{ conflicts }} despite={despite} {...(isOwn ? {} : { onDespite: setDespite })} directory={of} isAsked />
          </Section>
          <Section title={isOwn ? 'Take it back' : 'Decide'}>
            {isOwn ? <Withdraw request={request} /> : <Decide request={request} despite={despite} />}
          </Section>
        </>
      ) : null}
    </>
  )
}

function Answer({ request: { state, answer, closedAt }, of }: WholeProps): ReactElement {
  return (
    <span className="block">
      <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
        {state} <When at={closedAt} />
        {answer === null ? null : (
          <>
            by <Who id={answer.by} name={answer.byName} of={of} />
          </>
        )}
      </span>
      {answer === null || answer.reason === null ? null : <bdi className="block text-soft">{visible(answer.reason)}</bdi>}
    </span>
  )
}

function Decide({
  request: { id, minutes: asked, steps, conflicts, approvalsNeeded, approvalsGiven, askerName },
  despite,
}: {
  readonly request: ShownRequest
  readonly despite: readonly string[]
}): ReactElement {
  // An approval that was given may have shortened it, and nobody lengthens it again.
  const most = Math.min(asked, ...steps.flatMap((step) => step.minutes ?? []))
  const least = Math.min(5, most)
  const [typed, setTyped] = useState(String(most))
  const minutes = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : undefined
  const wrong =
    minutes === undefined || minutes < least || minutes > most
      ? `From ${least} to ${most} minutes: it can be shortened, not lengthened.`
      : undefined
  const stops = conflicts.filter((one) => one.stops && !despite.includes(one.name))
  const isLast = approvalsGiven + 1 >= approvalsNeeded
  return (
    <div className="flex max-w-md flex-col gap-4">
      <TextField
        label="For how many minutes"
        value={typed}
        onChange={setTyped}
        hint={
          most < asked
            ? `Asked for ${asked}: ${lasting(asked)}. It was approved for ${lasting(most)} at most; you may give less.`
            : `Asked for ${asked}: ${lasting(asked)}. You may give less.`
        }
        error={wrong}
        maxLength={5}
      />
      <div className="flex flex-wrap gap-2">
        <Act
          action="request:approve"
          label="Approve"
          title="Approve the request"
          weight="primary"
          input={(reason) => ({
            request: id,
            ...(minutes === undefined || minutes === most ? {} : { minutes }),
            ...(despite.length === 0 ? {} : { despite: [...despite] }),
            reason,
          })}
          asked={{ request: id, reason: 'To see whether it is allowed.' }}
          reason="Why it is approved; goes on the record."
          notNow={
            wrong ??
            (stops.length > 0
              ? `It would bring together duties that are declared apart: ${stops.map(({ name }) => name).join(', ')}.`
              : undefined)
          }
          before={
            <p>
              {isLast ? (
                <>
                  <bdi>{visible(askerName)}</bdi> holds it from the moment that the answer is there, for {lasting(minutes ?? most)}.
                </>
              ) : (
                'Somebody else has to approve it as well before it is given.'
              )}
            </p>
          }
          after={({ state }) => (
            <p>{state === 'approved' ? 'It is approved, and given.' : 'Your approval is noted; it waits for another.'}</p>
          )}
        />
        <Act
          action="request:deny"
          label="Deny"
          title="Deny the request"
          weight="danger"
          input={(reason) => ({ request: id, reason })}
          reason="Why not; whoever asked reads it."
          before={<p>It is closed. Whoever asked may ask anew.</p>}
          after={() => <p>It is denied.</p>}
        />
      </div>
    </div>
  )
}

function Withdraw({ request: { id } }: { readonly request: ShownRequest }): ReactElement {
  return (
    <>
      <p className="mb-2 text-soft">Nobody decides a request of their own.</p>
      <Act
        action="request:withdraw"
        label="Withdraw"
        title="Withdraw the request"
        input={() => ({ request: id })}
        before={<p>It is closed, and nobody decides it any more.</p>}
        after={() => <p>It is withdrawn.</p>}
      />
    </>
  )
}
