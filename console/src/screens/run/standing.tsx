// How a run stands: its progress, how long it may go on, who holds it, and what it holds.
import type { ReactElement, ReactNode } from 'react'
import { momentOf, span } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { Countdown, When } from '../../design/when.tsx'
import type { ShownRun } from './story.ts'

/** How far it says it is. The words and numbers are the run's own. */
export function Progress({ run }: { readonly run: ShownRun }): ReactElement | null {
  const { progress } = run
  if (progress === null || run.state === 'ended' || (progress.total === 0 && progress.note === '')) return null
  const { done, total, note } = progress
  const share = total > 0 ? Math.max(0, Math.min(1, done / total)) : 0
  return (
    <div className="mb-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-small">
        <bdi className="min-w-0 [overflow-wrap:anywhere]">{visible(note)}</bdi>
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

function Cell({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="min-w-0 border-b border-line/70 py-2 md:border-b-0">
      <dt className="text-small text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Claim({ claim }: Pick<ShownRun, 'claim'>): ReactElement {
  if (claim === null) return <span className="text-soft">no worker holds it</span>
  return <Countdown until={claim.until} over="run out" soonMs={5_000} after="unless renewed" />
}

function Credentials({ credentials: { live, issued, expiresAt } }: Pick<ShownRun, 'credentials'>): ReactElement {
  if (issued === 0) return <span className="text-soft">none was issued</span>
  return (
    <>
      {live} of {issued.toLocaleString('en-US')} hold
      {expiresAt === null ? null : (
        <span className="text-soft">
          , the last for <Countdown until={expiresAt} soonMs={0} over="no longer" />
        </span>
      )}
    </>
  )
}

function Took({ run }: { readonly run: ShownRun }): ReactElement {
  const [began, ended] = [momentOf(run.startedAt), momentOf(run.endedAt)]
  return <span className="text-soft">{began === undefined || ended === undefined ? 'it never began' : `took ${span(ended - began)}`}</span>
}

/** How a run stands, in a row: its times, its claim and its credentials. */
export function Standing({ run }: { readonly run: ShownRun }): ReactElement {
  const isOver = run.state === 'ended'
  return (
    <dl className="mt-4 grid grid-cols-2 gap-x-6 border-y border-line md:grid-cols-4">
      <Cell name="Began">
        <When at={run.startedAt} none="not yet" />
      </Cell>
      {isOver ? (
        <Cell name="Ended">
          <When at={run.endedAt} /> <Took run={run} />
        </Cell>
      ) : (
        <Cell name="Deadline">
          <Countdown until={run.deadline} over="passed" after="left" />
        </Cell>
      )}
      {isOver ? (
        <Cell name="Because">
          <bdi className="[overflow-wrap:anywhere]">{visible(run.reason ?? 'no reason was given')}</bdi>
        </Cell>
      ) : (
        <Cell name="Claim of its worker">
          <Claim claim={run.claim} />
        </Cell>
      )}
      <Cell name="Credentials">
        <Credentials credentials={run.credentials} />
      </Cell>
    </dl>
  )
}
