// Everything that is kept of an organization, to be taken along: page by page, each recorded before its first byte, to whoever is cleared for the most sensitive thing in
// it. No secret, no hash of one and no key is in it. The ledger goes by `ledger:export`, which verifies offline; bytes of artifacts and assets are named by digest.
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { boundsOf } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  organizationEntity,
  organizationRef,
  type Principal,
  type ResourceType,
  type sensitivities,
  sensitivityLevel,
  type Tx,
  utf8,
} from '../../kernel/index.ts'

/** What an organization keeps, as a resource: as sensitive as the most sensitive thing in it. */
export const dataType = {
  name: 'OrganizationData',
  attributes: { sensitivity: 'Long' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** Tables that are not in it, each with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  entry: 'goes by `ledger:export`',
  entry_lot: 'repeats what `ledger:export` says',
  entry_ref: 'repeats what entries say',
  record_due: 'lasts no longer than a transaction',
  tile: 'goes by `ledger:export`',
  log_head: 'goes by `ledger:export`',
  checkpoint: 'goes by `ledger:export`',
  takeaway: 'a counter',
  holding: 'a name',
  holding_due: 'lasts no longer than a transaction',
  assertion_used: 'remembers what was used, for minutes',
  sso_used: 'remembers what was used, for minutes',
  run_claim: 'a worker’s hold, for seconds',
  session_seen: 'when sessions were last used, to the minute',
  archive: 'says that this was done before',
  archive_part: 'holds what was exported before, sealed',
  organization_tombstone: 'nobody’s',
  twinlock_migration: 'nobody’s',
}

/** Columns that hold secrets, what they can be tried against, or sealed bytes. */
const hidden = /^(hash|token|wrapped|sealed|fingerprint|nonce)$/

/** A row of a table. */
export const exportedRow = z.object({ table: z.string(), row: z.record(z.string(), z.json()) })

interface Layout {
  readonly table: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

/** The tables that are in it, by name, with the columns that are shown and those of the primary key. Read from the store, so that none is forgotten. */
async function layouts(tx: Tx): Promise<Layout[]> {
  const { rows } = await sql<{ table: string; columns: { name: string; type: string }[]; key: string[] }>`
    select c.relname as table, json_agg(json_build_object('name', a.attname, 'type', a.atttypid::regtype::text) order by a.attnum) as columns,
      (select array_agg(k.attname::text order by array_position(i.indkey::int2[], k.attnum)) from pg_index i
        join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and has_table_privilege(c.oid, 'select') and not c.relname = any(${Object.keys(leftOut)}::text[])
    group by c.oid, c.relname order by c.relname`.execute(tx)
  return rows.map(({ table, columns, key }) => ({
    table,
    key,
    columns: columns.filter(({ name, type }) => !hidden.test(name) && type !== 'bytea').map(({ name }) => name),
  }))
}

/** The most sensitive thing that the organization keeps. */
async function highest(tx: Tx): Promise<number> {
  const { rows } = await sql<{ sensitivity: (typeof sensitivities)[number] }>`
    select sensitivity from twin union select sensitivity from asset union select sensitivity from connection union select sensitivity from run
    union select sensitivity from artifact`.execute(tx)
  return Math.max(sensitivityLevel('internal'), ...rows.map(({ sensitivity }) => sensitivityLevel(sensitivity)))
}

const placeText = z
  .string()
  .max(1_000)
  .regex(/^[^\0]*$/)
const cursor = z.object({ t: z.string().max(63), k: z.array(placeText).max(6) })

function cursorOf(after: string | undefined): z.output<typeof cursor> {
  if (after === undefined) return { t: '', k: [] }
  try {
    return cursor.parse(JSON.parse(after))
  } catch (cause) {
    throw fail('invalid', 'This is not a place in an export.', { pointer: '/after', next: 'Use the `next` of the page before.', cause })
  }
}

const pageBytesMax = 900_000
/** The form in which an organization’s data is taken along. */
export const dataFormat = 'twinlock-organization-v1' as const

/** A column of a key as places name it: as a text, so that a place that was made up is no more than a wrong one; of what is not shown, a digest. */
function placed(name: string): RawBuilder<string> {
  return hidden.test(name) ? sql`encode(sha256(convert_to(${sql.ref(name)}, 'UTF8')), 'hex')` : sql`${sql.ref(name)}::text`
}

async function rowsAfter(tx: Tx, { table, columns, key }: Layout, after: readonly string[], limit: number) {
  const keys = sql.join(key.map(placed))
  const above = after.length === key.length ? sql`where (${keys}) > (${sql.join(after.map((value) => sql`${value}::text`))})` : sql``
  const shown = sql.join(columns.flatMap((name) => [sql.lit(name), sql.ref(name)]))
  const { rows } = await sql<{ row: z.output<typeof exportedRow>['row']; key: string[] }>`
    select json_build_object(${shown}) as row, array[${keys}] as key
    from ${sql.table(table)} ${above} order by ${keys} limit ${limit}`.execute(tx)
  return rows
}

interface Page {
  readonly rows: z.output<typeof exportedRow>[]
  readonly next: string | null
}

/** A page: as many rows as may be, and at least one where there is one, however large. */
export async function pageAfter(tx: Tx, after: string | undefined, limit: number): Promise<Page> {
  const from = cursorOf(after)
  const page: Page = { rows: [], next: null }
  let place: string | null = null
  let bytes = 0
  for (const layout of await layouts(tx)) {
    if (layout.table < from.t) continue
    const found = await rowsAfter(tx, layout, layout.table === from.t ? from.k : [], limit + 1 - page.rows.length)
    for (const { row, key } of found) {
      bytes += utf8(JSON.stringify(row)).length + layout.table.length + 30
      const isFull = page.rows.length === limit || (bytes > pageBytesMax && page.rows.length > 0)
      if (isFull) return { ...page, next: place }
      page.rows.push({ table: layout.table, row })
      place = JSON.stringify({ t: layout.table, k: key })
    }
  }
  return page
}

/** What an export is decided on: everything that the organization keeps. */
export async function locateData({ tx, principal }: { readonly tx: Tx; readonly principal: Principal }) {
  return {
    resource: {
      type: dataType.name,
      id: principal.org,
      attributes: { sensitivity: await highest(tx) },
      parents: [organizationRef(principal.org)],
    },
    others: [organizationEntity(principal.org)],
    found: undefined,
  }
}

/** Requires that a person of the organization itself asks. Throws `denied`. */
export async function requireOwnPerson(tx: Tx, principal: Principal): Promise<void> {
  const isOwnPerson = principal.kind === 'person' && (await boundsOf(tx, principal.id)).length === 0
  if (!isOwnPerson) throw fail('denied', 'Only a person of the organization itself takes its data along: no guest, and no workload.')
}

/** Exports what the organization keeps. */
export const exportOrganization = action({
  name: 'organization:export',
  summary: 'Export what is kept of this organization, page by page and without any secret: its rows; its ledger goes by `ledger:export`.',
  effect: 'content',
  roles: ['admin'],
  resource: dataType,
  input: z.strictObject({
    after: z.string().max(4_000).optional().meta({ description: 'Go on after this place: the `next` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(500).default(500).meta({ description: 'At most so many rows.' }),
  }),
  output: z.object({
    format: z.literal(dataFormat),
    organization: idOf('org'),
    at: z.string(),
    rows: z.array(exportedRow),
    next: z.string().nullable(),
  }),
  locate: locateData,
  async perform({ input, tx, ports, principal }) {
    await requireOwnPerson(tx, principal)
    const { rows, next } = await pageAfter(tx, input.after, input.limit)
    const counts: Record<string, number> = {}
    for (const { table } of rows) counts[table] = (counts[table] ?? 0) + 1
    return {
      result: {
        format: dataFormat,
        organization: principal.org,
        at: new Date(ports.clock.now()).toISOString(),
        rows,
        next,
      },
      facts: { rows: rows.length, tables: counts },
    }
  },
})
