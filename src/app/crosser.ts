// The parts that finish what was decided: crossings whose decision is in a checkpoint and that a crash kept from taking effect, and the entry
// for refusals that nobody could be found behind. Every few seconds; the success path does the same at once.
import { isCoded, type OrgId } from '../kernel/index.ts'
import type { Door } from './door/govern.ts'
import { startRecurring } from './recurring.ts'
import type { UnauthenticatedCounter } from './unauthenticated.ts'

const pollMs = 2000

/** What the crosser needs. */
export interface CrosserParts {
  readonly door: Door
  readonly counter: UnauthenticatedCounter
  /** Those in which a crossing was decided and has not taken effect. */
  organizations(): Promise<readonly OrgId[]>
  log(line: string): void
}

/** A running crosser. */
export interface Crosser {
  stop(): Promise<void>
}

/** Starts the crosser. */
export function startCrosser(parts: CrosserParts): Crosser {
  const report = (error: unknown) => {
    // Somebody else was faster, or the decision is not in a checkpoint yet: the next round sees it. Whoever asks without being anybody chooses the
    // organization that a refusal is counted for; one that does not exist has no ledger, and is no news.
    if (isCoded(error, 'wrong_state') || isCoded(error, 'stale') || isCoded(error, 'internal') || isCoded(error, 'unauthenticated')) return
    parts.log(`crosser: ${error instanceof Error ? error.message : String(error)}`)
  }

  async function complete(org: OrgId, isStopping: () => boolean): Promise<void> {
    const credential = { kind: 'system', org, part: 'crosser' } as const
    const { result } = await parts.door.govern({ action: 'promotion:pending', credential, input: {}, requestId: 'crosser' })
    const { promotions } = result as { promotions: readonly { id: string }[] } // the action's output schema has just checked it
    for (const { id } of promotions) {
      if (isStopping()) return
      await parts.door.govern({ action: 'promotion:complete', credential, input: { promotion: id }, requestId: 'crosser' }).catch(report)
    }
  }

  async function record(): Promise<void> {
    for (const { org, counts } of parts.counter.take()) {
      const credential = { kind: 'system', org, part: 'reaper' } as const
      await parts.door.govern({ action: 'session:refusals', credential, input: { counts }, requestId: 'crosser' }).catch(report)
    }
  }

  async function round(isStopping: () => boolean): Promise<void> {
    await record()
    for (const org of await parts.organizations()) {
      if (isStopping()) return
      await complete(org, isStopping).catch(report)
    }
  }

  const rounds = startRecurring({ everyMs: pollMs, atOnce: true, round, report })

  return {
    async stop() {
      await rounds.stop()
      await record().catch(report)
    },
  }
}
