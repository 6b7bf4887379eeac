// The worker: takes runs that wait, ends those that are overdue or lost, and finishes those that an earlier process left ending.
// Woken by what is committed, and every second in case a wake was lost.
import { isCoded, type OrgId, type RunId } from '../../kernel/index.ts'
import type { RunCause } from '../../runs/index.ts'
import { Turns } from '../door/turns.ts'
import { type Recurring, startRecurring } from '../recurring.ts'
import { finishRun } from './finish-run.ts'
import { type Supervised, type SuperviseParts, supervise } from './supervise.ts'

const pollMs = 1000
/** So many runs are taken at once, over all organizations: a batch is soon under way, and leaves connections of the store to what runs do. */
const takenAtOnce = 4
/** How often the hearts of runs beat: all at once, so that the door takes the beats of an organization together. */
const beatMs = 1000

const expected = ['conflict', 'stale', 'not_found', 'unauthenticated'] as const

/** What the worker needs beside what supervising needs. */
export interface WorkerParts extends SuperviseParts {
  readonly runsMax: number
  /** Those that have runs which are not over. */
  organizations(): Promise<readonly OrgId[]>
}

/** A running worker. */
export interface Worker {
  /** Runs may have been queued in this organization. */
  wake(org: OrgId): void
  /** Something was taken away in this organization: look now whether the own runs of it still count. */
  check(org: OrgId): void
  /** Stops taking runs, ends those under way and waits until they are closed. */
  stop(): Promise<void>
}

interface Queue {
  readonly queued: readonly RunId[]
  readonly overdue: readonly RunId[]
  readonly lost: readonly RunId[]
  readonly ending: readonly RunId[]
  readonly frozenOut: readonly RunId[]
}

/** Starts the worker. */
export function startWorker(parts: WorkerParts): Worker {
  return new PollingWorker(parts)
}

class PollingWorker implements Worker {
  readonly #parts: WorkerParts
  readonly #own = new Map<RunId, Supervised>()
  readonly #rounds = new Map<OrgId, Promise<void>>()
  /** Organizations in which something was left while a round of theirs was under way. */
  readonly #again = new Set<OrgId>()
  readonly #turns = new Turns(takenAtOnce)
  /** How many are being claimed. */
  #taking = 0
  readonly #sweeps: Recurring
  readonly #beats: ReturnType<typeof setInterval>
  #stopped = false

  constructor(parts: WorkerParts) {
    this.#parts = parts
    this.#sweeps = startRecurring({ everyMs: pollMs, round: () => this.#sweep(), report: (error) => this.#report(error) })
    this.#beats = setInterval(() => this.#beat(), beatMs)
  }

  wake(org: OrgId): void {
    if (this.#rounds.has(org)) {
      this.#again.add(org)
      return
    }
    const round = this.#round(org)
      .catch((error: unknown) => this.#report(error))
      .finally(() => {
        this.#rounds.delete(org)
        if (this.#again.delete(org) && !this.#stopped) this.wake(org)
      })
    this.#rounds.set(org, round)
  }

  check(org: OrgId): void {
    for (const supervised of this.#own.values()) if (supervised.org === org) supervised.check()
  }

  #beat(): void {
    for (const supervised of this.#own.values()) supervised.check()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#sweeps.stop()
    await Promise.all(this.#rounds.values())
    for (const supervised of this.#own.values()) supervised.stop()
    await Promise.allSettled([...this.#own.values()].map((supervised) => supervised.done))
    clearInterval(this.#beats)
    await Promise.all(this.#rounds.values())
  }

  async #sweep(): Promise<void> {
    for (const org of await this.#parts.organizations()) this.wake(org)
  }

  #system(org: OrgId, part: 'worker' | 'reaper', action: string, input: unknown) {
    return this.#parts.door.govern({ action, credential: { kind: 'system', org, part }, input, requestId: `worker:${this.#parts.worker}` })
  }

  async #round(org: OrgId): Promise<void> {
    const { result } = await this.#system(org, 'worker', 'run:queue', {})
    const queue = result as Queue // the action's output schema has just checked it
    const steps = [
      ...queue.overdue.map((run) => () => this.#end(org, run, 'deadline')),
      ...queue.frozenOut.map((run) => () => this.#end(org, run, 'frozen_out')),
      ...queue.lost.map((run) => () => this.#end(org, run, 'worker_lost')),
      ...queue.ending.map((run) => () => this.#finish(org, run)),
    ]
    const reported = (step: () => Promise<void>) => step().catch((error: unknown) => this.#report(error))
    for (const step of steps) await reported(step)
    await Promise.all(queue.queued.map((run) => this.#turns.take(() => reported(() => this.#take(org, run)))))
  }

  async #take(org: OrgId, run: RunId): Promise<void> {
    if (this.#stopped || this.#own.has(run) || this.#own.size + this.#taking >= this.#parts.runsMax) return
    this.#taking++
    const supervised = await supervise(this.#parts, org, run).finally(() => this.#taking--)
    this.#own.set(run, supervised)
    void supervised.done
      .catch((error: unknown) => this.#report(error))
      .finally(() => {
        this.#own.delete(run)
        this.wake(org)
      })
  }

  async #end(org: OrgId, run: RunId, cause: RunCause): Promise<void> {
    if (this.#own.has(run) && cause === 'deadline') return // its supervisor keeps the deadline itself
    await this.#system(org, 'reaper', 'run:end', { run, cause })
    this.#own.get(run)?.check()
  }

  async #finish(org: OrgId, run: RunId): Promise<void> {
    if (this.#own.has(run)) return // its supervisor is at it
    await finishRun(this.#parts.door, { org, run, admissionMs: null, cellMs: null, tokens: 0 })
  }

  /** Another worker that was faster is not a failure, nor is an organization that was destroyed in the middle of a round. */
  #report(error: unknown): void {
    if (expected.some((code) => isCoded(error, code))) return
    this.#parts.log(`worker: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
}
