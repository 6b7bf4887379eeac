// Uses of break-glass: one's own, and those that one could review. What is not reviewed in time says so.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { visible } from '../../../design/visible.ts'
import { Countdown, When } from '../../../design/when.tsx'
import type { Directory } from '../names.ts'
import { Environments, Scope, Who } from '../who.tsx'

type Use = OutputOf<'grant:broken-glass'>['items'][number]

function Reviewed({ use: { review, overdue }, of }: { readonly use: Use; readonly of: Directory }): ReactElement {
  if (review === null)
    return (
      <span className={`inline-flex items-center gap-1 ${overdue ? 'text-bad' : 'text-warn'}`}>
        <Icon name={overdue ? 'warn' : 'clock'} />
        {overdue ? 'not reviewed in time' : 'not reviewed yet'}
      </span>
    )
  const isGood = review.verdict === 'justified'
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
      <span className={`inline-flex items-center gap-1 ${isGood ? 'text-good' : 'text-bad'}`}>
        <Icon name={isGood ? 'check' : 'cross'} />
        {isGood ? 'justified' : 'not justified'}
      </span>
      by <Who id={review.by} name={review.byName} of={of} /> <When at={review.at} />
    </span>
  )
}

function Review({ use: { id, isLive }, verdict }: { readonly use: Use; readonly verdict: 'justified' | 'not_justified' }): ReactElement {
  const isGood = verdict === 'justified'
  return (
    <Act
      action="grant:review"
      label={isGood ? 'It was justified' : 'It was not justified'}
      weight={isGood ? 'plain' : 'danger'}
      input={(reason) => ({ grant: id, verdict, reason })}
      reason="Why; goes on the record."
      before={
        <p>
          {isGood || !isLive
            ? 'Your verdict goes on the record, with your name.'
            : 'It ends at once: nothing is admitted under it any more.'}
        </p>
      }
      after={() => <p>It is reviewed.</p>}
    />
  )
}

function Item({ use, of }: { readonly use: Use; readonly of: Directory }): ReactElement {
  const { person, personName, role, scope, environments, usedAt, expiresAt, endedAt, isLive, reason, review } = use
  return (
    <li
      className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-b border-line/70 py-3 last:border-b-0"
      data-item
      tabIndex={-1}
    >
      <div className="min-w-0 flex-1 basis-80">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Who id={person} name={personName} of={of} strong />
          <span>
            <span className="text-soft">took the role</span> {role}
          </span>
          <span className="inline-flex items-baseline gap-1.5">
            on <Scope scope={scope} of={of} />
          </span>
          <Environments ids={environments} of={of} none="everywhere" />
        </p>
        {reason === null ? (
          <p className="text-faint">The reason was erased.</p>
        ) : (
          <bdi className="block [overflow-wrap:anywhere]">{visible(reason)}</bdi>
        )}
        <p className="flex flex-wrap items-baseline gap-x-3 text-small text-soft">
          <When at={usedAt} />
          {isLive ? (
            <span className="text-warn">
              <Countdown until={expiresAt} before="live, ends in" />
            </span>
          ) : (
            <span>
              ended <When at={endedAt ?? expiresAt} />
            </span>
          )}
          <Reviewed use={use} of={of} />
        </p>
      </div>
      {review === null ? (
        <span className="flex flex-wrap gap-2">
          <Review use={use} verdict="justified" />
          <Review use={use} verdict="not_justified" />
        </span>
      ) : null}
    </li>
  )
}

/** The uses. */
export function BrokenGlass({ of }: { readonly of: Directory }): ReactElement {
  const reading = useList('grant:broken-glass', { which: 'all', limit: 50 })
  return (
    <Shown of={reading} what="uses of break-glass">
      {({ items, more, isReadingMore }) =>
        items.length === 0 ? (
          <Empty title="Nobody broke the glass.">Your own uses show here, and those that you could review.</Empty>
        ) : (
          <>
            <ul aria-label="Uses of break-glass">
              {items.map((use) => (
                <Item key={use.id} use={use} of={of} />
              ))}
            </ul>
            {more === undefined ? null : (
              <Button onPress={more} isPending={isReadingMore}>
                Read more
              </Button>
            )}
          </>
        )
      }
    </Shown>
  )
}
