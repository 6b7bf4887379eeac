// Runs the sequencer: woken by commits, and once a second in case a wake was lost; one round per organization at a time. While commits keep coming, rounds
// are spaced, so that numbering takes little from what it numbers; somebody who waits for an entry ends the space.
// Whoever waits for an entry is answered from the store after a round, never from memory.
import { type CodedError, type EntryId, fail, type OrgId } from '../../kernel/index.ts'
import { translateStoreFailure } from '../door/store-failure.ts'
import { isInCheckpoint, type SequencerParts, sequence } from './sequencer.ts'

// A few milliseconds gather the commits of one moment into one batch with one signature.
const gatherMs = 4
const spaceMs = 40
const pollMs = 1000

/** What the loop needs beside the sequencer's own parts. */
export interface SequencerLoopParts extends SequencerParts {
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

/** The rounds of one organization. */
interface Rounds {
  running: Promise<void> | undefined
  again: boolean
  /** Those who wait for the end of a round that begins after they asked. */
  waiting: (() => void)[]
  /** Ends the space before the next round, while there is one. */
  hurry: (() => void) | undefined
}

/** The space between two rounds: short where somebody waits. */
function space(state: Rounds): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, state.waiting.length > 0 ? gatherMs : spaceMs)
  state.hurry = resolve
  return promise.finally(() => {
    clearTimeout(timer)
    state.hurry = undefined
  })
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

/** Starts the loop. */
export function startSequencer(parts: SequencerLoopParts): SequencerLoop {
  const rounds = new Map<OrgId, Rounds>()
  let stopped = false
  let sweep: Promise<void> = Promise.resolve()

  async function round(org: OrgId, state: Rounds): Promise<void> {
    const served = state.waiting.splice(0)
    state.again = false
    try {
      await sequence(parts, org)
    } catch (error) {
      // Another sequencer was faster, or the store is away: the next round begins from what is stored.
      const failure = translateStoreFailure(error)
      if (failure.code !== 'stale') parts.log(`sequencer: ${org}: ${error instanceof Error ? error.message : String(error)}`)
    }
    for (const goOn of served) goOn()
  }

  async function run(org: OrgId, state: Rounds): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, gatherMs))
    await round(org, state)
    while (state.waiting.length > 0 || (state.again && !stopped)) {
      await space(state)
      await round(org, state)
    }
    state.running = undefined
  }

  function roundsOf(org: OrgId): Rounds {
    const state = rounds.get(org) ?? { running: undefined, again: false, waiting: [], hurry: undefined }
    rounds.set(org, state)
    return state
  }

  function wake(org: OrgId): void {
    const state = roundsOf(org)
    if (state.running === undefined) state.running = run(org, state)
    else state.again = true
  }

  /** Resolves after the first round that begins from now on, however many follow it. */
  function roundFromNow(org: OrgId): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const state = roundsOf(org)
    state.waiting.push(resolve)
    wake(org)
    state.hurry?.()
    return promise
  }

  const timer = setInterval(() => {
    sweep = parts
      .organizations()
      .then((all) => all.forEach(wake))
      .catch((error: unknown) => parts.log(`sequencer: ${error instanceof Error ? error.message : String(error)}`))
  }, pollMs)
  timer.unref()

  return {
    wake,
    async included(org, entry, timeoutMs = 10_000) {
      const until = parts.ports.clock.monotonic() + timeoutMs
      do {
        await roundFromNow(org)
        if (await isIncluded(parts, org, entry)) return
      } while (parts.ports.clock.monotonic() < until)
      throw fail('busy', 'The entry is recorded, and not in a signed checkpoint yet; what was decided takes effect as soon as it is.', {
        next: 'Look again in a few seconds.',
      })
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await sweep
      for (const { hurry } of rounds.values()) hurry?.()
      await Promise.all([...rounds.values()].map((state) => state.running))
    },
  }
}
