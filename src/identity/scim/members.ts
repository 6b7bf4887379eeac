// Who is in a directory's group: changed by what comes and goes, never by reading everybody. What the directory said is kept apart from who is in the group
// here, so that both can be compared. A member is a user or group of the same directory; ids come from outside.
import { sql } from 'kysely'
import { fail, isId } from '../../kernel/index.ts'
import { requireNoCircle, selfAndMembers } from '../groups.ts'
import { groupKind } from './attributes.ts'
import { isRecord } from './document.ts'
import type { Filter } from './filter.ts'
import { type Operation, spread } from './patch.ts'
import type { Change } from './users.ts'

/** The most members of a directory's group. */
const directoryMembersMax = 100_000
/** The most members that one change names. */
const membersNamedMax = 60_000

/** A step of a change: ids that come, ids that go, or the ids that shall be all. */
export type MemberStep = { readonly kind: 'add' | 'remove' | 'all'; readonly ids: readonly string[] }

function refusedMember(): Error {
  return fail('value_refused', 'A member has a `value`: the id of a user or group of this directory.')
}

/** The ids that a list of members names. Throws `value_refused`. */
export function readMembers(given: unknown): string[] {
  if (given === undefined || given === null) return []
  const list = Array.isArray(given) ? given : [given]
  if (list.length > membersNamedMax) throw fail('value_refused', `A change names at most ${membersNamedMax} members.`)
  const ids = list.map((one: unknown) => (isRecord(one) ? (one.value ?? one.Value) : one))
  return [...new Set(ids.map(readMember))]
}

function readMember(id: unknown): string {
  if (isId('per', id) || isId('grp', id)) return id
  throw refusedMember()
}

/** The ids that a filter in brackets names: `value eq`, once or joined by `or`. Throws `filter_refused`. */
function idsAsked(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.terms.flatMap(idsAsked)
  if (filter.kind === 'compare' && filter.op === 'eq' && filter.path.toLowerCase() === 'value' && typeof filter.value === 'string')
    return [filter.value]
  throw fail('filter_refused', 'Members are named by `value eq` and an id.')
}

function isMembers({ path }: Operation): boolean {
  return path?.path.toLowerCase().replace(`${groupKind.core.id.toLowerCase()}:`, '') === 'members'
}

function stepOf({ op, path, value }: Operation): MemberStep {
  const filter = path?.filter
  if (filter !== undefined) {
    if (op === 'remove' && path?.sub === undefined) return { kind: 'remove', ids: idsAsked(filter) }
    throw fail('read_only', 'A member is put in or taken out; nothing of it can be changed.')
  }
  if (op === 'remove') return value === undefined || value === null ? { kind: 'all', ids: [] } : { kind: 'remove', ids: readMembers(value) }
  return { kind: op === 'add' ? 'add' : 'all', ids: readMembers(value) }
}

/** Parts a change of a group into what happens to its members and what to its document. */
export function partOperations(
  operations: readonly Operation[],
  id: string,
): { readonly steps: readonly MemberStep[]; readonly rest: readonly Operation[] } {
  const single = operations.flatMap((one) => (one.path === undefined ? spread(groupKind, one, id) : [one]))
  return { steps: single.filter(isMembers).map(stepOf), rest: single.filter((one) => !isMembers(one)) }
}

/** Requires that everything that is put in is of this directory. Throws `value_refused`. */
async function requireKnown({ tx, principal }: Change, ids: readonly string[]): Promise<void> {
  const found = await sql<{ id: string }>`select t.id from unnest(${ids}::text[]) as t (id)
    where not exists (select from directory_user u where u.person_id = t.id and u.directory_id = ${principal.id})
      and not exists (select from directory_group g where g.group_id = t.id and g.directory_id = ${principal.id}) limit 1`.execute(tx)
  if (found.rows.length > 0) throw refusedMember()
}

/** Who came: how many the directory had not named before, and how many were not in the group here. */
interface Come {
  readonly named: number
  readonly joined: number
}

/** Puts members in. Whoever the directory had named before and an administrator took out is in it again, because it says so again. */
async function add(change: Change, group: string, ids: readonly string[]): Promise<Come> {
  if (ids.length === 0) return { named: 0, joined: 0 }
  const { tx, ports, principal } = change
  await requireKnown(change, ids)
  for (const id of ids) await requireNoCircle(tx, group, id)
  const now = new Date(ports.clock.now())
  const said = await sql`insert into directory_member (org_id, group_id, member_id)
    select ${principal.org}, ${group}, t.id from unnest(${ids}::text[]) as t (id) on conflict do nothing`.execute(tx)
  // Somebody who does not work here is in no group, whatever his directory says of it.
  const here = await sql`insert into group_member (org_id, group_id, member_id, added_at)
    select ${principal.org}, ${group}, t.id, ${now} from unnest(${ids}::text[]) as t (id)
    where t.id like 'grp\\_%' or exists (select from person p where p.id = t.id and p.state = 'active') on conflict do nothing`.execute(tx)
  await ports.giving.requireMayJoin({ tx, ports, group, members: ids })
  return { named: Number(said.numAffectedRows ?? 0), joined: Number(here.numAffectedRows ?? 0) }
}

