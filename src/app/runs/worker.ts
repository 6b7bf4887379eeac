// The worker: takes runs that wait, ends those that are overdue or lost, and finishes those that an earlier process left ending.
// Woken by what is committed, and every second in case a wake was lost.
import { isCoded, type OrgId, type RunId } from '../../kernel/index.ts'
import { finishRun } from './finish-run.ts'
import { type Supervised, type SuperviseParts, supervise } from './supervise.ts'

const pollMs = 1000

/** What the worker needs beside what supervising needs. */
export interface WorkerParts extends SuperviseParts {
  readonly runsMax: number
  organizations(): Promise<readonly OrgId[]>
}

/** A running worker. */
export interface Worker {
  /** Runs may have been queued or ended in this organization. */
  wake(org: OrgId): void
  /** Stops taking runs, ends those under way and waits until they are closed. */
  stop(): Promise<void>
}

interface Queue {
  readonly queued: readonly RunId[]
  readonly overdue: readonly RunId[]
  readonly lost: readonly RunId[]
  readonly ending: readonly RunId[]
}

/** Starts the worker. */
export function startWorker(parts: WorkerParts): Worker {
  const own = new Map<RunId, Supervised>()
  const rounds = new Map<OrgId, Promise<void>>()
  let stopped = false

  const system = (org: OrgId, part: 'worker' | 'reaper', action: string, input: unknown) =>
    parts.door.govern({ action, credential: { kind: 'system', org, part }, input, requestId: `worker:${parts.worker}` })

  async function take(org: OrgId, run: RunId): Promise<void> {
    if (stopped || own.has(run) || own.size >= parts.runsMax) return
    const supervised = await supervise(parts, org, run)
    own.set(run, supervised)
    void supervised.done
      .catch((error: unknown) => parts.log(`run ${run}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`))
      .finally(() => {
        own.delete(run)
        wake(org)
      })
  }

  async function end(org: OrgId, run: RunId, outcome: 'deadline' | 'lost'): Promise<void> {
    if (own.has(run) && outcome === 'deadline') return // its supervisor keeps the deadline itself
    await system(org, 'reaper', 'run:end', { run, outcome, reason: outcome === 'deadline' ? 'the deadline passed' : 'its worker was lost' })
    own.get(run)?.check()
  }

  async function finish(org: OrgId, run: RunId): Promise<void> {
    const supervised = own.get(run)
    if (supervised === undefined) await finishRun(parts.door, { org, run, admissionMs: null, cellMs: null, tokens: 0 })
    else supervised.check()
  }

  async function round(org: OrgId): Promise<void> {
    const { result } = await system(org, 'worker', 'run:queue', {})
    const queue = result as Queue // the action's output schema has just checked it
    const steps = [
      ...queue.overdue.map((run) => () => end(org, run, 'deadline')),
      ...queue.lost.map((run) => () => end(org, run, 'lost')),
      ...queue.ending.map((run) => () => finish(org, run)),
      ...queue.queued.map((run) => () => take(org, run)),
    ]
    for (const step of steps) await step().catch((error: unknown) => reportUnlessRace(error))
  }

  function reportUnlessRace(error: unknown): void {
    if (isCoded(error, 'conflict') || isCoded(error, 'stale') || isCoded(error, 'not_found')) return // another worker was faster, which is what the codes say
    parts.log(`worker: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }

  function wake(org: OrgId): void {
    if (rounds.has(org)) return
    rounds.set(
      org,
      round(org)
        .catch(reportUnlessRace)
        .finally(() => rounds.delete(org)),
    )
  }

  const timer = setInterval(() => {
    parts
      .organizations()
      .then((all) => {
        for (const org of all) wake(org)
      })
      .catch(reportUnlessRace)
  }, pollMs)
  timer.unref()

  return {
    wake,
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.all(rounds.values())
      for (const supervised of own.values()) supervised.stop('the server is stopping')
      await Promise.allSettled([...own.values()].map((supervised) => supervised.done))
      await Promise.all(rounds.values())
    },
  }
}
