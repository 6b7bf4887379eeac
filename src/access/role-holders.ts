// Who holds which roles now, directly or through groups: for answers that name people. A role here says nothing of its scope; deciding does.
import { sql } from 'kysely'
import type { Tx } from '../kernel/index.ts'

/** The roles of grants that hold now, by who holds them: people and workloads, whatever the scope. */
export async function roleHolders(tx: Tx, now: Date): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await sql<{ id: string; role: string }>`
    with recursive live as (
      select principal_id, role from "grant"
      where role is not null and revoked_at is null and (expires_at is null or expires_at > ${now}) and (not_before is null or not_before <= ${now})
    ), holds (id, role) as (
      select principal_id, role from live
      union select m.member_id, h.role from group_member m join holds h on m.group_id = h.id
    ) select id, role from holds where id not like 'grp\_%' order by id, role`.execute(tx)
  const roles = new Map<string, string[]>()
  for (const { id, role } of found.rows) roles.set(id, [...(roles.get(id) ?? []), role])
  return roles
}
