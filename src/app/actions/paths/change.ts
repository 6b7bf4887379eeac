// A change that was not made, as the store would hold it: grants given and taken away, grants that hold other actions, memberships begun and ended. Who is touched
// by it is found in one statement: those whose grants differ, the first of them where there are many.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../kernel/index.ts'
import type { Grant } from './holders.ts'

/** Somebody, or a group, in a group. */
export interface Membership {
  readonly group: string
  readonly member: string
}

/** What becomes of the grants of a role, one that ships or one of the organization's own. */
export interface Altering {
  readonly column: 'role' | 'custom_role'
  readonly name: string
  /** A grant as it would be; nothing where it ends. */
  to(grant: Grant): Grant | undefined
}

/** A change. */
export interface Change {
  readonly given: readonly Grant[]
  readonly revoked: readonly Grant[]
  /** A role whose grants hold other actions, or none. */
  readonly altering?: Altering
  readonly joined: readonly Membership[]
  readonly left: readonly Membership[]
}

/** The change that changes nothing. */
export const noChange: Change = { given: [], revoked: [], joined: [], left: [] }

const array = (list: readonly string[]): RawBuilder<string[]> => sql<string[]>`${[...list]}::text[]`
const pairs = (list: readonly Membership[]) =>
  sql`unnest(${array(list.map(({ group }) => group))}, ${array(list.map(({ member }) => member))})`
const held = (grants: readonly Grant[]) =>
  sql`unnest(${array(grants.map((row) => row.principal_id))}, ${array(grants.map((row) => row.id))})`

/** The memberships as they would be: a table expression of `group_id` and `member_id`. */
function edgesAfter({ joined, left }: Change): RawBuilder<unknown> {
  if (joined.length === 0 && left.length === 0) return sql`(select group_id, member_id from group_member)`
  return sql`((select group_id, member_id from group_member except select * from ${pairs(left)}) union select * from ${pairs(joined)})`
}

/** The grants that members of these groups have by them, before or after the change. */
export async function grantsThrough(tx: Tx, { joined, left }: Pick<Change, 'joined' | 'left'>): Promise<readonly Grant[]> {
  const groups = [...new Set([...joined, ...left].map(({ group }) => group))]
  if (groups.length === 0) return []
  return tx
    .selectFrom('grant')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where(
      sql<boolean>`principal_id in (with recursive above (id) as (
        select unnest(${array(groups)}) union select m.group_id from group_member m join above a on m.member_id = a.id) select id from above)`,
    )
    .orderBy('id')
    .execute()
}

/** The grants of a role that would hold other actions: a table expression of who holds them directly, and their ids. */
function alteredIn({ altering }: Change): RawBuilder<unknown> {
  if (altering === undefined) return sql`(select null::text, null::text where false)`
  return sql`(select principal_id, id from "grant" where revoked_at is null and ${sql.ref(altering.column)} = ${altering.name})`
}

/** Those who hold other grants, or grants of another content, after the change: the first `max` in the order of their ids, and how many there are. */
export async function touchedBy(
  tx: Tx,
  change: Change,
  through: readonly Grant[],
  max: number,
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const { given, revoked } = change
  const gone = new Set(revoked.map(({ id }) => id))
  const stay = through.filter(({ id }) => !gone.has(id))
  const found = await sql<{ holder: string; total: number }>`
    with recursive edges (group_id, member_id) as materialized (select * from ${edgesAfter(change)} as e (group_id, member_id)),
    b (holder, grant_id) as (
      (select * from ${held([...stay, ...revoked])}) union select m.member_id, b.grant_id from group_member m join b on m.group_id = b.holder
    ), a (holder, grant_id) as (
      (select * from ${held([...stay, ...given])}) union select e.member_id, a.grant_id from edges e join a on e.group_id = a.holder
    ), x (holder) as (
      (select principal_id from ${alteredIn(change)} as role (principal_id, id)) union select m.member_id from group_member m join x on m.group_id = x.holder
    ), differ (holder) as (
      select holder from (select * from a except select * from b) as more union select holder from (select * from b except select * from a) as less
      union select holder from x
    ), who as (select holder from differ where holder not like 'grp\\_%')
    select holder, (select count(*)::int from who) as total from who order by holder limit ${max}`.execute(tx)
  return { ids: found.rows.map(({ holder }) => holder), total: found.rows[0]?.total ?? 0 }
}

/** Everybody among these with himself and the groups above him, before and after the change. */
export async function standing(
  tx: Tx,
  change: Change,
  ids: readonly string[],
): Promise<{ readonly before: ReadonlyMap<string, readonly string[]>; readonly after: ReadonlyMap<string, readonly string[]> }> {
  const over = async (edges: RawBuilder<unknown>): Promise<ReadonlyMap<string, readonly string[]>> => {
    const found = await sql<{ holder: string; above: string[] }>`
      with recursive edges (group_id, member_id) as (select * from ${edges} as e (group_id, member_id)),
      up (holder, at) as (select id, id from unnest(${array(ids)}) as own (id) union select up.holder, e.group_id from edges e join up on e.member_id = up.at)
      select holder, array_agg(at order by at) as above from up group by holder`.execute(tx)
    return new Map(found.rows.map(({ holder, above }) => [holder, above]))
  }
  const before = await over(sql`(select group_id, member_id from group_member)`)
  const isSame = change.joined.length === 0 && change.left.length === 0
  return { before, after: isSame ? before : await over(edgesAfter(change)) }
}
