// Writing a mapping or a position: what somebody asks for becomes a row, and is checked. What comes of it is settled by whoever writes it, in the same transaction.
import { sql } from 'kysely'
import type { z } from 'zod'
import { standingBehind } from '../../identity/index.ts'
import { fail, type Id, isId, newId, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { type conditionsInput, findPosition, type Mapping, mappingsMax, type Position } from './mapping.ts'
import { behind, heldBy } from './settle.ts'
import { readTerms, type termsInput } from './terms.ts'

/** What somebody wants a mapping to be; what is left out stays as it is. */
export interface Wish {
  readonly slug?: string | undefined
  readonly title?: string | undefined
  readonly group?: Id<'grp'> | undefined
  readonly when?: z.output<typeof conditionsInput> | undefined
  /** A directory, or a sign-in connection. */
  readonly directory?: Id<'dir'> | Id<'sso'> | undefined
  readonly position?: string | undefined
  readonly gives?: z.output<typeof termsInput> | undefined
  readonly expiresAt?: string | undefined
}

/** Where a mapping is written, and by whom. */
export interface Writing {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

async function requireThere(tx: Tx, { group, directory, position }: Wish): Promise<void> {
  if (group !== undefined && (await tx.selectFrom('group').select('id').where('id', '=', group).executeTakeFirst()) === undefined)
    throw fail('invalid', 'There is no group with this id.', { pointer: '/group' })
  if (directory !== undefined) {
    const from = isId('dir', directory) ? ('directory' as const) : ('sso' as const)
    const row = await tx.selectFrom(from).select('state').where('id', '=', directory).executeTakeFirst()
    if (row?.state !== 'active')
      throw fail('invalid', 'There is no active directory or sign-in connection with this id.', { pointer: '/directory' })
  }
  if (position !== undefined && (await findPosition(tx, position)).state !== 'active')
    throw fail('invalid', 'This position is retired.', { pointer: '/position' })
}

function sourceOf({ group, when, directory }: Wish, before: Mapping | undefined) {
  if (group === undefined && when === undefined) {
    if (before === undefined)
      throw fail('invalid', 'A mapping is from a group, or from what a directory says of people.', { pointer: '/group' })
    const { group_id, conditions } = before
    return { group_id, conditions, directory_id: conditions === null ? null : (directory ?? before.directory_id) }
  }
  if (group !== undefined && (when !== undefined || directory !== undefined))
    throw fail('invalid', 'A mapping is from a group, or from what a directory says of people: not from both.', { pointer: '/when' })
  return { group_id: group ?? null, conditions: when ?? null, directory_id: directory ?? null }
}

async function givesOf({ tx, ports, principal }: Writing, { position, gives }: Wish, before: Mapping | undefined) {
  if (position !== undefined && gives !== undefined)
    throw fail('invalid', 'A mapping gives a position, or terms of its own: not both.', { pointer: '/gives' })
  if (position !== undefined) return { position, terms: null }
  if (gives !== undefined) return { position: null, terms: await readTerms({ tx, ports, org: principal.org }, gives) }
  if (before === undefined) throw fail('invalid', 'A mapping gives a position, or terms of its own.', { pointer: '/gives' })
  return { position: before.position, terms: before.terms }
}

function endOf({ expiresAt }: Wish, before: Mapping | undefined, now: number): Date | null {
  if (expiresAt === undefined) return before?.expires_at ?? null
  const end = new Date(expiresAt)
  if (end.getTime() <= now) throw fail('invalid', 'The mapping would have expired already.', { pointer: '/expiresAt' })
  return end
}

/** The row that a wish comes to. Throws `invalid`. */
export async function mappingOf(it: Writing, wish: Wish, before?: Mapping): Promise<Mapping> {
  const { tx, ports, principal } = it
  await requireThere(tx, wish)
  const now = ports.clock.now()
  return {
    org_id: principal.org,
    id: before?.id ?? newId('map', ports),
    slug: wish.slug ?? before?.slug ?? 'a-preview',
    title: wish.title ?? before?.title ?? '',
    ...sourceOf(wish, before),
    ...(await givesOf(it, wish, before)),
    expires_at: endOf(wish, before, now),
    state: 'active',
    version: (before?.version ?? 0) + 1,
    created_by: principal.id,
    created_at: before?.created_at ?? new Date(now),
    retired_at: null,
  }
}

/** A mapping as it is written: its JSON as text. */
const asWritten = (row: Mapping) => ({
  ...row,
  conditions: row.conditions === null ? null : JSON.stringify(row.conditions),
  terms: row.terms === null ? null : JSON.stringify(row.terms),
})

/** Keeps a new mapping. Throws `conflict`, `too_large`. */
export async function keepNew(tx: Tx, row: Mapping): Promise<void> {
  const rows = await tx.selectFrom('mapping').select(['slug', 'state']).execute()
  if (rows.some(({ slug }) => slug === row.slug)) throw fail('conflict', 'A mapping has, or had, this slug.', { pointer: '/slug' })
  if (rows.filter(({ state }) => state === 'active').length >= mappingsMax)
    throw fail('too_large', `At most ${mappingsMax} mappings are in force at once.`)
  await tx.insertInto('mapping').values(asWritten(row)).execute()
}

/** Keeps a changed mapping. Throws `stale` when somebody else changed it since it was looked at. */
export async function keepChanged(tx: Tx, before: Mapping, row: Mapping): Promise<void> {
  const moved = await tx
    .updateTable('mapping')
    .set(asWritten(row))
    .where('id', '=', row.id)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) throw fail('stale', 'Somebody else changed this mapping at the same time.')
}

/** Keeps a changed position. Throws `stale` when somebody else changed it since it was looked at. */
export async function keepPosition(tx: Tx, before: Position, row: Position): Promise<void> {
  const moved = await tx
    .updateTable('position')
    .set({ ...row, terms: JSON.stringify(row.terms) })
    .where('slug', '=', row.slug)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) throw fail('stale', 'Somebody else changed this position at the same time.')
}

/** Everybody to whom a mapping gives something, and whoever stands behind them: whoever makes it is none of these. */
export async function granteesOf(tx: Tx, mapping: Mapping): Promise<string[]> {
  return standingBehind(tx, await behind(tx, await heldBy(tx, mapping)))
}

/** Does something, says what came of it, and undoes it. */
export async function onTrial<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint on_trial`.execute(tx)
  try {
    return await work()
  } finally {
    await sql`rollback to savepoint on_trial`.execute(tx)
  }
}
