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

/** A change. */
export interface Change {
  readonly given: readonly Grant[]
  readonly revoked: readonly Grant[]
  /** Grants as they would be, beside those that they are now. */
  readonly altered: readonly { readonly from: Grant; readonly to: Grant }[]
  readonly joined: readonly Membership[]
  readonly left: readonly Membership[]
}

/** The change that changes nothing. */
export const noChange: Change = { given: [], revoked: [], altered: [], joined: [], left: [] }

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

/** Those who hold other grants, or grants of another content, after the change: the first `max` in the order of their ids, and how many there are. */
export async function touchedBy(
  tx: Tx,
  change: Change,
  through: readonly Grant[],
  max: number,
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const { given, revoked, altered } = change
  const gone = new Set(revoked.map(({ id }) => id))
  const stay = [...through.filter(({ id }) => !gone.has(id)), ...altered.map(({ from }) => from)]
  const found = await sql<{ holder: string; total: number }>`
    with recursive edges (group_id, member_id) as materialized (select * from ${edgesAfter(change)} as e (group_id, member_id)),
    b (holder, grant_id) as (
      (select * from ${held([...stay, ...revoked])}) union select m.member_id, b.grant_id from group_member m join b on m.group_id = b.holder
    ), a (holder, grant_id) as (
      (select * from ${held([...stay, ...given])}) union select e.member_id, a.grant_id from edges e join a on e.group_id = a.holder
    ), differ as (
      (select * from a except select * from b) union (select * from b except select * from a)
      union select * from a where grant_id = any(${array(altered.map(({ from }) => from.id))})
    ), who as (select distinct holder from differ where holder not like 'grp\\_%')
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
