// What a change comes to later: grants that it gives, takes away, alters or lets somebody have may begin after this moment, and what has not begun gives nothing yet.
// The same comparison is made again at each such moment, as if the clock showed it, and what is more by then is told beside it.
import { sql } from 'kysely'
import type { Ports } from '../../../kernel/index.ts'
import { type Change, grantsThrough } from './change.ts'
import { type Foreseeing, type Foreseen, foresee } from './foresee.ts'
import type { Difference } from './shown.ts'

/** At how many moments one answer compares. */
export const momentsMax = 5

/** What comes at a later moment (RFC 3339), beside what is there now. */
export interface Later {
  readonly at: string
  readonly gains: readonly Difference[]
  readonly loses: readonly Difference[]
}

/** When grants of the role begin that would hold other actions. */
async function alteredBegin({ tx, ports }: Foreseeing, { altering }: Change): Promise<readonly Date[]> {
  if (altering === undefined) return []
  const rows = await tx
    .selectFrom('grant')
    .select('not_before')
    .distinct()
    .where('revoked_at', 'is', null)
    .where(altering.column, '=', altering.name)
    .where('not_before', '>', new Date(ports.clock.now()))
    .where(sql<boolean>`(expires_at is null or expires_at > not_before)`)
    .orderBy('not_before')
    .limit(momentsMax + 1)
    .execute()
  return rows.flatMap(({ not_before }) => not_before ?? [])
}

/** When something begins that a change is about: whole seconds, as decisions count them, in milliseconds since the epoch. */
async function beginnings(it: Foreseeing, change: Change): Promise<readonly number[]> {
  const rows = [...change.given, ...change.revoked, ...(await grantsThrough(it.tx, change))]
  const dates = [...rows.flatMap(({ not_before }) => not_before ?? []), ...(await alteredBegin(it, change))]
  const seconds = new Set(dates.map((date) => Math.ceil(date.getTime() / 1000) * 1000))
  const now = it.ports.clock.now()
  return [...seconds].filter((at) => at > now).sort((one, other) => one - other)
}

/** Everything as it is, but for the clock. */
function asAt(ports: Ports, at: number): Ports {
  const { clock } = ports
  return { ...ports, clock: { now: () => at, monotonic: () => clock.monotonic() } }
}

/** The differences that are not among those. */
function besides(all: readonly Difference[], those: readonly Difference[]): Difference[] {
  const known = new Set(those.map((one) => JSON.stringify(one)))
  return all.filter((one) => !known.has(JSON.stringify(one)))
}

/** Foresees what a change comes to at each moment at which something of it begins, beside what it comes to now. */
export async function foreseeLater(
  it: Foreseeing,
  change: Change,
  now: Foreseen,
): Promise<{ readonly later: readonly Later[]; readonly cut: boolean }> {
  const moments = await beginnings(it, change)
  const later: Later[] = []
  let cut = moments.length > momentsMax
  for (const at of moments.slice(0, momentsMax)) {
    const then = await foresee({ ...it, ports: asAt(it.ports, at) }, change)
    const [gains, loses] = [besides(then.gains, now.gains), besides(then.loses, now.loses)]
    if (gains.length + loses.length > 0) later.push({ at: new Date(at).toISOString(), gains, loses })
    cut ||= then.cut
  }
  return { later, cut }
}
