// Settling a mapping: its grants are rows, and become what the mapping says within the transaction of whatever changed. What a group is given stands at the
// group; what people are given by what their directory says of them, at each of them.
// INVARIANT: a grant of a mapping that anybody else took away is not made again; its term would have to change.
import { sql } from 'kysely'
import { comparable, type Described, describedPeople, selfAndMembers, standingBehind } from '../../identity/index.ts'
import { fail, isId, newId, type OrgId, type Ports, principalType, type Tx } from '../../kernel/index.ts'
import { type ConflictMet, conflictsDeclared, conflictsMet, holdersBeside, holdersMax, requireApart, withWorkloads } from '../duties.ts'
import type { Term } from '../tables.ts'
import { type Mapping, termsOf } from './mapping.ts'
import { actionsOf, givenBy, keyOf } from './terms.ts'

/** How many people one mapping may give something to by what directories say of them. */
const matchedMax = 10_000

/** A grant that was made, ended or held back. */
export interface Settled {
  readonly principal: string
  readonly term: Term
  readonly grant: string
}

/** What came of settling. */
export interface Settlement {
  readonly made: readonly Settled[]
  readonly ended: readonly Settled[]
  readonly withheld: readonly Settled[]
  readonly conflicts: readonly ConflictMet[]
  /** Live runs that ended. */
  readonly runs: number
}

/** Where a mapping is settled, and what happens to grants that would bring together duties that are declared apart. */
export interface Settling {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: OrgId
  /** `refuse` but for those named; `withhold`: whoever would hold both is not given it; `show`: it is given all the same, on trial. */
  readonly conflicts: { readonly kind: 'withhold' | 'show' } | { readonly kind: 'refuse'; readonly despite: readonly string[] }
}

/** Whether a mapping speaks of somebody. */
function matches({ conditions, directory_id }: Pick<Mapping, 'conditions' | 'directory_id'>, one: Described): boolean {
  if (conditions === null || (directory_id !== null && directory_id !== one.directory)) return false
  return conditions.every(({ attribute, oneOf }) => {
    const said = one.attributes[attribute]
    return said !== undefined && oneOf.some((value) => comparable(value) === said)
  })
}

/** Whom a mapping gives something to: its group, or people. Throws `too_large`. */
export async function heldBy(tx: Tx, mapping: Mapping, described?: readonly Described[]): Promise<string[]> {
  if (mapping.group_id !== null) {
    const there = await tx.selectFrom('group').select('id').where('id', '=', mapping.group_id).executeTakeFirst()
    return there === undefined ? [] : [there.id]
  }
  const all = described ?? (await describedPeople(tx, { when: mapping.conditions ?? [] }))
  const people = all.filter((one) => matches(mapping, one)).map(({ person }) => person)
  if (people.length > matchedMax)
    throw fail('too_large', `A mapping speaks of at most ${matchedMax} people.`, {
      next: 'Ask for more, or let the directory make a group.',
    })
  return people
}

interface Present extends Settled {
  readonly key: string
  readonly isLive: boolean
}

/** What a mapping has given: to everybody, or to these. */
export async function givenSoFar(tx: Tx, mapping: string, among?: readonly string[]): Promise<Present[]> {
  let query = tx
    .selectFrom('mapped_grant as m')
    .innerJoin('grant as g', (join) => join.onRef('g.org_id', '=', 'm.org_id').onRef('g.id', '=', 'm.grant_id'))
    .select([
      'm.grant_id',
      'm.principal_id',
      'm.term',
      'g.revoked_at',
      'g.role',
      'g.custom_role',
      'g.scope_type',
      'g.scope_id',
      'g.environments',
    ])
    .where('m.mapping_id', '=', mapping)
  if (among !== undefined) query = query.where('m.principal_id', '=', sql<string>`any(${[...among]}::text[])`)
  return (await query.execute()).map((row) => ({
    principal: row.principal_id,
    grant: row.grant_id,
    key: row.term,
    isLive: row.revoked_at === null,
    term: {
      role: row.role as Term['role'], // was written from a term
      customRole: row.custom_role,
      scope: { type: row.scope_type, id: row.scope_id },
      environments: row.environments,
    },
  }))
}

