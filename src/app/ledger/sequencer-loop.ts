// Runs the sequencer: woken by commits, and once a second in case a wake was lost; one round per organization at a time. While commits keep coming, rounds
// are spaced, so that numbering takes little from what it numbers; somebody who waits for an entry ends the space.
// Whoever waits for an entry is answered from the store after a round, never from memory.
import { type CodedError, type EntryId, fail, type OrgId } from '../../kernel/index.ts'
import { translateStoreFailure } from '../door/store-failure.ts'
import { startRecurring } from '../recurring.ts'
import { isInCheckpoint, type SequencerParts, sequence } from './sequencer.ts'

// A few milliseconds gather the commits of one moment into one batch with one signature.
const gatherMs = 4
// Each round takes two transactions and a signature.
const spaceMs = 40
const pollMs = 1000

/** What the loop needs beside the sequencer's own parts. */
export interface SequencerLoopParts extends SequencerParts {
  /** Those in which something is not yet in the log, or under no signature. */
  organizations(): Promise<readonly OrgId[]>
  log(line: string): void
}

/** A running sequencer. */
export interface SequencerLoop {
  /** Something was committed in this organization. */
  wake(org: OrgId): void
  /** Resolves when an entry is in a released checkpoint; throws `busy` after `timeoutMs`. */
  included(org: OrgId, entry: EntryId, timeoutMs?: number): Promise<void>
  stop(): Promise<void>
}

/** The rounds of one organization, one after the other. */
class Rounds {
  readonly #round: () => Promise<void>
  #running: Promise<void> | undefined
  #isWokenAgain = false
  #isStopped = false
  /** Those who wait for the end of a round that begins after they asked. */
  #waiting: (() => void)[] = []
  /** Ends the space before the next round, while there is one. */
  #hurry: (() => void) | undefined

  /** `round` never throws. */
  constructor(round: () => Promise<void>) {
    this.#round = round
  }

  /** Something was committed. */
  wake(): void {
    if (this.#running === undefined) this.#running = this.#run()
    else this.#isWokenAgain = true
  }

  /** Resolves after the first round that begins from now on, however many follow it. */
  next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    this.wake()
    this.#hurry?.()
    return promise
  }

  /** Resolves when the rounds that somebody waits for are done; what else was committed is left to the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#hurry?.()
    await this.#running
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, gatherMs))
    await this.#once()
    while (this.#waiting.length > 0 || (this.#isWokenAgain && !this.#isStopped)) {
      await this.#space()
      await this.#once()
    }
    this.#running = undefined
  }

  async #once(): Promise<void> {
    const served = this.#waiting.splice(0)
    this.#isWokenAgain = false
    await this.#round()
    for (const goOn of served) goOn()
  }

  /** The space between two rounds: short where somebody waits. */
  #space(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#waiting.length > 0 ? gatherMs : spaceMs)
    this.#hurry = resolve
    return promise.finally(() => {
      clearTimeout(timer)
      this.#hurry = undefined
    })
  }
}

/** Resolves with the round, or when the time is over: one that takes that long is not waited for to its end. */
function noLongerThan(ms: number, round: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  return Promise.race([round, promise]).finally(() => clearTimeout(timer))
}

/** The decision is on the record before anybody waits here, so a store that goes away now does not undo it. */
function recordedAlready(failure: CodedError): CodedError {
  if (failure.code !== 'unavailable') return failure
  return fail('unavailable', 'The decision is recorded; the store went away before it took effect, which it does when the store is back.', {
    facts: { undone: false },
    cause: failure,
  })
}

async function isIncluded(parts: SequencerParts, org: OrgId, entry: EntryId): Promise<boolean> {
  try {
    return await parts.transact(org, (tx) => isInCheckpoint(tx, entry))
  } catch (error) {
    throw recordedAlready(translateStoreFailure(error))
  }
}

/** Numbers what is committed. Another sequencer that was faster, or a store that is away, is left to the next round, which begins from what is stored. */
async function sequenceOnce(parts: SequencerLoopParts, org: OrgId): Promise<void> {
  try {
    await sequence(parts, org)
  } catch (error) {
    const failure = translateStoreFailure(error)
    if (failure.code !== 'stale') parts.log(`sequencer: ${org}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Starts the loop. */
export function startSequencer(parts: SequencerLoopParts): SequencerLoop {
  const all = new Map<OrgId, Rounds>()

  function roundsOf(org: OrgId): Rounds {
    const rounds = all.get(org) ?? new Rounds(() => sequenceOnce(parts, org))
    all.set(org, rounds)
    return rounds
  }

  const sweeps = startRecurring({
    everyMs: pollMs,
    async round() {
      for (const org of await parts.organizations()) roundsOf(org).wake()
    },
    report: (error) => parts.log(`sequencer: ${error instanceof Error ? error.message : String(error)}`),
  })

  return {
    wake: (org) => roundsOf(org).wake(),
    async included(org, entry, timeoutMs = 10_000) {
      const { clock } = parts.ports
      const until = clock.monotonic() + timeoutMs
      do {
        await noLongerThan(until - clock.monotonic(), roundsOf(org).next())
        if (await isIncluded(parts, org, entry)) return
      } while (clock.monotonic() < until)
      throw fail('busy', 'The entry is recorded, and not in a signed checkpoint yet; what was decided takes effect as soon as it is.', {
        next: 'Look again in a few seconds.',
      })
    },
    async stop() {
      await sweeps.stop()
      await Promise.all([...all.values()].map((rounds) => rounds.stop()))
    },
  }
}
