// A filter as a condition of a statement. Names become expressions of our own table, chosen here; values become parameters, never text. Each comparison is true
// or false and never unknown, so that `not` means what it says. What an index can answer is said in a form that row-level security lets it answer.
import { type RawBuilder, sql } from 'kysely'
import { fail } from '../../kernel/index.ts'
import type { Attribute, Found, ResourceKind } from './attributes.ts'
import { comparable, comparedPart, requireAttribute, requirePart } from './conditions.ts'
import type { Comparison, Filter, Literal } from './filter.ts'

type Sql = RawBuilder<unknown>
type Condition = RawBuilder<boolean>

/** An attribute as an expression. `key` says that it is in lower case already, and never null. */
interface Column {
  readonly value: Sql
  readonly isKey?: true
  readonly isNeverNull?: true
}

/** The columns of a table that hold an attribute themselves; all others lie in the document. */
export interface Columns {
  readonly table: 'user' | 'group'
  readonly id: Sql
  readonly key: Sql
  readonly keyName: 'userName' | 'displayName'
}

/** Where users lie, under the alias `r`. */
export const userColumns: Columns = { table: 'user', id: sql`r.person_id`, key: sql`r.user_name_key`, keyName: 'userName' }
/** Where groups lie, under the alias `r`. */
export const groupColumns: Columns = { table: 'group', id: sql`r.group_id`, key: sql`r.display_key`, keyName: 'displayName' }

const ofMeta: Readonly<Record<string, Column>> = {
  created: { value: sql`r.created_at`, isNeverNull: true },
  lastModified: { value: sql`r.updated_at`, isNeverNull: true },
}

/**
 * What stands for the groups that somebody is in, in his entity tag: another one when he is put into one, taken out, or one is called otherwise. An aggregate over
 * members `m` and their groups `g`, so that a change of a group writes nothing at any of its members.
 */
export const groupsMark = sql<string>`left(encode(sha256(convert_to(
  string_agg(m.group_id || ' ' || coalesce(g.doc ->> 'displayName', ''), E'\\n' order by m.group_id), 'UTF8')), 'hex'), 12)`

const markOfUser = sql`coalesce('-' || (select ${groupsMark} from directory_member m
  join directory_group g on g.org_id = m.org_id and g.group_id = m.group_id
  where m.member_id = r.person_id and g.directory_id = r.directory_id), '')`

const versionOf = ({ table }: Columns): Column => ({
  value: sql`('W/"' || r.version || ${table === 'user' ? markOfUser : sql`''`} || '"')`,
  isNeverNull: true,
})

function inDocument(path: readonly string[], { type }: Attribute): Column {
  // `path` holds names of our own table of attributes
  const text = sql`(r.doc #>> ${sql.val([...path])}::text[])`
  return { value: type === 'boolean' ? sql`${text}::boolean` : text }
}

/** The column that an attribute of the core lies in by itself. */
function ownColumn(columns: Columns, name: string): Column | undefined {
  if (name === 'id') return { value: columns.id, isNeverNull: true }
  if (name === 'externalId') return { value: sql`r.external_id` }
  if (name === columns.keyName) return { value: columns.key, isKey: true, isNeverNull: true }
  return name === 'active' ? { value: sql`r.active`, isNeverNull: true } : undefined
}

function metaColumn(columns: Columns, name: string): Column {
  if (name === 'resourceType') return { value: sql`${columns.table === 'user' ? 'User' : 'Group'}::text`, isNeverNull: true }
  const column = name === 'version' ? versionOf(columns) : ofMeta[name]
  if (column !== undefined) return column
  throw fail('filter_refused', 'Of `meta`, only resourceType, created, lastModified and version can be looked for.')
}

/** The expression of an attribute that has one value. Throws `filter_refused`. */
function columnOf(columns: Columns, { attribute, extension, sub }: Found): Column {
  const { name } = attribute
  const own = extension === undefined && sub === undefined ? ownColumn(columns, name) : undefined
  if (own !== undefined) return own
  if (name === 'meta') return metaColumn(columns, sub?.name ?? '')
  const path = [...(extension === undefined ? [] : [extension.id]), name, ...(sub === undefined ? [] : [sub.name])]
  return inDocument(path, sub ?? attribute)
}

function present({ value, isNeverNull }: Column): Condition {
  return isNeverNull === true ? sql<boolean>`true` : sql<boolean>`(${value} is not null)`
}

