// Looking for users and groups: a filter, an order, a page (RFC 7644 section 3.4.2). How many there are is counted; only one page is read.
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { groupKind, type ResourceKind, userKind } from './attributes.ts'
import type { Doc } from './document.ts'
import { parseFilter } from './filter.ts'
import { asksForBeginning, type Columns, filterCondition, groupColumns, sortExpression, userColumns } from './filter-sql.ts'
import { membersOf } from './members.ts'
import { isSelected, type Representation, represent, type Selection, select } from './represent.ts'
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

/** The groups that the directory put a user into. */
async function groupsOf({ tx }: Change, ids: readonly string[]): Promise<ReadonlyMap<string, readonly object[]>> {
  const found = await sql<{ member: string; value: string; display: string }>`
    select m.member_id as member, m.group_id as value, coalesce(g.doc ->> 'displayName', '') as display
    from directory_member m join directory_group g on g.org_id = m.org_id and g.group_id = m.group_id
    where m.member_id = any(${ids}::text[]) order by m.group_id`.execute(tx)
  const groups = new Map<string, object[]>()
  for (const { member, value, display } of found.rows) {
    const of = groups.get(member) ?? []
    of.push({ value, display })
    groups.set(member, of)
  }
  return groups
}

/** A resource with what is found elsewhere, as far as it is asked for. */
export async function shownResources(
  change: Change,
  kind: 'User' | 'Group',
  rows: readonly FoundRow[],
  selection: Selection,
): Promise<Representation[]> {
  const { resource } = places[kind]
  const more = new Map<string, Representation>()
  if (kind === 'User' && rows.length > 0 && isSelected(resource, selection, 'groups')) {
    const groups = await groupsOf(
      change,
      rows.map(({ id }) => id),
    )
    for (const [id, list] of groups) more.set(id, { groups: list })
  }
  if (kind === 'Group' && isSelected(resource, selection, 'members')) {
    for (const { id } of rows) {
      const members = await membersOf(change, id)
      if (members.length > 0) more.set(id, { members })
    }
  }
  return rows.map((row) => select(resource, represent(resource, row, more.get(row.id)), selection))
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
