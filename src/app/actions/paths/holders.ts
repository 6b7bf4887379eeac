// Who holds what, all at once: every principal that is active with the grants that it holds directly or through groups, as one walk through the store finds
// them. Deciding is not done here; a grant that is not in force yet, or any more, is left to the decision.
import { type Selectable, sql } from 'kysely'
import { type GrantTable, grantPolicy, guardrailsInForce, type Policy } from '../../../access/index.ts'
import { workloadPrincipal } from '../../../credentials/index.ts'
import { personPrincipal } from '../../../identity/index.ts'
import { isCoded, type Ports, type Principal, principalRef, type Tx } from '../../../kernel/index.ts'

/** Somebody with the grants that he holds. */
export interface HolderFound {
  readonly principal: Principal
  readonly grants: readonly Selectable<GrantTable>[]
  readonly policies: readonly Policy[]
  /** Whoever owns it, where it is a workload. */
  readonly owner: string | null
}

/** A change that was not made: the store is read as if it had been. */
export interface Change {
  readonly given?: Selectable<GrantTable>
  readonly revoked?: string
  readonly joined?: Membership
  readonly left?: Membership
}

/** Somebody, or a group, in a group. */
export interface Membership {
  readonly group: string
  readonly member: string
}

async function grantsByHolder(tx: Tx, { given, revoked, joined, left }: Change): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await sql<{ id: string; grants: string[] }>`
    with recursive members (group_id, member_id) as (
      select group_id, member_id from group_member where (group_id, member_id) is distinct from (${left?.group ?? null}::text, ${left?.member ?? null}::text)
      union select ${joined?.group ?? null}::text, ${joined?.member ?? null}::text
    ), holds (id, grant_id) as (
      (select principal_id, id from "grant" where revoked_at is null and id is distinct from ${revoked ?? null}::text
       union select ${given?.principal_id ?? null}::text, ${given?.id ?? null}::text)
      union select m.member_id, h.grant_id from members m join holds h on m.group_id = h.id
    ) select id, array_agg(grant_id order by grant_id) as grants from holds where id not like 'grp\_%' group by id order by id`.execute(tx)
  return new Map(found.rows.map((row) => [row.id, row.grants]))
}

async function workloadsActive(tx: Tx, ports: Ports): Promise<readonly { principal: Principal; owner: string }[]> {
  const rows = await tx
    .selectFrom('workload')
    .select(['id', 'environment_id', 'owner_id'])
    .where('state', '=', 'active')
    .orderBy('id')
    .execute()
  const found: { principal: Principal; owner: string }[] = []
  for (const row of rows) {
    try {
      const environment = await ports.environments.find(tx, row.environment_id)
      found.push({ principal: await workloadPrincipal(tx, row.id, environment, '', ports.clock.now()), owner: row.owner_id })
    } catch (error) {
      // one that has expired authenticates nobody
      if (!isCoded(error, 'unauthenticated')) throw error
    }
  }
  return found
}

/** Every active person and workload that holds anything, or would after a change. */
export async function holdersFound(tx: Tx, ports: Ports, change: Change = {}): Promise<readonly HolderFound[]> {
  const held = await grantsByHolder(tx, change)
  const rows = await tx.selectFrom('grant').selectAll().where('revoked_at', 'is', null).execute()
  const grants = new Map([...rows, ...(change.given === undefined ? [] : [change.given])].map((row) => [row.id, row]))
  const people = await tx.selectFrom('person').selectAll().where('state', '=', 'active').orderBy('id').execute()
  const everybody = [...people.map((row) => ({ principal: personPrincipal(row, ''), owner: null })), ...(await workloadsActive(tx, ports))]
  const guardrails = await guardrailsInForce(tx)
  return everybody.flatMap(({ principal, owner }) => {
    const own = (held.get(principal.id) ?? []).flatMap((id) => grants.get(id) ?? [])
    if (own.length === 0) return []
    return [{ principal, owner, grants: own, policies: [...own.map((row) => grantPolicy(row, principalRef(principal))), ...guardrails] }]
  })
}
