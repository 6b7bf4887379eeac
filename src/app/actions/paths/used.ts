// When somebody last did something, read from the ledger's rows: to what paths are asked about, or at all. What was never done has no row.
import { type RawBuilder, sql } from 'kysely'
import { type Tx, toMoment } from '../../../kernel/index.ts'
import { pathActions, type Target } from './legs.ts'

/** Somebody did something, last at a moment (RFC 3339). */
export interface Used {
  readonly actor: string
  readonly action: string
  readonly at: string
}

/** Names what somebody does, to find by it when he did it last. */
export const deedOf = (actor: string, action: string): string => `${actor} ${action}`

/**
 * Everything that entries about a target are about: its twins and what is under them, their projects among it; of an asset itself as well; and of what came of
 * the twin of an artifact nothing but that artifact, the run that made it and its promotions. A subquery of ids.
 */
function under({ ref: { type, id }, twins }: Target): RawBuilder<unknown> {
  const ids = sql`${[...twins]}::text[]`
  const of = type === 'Artifact' ? id : null
  return sql`(select id from twin where id = any(${ids})
    union select project_id from twin where id = any(${ids})
    union select id from scenario where twin_id = any(${ids})
    union select id from asset where id = ${id}
    union select id from run where twin_id = any(${ids}) and (${of}::text is null or id in (select run_id from artifact where id = ${of}))
    union select id from artifact where twin_id = any(${ids}) and (${of}::text is null or id = ${of})
    union select id from promotion where twin_id = any(${ids}) and (${of}::text is null or artifact_id = ${of}))`
}

/** What was done to a target, and when last, by whom. */
export async function lastUsed(tx: Tx, target: Target): Promise<readonly Used[]> {
  const found = await sql<{ actor: string; action: string; at: Date }>`
    select e.actor_id as actor, e.action, max(e.at) as at
      from ${under(target)} as thing (id)
      join entry_ref r on r.ref_id = thing.id and r.rel = 'resource'
      join entry e on e.id = r.entry_id
      where e.outcome = 'done' and e.action = any(${[...pathActions]}::text[])
      group by e.actor_id, e.action order by e.actor_id, e.action`.execute(tx)
  return found.rows.map(({ actor, action, at }) => ({ actor, action, at: toMoment(at) ?? '' }))
}

/** Something that was done, how often, and when last. */
export interface Done {
  readonly action: string
  readonly times: number
  readonly lastUsed: string
}

/** What these did themselves, the latest first. */
export async function doneBy(tx: Tx, actors: readonly string[]): Promise<readonly Done[]> {
  if (actors.length === 0) return []
  const found = await sql<{ action: string; times: number; at: Date }>`
    select e.action, count(*)::int as times, max(e.at) as at
      from entry_ref r join entry e on e.id = r.entry_id
      where r.ref_id = any(${[...actors]}::text[]) and r.rel = 'actor' and e.outcome = 'done'
      group by e.action order by max(e.at) desc, e.action`.execute(tx)
  return found.rows.map(({ action, times, at }) => ({ action, times, lastUsed: toMoment(at) ?? '' }))
}
