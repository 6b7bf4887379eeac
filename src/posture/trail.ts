// The trail of a thing: the entries that speak of it, and of what led to it and came of it. It goes from thing to thing through what entries relate,
// a few steps far, and stops at things that many others touch (scenarios, grants, services, twins): of those it shows how they came to be.
import type { Tx } from '../kernel/index.ts'

/** The most entries that a trail shows. */
export const trailEntriesMax = 500
const stepsMax = 4

/** An entry of a trail. */
export interface TrailEntry {
  readonly id: string
  readonly seq: number | null
  readonly body: string
}

/** Things that a trail goes through, by the prefix of their id. */
const through = new Set(['art', 'run', 'prm'])

/** Things that a trail ends at, with the relation under which the entry that made them names them. */
const originOf: Readonly<Record<string, string>> = {
  grt: 'grant',
  svc: 'workload',
  pip: 'workload',
  agt: 'workload',
  twn: 'twin',
  ast: 'asset',
  scn: 'scenario',
}

const prefixOf = (id: string): string => id.slice(0, 3)

async function entriesAbout(tx: Tx, ids: readonly string[]): Promise<TrailEntry[]> {
  if (ids.length === 0) return []
  return tx
    .selectFrom('entry')
    .select(['entry.id', 'entry.seq', 'entry.body'])
    .where(
      'entry.id',
      'in',
      tx
        .selectFrom('entry_ref')
        .select('entry_id')
        .where('ref_id', 'in', [...ids]),
    )
    .orderBy('entry.id')
    .limit(trailEntriesMax)
    .execute()
}

async function thingsIn(tx: Tx, entries: readonly TrailEntry[]): Promise<string[]> {
  if (entries.length === 0) return []
  const ids = entries.map((entry) => entry.id)
  const refs = await tx.selectFrom('entry_ref').select('ref_id').distinct().where('entry_id', 'in', ids).execute()
  return refs.map((ref) => ref.ref_id)
}

async function originsOf(tx: Tx, ids: readonly string[]): Promise<TrailEntry[]> {
  const found: TrailEntry[] = []
  for (const id of ids) {
    const made = await tx
      .selectFrom('entry')
      .innerJoin('entry_ref', (join) => join.onRef('entry_ref.org_id', '=', 'entry.org_id').onRef('entry_ref.entry_id', '=', 'entry.id'))
      .select(['entry.id', 'entry.seq', 'entry.body'])
      .where('entry_ref.ref_id', '=', id)
      .where('entry_ref.rel', '=', originOf[prefixOf(id)] ?? '')
      .orderBy('entry.id')
      .executeTakeFirst()
    if (made !== undefined) found.push(made)
  }
  return found
}

/** Follows the trail of a thing, oldest entry first; at most `trailEntriesMax` entries. */
export async function followTrail(tx: Tx, start: string): Promise<TrailEntry[]> {
  const seen = new Set([start])
  const trail = new Map<string, TrailEntry>()
  let edge = [start]
  for (let step = 0; step < stepsMax && edge.length > 0 && trail.size < trailEntriesMax; step++) {
    const entries = await entriesAbout(tx, edge)
    const fresh = (await thingsIn(tx, entries)).filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    const origins = await originsOf(
      tx,
      fresh.filter((id) => prefixOf(id) in originOf),
    )
    for (const entry of [...entries, ...origins]) trail.set(entry.id, entry)
    edge = fresh.filter((id) => through.has(prefixOf(id)))
  }
  return [...trail.values()].sort((a, b) => a.id.localeCompare(b.id)).slice(0, trailEntriesMax)
}
