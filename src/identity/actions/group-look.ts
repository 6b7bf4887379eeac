// Looking at groups: all of them, one of them, and who is in it, page by page: a group may have a hundred thousand members. Names come from administrators and
// directories; they are shown, and decide nothing.
import { sql } from 'kysely'
import { z } from 'zod'
import {
  action,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationType,
  pageInput,
  pageOf,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { findInput, isFoundBy } from '../found-by.ts'
import { findGroup, groupEntity, groupType, selfAndGroups, selvesAndBelow } from '../groups.ts'
import { groupOutput, shownGroup } from './group.ts'

const directoryOutput = z
  .object({ id: idOf('dir'), name: z.string() })
  .nullable()
  .meta({ description: 'The directory that says who is in it; null for a group of your own.' })

const listedOutput = groupOutput.extend({ ownerName: z.string().nullable(), directory: directoryOutput })

async function countsOf(tx: Tx, groups: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (groups.length === 0) return new Map()
  const rows = await tx
    .selectFrom('group_member')
    .select(['group_id', (eb) => eb.fn.countAll<number>().as('count')])
    .where('group_id', 'in', groups)
    .groupBy('group_id')
    .execute()
  return new Map(rows.map(({ group_id, count }) => [group_id, count]))
}

async function directoriesOf(tx: Tx, groups: readonly string[]): Promise<ReadonlyMap<string, { id: string; name: string }>> {
  if (groups.length === 0) return new Map()
  const rows = await tx
    .selectFrom('directory_group as g')
    .innerJoin('directory as d', (on) => on.onRef('d.org_id', '=', 'g.org_id').onRef('d.id', '=', 'g.directory_id'))
    .select(['g.group_id', 'd.id', 'd.name'])
    .where('g.group_id', 'in', groups)
    .execute()
  return new Map(rows.map(({ group_id, id, name }) => [group_id, { id, name }]))
}

async function ownersOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Lists groups. */
export const listGroups = action({
  name: 'group:list',
  summary: 'List groups, with who and what is in them directly.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({
    ...pageInput,
    find: findInput.optional(),
    brief: z
      .stringbool()
      .or(z.boolean())
      .default(false)
      .meta({ description: 'Without naming members: they are counted alone.', type: 'boolean' }),
  }),
  output: pageOf(listedOutput),
  locate: locateOrganization,
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('group')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (input.find !== undefined) query = query.where(isFoundBy(input.find, sql<string>`${sql.ref('name')} || ' ' || ${sql.ref('slug')}`))
    const { items, next } = toPage(await query.execute(), input.limit)
    const ids = items.map(({ id }) => id)
    const counts = input.brief ? await countsOf(tx, ids) : new Map<string, number>()
    const directories = await directoriesOf(tx, ids)
    const owners = await ownersOf(
      tx,
      items.map(({ owner_id }) => owner_id),
    )
    const shown = await Promise.all(
      items.map(async (row) => ({
        ...(input.brief
          ? { id: row.id, slug: row.slug, name: row.name, owner: row.owner_id, members: [], memberCount: counts.get(row.id) ?? 0 }
          : await shownGroup(tx, row)),
        ownerName: owners.get(row.owner_id) ?? null,
        directory: directories.get(row.id) ?? null,
      })),
    )
    return { result: { items: shown, next } }
  },
})

const lookAt = async ({ input, tx }: { input: { group: string }; tx: Tx }) => {
  const found = await findGroup(tx, input.group)
  return { resource: groupEntity(found), others: [organizationEntity(found.org_id)], found }
}

/** How many groups above one are named. */
const aboveShown = 200

async function directlyIn(tx: Tx, group: string): Promise<{ readonly people: number; readonly groups: number; readonly all: number }> {
  const { rows } = await sql<{ people: number; groups: number; all: number }>`select
      count(*) filter (where member_id like 'per\\_%')::int as people,
      count(*) filter (where member_id like 'grp\\_%')::int as groups,
      count(*)::int as all
    from group_member where group_id = ${group}`.execute(tx)
  return rows[0] ?? { people: 0, groups: 0, all: 0 }
}

