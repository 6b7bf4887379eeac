// What waits for the caller: what he may act on or answers for, and nothing else of anybody's. Who may act is decided as the door would decide it.
import { z } from 'zod'
import { callerEntity, sessionType } from '../../identity/index.ts'
import { action } from '../../kernel/index.ts'
import { closingOrganization } from '../attention/deletion.ts'
import { proofsMissing } from '../attention/domains.ts'
import { expiringGrants } from '../attention/grants.ts'
import { engagementsPaused, engagementsWaiting, guestsEnding, guestsPaused, guestsToAccept } from '../attention/guests.ts'
import { type AttentionItem, attentionItem, candidatesMax, type Looking } from '../attention/item.ts'
import { notTakenOver, offeredToMe, orphansFound } from '../attention/ownership.ts'
import { blocked, keyMissing, toCross, toReview } from '../attention/promotions.ts'
import { answeredRequests, breakGlassToReview, toDecide } from '../attention/requests.ts'
import { failedRuns, frozenRuns } from '../attention/runs.ts'
import { keysTakenAlong, tokensTakenAlong } from '../attention/secrets.ts'
import { setUpsToAccept } from '../attention/set-ups.ts'
import { brokenGlass, certificatesEnding, passkeysCopied, recoveryCodesUsed } from '../attention/sign-ins.ts'
import { addressesChanged, ownWaysInMade, providerNotRequired, providersChanged, tokensShown } from '../attention/ways-in.ts'

/** Where things that wait come from, in the order in which they are told. */
const sources: readonly ((it: Looking) => Promise<AttentionItem[]>)[] = [
  toReview,
  toCross,
  toDecide,
  breakGlassToReview,
  frozenRuns,
  blocked,
  keyMissing,
  keysTakenAlong,
  tokensTakenAlong,
  failedRuns,
  answeredRequests,
  expiringGrants,
  brokenGlass,
  passkeysCopied,
  recoveryCodesUsed,
  providersChanged,
  providerNotRequired,
  addressesChanged,
  tokensShown,
  ownWaysInMade,
  certificatesEnding,
  proofsMissing,
  setUpsToAccept,
  offeredToMe,
  notTakenOver,
  orphansFound,
  closingOrganization,
  guestsToAccept,
  guestsPaused,
  guestsEnding,
  engagementsWaiting,
  engagementsPaused,
]

const never = '9999'

/** What cannot wait first; of the rest, what has waited longest. */
function byUrgency(one: AttentionItem, other: AttentionItem): number {
  return (one.until ?? never).localeCompare(other.until ?? never) || one.since.localeCompare(other.since)
}

/** Lists what waits for the caller. */
export const listAttention = action({
  name: 'attention:list',
  summary: 'List what waits for you: to review, to decide, to cross, to mend, to renew.',
  effect: 'read',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({}),
  output: z.object({
    items: z.array(attentionItem),
    checkedAt: z.string(),
    truncated: z.boolean().meta({ description: `Whether there may be more: of each kind, ${candidatesMax} things are looked at.` }),
  }),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ tx, ports, principal, allowed }) {
    const now = ports.clock.now()
    const it: Looking = { tx, ports, principal, version: allowed.version, now, seen: { truncated: false } }
    const items: AttentionItem[] = []
    for (const source of sources) items.push(...(await source(it)))
    return { result: { items: items.sort(byUrgency), checkedAt: new Date(now).toISOString(), truncated: it.seen.truncated } }
  },
})
