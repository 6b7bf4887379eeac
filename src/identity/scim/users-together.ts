// Several users whom directories tell of in one moment, made in one transaction: looked for by one statement, put in by one, and given by one what mappings give.
// Only who is plainly new goes together: whoever is called like somebody, here or in the same moment, is left to the act that says what that means.
import { sql } from 'kysely'
import { newId, type Tx } from '../../kernel/index.ts'
import { nothingFollowed } from '../following.ts'
import { type Logging, logDeliveries } from './deliveries.ts'
import { type Doc, textIn } from './document.ts'
import { addressOf, slugBeside, slugFrom } from './names.ts'
import { insertNew, keyOf, rowOf } from './new-users.ts'
import type { ChangedUser } from './users.ts'

/** A user to be, and the directory that tells of him. */
export interface Told {
  readonly doc: Doc
  readonly directory: string
}

/** Somebody who is plainly new, and the slug that he would have. */
export interface PlainlyNew {
  readonly doc: Doc
  readonly slug: string
  readonly isSlugTaken: boolean
}

/** What nobody else may be called: his names, each with what kind it is of. */
function namesOf({ doc, directory }: Told): string[] {
  const external = textIn(doc, 'externalId')
  // Whoever has no address is told from others by his user name.
  const names = [`user ${keyOf(doc)}`, `address ${addressOf(doc, keyOf(doc)).toLowerCase()}`]
  return external === undefined ? names : [...names, `external ${directory} ${external}`]
}

/** Which of these are called like nobody before them. */
function apart(told: readonly (Told | undefined)[]): boolean[] {
  const taken = new Set<string>()
  return told.map((one) => {
    if (one === undefined) return false
    const names = namesOf(one)
    const isFree = !names.some((name) => taken.has(name))
    for (const name of names) taken.add(name)
    return isFree
  })
}

/** For each, in order, who he would be; nothing where somebody here is called the same, or reached the same, or one before him is. */
export async function plainlyNew(tx: Tx, told: readonly (Told | undefined)[]): Promise<readonly (PlainlyNew | undefined)[]> {
  const isApart = apart(told)
  const asked = told.flatMap((one, at) =>
    one !== undefined && isApart[at] === true ? [{ ...one, at, slug: slugFrom(textIn(one.doc, 'userName') ?? '', 'user') }] : [],
  )
  const column = (of: (one: (typeof asked)[number]) => string | null) => asked.map(of)
  const found = await sql<{ place: number; slug_taken: boolean }>`
    select place, slug_taken from plainly_new(${asked.map(({ at }) => at)}::int[], ${column(({ doc }) => keyOf(doc))}::text[],
      ${column(({ directory }) => directory)}::text[], ${column(({ doc }) => textIn(doc, 'externalId') ?? null)}::text[],
      ${column(({ doc }) => addressOf(doc, keyOf(doc)))}::text[], ${column(({ slug }) => slug)}::text[])`.execute(tx)
  const free = new Map(found.rows.map((row) => [row.place, row.slug_taken]))
  const byPlace = new Map(asked.map((one) => [one.at, one]))
  const slugs = new Set<string>()
  return told.map((_, at) => {
    const one = byPlace.get(at)
    const isTaken = free.get(at)
    if (one === undefined || isTaken === undefined) return undefined
    const isSlugTaken = isTaken || slugs.has(one.slug)
    slugs.add(one.slug)
    return { doc: one.doc, slug: one.slug, isSlugTaken }
  })
}

/** Makes people who are plainly new, of one organization, and logs it; whoever works here is given what mappings give. */
export async function createPlainlyNew(its: readonly (Logging & { readonly found: PlainlyNew })[]): Promise<readonly ChangedUser[]> {
  const [first] = its
  if (first === undefined) return []
  const { tx, ports } = first
  const users = its.map(({ principal, found: { doc, slug, isSlugTaken } }) => ({
    row: rowOf({ ports, principal }, newId('per', ports), doc),
    slug: isSlugTaken ? slugBeside(slug, ports.random) : slug,
  }))
  const people = users.filter(({ row }) => row.active).map(({ row }) => row.person_id)
  // What is asked in one moment goes to the store in one message.
  const [followed] = await Promise.all([
    ports.following.welcome({ tx, ports, org: first.principal.org, people }),
    insertNew({ tx, ports }, users),
    logDeliveries(
      users.map(({ row }, at) => ({
        it: its[at] ?? first,
        delivery: { operation: 'create-user', resource: row.person_id, changed: Object.keys(row.doc) },
      })),
    ),
  ])
  return users.map(({ row }) => ({ row, takesAway: false, followed: followed.get(row.person_id) ?? nothingFollowed }))
}
