// What somebody holds, as the holder sees it. The reason that the granter gave is free text: it lies beside the entry of the grant, while nobody erased it.
import { sql } from 'kysely'
import { type Entitlements, type HeldGrant, selfAndGroups } from '../identity/index.ts'
import { type Tx, toMoment } from '../kernel/index.ts'

const grantsMax = 200
/** What makes grants for a reason that somebody gives. */
const giving = ['grant:create', 'request:approve', 'grant:break-glass']

/** Why these grants were given, by grant; nothing for a text that was erased. */
export async function reasonsOf(tx: Tx, grants: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (grants.length === 0) return new Map()
  const rows = await tx
    .selectFrom('entry_ref')
    .innerJoin('entry', (join) => join.onRef('entry.id', '=', 'entry_ref.entry_id').onRef('entry.org_id', '=', 'entry_ref.org_id'))
    .innerJoin('sidecar', (join) => join.onRef('sidecar.entry_id', '=', 'entry.id').onRef('sidecar.org_id', '=', 'entry.org_id'))
    .select(['entry_ref.ref_id', 'sidecar.content'])
    .where('entry_ref.ref_id', 'in', grants)
    .where('entry_ref.rel', '=', 'grant')
    .where('entry.action', 'in', giving)
    // An entry names the grants that it was allowed by in the same way: the one that it made is among what it speaks of.
    .where(sql<boolean>`entry.body::jsonb -> 'related' @> jsonb_build_array(jsonb_build_object('rel', 'grant', 'id', entry_ref.ref_id))`)
    .where('sidecar.name', '=', 'reason')
    .execute()
  return new Map(rows.map((row) => [row.ref_id, row.content]))
}

/** Grants as their holders see them. */
export const heldGrants: Entitlements = {
  async of(tx, principal, now): Promise<readonly HeldGrant[]> {
    const rows = await tx
      .selectFrom('grant')
      .selectAll()
      .where('principal_id', 'in', selfAndGroups(principal))
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date(now))]))
      .orderBy('id')
      .limit(grantsMax)
      .execute()
    const reasons = await reasonsOf(
      tx,
      rows.map(({ id }) => id),
    )
    return rows.map((row) => ({
      id: row.id,
      role: row.role ?? row.actions.join(', '),
      scope: { kind: row.scope_type.toLowerCase(), id: row.scope_id },
      environments: row.environments,
      notBefore: toMoment(row.not_before),
      notAfter: toMoment(row.expires_at),
      reason: reasons.get(row.id) ?? null,
    }))
  },
  async rolesOf(tx, principals, now) {
    const { rows } = await sql<{ principal: string; roles: string[] }>`
      with recursive held (principal, id) as (
        select p, p from unnest(${[...new Set(principals)]}::text[]) as p
        union select held.principal, m.group_id from group_member m join held on m.member_id = held.id
      ) select held.principal, array_agg(distinct g.role) as roles from held join "grant" g on g.principal_id = held.id
      where g.role is not null and g.revoked_at is null and (g.expires_at is null or g.expires_at > ${new Date(now)}) group by held.principal`.execute(
      tx,
    )
    return new Map(rows.map(({ principal, roles }) => [principal, new Set(roles)]))
  },
}
