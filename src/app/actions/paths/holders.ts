// Who holds what: the grants on some scopes, everybody who holds one of them directly or through groups, and who of those is there to act. Each is one statement,
// however many there are. Deciding is not done here.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type GrantTable, holdsAt } from '../../../access/index.ts'
import { decidedAs } from '../../../credentials/index.ts'
import { personPrincipal } from '../../../identity/index.ts'
import type { Ports, Principal, Tx } from '../../../kernel/index.ts'

/** A grant's row. */
export type Grant = Selectable<GrantTable>

/** Somebody who is there to act. */
export interface Actor {
  readonly principal: Principal
  /** Whoever owns it, where it is a workload. */
  readonly owner: string | null
}

/** Somebody with grants that he holds. */
export interface Holder extends Actor {
  readonly grants: readonly Grant[]
}

const texts = (list: readonly string[]): RawBuilder<string[]> => sql<string[]>`${[...list]}::text[]`

/** The people and workloads among these ids that can act now, in the order of their ids; everybody where no ids are named. */
export async function actorsAmong(tx: Tx, ports: Ports, ids?: readonly string[]): Promise<readonly Actor[]> {
  const now = ports.clock.now()
  let people = tx.selectFrom('person').select(['org_id', 'id', 'slug', 'clearance']).where('state', '=', 'active')
  let workloads = tx
    .selectFrom('workload')
    .select(['org_id', 'id', 'kind', 'slug', 'clearance', 'owner_id', 'environment_id', 'expires_at'])
    .where('state', '=', 'active')
  if (ids !== undefined) {
    people = people.where('id', '=', sql<string>`any(${texts(ids)})`)
    workloads = workloads.where('id', '=', sql<string>`any(${texts(ids)})`)
  }
  const actors: Actor[] = (await people.execute()).map((row) => ({ principal: personPrincipal(row, ''), owner: null }))
  for (const row of await workloads.execute()) {
    // one that has expired authenticates nobody
    if (row.expires_at === null || row.expires_at.getTime() > now) actors.push({ principal: decidedAs(row), owner: row.owner_id })
  }
  return actors.sort((one, other) => (one.principal.id < other.principal.id ? -1 : 1))
}

/** The grants that count now on any of these scopes, which `ids` is a subquery of, and that give any of these actions. */
export async function grantsOn(
  tx: Tx,
  ports: Ports,
  ids: RawBuilder<unknown>,
  actions: readonly string[],
): Promise<ReadonlyMap<string, Grant>> {
  const roles = new Set(actions.flatMap((name) => ports.grantable.get(name) ?? []))
  const found = await tx
    .selectFrom('grant')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where(sql<boolean>`scope_id in ${ids}`)
    .where(sql<boolean>`(role = any(${texts([...roles])}) or actions && ${texts(actions)})`)
    .execute()
  const now = ports.clock.now()
  return new Map(found.filter((row) => holdsAt(row, now)).map((row) => [row.id, row]))
}

/** Everybody and every group who holds these grants, directly or through groups: pairs of holder and grant. */
async function heldBy(tx: Tx, grants: ReadonlyMap<string, Grant>): Promise<ReadonlyMap<string, readonly Grant[]>> {
  if (grants.size === 0) return new Map()
  const rows = [...grants.values()]
  const found = await sql<{ held: string[]; holders: string[] }>`
    with recursive holds (holder, grant_id) as (
      select * from unnest(${texts(rows.map((row) => row.principal_id))}, ${texts(rows.map((row) => row.id))})
      union select m.member_id, h.grant_id from group_member m join holds h on m.group_id = h.holder
    ), each (holder, held) as (select holder, array_agg(grant_id order by grant_id) from holds where holder not like 'grp\\_%' group by holder)
    select held, array_agg(holder) as holders from each group by held`.execute(tx)
  // those who hold the same grants share one list of them
  const byHolder = new Map<string, readonly Grant[]>()
  for (const { held, holders } of found.rows) {
    const own = held.flatMap((id) => grants.get(id) ?? [])
    for (const holder of holders) byHolder.set(holder, own)
  }
  return byHolder
}

/** Everybody who can act and holds any of these grants. */
export async function holdersOf(tx: Tx, ports: Ports, grants: ReadonlyMap<string, Grant>): Promise<readonly Holder[]> {
  const held = await heldBy(tx, grants)
  return (await actorsAmong(tx, ports, [...held.keys()])).map((actor) => ({ ...actor, grants: held.get(actor.principal.id) ?? [] }))
}