/** Nobody counts fifty thousand to put one in: they are counted when what was put in since the last time could be too many. */
async function requireRoom({ tx }: Change, group: string, added: number): Promise<void> {
  const { rows } = await sql<{ most: number }>`
    update directory_group set members_at_most = members_at_most + ${added} where group_id = ${group} returning members_at_most as most`.execute(
    tx,
  )
  if ((rows[0]?.most ?? 0) <= directoryMembersMax) return
  const counted = await sql<{ most: number }>`
    update directory_group set members_at_most = (select count(*) from directory_member m where m.group_id = directory_group.group_id)
    where group_id = ${group} returning members_at_most as most`.execute(tx)
  if ((counted.rows[0]?.most ?? 0) > directoryMembersMax) throw fail('too_large', `A group has at most ${directoryMembersMax} members.`)
}

interface Gone {
  readonly removed: number
  readonly runs: number
}

/** Ends the live runs of whoever was taken out, and of whoever is in a group that was, if nothing else that they hold launches them. */
async function endRuns({ tx, ports }: Change, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const below: string[] = []
  for (const id of ids) below.push(...(isId('grp', id) ? await selfAndMembers(tx, id) : [id]))
  return ports.dependents.endFor(tx, { holders: below, at: new Date(ports.clock.now()), ports })
}

/** Takes members out; answers how many are not in the group any more, or are not said to be, and how many live runs end with that. */
async function remove(change: Change, group: string, ids: readonly string[]): Promise<Gone> {
  if (ids.length === 0) return { removed: 0, runs: 0 }
  const { tx } = change
  const said = await sql`delete from directory_member where group_id = ${group} and member_id = any(${ids}::text[])`.execute(tx)
  const here = await sql`delete from group_member where group_id = ${group} and member_id = any(${ids}::text[])`.execute(tx)
  const removed = Math.max(Number(said.numAffectedRows ?? 0), Number(here.numAffectedRows ?? 0))
  return { removed, runs: await endRuns(change, ids) }
}

/** Takes out whoever the directory had named and names no more. Who was put in by hand stays. */
async function keepOnly(change: Change, group: string, ids: readonly string[]): Promise<Gone> {
  const { tx } = change
  const gone = await sql<{ id: string }>`delete from directory_member m where m.group_id = ${group}
    and not exists (select from unnest(${ids}::text[]) as t (id) where t.id = m.member_id) returning m.member_id as id`.execute(tx)
  const left = gone.rows.map(({ id }) => id)
  if (left.length > 0) await sql`delete from group_member where group_id = ${group} and member_id = any(${left}::text[])`.execute(tx)
  return { removed: left.length, runs: await endRuns(change, left) }
}

/** What happened to the members of a group. */
export interface MembersChanged {
  /** Who was not named before, or not in the group here: both are told, because what the group holds is theirs from now on. */
  readonly added: number
  readonly removed: number
  /** Live runs that ended. */
  readonly runs: number
}

/** Changes who is in a group. Throws `value_refused`, `too_large`, `conflict`. */
export async function changeMembers(change: Change, group: string, steps: readonly MemberStep[]): Promise<MembersChanged> {
  let [named, added, removed, runs] = [0, 0, 0, 0]
  for (const { kind, ids } of steps) {
    const gone = kind === 'add' ? undefined : await (kind === 'remove' ? remove : keepOnly)(change, group, ids)
    removed += gone?.removed ?? 0
    runs += gone?.runs ?? 0
    if (kind === 'remove') continue
    const come = await add(change, group, ids)
    named += come.named
    added += Math.max(come.named, come.joined)
  }
  if (named > 0) await requireRoom(change, group, named)
  return { added, removed, runs }
}

/** Whether steps could take somebody out. */
export function mayTakeAway(steps: readonly MemberStep[]): boolean {
  return steps.some(({ kind }) => kind !== 'add')
}

/** A member as it is shown. */
export interface ShownMember {
  readonly value: string
  readonly type: 'User' | 'Group'
  readonly display: string
}

/** Everybody in a group, as the directory said; they are read only for who asks for them. */
export async function membersOf({ tx }: Change, group: string): Promise<ShownMember[]> {
  const found = await sql<ShownMember>`select m.member_id as value, case when g.group_id is null then 'User' else 'Group' end as type,
      coalesce(g.doc ->> 'displayName', u.doc ->> 'displayName', u.doc ->> 'userName', '') as display
    from directory_member m left join directory_user u on u.org_id = m.org_id and u.person_id = m.member_id
    left join directory_group g on g.org_id = m.org_id and g.group_id = m.member_id
    where m.group_id = ${group} order by m.member_id`.execute(tx)
  return found.rows
}
