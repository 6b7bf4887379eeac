// Groups: who is in them, directly or through other groups. What a group is granted, all of these have.
// INVARIANT: walks end although two changes at once might close a circle, because nobody is visited twice.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type Entity, fail, isId, organizationRef, type ResourceType, type Tx } from '../kernel/index.ts'
import type { GroupTable } from './tables.ts'

/** How many members a group may have directly. */
export const groupMembersMax = 10_000
/** How many groups may stand above one another. */
export const groupDepthMax = 16

/** A group as a resource. */
export const groupType = { name: 'Group', attributes: {}, parents: ['Organization'] } as const satisfies ResourceType

/** A group as an entity. */
export function groupEntity(group: Pick<Selectable<GroupTable>, 'id' | 'org_id'>): Entity {
  return { type: 'Group', id: group.id, attributes: {}, parents: [organizationRef(group.org_id)] }
}

/** Finds a group. Throws `not_found`. */
export async function findGroup(tx: Tx, id: string): Promise<Selectable<GroupTable>> {
  const group = await tx.selectFrom('group').selectAll().where('id', '=', id).executeTakeFirst()
  if (group === undefined) throw fail('not_found', 'There is no group with this id.')
  return group
}

/** A subquery: the id itself and those of every group that it is in, however deep. */
export function selfAndGroups(id: string): RawBuilder<string> {
  return sql<string>`(
    with recursive above (id) as (
      select ${id}::text union select m.group_id from group_member m join above a on m.member_id = a.id
    ) select id from above)`
}

/** A subquery: the ids of these and of everything in them, however deep. */
export function selvesAndBelow(ids: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`(
    with recursive below (id) as (
      ${ids} union select m.member_id from group_member m join below b on m.group_id = b.id
    ) select id from below)`
}

/** The ids of a group and of everything in it, however deep. */
export async function selfAndMembers(tx: Tx, id: string): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from ${selvesAndBelow(sql`select ${id}::text`)} as below (id) order by id`.execute(tx)
  return found.rows.map((row) => row.id)
}

/** The groups that something is in, however deep; without itself. */
export async function groupsAbove(tx: Tx, id: string): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from ${selfAndGroups(id)} as above (id) where id <> ${id} order by id`.execute(tx)
  return found.rows.map((row) => row.id)
}

/** How many groups the longest chain below a group has, itself included; counting ends past the limit. */
async function depthBelow(tx: Tx, id: string): Promise<number> {
  const found = await sql<{ depth: number }>`
    with recursive below (id, depth) as (
      select ${id}::text, 1 union
      select m.member_id, b.depth + 1 from group_member m join below b on m.group_id = b.id
      where m.member_id like 'grp\_%' and b.depth <= ${groupDepthMax}
    ) select max(depth)::int as depth from below`.execute(tx)
  return found.rows[0]?.depth ?? 1
}

/** How many groups the longest chain above a group has, itself included; counting ends past the limit. */
async function depthAbove(tx: Tx, id: string): Promise<number> {
  const found = await sql<{ depth: number }>`
    with recursive above (id, depth) as (
      select ${id}::text, 1 union
      select m.group_id, a.depth + 1 from group_member m join above a on m.member_id = a.id where a.depth <= ${groupDepthMax}
    ) select max(depth)::int as depth from above`.execute(tx)
  return found.rows[0]?.depth ?? 1
}

/** Whoever stands behind these: people themselves, and the owners of workloads. What a workload is given, its owner has. */
export async function standingBehind(tx: Tx, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  // One parameter, however many they are: a group of a directory has more members than a statement has places.
  const owners = await sql<{ owner_id: string }>`select distinct owner_id from workload where id = any(${[...ids]}::text[])`.execute(tx)
  return [...new Set([...ids, ...owners.rows.map((row) => row.owner_id)])]
}

/** The workloads among these whose key one of those people brought, or the key before. */
export async function workloadsBroughtBy(tx: Tx, ids: readonly string[], people: readonly string[]): Promise<string[]> {
  const brought = await sql<{ id: string }>`
    select id from workload where id = any(${[...ids]}::text[]) and (brought_by = any(${[...people]}::text[]) or former_brought_by = any(${[...people]}::text[])) and state <> 'ended' order by id`.execute(
    tx,
  )
  return brought.rows.map(({ id }) => id)
}

/** Refuses a group that would stand above itself, or too deep below others; `pointer` is where the input names it. Throws `conflict`, `too_large`. */
export async function requireNoCircle(tx: Tx, group: string, member: string, pointer = '/member'): Promise<void> {
  if (!isId('grp', member)) return
  if (member === group || (await groupsAbove(tx, group)).includes(member))
    throw fail('conflict', 'The group would be in itself.', { pointer })
  const depth = (await depthAbove(tx, group)) + (await depthBelow(tx, member))
  if (depth > groupDepthMax) throw fail('too_large', `Groups would be nested ${depth} deep; at most ${groupDepthMax}.`, { pointer })
}
