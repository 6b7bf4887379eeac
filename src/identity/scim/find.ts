// Looking for users and groups: a filter, an order, a page (RFC 7644 section 3.4.2). How many there are is counted; only one page is read.
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { groupKind, type ResourceKind, userKind } from './attributes.ts'
import type { Doc } from './document.ts'
import { parseFilter } from './filter.ts'
import { asksForBeginning, type Columns, filterCondition, groupColumns, groupsMark, sortExpression, userColumns } from './filter-sql.ts'
import { membersOf } from './members.ts'
import { entityTag, isSelected, type Representation, represent, type Selection, select } from './represent.ts'
import type { Change } from './users.ts'

/** The most resources of one page. */
export const pageResourcesMax = 200
const pathCharactersMax = 200

const paths = z.array(z.string().min(1).max(pathCharactersMax)).max(50).default([])

/** Which attributes are asked for. */
export const selectionInput = { attributes: paths, excluded: paths }

/** What is looked for. */
export const findInput = z.strictObject({
  // Its own limits are the parser's, which says which one was hit.
  filter: z.string().max(1_000_000).optional(),
  sortBy: z.string().max(pathCharactersMax).optional(),
  descending: z.boolean().default(false),
  startIndex: z.number().int().default(1),
  count: z.number().int().default(100),
  ...selectionInput,
})

/** A page. */
export interface Page {
  readonly total: number
  readonly startIndex: number
  readonly resources: readonly Representation[]
}

/** A row of a user or group that was found. */
export interface FoundRow {
  readonly id: string
  readonly doc: Doc
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

interface Place {
  readonly resource: ResourceKind
  readonly columns: Columns
  readonly table: RawBuilder<unknown>
}

const places: Readonly<Record<'User' | 'Group', Place>> = {
  User: { resource: userKind, columns: userColumns, table: sql`directory_user` },
  Group: { resource: groupKind, columns: groupColumns, table: sql`directory_group` },
}

interface InGroups {
  readonly member: string
  readonly groups: readonly object[]
  readonly mark: string
}

/** The groups that the directory put users into, with what stands for them in entity tags; nothing for those who are in none. */
async function groupsOf({ tx, principal }: Change, ids: readonly string[]): Promise<ReadonlyMap<string, InGroups>> {
  const found = await sql<InGroups>`
    select m.member_id as member, ${groupsMark} as mark,
      json_agg(json_build_object('value', m.group_id, 'display', coalesce(g.doc ->> 'displayName', '')) order by m.group_id) as groups
    from directory_member m join directory_group g on g.org_id = m.org_id and g.group_id = m.group_id
    where m.member_id = any(${ids}::text[]) and g.directory_id = ${principal.id} group by m.member_id`.execute(tx)
  return new Map(found.rows.map((row) => [row.member, row]))
}

/** Which attributes are asked for, and whether the users cannot be in a group yet: then none is looked up. */
export type Showing = Selection & { readonly areNew?: boolean }

async function lookedUp(change: Change, rows: readonly FoundRow[], { areNew = false }: Showing): Promise<ReadonlyMap<string, InGroups>> {
  if (areNew || rows.length === 0) return new Map()
  return groupsOf(
    change,
    rows.map(({ id }) => id),
  )
}

/** Resources with what is found elsewhere, as far as it is asked for, and the entity tag of each. */
async function shownWithTags(
  change: Change,
  kind: 'User' | 'Group',
  rows: readonly FoundRow[],
  { showing, isTagged }: { readonly showing: Showing; readonly isTagged: boolean },
): Promise<{ readonly resource: Representation; readonly version: string }[]> {
  const { resource } = places[kind]
  const isWanted = (name: string): boolean => isSelected(resource, showing, name)
  if (kind === 'User') {
    const inGroups =
      isTagged || isWanted('groups') || isWanted('meta') ? await lookedUp(change, rows, showing) : new Map<string, InGroups>()
    return rows.map((row) => {
      const { groups, mark } = inGroups.get(row.id) ?? {}
      const whole = represent(resource, { ...row, mark: mark ?? null }, groups === undefined ? {} : { groups })
      return { resource: select(resource, whole, showing), version: entityTag(row.version, mark) }
    })
  }
  const shown: { resource: Representation; version: string }[] = []
  for (const row of rows) {
    const members = isWanted('members') ? await membersOf(change, row.id) : []
    const whole = represent(resource, row, members.length > 0 ? { members } : {})
    shown.push({ resource: select(resource, whole, showing), version: entityTag(row.version) })
  }
  return shown
}

/** One resource with what is found elsewhere, as far as it is asked for, and its entity tag. */
export async function shownResource(change: Change, kind: 'User' | 'Group', row: FoundRow, showing: Showing) {
  const [shown = { resource: {}, version: entityTag(row.version) }] = await shownWithTags(change, kind, [row], { showing, isTagged: true })
  return shown
}

/** Resources with what is found elsewhere, as far as it is asked for. */
export async function shownResources(
  change: Change,
  kind: 'User' | 'Group',
  rows: readonly FoundRow[],
  showing: Showing,
): Promise<Representation[]> {
  return (await shownWithTags(change, kind, rows, { showing, isTagged: false })).map(({ resource }) => resource)
}

/** Finds a page of users or groups of the directory. Throws `filter_refused`. */
export async function findResources(change: Change, kind: 'User' | 'Group', input: z.output<typeof findInput>): Promise<Page> {
  const { tx, principal } = change
  const { resource, columns, table } = places[kind]
  const startIndex = Math.max(1, input.startIndex)
  const count = Math.min(pageResourcesMax, Math.max(0, input.count))
  const own = sql`r.directory_id = ${principal.id}`
  const filter = input.filter === undefined ? undefined : parseFilter(input.filter)
  const where = filter === undefined ? own : sql`${own} and ${filterCondition(resource, columns, filter)}`
  const counted = async (): Promise<number> => {
    const found = await sql<{ total: number }>`select count(*)::int as total from ${table} r where ${where}`.execute(tx)
    return found.rows[0]?.total ?? 0
  }
  if (count === 0) return { total: await counted(), startIndex, resources: [] }
  const direction = input.descending ? sql`desc` : sql`asc`
  // Nobody asked for an order: it is the one in which an index finds them, and the same for every page.
  const natural = filter !== undefined && asksForBeginning(resource, columns, filter) ? columns.key : columns.id
  const order =
    input.sortBy === undefined ? natural : sql`${sortExpression(resource, columns, input.sortBy)} ${direction} nulls last, ${columns.id}`
  const found = await sql<FoundRow>`select ${columns.id} as id, r.doc, r.version, r.created_at, r.updated_at from ${table} r
    where ${where} order by ${order} limit ${count} offset ${startIndex - 1}`.execute(tx)
  // A first page that is not full holds everything that there is.
  const total = startIndex === 1 && found.rows.length < count ? found.rows.length : await counted()
  return {
    total,
    startIndex,
    resources: await shownResources(change, kind, found.rows, { attributes: input.attributes, excluded: input.excluded }),
  }
}