async function end(tx: Tx, present: readonly Present[], at: Date): Promise<void> {
  if (present.length === 0) return
  const ids = present.map(({ grant }) => grant)
  const these = sql<string>`any(${ids}::text[])`
  await tx.updateTable('grant').set({ revoked_at: at }).where('id', '=', these).where('revoked_at', 'is', null).execute()
  await tx.deleteFrom('mapped_grant').where('grant_id', '=', these).execute()
}

interface Wanted {
  readonly principal: string
  readonly term: Term
  readonly key: string
  readonly actions: readonly string[]
}

async function wantedOf({ tx, ports }: Settling, mapping: Mapping, holders: readonly string[]): Promise<Wanted[]> {
  const isOver = mapping.expires_at !== null && mapping.expires_at.getTime() <= ports.clock.now()
  if (mapping.state !== 'active' || isOver) return []
  const wanted: Wanted[] = []
  for (const term of await termsOf(tx, mapping)) {
    const actions = await actionsOf(tx, term)
    if (actions === undefined) continue
    const key = keyOf(term, mapping.expires_at, ports)
    wanted.push(...holders.map((principal) => ({ principal, term, key, actions })))
  }
  return wanted
}

/** One statement for each table and term, however many it is given to. */
async function keep({ tx, ports, org }: Settling, mapping: Mapping, wanted: readonly Wanted[]): Promise<Settled[]> {
  const [first] = wanted
  if (first === undefined) return []
  const made = wanted.map((one) => ({ ...one, grant: newId('grt', ports) }))
  const given = givenBy(first.term, first.actions, mapping.expires_at)
  const rows = sql`unnest(${made.map(({ grant }) => grant)}::text[], ${made.map(({ principal }) => principal)}::text[]) as t (grant_id, principal)`
  await sql`
    insert into "grant" (org_id, id, principal_type, principal_id, role, actions, scope_type, scope_id, environments, expires_at, custom_role, given_by, created_at)
    select ${org}, t.grant_id, ${mapping.group_id === null ? principalType('person') : 'Group'}, t.principal, ${given.role}, ${given.actions}::text[],
      ${given.scope_type}, ${given.scope_id}, ${given.environments}::text[], ${given.expires_at}, ${given.custom_role}, ${mapping.created_by},
      ${new Date(ports.clock.now())} from ${rows}`.execute(tx)
  await sql`insert into mapped_grant (org_id, grant_id, mapping_id, principal_id, term)
    select ${org}, t.grant_id, ${mapping.id}, t.principal, ${first.key} from ${rows}`.execute(tx)
  return made
}

interface Parted {
  readonly free: readonly Wanted[]
  readonly withheld: readonly Settled[]
  readonly conflicts: readonly ConflictMet[]
}

/** Those of some people who hold anything at all: whoever holds nothing brings nothing together. */
async function holdingSomething(tx: Tx, people: readonly string[]): Promise<string[]> {
  const found = await sql<{ id: string }>`select t.id from unnest(${people}::text[]) as t (id)
    where exists (select from "grant" g where g.principal_id = t.id and g.revoked_at is null)
      or exists (select from group_member m where m.member_id = t.id)`.execute(tx)
  return found.rows.map(({ id }) => id)
}

/** The conflicts that a term would make with what its holders hold; to be shown alone, of the first of them. */
async function conflictsOf(it: Settling, mapping: Mapping, wanted: readonly Wanted[]): Promise<ConflictMet[]> {
  const { tx, ports } = it
  const [first] = wanted
  if (first === undefined) return []
  const principals = wanted.map(({ principal }) => principal)
  const all =
    mapping.group_id === null ? await holdingSomething(tx, await withWorkloads(tx, principals)) : await holdersBeside(tx, first.principal)
  const holders = it.conflicts.kind === 'show' ? all.slice(0, holdersMax) : all
  const given = givenBy(first.term, first.actions, mapping.expires_at)
  return conflictsMet({ tx, ports, holders, given })
}

