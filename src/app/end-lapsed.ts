// Ends guests and engagements whose end has come, as a part of the product and through the door. That nothing is admitted after it does not wait for this: each
// decision compares the end with the clock. This ends what they leave behind, live runs first of all, and makes it an entry of the ledger.
import { isCoded, type OrgId } from '../kernel/index.ts'
import type { Door } from './door/govern.ts'
import { type Recurring, startRecurring } from './recurring.ts'

const pollMs = 2_000

/** What ending takes. */
export interface LapsingParts {
  readonly door: Door
  /** Those in which the end of a guest or an engagement has come. */
  organizations(): Promise<readonly OrgId[]>
  log(line: string): void
}

/** Ends what is over in one organization, each by an act of its own: engagements first, because their guests end with them. */
export async function endLapsed({ door, log }: Pick<LapsingParts, 'door' | 'log'>, org: OrgId): Promise<void> {
  const asked = { credential: { kind: 'system', org, part: 'reaper' } as const, requestId: 'lapsed' }
  const { result } = await door.govern({ action: 'engagement:due', input: {}, ...asked })
  const { guests, engagements } = result as { guests: readonly string[]; engagements: readonly string[] } // the action's output schema has just checked it
  const end = (action: string, input: unknown) => door.govern({ action, input, ...asked }).catch((error: unknown) => report(log, error))
  for (const engagement of engagements) await end('engagement:lapse', { engagement })
  for (const guest of guests) await end('guest:lapse', { guest })
}

/** Whatever came in between is seen by the next round. */
function report(log: LapsingParts['log'], error: unknown): void {
  if (isCoded(error, 'stale') || isCoded(error, 'unauthenticated')) return
  log(`lapsed: ${error instanceof Error ? error.message : String(error)}`)
}

/** Starts ending what is over. */
export function startLapsing(parts: LapsingParts): Recurring {
  const failed = (error: unknown): void => report(parts.log, error)
  const round = async (isStopping: () => boolean): Promise<void> => {
    for (const org of await parts.organizations()) {
      if (isStopping()) return
      await endLapsed(parts, org).catch(failed)
    }
  }
  return startRecurring({ everyMs: pollMs, round, report: failed })
}
