// Looking again at the records that prove domains, once a day, by the product itself. A record that is missing is told to administrators, who have a fortnight of looks
// to set it again; then the domain lapses: nobody is linked or added by it any more. Whoever is linked already signs in as before: he is found by his subject.
import { z } from 'zod'
import { action, isCoded, organizationEntity, organizationType, type Ports, type Tx } from '../../kernel/index.ts'
import { lookAgainMs, lookUp, missedLooksMax, relatedDomain } from '../sign-in/domains.ts'
import type { DomainRow } from '../sign-in/tables.ts'

/** How many domains one act looks at, all at once: DNS is waited for while the act is under way. */
const lookedMax = 20

/** Whether the record is there. DNS that does not answer proves nothing either. */
async function isThere(row: DomainRow, ports: Ports): Promise<boolean> {
  try {
    return (await lookUp(row, ports)).isThere
  } catch (error) {
    if (isCoded(error, 'domain_unproved')) return false
    throw error
  }
}

/** Those that are due, the longest first; another server looks at none of them meanwhile. */
function dueDomains(tx: Tx, now: number): Promise<DomainRow[]> {
  const due = new Date(now - lookAgainMs)
  return tx
    .selectFrom('domain')
    .selectAll()
    .where('verified_at', 'is not', null)
    .where('lapsed_at', 'is', null)
    .where((eb) => eb(eb.fn.coalesce('checked_at', 'verified_at'), '<=', due))
    .orderBy((eb) => eb.fn.coalesce('checked_at', 'verified_at'))
    .orderBy('id')
    .limit(lookedMax)
    .forUpdate()
    .skipLocked()
    .execute()
}

function after(row: DomainRow, isFound: boolean, now: Date) {
  if (isFound) return { checked_at: now, missing_since: null, missed_looks: 0, lapsed_at: null }
  const missed_looks = row.missed_looks + 1
  return { checked_at: now, missing_since: row.missing_since ?? now, missed_looks, lapsed_at: missed_looks >= missedLooksMax ? now : null }
}

/** Looks again at the records of proved domains. */
export const recheckDomains = action({
  name: 'domain:recheck',
  summary:
    'Look again at the DNS records of proved domains: one that is missing is told, and one that stays missing for a fortnight makes its domain lapse.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({
    looked: z.number(),
    missing: z.array(z.string()).meta({ description: 'Domains whose record is missing and that are in use still.' }),
    lapsed: z.array(z.string()),
    isMore: z.boolean().meta({ description: 'Whether more may be due.' }),
  }),
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ tx, ports }) {
    const due = await dueDomains(tx, ports.clock.now())
    if (due.length === 0) return { result: { looked: 0, missing: [], lapsed: [], isMore: false }, isUnchanged: true }
    const found = await Promise.all(due.map((row) => isThere(row, ports)))
    const now = new Date(ports.clock.now())
    const looked = due.map((row, at) => ({ row, now: after(row, found[at] === true, now) }))
    for (const one of looked) await tx.updateTable('domain').set(one.now).where('id', '=', one.row.id).execute()
    const lapsed = looked.flatMap((one) => (one.now.lapsed_at === null ? [] : [one.row.id]))
    const missing = looked.flatMap((one) => (one.now.missing_since === null || one.now.lapsed_at !== null ? [] : [one.row.id]))
    const told = { looked: due.length, missing, lapsed }
    return {
      result: { ...told, isMore: due.length === lookedMax },
      facts: told,
      related: due.flatMap(relatedDomain),
      takesAway: lapsed.length > 0,
    }
  },
})
