// Entries as rows and as a whole, read from their canonical bodies. A body was written by the door and is parsed again: whoever could change a row in the
// database cannot make it verify, but can make it say anything here, which is why a receipt comes with it.
import { z } from 'zod'
import { environmentClass, idOf, idsFrom, type Tx } from '../kernel/index.ts'
import { type Names, namesOf } from '../twins/index.ts'
import { isOfProject } from './evidence.ts'

const ref = z.object({ type: z.string(), id: z.string() })
const named = ref.extend({ name: z.string().nullable() })

/** The members of an entry's body that are read (entry schema v1). */
const entryBody = z.object({
  at: z.string(),
  action: z.string(),
  outcome: z.enum(['done', 'denied', 'failed']),
  code: z.string().optional(),
  actor: ref.extend({ chain: z.array(z.string()).default([]), spiffe: z.string().optional(), credential: z.string().optional() }),
  resource: ref,
  environment: z.object({ id: z.string(), class: z.string() }).optional(),
  policies: z.array(z.string()),
  version: z.number().optional(),
  facts: z.json().optional(),
  related: z.array(ref.extend({ rel: z.string() })).default([]),
  texts: z.record(z.string(), z.string()).default({}),
  request: z.string().default(''),
})

/** A parsed body. */
export type EntryBody = z.output<typeof entryBody>

/** An entry in a list: who did what on what, and what became of it. No text and no fact is in it. */
export const entryRow = z.object({
  id: idOf('ent'),
  /** Its number in the log; null until the sequencer numbers it. */
  index: z.number().nullable(),
  at: z.string(),
  action: z.string(),
  outcome: z.enum(['done', 'denied', 'failed']),
  code: z.string().nullable(),
  actor: named.extend({ spiffe: z.string().nullable() }),
  resource: named,
  environment: z.object({ id: idOf('env'), class: environmentClass, slug: z.string().nullable() }).nullable(),
  request: z.string(),
})

/** An entry as it is stored. */
export interface StoredEntry {
  readonly id: string
  readonly seq: number | null
  readonly body: string
}

/** Parses the body of a stored entry. */
export function bodyOf(row: StoredEntry): EntryBody {
  return entryBody.parse(JSON.parse(row.body))
}

/** The row of an entry. */
export function toEntryRow(row: StoredEntry, body: EntryBody, names: Names): z.input<typeof entryRow> {
  const { at, action, outcome, code, actor, resource, environment, request } = body
  return {
    id: row.id,
    index: row.seq,
    at,
    action,
    outcome,
    code: code ?? null,
    actor: { type: actor.type, id: actor.id, name: names(actor.id), spiffe: actor.spiffe ?? null },
    resource: { ...resource, name: names(resource.id) },
    environment:
      environment === undefined
        ? null
        : { id: environment.id, class: environmentClass.parse(environment.class), slug: names(environment.id) },
    request,
  }
}

/** Which entries are looked for; every text is a value and nothing else. */
export interface EntryChoice {
  readonly limit: number
  readonly after?: string | undefined
  readonly action?: string | undefined
  readonly principal?: string | undefined
  readonly resource?: string | undefined
  readonly outcome?: 'done' | 'denied' | 'failed' | undefined
  readonly environment?: string | undefined
  /** Only evidence of this project. */
  readonly project?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** An entry's id is made before its time is written down; never so long before. */
const composedWithinMs = 60_000

/**
 * Where a page begins: entries in the order of their ids; or, for those that speak of one thing or that one principal left, what `entry_ref` lists in that
 * very order, so that a page costs what it shows, however often a principal acted.
 */
function startingPoint(tx: Tx, { principal, resource, after }: EntryChoice) {
  const thing = resource ?? principal
  if (thing === undefined) return tx.selectFrom('numbered_entry as entry').orderBy('entry.id', 'desc')
  let refs = tx
    .selectFrom('entry_ref')
    .select('entry_ref.entry_id')
    .where('entry_ref.ref_id', '=', thing)
    .where('entry_ref.rel', resource === undefined ? '=' : '<>', 'actor')
    .groupBy('entry_ref.entry_id')
    .orderBy('entry_ref.entry_id', 'desc')
  if (after !== undefined) refs = refs.where('entry_ref.entry_id', '<', after)
  return tx
    .selectFrom(refs.as('spoken'))
    .innerJoin('numbered_entry as entry', 'entry.id', 'spoken.entry_id')
    .orderBy('spoken.entry_id', 'desc')
}

/** The query for a page of entries, newest first. */
export function chosenEntries(tx: Tx, chosen: EntryChoice) {
  let query = startingPoint(tx, chosen).select(['entry.id', 'entry.seq', 'entry.body']).limit(chosen.limit)
  if (chosen.after !== undefined) query = query.where('entry.id', '<', chosen.after)
  if (chosen.action !== undefined) query = query.where('entry.action', '=', chosen.action)
  if (chosen.principal !== undefined) query = query.where('entry.actor_id', '=', chosen.principal)
  if (chosen.outcome !== undefined) query = query.where('entry.outcome', '=', chosen.outcome)
  if (chosen.environment !== undefined) query = query.where('entry.environment_id', '=', chosen.environment)
  if (chosen.project !== undefined) query = query.where(isOfProject(chosen.project))
  if (chosen.since !== undefined) {
    const since = new Date(chosen.since)
    query = query.where('entry.id', '>=', idsFrom('ent', Math.max(0, since.getTime() - composedWithinMs))).where('entry.at', '>=', since)
  }
  if (chosen.until !== undefined) {
    const until = new Date(chosen.until)
    query = query.where('entry.id', '<', idsFrom('ent', Math.max(0, until.getTime()))).where('entry.at', '<', until)
  }
  return query
}

/** The names of what rows of entries speak of. */
export function namesInRows(tx: Tx, bodies: readonly EntryBody[]): Promise<Names> {
  return namesOf(
    tx,
    bodies.flatMap(({ actor, resource, environment }) => [actor.id, resource.id, environment?.id ?? null]),
  )
}