/** Parts those to whom a term would bring together duties that are declared apart from the rest, or refuses it to all. */
async function apart(it: Settling, mapping: Mapping, wanted: readonly Wanted[]): Promise<Parted> {
  const isShown = it.conflicts.kind === 'show'
  if (!isShown && (await conflictsDeclared(it.tx)).length === 0) return { free: wanted, withheld: [], conflicts: [] }
  const conflicts = await conflictsOf(it, mapping, wanted)
  if (it.conflicts.kind === 'refuse') requireApart(conflicts, it.conflicts.despite)
  if (it.conflicts.kind !== 'withhold') return { free: wanted, withheld: [], conflicts }
  const stopping = conflicts.filter(({ stops }) => stops).map(({ holder }) => holder)
  // What a workload holds, its owner has: he is not given the other side.
  const stopped = new Set(await standingBehind(it.tx, stopping))
  const isHeldBack = ({ principal }: Wanted) => stopped.has(principal) || (mapping.group_id !== null && stopped.size > 0)
  return {
    free: wanted.filter((one) => !isHeldBack(one)),
    withheld: wanted.filter(isHeldBack).map((one) => ({ ...one, grant: '' })),
    conflicts,
  }
}

/** The people and workloads behind holders of grants, groups opened. */
export async function behind(tx: Tx, principals: readonly string[]): Promise<string[]> {
  const found = new Set(principals.filter((id) => !isId('grp', id)))
  for (const group of new Set(principals.filter((id) => isId('grp', id))))
    for (const id of await selfAndMembers(tx, group)) if (!isId('grp', id)) found.add(id)
  return [...found]
}

async function endRuns({ tx, ports }: Settling, ended: readonly Settled[], at: Date): Promise<number> {
  if (ended.length === 0) return 0
  return ports.dependents.endFor(tx, {
    holders: await behind(
      tx,
      ended.map(({ principal }) => principal),
    ),
    at,
    ports,
  })
}

/** People of whom alone something changed, and what is said of them now; whoever is not described is spoken of by no mapping. */
export interface Among {
  readonly people: readonly string[]
  readonly described: readonly Described[]
}

/**
 * Makes the grants of mappings what these say: for everybody, or among some people. Everything that ends ends before anything is made, so that who moves holds
 * never both; runs end last, so that none ends that what was made keeps going.
 */
export async function settle(it: Settling, mappings: readonly Mapping[], among?: Among): Promise<Settlement> {
  const { tx, ports } = it
  const at = new Date(ports.clock.now())
  const [made, ended, withheld, conflicts]: [Settled[], Settled[], Settled[], ConflictMet[]] = [[], [], [], []]
  const missing: { readonly mapping: Mapping; readonly wanted: readonly Wanted[] }[] = []
  for (const mapping of mappings) {
    const holders = mapping.state === 'active' ? await heldBy(tx, mapping, among?.described) : []
    const wanted = await wantedOf(it, mapping, holders)
    const present = await givenSoFar(tx, mapping.id, among?.people)
    const [isWanted, isThere] = [new Set(wanted.map(nameOf)), new Set(present.map(nameOf))]
    const over = present.filter((one) => one.isLive && !isWanted.has(nameOf(one)))
    await end(tx, over, at)
    ended.push(...over)
    missing.push({ mapping, wanted: wanted.filter((one) => !isThere.has(nameOf(one))) })
  }
  // Term by term, so that what one gives is there when the next is looked at.
  for (const { mapping, wanted } of missing)
    for (const some of Map.groupBy(wanted, ({ key }) => key).values()) {
      const parted = await apart(it, mapping, some)
      withheld.push(...parted.withheld)
      conflicts.push(...parted.conflicts)
      made.push(...(await keep(it, mapping, parted.free)))
    }
  return { made, ended, withheld, conflicts, runs: await endRuns(it, ended, at) }
}

const nameOf = ({ principal, key }: { readonly principal: string; readonly key: string }): string => `${principal} ${key}`
