// Admission: PostgreSQL orders every recorded act against every revocation. Decisions are made at a version of what has been taken away;
// the statement that records the act locks that counter's row FOR SHARE and finds nothing when it has moved (`record` in `app`).
// A revocation updates the counter, so it waits for admissions under way and precedes all later ones. No clock is involved.
import { sql } from 'kysely'
import { fail, prepared, type Tx } from '../kernel/index.ts'
import { holdingRead } from './held-memory.ts'

/** What each transaction read of the counter first: whatever is decided in it is decided at that. */
const readIn = new WeakMap<Tx, number>()

const versions = prepared((tx) =>
  tx
    .selectFrom('organization')
    .leftJoin('takeaway', 'takeaway.org_id', 'organization.org_id')
    .leftJoin('holding', 'holding.org_id', 'organization.org_id')
    .select(['takeaway.version', 'holding.version as holding']),
)

/**
 * The version of what has been taken away, as this transaction sees it; nothing where there is no such organization. Throws `internal` when the counter is
 * missing: then nothing may be decided.
 */
export async function takeawayVersionOf(tx: Tx): Promise<number | undefined> {
  const [row] = await versions({}).execute(tx)
  if (row === undefined) return undefined
  if (row.version === null) throw fail('internal', 'The take-away counter of this organization is missing.')
  if (!readIn.has(tx)) {
    readIn.set(tx, row.version)
    holdingRead(tx, row.holding)
  }
  return row.version
}

/** The version of what has been taken away, within an organization that is there. Throws `internal` when the counter is missing. */
export async function takeawayVersion(tx: Tx): Promise<number> {
  const version = await takeawayVersionOf(tx)
  if (version === undefined) throw fail('internal', 'There is no such organization.')
  return version
}

/**
 * Waits for the acts that are being admitted, and holds back every other until this transaction ends: what it reads of what somebody holds, from here on,
 * is all that there will ever be. Whoever ends everything that somebody holds begins with this: before the first row of it is touched, so that two of them
 * never wait for each other. Throws `stale` where something was taken away since this was decided: the record would find out, after all the work.
 */
export async function holdAdmissions(tx: Tx): Promise<void> {
  const { rows } = await sql<{ version: number }>`select hold_admissions() as version`.execute(tx)
  const [held, read] = [rows[0]?.version, readIn.get(tx)]
  if (held !== undefined && read !== undefined && held > read) throw fail('stale', 'Something was taken away while this was being decided.')
}

/** Holds back whatever would take something away until this transaction ends; what takes nothing away is admitted beside it. */
export async function holdTakeaways(tx: Tx): Promise<void> {
  await tx.selectFrom('takeaway').select('version').forShare().execute()
}
