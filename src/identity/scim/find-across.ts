// Looking for users and groups at once, from the root of what is served (RFC 7644 section 3.4.2.1): what only one kind has, the other has no value of.
import { sql } from 'kysely'
import type { z } from 'zod'
import { groupKind, type ResourceKind, userKind } from './attributes.ts'
import { hasAttribute } from './conditions.ts'
import type { Filter } from './filter.ts'
import { parseFilter } from './filter.ts'
import { type Columns, filterCondition, groupColumns, sortExpression, userColumns } from './filter-sql.ts'
import { type FoundRow, type findInput, type Page, pageResourcesMax, shownResources } from './find.ts'
import type { Representation } from './represent.ts'
import type { Change } from './users.ts'

interface Kind {
  readonly resource: ResourceKind
  readonly other: ResourceKind
  readonly columns: Columns
  readonly table: ReturnType<typeof sql>
}

const kinds: readonly Kind[] = [
  { resource: userKind, other: groupKind, columns: userColumns, table: sql`directory_user` },
  { resource: groupKind, other: userKind, columns: groupColumns, table: sql`directory_group` },
]

type Input = z.output<typeof findInput>

/** The rows of one kind that are asked for, each with what it is sorted by. */
function rowsOf({ principal }: Change, { resource, other, columns, table }: Kind, filter: Filter | undefined, sortBy: string | undefined) {
  const isOthers = (path: string) => !hasAttribute(resource, path) && hasAttribute(other, path)
  const own = sql`r.directory_id = ${principal.id}`
  const where = filter === undefined ? own : sql`${own} and ${filterCondition(resource, columns, filter, isOthers)}`
  const key = sortBy === undefined || isOthers(sortBy) ? sql`null` : sortExpression(resource, columns, sortBy)
  return sql`select ${resource.name}::text as kind, ${columns.id} as id, r.doc, r.version, r.created_at, r.updated_at, ${key} as key from ${table} r where ${where}`
}

interface Row extends FoundRow {
  readonly kind: string
}

async function shown(change: Change, rows: readonly Row[], input: Input): Promise<Representation[]> {
  const of = async (kind: 'User' | 'Group') => {
    const own = rows.filter((row) => row.kind === kind)
    const resources = await shownResources(change, kind, own, { attributes: input.attributes, excluded: input.excluded })
    return own.map(({ id }, at) => [id, resources[at] ?? {}] as const)
  }
  const found = new Map([...(await of('User')), ...(await of('Group'))])
  return rows.map(({ id }) => found.get(id) ?? {})
}

/** Finds a page of what the directory said, of whatever kind. Throws `filter_refused`. */
export async function findAcross(change: Change, input: Input): Promise<Page> {
  const startIndex = Math.max(1, input.startIndex)
  const count = Math.min(pageResourcesMax, Math.max(0, input.count))
  const filter = input.filter === undefined ? undefined : parseFilter(input.filter)
  const all = sql.join(
    kinds.map((kind) => rowsOf(change, kind, filter, input.sortBy)),
    sql` union all `,
  )
  const counted = await sql<{ total: number }>`select count(*)::int as total from (${all}) f`.execute(change.tx)
  const total = counted.rows[0]?.total ?? 0
  if (count === 0 || startIndex > total) return { total, startIndex, resources: [] }
  const direction = input.descending ? sql`desc` : sql`asc`
  const { rows } =
    await sql<Row>`select * from (${all}) f order by f.key ${direction} nulls last, f.id limit ${count} offset ${startIndex - 1}`.execute(
      change.tx,
    )
  return { total, startIndex, resources: await shown(change, rows, input) }
}
