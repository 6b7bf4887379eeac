// How a run stands: its progress, how long it may go on, who holds it, and what it holds.
import type { ReactElement } from 'react'
import { Fact, Facts } from '../../design/facts.tsx'
import { Id } from '../../design/id.tsx'
import { Link, place } from '../../design/link.tsx'
import { counted, momentOf, span } from '../../design/time.ts'
import { Countdown, When } from '../../design/when.tsx'
import type { ShownRun } from './story.ts'

/** How far it says it is. The words and numbers are the run's own. */
export function Progress({ run }: { readonly run: ShownRun }): ReactElement | null {
  const { progress } = run
  if (progress === null || run.state === 'ended') return null
  const { done, total, note } = progress
  const share = total > 0 ? Math.max(0, Math.min(1, done / total)) : 0
  return (
    <div className="mb-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-small">
        <bdi className="min-w-0 [overflow-wrap:anywhere]">{note || 'No word of its progress yet.'}</bdi>
        {total > 0 ? (
          <span className="text-soft">
            {done.toLocaleString('en-US')} of {total.toLocaleString('en-US')}
          </span>
        ) : null}
      </div>
      <div
        role="progressbar"
        aria-label="Progress, as the run tells it"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="mt-1 h-1 overflow-hidden rounded-mark bg-hover"
      >
        <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}

function Times({ run }: { readonly run: ShownRun }): ReactElement {
  const [began, ended] = [momentOf(run.startedAt), momentOf(run.endedAt)]
  return (
    <>
      <Fact name="Began">
        <When at={run.startedAt} none="not yet" />
        {began !== undefined && ended !== undefined ? <span className="text-soft">, and took {span(ended - began)}</span> : null}
      </Fact>
      {run.state === 'ended' ? (
        <Fact name="Ended">
          <When at={run.endedAt} />
          {run.reason === null ? null : (
            <>
              : <bdi className="[overflow-wrap:anywhere]">{run.reason}</bdi>
            </>
          )}
        </Fact>
      ) : (
        <Fact name="Deadline">
          <Countdown until={run.deadline} over="passed" /> <span className="text-soft">left, then it is ended</span>
        </Fact>
      )}
    </>
  )
}

/** The facts of a run. */
export function Standing({ run }: { readonly run: ShownRun }): ReactElement {
  const { claim, credentials, seed } = run
  return (
    <Facts>
      <Times run={run} />
      {run.state === 'ended' ? null : (
        <Fact name="Claim">
          {claim === null ? (
            <span className="text-soft">no worker holds it</span>
          ) : (
            <>
              <Countdown until={claim.until} over="run out" soonMs={5_000} />{' '}
              <span className="text-soft">left, unless its worker renews it</span>
            </>
          )}
        </Fact>
      )}
      <Fact name="Credentials">
        {credentials.issued === 0 ? (
          <span className="text-soft">none was issued yet</span>
        ) : (
          <>
            {credentials.live} of {counted(credentials.issued, 'issued one')} hold now
            {credentials.expiresAt === null ? null : (
              <span className="text-soft">
                , the last for <Countdown until={credentials.expiresAt} soonMs={0} over="no longer" />
              </span>
            )}
          </>
        )}
      </Fact>
      <Fact name="Scenario">
        <Link to={place('/scenarios/$scenario', { scenario: run.scenario })}>
          <bdi>{run.scenarioName ?? run.scenario}</bdi>
        </Link>{' '}
        <span className="text-soft">of the twin</span>{' '}
        <Link to={place('/twins/$twin', { twin: run.twin })}>
          <bdi>{run.twinName ?? run.twin}</bdi>
        </Link>
        <span className="text-soft">, seed {seed}</span>
      </Fact>
      <Fact name="This run">
        <Id id={run.id} />
      </Fact>
    </Facts>
  )
}