const operators = { eq: sql`=`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const

/** What a beginning is below: the next text after everything that begins with it, where there is one. */
function after(text: string): Sql {
  return sql`(${text} || ${String.fromCodePoint(0x10ffff)})`
}

function textCondition(attribute: Attribute, { value, isKey }: Column, op: Exclude<Comparison, 'ne'>, wanted: string): Condition {
  const actual = attribute.caseExact || isKey === true ? value : sql`lower(${value})`
  const param = sql`${isKey === true ? wanted.toLowerCase() : wanted}::text`
  const other = attribute.caseExact || isKey === true ? param : sql`lower(${param})`
  if (op === 'eq') return sql<boolean>`(${actual} = ${other})`
  if (op === 'co') return sql<boolean>`(strpos(${actual}, ${other}) > 0)`
  if (op === 'ew') return sql<boolean>`(right(${actual}, length(${other})) = ${other} or ${other} = '')`
  if (op !== 'sw') return sql<boolean>`(${actual} collate "C" ${operators[op]} ${other} collate "C")`
  // By bytes, whatever lies between a text and the last one that begins with it begins with it as well: a range, which an index answers alone.
  if (isKey === true) return sql<boolean>`(${actual} >= ${other} and ${actual} < ${after(wanted.toLowerCase())})`
  return sql<boolean>`starts_with(${actual}, ${other})`
}

function compared(attribute: Attribute, column: Column, op: Comparison, literal: Literal): Condition {
  if (literal === null && (op === 'eq' || op === 'ne')) return op === 'eq' ? not(present(column)) : present(column)
  if (op === 'ne') return not(compared(attribute, column, 'eq', literal))
  const wanted = comparable(attribute, op, literal)
  const holds = typeof wanted === 'string' ? textCondition(attribute, column, op, wanted) : plainCondition(column, op, wanted)
  return column.isNeverNull === true ? holds : sql<boolean>`(${column.value} is not null and ${holds})`
}

function plainCondition({ value }: Column, op: Exclude<Comparison, 'ne'>, wanted: boolean | Date): Condition {
  if (op === 'co' || op === 'sw' || op === 'ew') throw fail('filter_refused', 'Only texts begin, end or contain.')
  return sql<boolean>`(${value} ${operators[op]} ${wanted})`
}

function not(condition: Condition): Condition {
  return sql<boolean>`(not ${condition})`
}

function joined(terms: readonly Condition[], by: 'and' | 'or'): Condition {
  return sql<boolean>`(${sql.join(terms, by === 'and' ? sql` and ` : sql` or `)})`
}

/** Memberships are rows of their own: a filter asks who is in what by ids alone. */
function membership(columns: Columns, filter: Filter): Condition {
  const [mine, other] = columns.table === 'user' ? ['member_id', 'group_id'] : ['group_id', 'member_id']
  const rows = sql`select from directory_member m where m.${sql.ref(mine ?? '')} = ${columns.id}`
  if (filter.kind === 'present') return sql<boolean>`exists (${rows})`
  if (filter.kind !== 'compare' || filter.op !== 'eq' || filter.path.toLowerCase() !== 'value' || typeof filter.value !== 'string')
    throw fail('filter_refused', 'Members and groups are looked for by `value eq` and an id.')
  return sql<boolean>`exists (${rows} and m.${sql.ref(other ?? '')} = ${filter.value})`
}

/** What an index knows of addresses: a value that every address asked for has. */
function addressAsked(filter: Filter): string | undefined {
  if (filter.kind === 'and') return filter.terms.map(addressAsked).find((one) => one !== undefined)
  if (filter.kind !== 'compare' || filter.op !== 'eq' || filter.path.toLowerCase() !== 'value') return undefined
  return typeof filter.value === 'string' ? filter.value.toLowerCase() : undefined
}

function elementCondition(attribute: Attribute, filter: Filter): Condition {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return joined(
        filter.terms.map((term) => elementCondition(attribute, term)),
        filter.kind,
      )
    case 'not':
      return not(elementCondition(attribute, filter.term))
    case 'within':
      throw fail('filter_refused', 'A filter within brackets holds no other brackets.')
    default: {
      const part = requirePart(attribute, filter.path)
      const text = sql`(e ->> ${part.name}::text)`
      const column: Column = { value: part.type === 'boolean' ? sql`${text}::boolean` : text }
      return filter.kind === 'present' ? present(column) : compared(part, column, filter.op, filter.value)
    }
  }
}

