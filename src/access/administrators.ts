// Whether anybody is left who can manage the organization: an active person with the role `admin` on all of it, now and everywhere.
import { sql } from 'kysely'
import type { Administrators } from '../identity/index.ts'
import type { Tx } from '../kernel/index.ts'

// Whatever a group gives a guest, it does not reach beyond his projects.
const isNoGuest = sql`not exists (select from guest g where g.person_id = p.id and g.state <> 'ended')`

/**
 * The active people who hold the role `admin` on the whole organization at `now` (milliseconds since the epoch); at most 200. With `since`, only those who were here
 * and were given it before that.
 */
export async function administratorIds(tx: Tx, now: number, since: Date | null = null): Promise<string[]> {
  const at = new Date(now)
  const before = since?.toISOString() ?? 'infinity'
  const { rows } = await sql<{ id: string }>`
    with recursive holder (id) as (
      select principal_id from "grant" where role = 'admin' and scope_type = 'Organization' and revoked_at is null and until_run is null and until_batch is null
        and cardinality(environments) = 0 and (not_before is null or not_before <= ${at}) and (expires_at is null or expires_at > ${at}) and created_at < ${before}::timestamptz
      union select m.member_id from group_member m join holder h on m.group_id = h.id where m.added_at < ${before}::timestamptz
    ) select p.id from person p join holder h on p.id = h.id where p.state = 'active' and p.created_at < ${before}::timestamptz and ${isNoGuest}
    order by p.id limit 200`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Answers from grants and groups. A grant that ends with a run, or is for some environments alone, does not count. */
export const administrators: Administrators = {
  async remain(tx, now) {
    const at = new Date(now)
    const found = await sql<{ remain: boolean }>`
      with recursive holder (id) as (
        select principal_id from "grant" where role = 'admin' and scope_type = 'Organization' and revoked_at is null and until_run is null and until_batch is null
          and cardinality(environments) = 0 and (not_before is null or not_before <= ${at}) and (expires_at is null or expires_at > ${at})
        union select m.member_id from group_member m join holder h on m.group_id = h.id
      ) select exists (select from person p join holder h on p.id = h.id where p.state = 'active' and ${isNoGuest}) as remain`.execute(tx)
    return found.rows[0]?.remain ?? false
  },
  others: async (tx, now, people) => (await administratorIds(tx, now)).some((id) => !people.includes(id)),
}