/** How many people and workloads are in a group, however deep. */
async function everybodyIn(tx: Tx, group: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count
    from ${selvesAndBelow(sql`select ${group}::text`)} as below (id) where id not like 'grp\\_%'`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Shows a group without its members. */
export const showGroup = action({
  name: 'group:show',
  summary: 'Show a group: who answers for it, which directory says who is in it, how many are in it and which groups it is in.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: groupType,
  input: z.strictObject({ group: idOf('grp') }),
  output: listedOutput.omit({ members: true }).extend({
    createdAt: z.string(),
    counts: z.object({ people: z.number(), workloads: z.number(), groups: z.number() }).meta({ description: 'What is in it directly.' }),
    everybody: z.number().meta({ description: 'How many people and workloads are in it, however deep.' }),
    within: z
      .array(z.object({ id: idOf('grp'), name: z.string(), isDirect: z.boolean() }))
      .meta({ description: 'The groups that it is in, however deep: what they hold, whoever is in it holds.' }),
  }),
  locate: lookAt,
  async perform({ found, tx }) {
    const { people, groups, all } = await directlyIn(tx, found.id)
    // A group without groups has nobody but whom it has directly: of a large one nothing is walked through.
    const everybody = groups === 0 ? all : await everybodyIn(tx, found.id)
    const within = await tx
      .selectFrom('group as g')
      .leftJoin('group_member as m', (on) =>
        on.onRef('m.org_id', '=', 'g.org_id').onRef('m.group_id', '=', 'g.id').on('m.member_id', '=', found.id),
      )
      .select(['g.id', 'g.name', 'm.member_id'])
      .where('g.id', 'in', selfAndGroups(found.id))
      .where('g.id', '<>', found.id)
      .orderBy('g.id')
      .limit(aboveShown)
      .execute()
    const { id, slug, name, owner_id: owner } = found
    return {
      result: {
        id,
        slug,
        name,
        owner,
        ownerName: (await ownersOf(tx, [owner])).get(owner) ?? null,
        directory: (await directoriesOf(tx, [id])).get(id) ?? null,
        memberCount: all,
        createdAt: found.created_at.toISOString(),
        counts: { people, workloads: all - people - groups, groups },
        everybody,
        within: within.map((row) => ({ id: row.id, name: row.name, isDirect: row.member_id !== null })),
      },
    }
  },
})

const memberKinds = ['person', 'workload', 'group'] as const

function kindOf(id: string): (typeof memberKinds)[number] {
  if (id.startsWith('per_')) return 'person'
  return id.startsWith('grp_') ? 'group' : 'workload'
}

const ofKind = {
  person: sql<boolean>`m.member_id like 'per\\_%'`,
  group: sql<boolean>`m.member_id like 'grp\\_%'`,
  workload: sql<boolean>`m.member_id not like 'per\\_%' and m.member_id not like 'grp\\_%'`,
}

/** Lists who and what is in a group directly. */
export const listGroupMembers = action({
  name: 'group:members',
  summary: 'List who and what is in a group directly, page by page, by name and kind.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: groupType,
  input: z.strictObject({ group: idOf('grp'), ...pageInput, find: findInput.optional(), kind: z.enum(memberKinds).optional() }),
  output: pageOf(
    z.object({
      member: z.string(),
      kind: z.enum(memberKinds),
      name: z.string(),
      slug: z.string(),
      state: z.string().nullable().meta({ description: 'Of a person or a workload; a group has none.' }),
      since: z.string(),
      said: z.boolean().meta({ description: 'Whether the group’s directory says so; else somebody here put it in.' }),
    }),
  ),
  locate: lookAt,
  async perform({ input, found, tx }) {
    let query = tx
      .selectFrom('group_member as m')
      .leftJoin('person as p', (on) => on.onRef('p.org_id', '=', 'm.org_id').onRef('p.id', '=', 'm.member_id'))
      .leftJoin('workload as w', (on) => on.onRef('w.org_id', '=', 'm.org_id').onRef('w.id', '=', 'm.member_id'))
      .leftJoin('group as g', (on) => on.onRef('g.org_id', '=', 'm.org_id').onRef('g.id', '=', 'm.member_id'))
      .leftJoin('directory_member as d', (on) =>
        on.onRef('d.org_id', '=', 'm.org_id').onRef('d.group_id', '=', 'm.group_id').onRef('d.member_id', '=', 'm.member_id'),
      )
      .select(['m.member_id as id', 'm.added_at', 'd.member_id as said', 'w.slug as workload', 'w.state as workload_state'])
      .select(['p.name as person', 'p.slug as person_slug', 'p.state as person_state', 'g.name as group', 'g.slug as group_slug'])
      .where('m.group_id', '=', found.id)
      .orderBy('m.member_id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('m.member_id', '>', input.after)
    if (input.kind !== undefined) query = query.where(ofKind[input.kind])
    if (input.find !== undefined)
      query = query.where(isFoundBy(input.find, sql<string>`concat_ws(' ', p.name, p.slug, p.email, w.slug, g.name, g.slug)`))
    const { items, next } = toPage(await query.execute(), input.limit)
    return {
      result: {
        items: items.map((row) => ({
          member: row.id,
          kind: kindOf(row.id),
          name: row.person ?? row.group ?? row.workload ?? row.id,
          slug: row.person_slug ?? row.group_slug ?? row.workload ?? '',
          state: row.person_state ?? row.workload_state,
          since: row.added_at.toISOString(),
          said: row.said !== null,
        })),
        next,
      },
    }
  },
})