/** Whether one of the values of a list is what a filter asks for. */
function anyElement(columns: Columns, { attribute, extension }: Found, filter: Filter): Condition {
  if (attribute.name === 'groups' || attribute.name === 'members') return membership(columns, filter)
  const path = [...(extension === undefined ? [] : [extension.id]), attribute.name]
  const elements = sql`jsonb_array_elements(coalesce(r.doc #> ${sql.val(path)}::text[], '[]'))`
  const any = sql<boolean>`exists (select from ${elements} as e where ${elementCondition(attribute, filter)})`
  const address = attribute.name === 'emails' && extension === undefined ? addressAsked(filter) : undefined
  if (address === undefined) return any
  return sql<boolean>`(r.person_id in (select a.person_id from directory_address a where a.address = ${address}) and ${any})`
}

function leaf(resource: ResourceKind, columns: Columns, filter: Extract<Filter, { kind: 'present' | 'compare' }>): Condition {
  const found = requireAttribute(resource, filter.path)
  const { attribute, sub } = found
  if (attribute.multiValued) return anyElement(columns, found, { ...filter, path: sub?.name ?? comparedPart(attribute)?.name ?? '' })
  if (filter.kind === 'present') return present(columnOf(columns, found))
  const part = sub ?? comparedPart(attribute)
  const whole = part === undefined ? found : { ...found, sub: part }
  return compared(part ?? attribute, columnOf(columns, whole), filter.op, filter.value)
}

/** What a filter says of a resource that cannot have the attribute: the same as of one that has no value of it. */
function withoutValue(filter: Exclude<Filter, { kind: 'and' | 'or' | 'not' }>): Condition {
  const holds = filter.kind === 'compare' && (filter.value === null ? filter.op === 'eq' : filter.op === 'ne')
  return holds ? sql<boolean>`true` : sql<boolean>`false`
}

/**
 * The condition of a filter on rows under the alias `r`. `isOthers` says of a path that it leads to an attribute which resources of another kind have, where several
 * kinds are looked through at once. Throws `filter_refused`.
 */
export function filterCondition(
  resource: ResourceKind,
  columns: Columns,
  filter: Filter,
  isOthers: (path: string) => boolean = () => false,
): Condition {
  if ('path' in filter && isOthers(filter.path)) return withoutValue(filter)
  switch (filter.kind) {
    case 'and':
    case 'or':
      return joined(
        filter.terms.map((term) => filterCondition(resource, columns, term, isOthers)),
        filter.kind,
      )
    case 'not':
      return not(filterCondition(resource, columns, filter.term, isOthers))
    case 'within': {
      const found = requireAttribute(resource, filter.path)
      if (!found.attribute.multiValued || found.sub !== undefined)
        throw fail('filter_refused', `\`${filter.path.slice(0, 100)}\` is no list.`)
      return anyElement(columns, found, filter.filter)
    }
    default:
      return leaf(resource, columns, filter)
  }
}

/** Whether a filter asks for keys that begin with something, so that what it finds lies together in the order of the keys. */
export function asksForBeginning(resource: ResourceKind, columns: Columns, filter: Filter): boolean {
  if (filter.kind === 'and') return filter.terms.some((term) => asksForBeginning(resource, columns, term))
  return filter.kind === 'compare' && filter.op === 'sw' && requireAttribute(resource, filter.path).attribute.name === columns.keyName
}

/** What rows are sorted by: an attribute of one value, or the first of several. Throws `filter_refused`. */
export function sortExpression(resource: ResourceKind, columns: Columns, path: string): Sql {
  const found = requireAttribute(resource, path)
  const { attribute, sub } = found
  if (attribute.name === 'groups' || attribute.name === 'members') throw fail('filter_refused', 'Nothing is sorted by members or groups.')
  const part = sub ?? comparedPart(attribute)
  if (attribute.multiValued) return sql`lower(r.doc #>> ${sql.val([attribute.name, '0', part?.name ?? 'value'])}::text[])`
  const { value, isNeverNull } = columnOf(columns, part === undefined ? found : { ...found, sub: part })
  return isNeverNull === true || (part ?? attribute).type !== 'string' ? value : sql`lower(${value})`
}
