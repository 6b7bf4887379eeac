// Watches admissions race a revocation, and judges the race by what cannot lie: the order in which PostgreSQL wrote the commits to its log, what was
// committed at the moment when the revocation returned, and which requests began after that.
import type { OpenedTwinlock } from '../../src/app/index.ts'
import { asSuperuser, rowsOf } from './database.ts'

/** One request of the principal that loses something. Times are of this process's own clock. */
export interface Attempt {
  readonly began: number
  readonly ended: number
  readonly done: boolean
  /** Of what was refused. */
  readonly code?: string
}

/** A race that was run. */
export interface Race {
  readonly attempts: readonly Attempt[]
  readonly revokeBegan: number
  readonly revokeReturned: number
  /** The id of the revocation's entry. */
  readonly revocation: string
  /** The entries of the principal that were committed when the revocation had returned. */
  readonly committedThen: readonly string[]
}

/** The entries that admitted something to a principal, in no order. */
export async function admittedTo(twinlock: OpenedTwinlock, principal: string): Promise<string[]> {
  return (await rowsOf(twinlock, `select id from entry where actor_id = $1 and outcome = 'done'`, [principal])).map((row) => String(row.id))
}

/** The place in PostgreSQL's log where a race begins. */
export async function logPosition(twinlock: OpenedTwinlock): Promise<string> {
  return String((await rowsOf(twinlock, 'select pg_current_wal_insert_lsn()::text as lsn'))[0]?.lsn)
}

/** The entries of a principal that were committed after another entry, by the order of commits in PostgreSQL's log since a position. */
export async function committedAfter(twinlock: OpenedTwinlock, since: string, principal: string, revocation: string): Promise<string[]> {
  return asSuperuser(twinlock, async (client) => {
    await client.query('create extension if not exists pg_walinspect')
    // Writes out whatever is in the log's buffers, so that it can be read.
    await client.query(`select pg_logical_emit_message(false, 'test', 'flush', true)`)
    const { rows } = await client.query(
      `with commits as (
         select xid::text::bigint as xid, start_lsn from pg_get_wal_records_info($1, pg_current_wal_flush_lsn())
         where resource_manager = 'Transaction' and record_type like 'COMMIT%'),
       placed as (select e.id, e.actor_id, e.outcome, c.start_lsn from entry e join commits c on c.xid = e.xact::text::bigint % 4294967296)
       select late.id from placed late, placed taken
       where taken.id = $2 and late.actor_id = $3 and late.outcome = 'done' and late.id <> taken.id and late.start_lsn >= taken.start_lsn`,
      [since, revocation, principal],
    )
    const known = await client.query(
      `select count(*) as count from pg_get_wal_records_info($1, pg_current_wal_flush_lsn()) w join entry e on w.xid::text::bigint = e.xact::text::bigint % 4294967296
       where e.id = $2 and w.resource_manager = 'Transaction' and w.record_type like 'COMMIT%'`,
      [since, revocation],
    )
    if (Number(known.rows[0].count) !== 1)
      throw new Error('The revocation was not found in the log, so nothing can be said about its order.')
    return rows.map((row) => String(row.id))
  })
}

/** What is wrong with a race: each sentence is an admission under something that had been taken away. Empty when the law held. */
export async function violations(twinlock: OpenedTwinlock, since: string, principal: string, race: Race): Promise<string[]> {
  const then = new Set(race.committedThen)
  const late = (await admittedTo(twinlock, principal)).filter((id) => !then.has(id))
  const after = await committedAfter(twinlock, since, principal, race.revocation)
  const begunAfter = race.attempts.filter((one) => one.done && one.began >= race.revokeReturned)
  return [
    ...late.map((id) => `${id} was not committed when the revocation returned, and is now`),
    ...after.map((id) => `${id} was committed after the revocation`),
    ...begunAfter.map((one) => `a request that began ${one.began - race.revokeReturned} ms after the revocation returned was done`),
  ]
}
