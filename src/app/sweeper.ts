// The part that looks after what time brings: things whose owner has left, and organizations whose grace is over. It asks through the door, as the product itself; where
// there is nothing to do, nothing is written.
import { isCoded, type OrgId } from '../kernel/index.ts'
import type { Door } from './door/govern.ts'
import { type Recurring, startRecurring } from './recurring.ts'

const everyMs = 20_000

/** What the sweeper needs. */
export interface SweeperParts {
  readonly door: Door
  organizations(): Promise<readonly OrgId[]>
  log(line: string): void
}

const sweeps = ['ownership:sweep', 'archive:expire', 'organization:destroy'] as const

/** Starts the sweeper. */
export function startSweeper({ door, organizations, log }: SweeperParts): Recurring {
  const report = (error: unknown) => {
    // Another server was faster, or the organization is gone: both are as good.
    if (isCoded(error, 'stale') || isCoded(error, 'unauthenticated')) return
    log(`sweeper: ${error instanceof Error ? error.message : String(error)}`)
  }

  async function round(isStopping: () => boolean): Promise<void> {
    for (const org of await organizations()) {
      if (isStopping()) return
      const credential = { kind: 'system', org, part: 'reaper' } as const
      for (const action of sweeps) await door.govern({ action, credential, input: {}, requestId: 'sweeper' }).catch(report)
    }
  }

  return startRecurring({ everyMs, round, report })
}
