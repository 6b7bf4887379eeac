// When somebody last did something to a twin or to what is under it, read from the ledger's rows; what was never done has no row.
import { sql } from 'kysely'
import { type Tx, toMoment } from '../../../kernel/index.ts'
import { pathActions } from './legs.ts'

/** Somebody did something, last at a moment (RFC 3339). */
export interface Used {
  readonly actor: string
  readonly action: string
  readonly at: string
}

/** What was done to these twins, and when last, by whom. */
export async function lastUsed(tx: Tx, twins: readonly string[]): Promise<readonly Used[]> {
  if (twins.length === 0) return []
  const found = await sql<{ actor: string; action: string; at: Date }>`
    with things (id) as (
      select id from twin where id = any(${[...twins]}::text[])
      union select project_id from twin where id = any(${[...twins]}::text[])
      union select id from scenario where twin_id = any(${[...twins]}::text[])
      union select id from run where twin_id = any(${[...twins]}::text[])
      union select id from artifact where twin_id = any(${[...twins]}::text[])
      union select id from promotion where twin_id = any(${[...twins]}::text[])
    ) select actor_id as actor, action, max(at) as at from entry
      where outcome = 'done' and action = any(${[...pathActions]}::text[]) and resource_id in (select id from things)
      group by actor_id, action order by actor_id, action`.execute(tx)
  return found.rows.map(({ actor, action, at }) => ({ actor, action, at: toMoment(at) ?? '' }))
}
