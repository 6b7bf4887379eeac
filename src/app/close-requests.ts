// Closes requests that nobody decided in time, as a part of the product and through the door. That an expired request is not approved does not wait for this: it
// is refused when it is decided on. This makes its end an entry of the ledger, and takes it out of the lists of those who wait.
import { isCoded, type OrgId } from '../kernel/index.ts'
import type { Door } from './door/govern.ts'
import { type Recurring, startRecurring } from './recurring.ts'

const pollMs = 15_000

/** What closing requests needs. */
export interface ClosingParts {
  readonly door: Door
  /** Those in which nobody decided a request in time. */
  organizations(): Promise<readonly OrgId[]>
  log(line: string): void
}

/** Closes the overdue requests of one organization, each by an act of its own. */
export async function closeOverdue({ door, log }: Pick<ClosingParts, 'door' | 'log'>, org: OrgId): Promise<void> {
  const credential = { kind: 'system', org, part: 'reaper' } as const
  const asked = { credential, requestId: 'requests' }
  const { result } = await door.govern({ action: 'request:overdue', input: {}, ...asked })
  const { requests } = result as { requests: readonly string[] } // the action's output schema has just checked it
  for (const request of requests)
    await door.govern({ action: 'request:expire', input: { request }, ...asked }).catch((error: unknown) => report(log, error))
}

/** Whatever came in between is seen by the next round. */
function report(log: ClosingParts['log'], error: unknown): void {
  if (isCoded(error, 'stale') || isCoded(error, 'unauthenticated')) return
  log(`requests: ${error instanceof Error ? error.message : String(error)}`)
}

/** Starts closing requests. */
export function startClosingRequests(parts: ClosingParts): Recurring {
  const failed = (error: unknown): void => report(parts.log, error)
  const round = async (isStopping: () => boolean): Promise<void> => {
    for (const org of await parts.organizations()) {
      if (isStopping()) return
      await closeOverdue(parts, org).catch(failed)
    }
  }
  return startRecurring({ everyMs: pollMs, round, report: failed })
}
