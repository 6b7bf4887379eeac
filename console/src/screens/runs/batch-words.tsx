// A batch in words and in one line: how many of its runs are where.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { State } from '../../design/state.tsx'
import { counted } from '../../design/time.ts'

/** A batch as it is shown. */
export type ShownBatch = OutputOf<'batch:show'>

/** What a batch is called: its twin and scenario. */
export function batchName({ twinName, scenarioName, twin }: Pick<ShownBatch, 'twinName' | 'scenarioName' | 'twin'>): string {
  return [twinName ?? twin, scenarioName].filter(Boolean).join(' · ')
}

/** How far the runs of a batch are, in words. */
export function standingOf({ size, runs, endedAt }: Pick<ShownBatch, 'size' | 'runs' | 'endedAt'>): string {
  return [
    counted(size, 'run'),
    ...(runs.live === 0 ? [] : [`${runs.live} live`]),
    ...(runs.succeeded === 0 ? [] : [`${runs.succeeded} succeeded`]),
    ...(runs.failed === 0 ? [] : [`${runs.failed} did not`]),
    ...(endedAt === null ? [] : ['over']),
  ].join(', ')
}

/** Where a batch as a whole is: live, or how it came out. */
export function BatchState({ of: { runs, endedAt, size } }: { readonly of: Pick<ShownBatch, 'runs' | 'endedAt' | 'size'> }): ReactElement {
  if (endedAt === null) return <State is={runs.running === 0 ? 'queued' : 'running'} />
  return <State is={runs.succeeded === size ? 'succeeded' : 'ended'} />
}

const parts = [
  { name: 'did not succeed', tone: 'text-bad', bar: 'text-bad', of: ({ runs }: ShownBatch) => runs.failed },
  { name: 'succeeded', tone: 'text-good', bar: 'text-good', of: ({ runs }: ShownBatch) => runs.succeeded },
  { name: 'running', tone: 'text-ink', bar: 'text-ink', of: ({ runs }: ShownBatch) => runs.running },
  { name: 'waiting', tone: 'text-soft', bar: 'text-line', of: ({ runs }: ShownBatch) => runs.live - runs.running },
] as const

const barUnits = 100

/** How many of its runs are where, in numbers and as parts of one line. */
export function Standing({ of: batch }: { readonly of: ShownBatch }): ReactElement {
  const counts = parts.map((part) => ({ ...part, count: part.of(batch) }))
  const before = (at: number): number => counts.slice(0, at).reduce((sum, { count }) => sum + count, 0)
  const unit = barUnits / Math.max(1, batch.size)
  return (
    <div className="border-b border-line pb-4">
      <svg
        viewBox={`0 0 ${barUnits} 2`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="block h-1.5 w-full rounded-mark bg-sunken"
      >
        {counts.map(({ name, bar, count }, at) => (
          <rect key={name} x={before(at) * unit} width={count * unit} height="2" fill="currentColor" className={bar} />
        ))}
      </svg>
      <dl className="mt-3 grid grid-cols-2 gap-x-10 gap-y-3 sm:flex">
        {counts.map(({ name, tone, count }) => (
          <div key={name} className="flex flex-col-reverse">
            <dt className="text-small text-soft">{name}</dt>
            <dd className={`text-title ${count === 0 ? 'text-faint' : tone}`}>{count}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
