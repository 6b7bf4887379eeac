// The trail of a thing: the entries that speak of it, and of what led to it and came of it. It goes from thing to thing through what entries relate,
// a few steps far, and stops at things that many others touch (scenarios, grants, services, twins): of those it shows how they came to be.
import type { Tx } from '../kernel/index.ts'

/** The most entries that a trail shows. */
const trailEntriesMax = 500
/** The most entries about calls that one step of a trail shows: a run makes more calls than all else that happens to it. */
export const trailCallsMax = 200
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

const callActions = ['connection:call', 'call:settle']

function speakingOf(tx: Tx, ids: readonly string[]) {
  return tx
    .selectFrom('numbered_entry as entry')
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
}

/** The entries that speak of things: of calls only the first, so that a run's calls hide nothing else of its trail. */
async function entriesAbout(tx: Tx, ids: readonly string[], cut: Cut): Promise<TrailEntry[]> {
  if (ids.length === 0) return []
  const others = await speakingOf(tx, ids)
    .where('entry.action', 'not in', callActions)
    .limit(trailEntriesMax + 1)
    .execute()
  const calls = await speakingOf(tx, ids)
    .where('entry.action', 'in', callActions)
    .limit(trailCallsMax + 1)
    .execute()
  cut.entries ||= others.length > trailEntriesMax
  cut.calls ||= calls.length > trailCallsMax
  return [...others.slice(0, trailEntriesMax), ...calls.slice(0, trailCallsMax)]
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
      .selectFrom('numbered_entry as entry')
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

interface Cut {
  entries: boolean
  calls: boolean
}

/** A trail, oldest entry first, and what of it was left out: entries beyond the limit, calls beyond theirs, things further away than it goes. */
export interface Trail {
  readonly entries: readonly TrailEntry[]
  readonly cut: readonly ('entries' | 'calls' | 'further')[]
}

/** Follows the trail of a thing; at most `trailEntriesMax` entries. */
export async function followTrail(tx: Tx, start: string): Promise<Trail> {
  const seen = new Set([start])
  const trail = new Map<string, TrailEntry>()
  const cut: Cut = { entries: false, calls: false }
  let edge = [start]
  for (let step = 0; step < stepsMax && edge.length > 0 && trail.size < trailEntriesMax; step++) {
    const entries = await entriesAbout(tx, edge, cut)
    const fresh = (await thingsIn(tx, entries)).filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    const origins = await originsOf(
      tx,
      fresh.filter((id) => prefixOf(id) in originOf),
    )
    for (const entry of [...entries, ...origins]) trail.set(entry.id, entry)
    edge = fresh.filter((id) => through.has(prefixOf(id)))
  }
  const entries = [...trail.values()].sort((a, b) => a.id.localeCompare(b.id)).slice(0, trailEntriesMax)
  const why = { entries: cut.entries || trail.size > trailEntriesMax, calls: cut.calls, further: edge.length > 0 }
  return { entries, cut: (['entries', 'calls', 'further'] as const).filter((name) => why[name]) }
}
