// One batch above its runs: what it is of, how far it is, and the way to end all of it at once.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Button } from '../../design/button.tsx'
import { Shown } from '../../design/conditions.tsx'
import { Id } from '../../design/id.tsx'
import { counted, span } from '../../design/time.ts'
import { When } from '../../design/when.tsx'

type Batch = OutputOf<'batch:show'>

const everyLiveMs = 4_000

/** How far the runs of a batch are, in words. */
export function standingOf({ size, runs, endedAt }: Pick<Batch, 'size' | 'runs' | 'endedAt'>): string {
  return [
    counted(size, 'run'),
    ...(runs.live === 0 ? [] : [`${runs.live} live`]),
    ...(runs.succeeded === 0 ? [] : [`${runs.succeeded} succeeded`]),
    ...(runs.failed === 0 ? [] : [`${runs.failed} did not`]),
    ...(endedAt === null ? [] : ['over']),
  ].join(', ')
}

function EndAll({ batch }: { readonly batch: Batch }): ReactElement {
  return (
    <Act
      action="batch:end"
      label="End all"
      title="End every run of this batch"
      input={(reason) => ({ batch: batch.id, reason })}
      reason="Why it is ended. It goes on the record."
      before={<p>{counted(batch.runs.live, 'run')} and every credential of theirs end at once. What they wrote is sealed as it is.</p>}
      after={({ stopped, tookMs }) => (
        <p>
          {counted(stopped.runs, 'run')} and {counted(stopped.credentials, 'credential')} ended in {span(tookMs)}.
        </p>
      )}
      weight="danger"
    />
  )
}

/** The batch that the list is narrowed to. */
export function BatchLine({ batch, onAll }: { readonly batch: string; readonly onAll: () => void }): ReactElement {
  const reading = useRead('batch:show', { batch }, { every: everyLiveMs })
  return (
    <section
      aria-label="Batch"
      className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-line px-3 py-2 text-small"
    >
      <Shown of={reading} what="the batch" rows={1}>
        {(shown) => (
          <>
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-medium">Batch</span>
              <Id id={shown.id} />
              <span>{standingOf(shown)}</span>
              <span className="text-soft">
                launched <When at={shown.createdAt} />
                {shown.launchedByName === null ? null : (
                  <>
                    {' '}
                    by <bdi>{shown.launchedByName}</bdi>
                  </>
                )}
              </span>
            </span>
            {shown.runs.live === 0 ? null : <EndAll batch={shown} />}
          </>
        )}
      </Shown>
      <span className="sm:ml-auto">
        <Button onPress={onAll}>Show all runs</Button>
      </span>
    </section>
  )
}
