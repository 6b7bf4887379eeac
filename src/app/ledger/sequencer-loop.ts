// Runs the sequencer: woken by commits, and once a second in case a wake was lost; one round per organization at a time.
// Whoever waits for an entry is answered from the store after a round, never from memory.
import { type CodedError, type EntryId, fail, type OrgId } from '../../kernel/index.ts'
import { translateStoreFailure } from '../door/store-failure.ts'
import { isInCheckpoint, type SequencerParts, sequence } from './sequencer.ts'

const gatherMs = 4
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

interface Round {
  running: Promise<void> | undefined
  again: boolean
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
  const rounds = new Map<OrgId, Round>()
  let stopped = false
  let sweep: Promise<void> = Promise.resolve()

  async function round(org: OrgId, state: Round): Promise<void> {
    // A few milliseconds gather the commits of one moment into one batch with one signature.
    await new Promise((resolve) => setTimeout(resolve, gatherMs))
    do {
      state.again = false
      try {
        await sequence(parts, org)
      } catch (error) {
        // Another sequencer was faster, or the store is away: the next round begins from what is stored.
        const failure = translateStoreFailure(error)
        if (failure.code !== 'stale') parts.log(`sequencer: ${org}: ${error instanceof Error ? error.message : String(error)}`)
      }
    } while (state.again && !stopped)
    state.running = undefined
  }

  function wake(org: OrgId): Promise<void> {
    const state = rounds.get(org) ?? { running: undefined, again: false }
    rounds.set(org, state)
    if (state.running === undefined) state.running = round(org, state)
    else state.again = true
    return state.running
  }

  const timer = setInterval(() => {
    sweep = parts
      .organizations()
      .then((all) => void all.map(wake))
      .catch((error: unknown) => parts.log(`sequencer: ${error instanceof Error ? error.message : String(error)}`))
  }, pollMs)
  timer.unref()

  return {
    wake: (org) => void wake(org),
    async included(org, entry, timeoutMs = 10_000) {
      const until = parts.ports.clock.monotonic() + timeoutMs
      do {
        await wake(org)
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
      await Promise.all([...rounds.values()].map((state) => state.running))
    },
  }
}
