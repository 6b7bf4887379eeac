// Mappings and positions as they are found and shown. A mapping says of whom (a group, or people of whom a directory says something) and what: terms of its own,
// or those of a position. Groups are named by id: that another one is called the same says nothing.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { mappingAttributes } from '../../identity/index.ts'
import { fail, idOf, slugText, type Tx, toMoment } from '../../kernel/index.ts'
import type { MappingTable, PositionTable, Term } from '../tables.ts'
import { shownTerm, termOutput } from './terms.ts'

/** A mapping as its row says. */
export type Mapping = Selectable<MappingTable>
/** A position as its row says. */
export type Position = Selectable<PositionTable>

/** How many mappings of an organization are in force at once; positions are as many. */
export const mappingsMax = 200

/** Conditions as somebody writes them: all must hold. */
export const conditionsInput = z
  .array(z.strictObject({ attribute: z.enum(mappingAttributes), oneOf: z.array(z.string().trim().min(1).max(200)).min(1).max(50) }))
  .min(1)
  .max(5)

/** Who says something of people: a directory, or a sign-in connection. */
export const sayingInput = z.union([idOf('dir'), idOf('sso')])

const source = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('group'),
    group: idOf('grp'),
    name: z.string().nullable(),
    directory: z.string().nullable().meta({ description: 'The directory that says who is in the group; null for a group of your own.' }),
  }),
  z.object({
    kind: z.literal('attributes'),
    when: z.array(z.object({ attribute: z.enum(mappingAttributes), oneOf: z.array(z.string()) })),
    directory: z.string().nullable().meta({ description: 'The directory that must say so; null for any.' }),
  }),
])

/** A mapping as it is answered. */
export const mappingOutput = z.object({
  id: idOf('map'),
  slug: slugText,
  title: z.string(),
  source,
  position: z.string().nullable(),
  gives: z.array(termOutput),
  expiresAt: z.string().nullable(),
  state: z.enum(['active', 'retired']),
  version: z.number(),
  createdBy: z.string(),
  createdAt: z.string().nullable(),
  retiredAt: z.string().nullable(),
})

async function shownSource(tx: Tx, { group_id: group, conditions, directory_id: directory }: Mapping): Promise<z.input<typeof source>> {
  if (group === null) {
    const when = (conditions ?? []).map(({ attribute, oneOf }) => ({ attribute, oneOf: [...oneOf] }))
    return { kind: 'attributes', when, directory }
  }
  const row = await tx.selectFrom('group').select('name').where('id', '=', group).executeTakeFirst()
  const said = await tx.selectFrom('directory_group').select('directory_id').where('group_id', '=', group).executeTakeFirst()
  return { kind: 'group', group, name: row?.name ?? null, directory: said?.directory_id ?? null }
}

/** What a mapping gives now: its own terms, or those of its position. */
export async function termsOf(tx: Tx, { terms, position }: Pick<Mapping, 'terms' | 'position'>): Promise<readonly Term[]> {
  if (position === null) return terms ?? []
  return (await findPosition(tx, position)).terms
}

/** A mapping as it is answered. */
export async function shownMapping(tx: Tx, row: Mapping): Promise<z.input<typeof mappingOutput>> {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    source: await shownSource(tx, row),
    position: row.position,
    gives: (await termsOf(tx, row)).map(shownTerm),
    expiresAt: toMoment(row.expires_at),
    state: row.state,
    version: row.version,
    createdBy: row.created_by,
    createdAt: toMoment(row.created_at),
    retiredAt: toMoment(row.retired_at),
  }
}

/** Finds a mapping. Throws `not_found`. */
export async function findMapping(tx: Tx, id: string): Promise<Mapping> {
  const row = await tx.selectFrom('mapping').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no mapping with this id.')
  return row
}

/** Finds a position. Throws `not_found`. */
export async function findPosition(tx: Tx, slug: string): Promise<Position> {
  const row = await tx.selectFrom('position').selectAll().where('slug', '=', slug).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no position with this name.')
  return row
}

/** The mappings in force that give a position. */
export const mappingsGiving = (tx: Tx, position: string): Promise<Mapping[]> =>
  tx.selectFrom('mapping').selectAll().where('position', '=', position).where('state', '=', 'active').orderBy('id').execute()
