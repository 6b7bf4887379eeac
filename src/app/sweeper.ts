// The part that looks after what time brings: archives and organizations whose time is over, things whose owner has left, proofs of domains that are to be looked at
// again, logs that are kept long enough. It asks through the door, as the product itself; where there is nothing to do, nothing is written.
import { isCoded, type OrgId } from '../kernel/index.ts'
import type { Door } from './door/govern.ts'
import { type Recurring, startRecurring } from './recurring.ts'

const everyMs = 20_000
/** Logs of directories grow slowly, and are looked through once an hour. */
const logRounds = 180
// What an owner leaves behind is found when he leaves, and asked for again when a run begins; this finds what was missed. Nobody becomes absent without something
// being taken away: organizations in which that happened are swept next. Where that was is lost with a process that is killed, so the first rounds of the next one
// come to all; then, for what was missed all the same, to so many at a time.
const sweptMax = 50
const firstRounds = 2

/** What the sweeper needs. */
export interface SweeperParts {
  readonly door: Door
  /** All organizations. */
  organizations(): Promise<readonly OrgId[]>
  /** Those that have archives whose end has come. */
  archives(): Promise<readonly OrgId[]>
  /** Those whose own end has come. */
  deletions(): Promise<readonly OrgId[]>
  /** Those in which a domain’s record is to be looked at again. */
  proofs(): Promise<readonly OrgId[]>
  /** Those whose directories leave logs. */
  logs(): Promise<readonly OrgId[]>
  log(line: string): void
}

/** A running sweeper. */
export interface Sweeper extends Recurring {
  /** Something was taken away in an organization: it is swept in the next round. */
  touch(org: OrgId): void
}

/** So many that come after one of them, beginning anew where the list ends. */
function nextAfter(all: readonly OrgId[], last: OrgId | undefined, count: number): readonly OrgId[] {
  const sorted = all.toSorted()
  const from = Math.max(
    0,
    sorted.findIndex((org) => last === undefined || org > last),
  )
  return [...sorted.slice(from), ...sorted.slice(0, from)].slice(0, count)
}

/** Starts the sweeper. */
export function startSweeper({ door, organizations, archives, deletions, proofs, logs, log }: SweeperParts): Sweeper {
  let last: OrgId | undefined
  let rounds = 0
  const touched = new Set<OrgId>()
  const report = (error: unknown) => {
    // Another server was faster, or the organization is gone: both are as good.
    if (isCoded(error, 'stale') || isCoded(error, 'unauthenticated')) return
    log(`sweeper: ${error instanceof Error ? error.message : String(error)}`)
  }

  async function swept(): Promise<readonly OrgId[]> {
    const orgs = await organizations()
    const next = nextAfter(orgs, last, rounds++ < firstRounds ? Math.max(sweptMax, Math.ceil(orgs.length / firstRounds)) : sweptMax)
    last = next.at(-1)
    const all = new Set([...touched, ...next])
    touched.clear()
    return [...all]
  }

  /** Whether more of it is to be done in the same organization. */
  async function act(action: string, org: OrgId): Promise<boolean> {
    const credential = { kind: 'system', org, part: 'reaper' } as const
    try {
      const { result } = await door.govern({ action, credential, input: {}, requestId: 'sweeper' })
      return typeof result === 'object' && result !== null && 'isMore' in result && result.isMore === true
    } catch (error) {
      report(error)
      return false
    }
  }

  /** What is due, and where; of what is not looked for in this round, nowhere. */
  async function due(): Promise<readonly { readonly action: string; readonly orgs: readonly OrgId[] }[]> {
    const isLogRound = rounds % logRounds === 0
    return [
      { action: 'ownership:sweep', orgs: await swept() },
      { action: 'archive:expire', orgs: await archives() },
      { action: 'organization:destroy', orgs: await deletions() },
      { action: 'domain:recheck', orgs: await proofs() },
      { action: 'directory:prune', orgs: isLogRound ? await logs() : [] },
    ]
  }

  async function round(isStopping: () => boolean): Promise<void> {
    for (const { action, orgs } of await due())
      for (const org of orgs) {
        let isMore = true
        while (isMore && !isStopping()) isMore = await act(action, org)
      }
  }

  const { stop } = startRecurring({ everyMs, round, report })
  return { stop, touch: (org) => void touched.add(org) }
}
