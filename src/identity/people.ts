// People: found by id within the organization that the transaction is bound to, and as they are answered.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { fail, idOf, sensitivities, sensitivity, type Tx } from '../kernel/index.ts'
import type { PersonTable } from './tables.ts'

/** A person as he is answered. */
export const personOutput = z.object({
  id: idOf('per'),
  slug: z.string(),
  name: z.string(),
  clearance: sensitivity,
  state: z.enum(['active', 'left']),
})

/** What of a person's row is answered. */
export type PersonRow = Pick<Selectable<PersonTable>, 'id' | 'slug' | 'name' | 'clearance' | 'state'>

/** A person as he is answered. */
export function shownPerson({ id, slug, name, clearance, state }: PersonRow) {
  return { id, slug, name, clearance: sensitivities[clearance] ?? 'public', state }
}

/** What a change of an address puts into a person's row: the address, and since when it is that one; in another case it is the same one. */
export function addressColumns(email: string, now: number) {
  const since = sql<Date | null>`case when email_key = lower(${email}::text) then address_since else ${new Date(now)}::timestamptz end`
  return { email, address_since: since }
}

/** The person with this id. Throws `not_found` for one who is not there or belongs to another organization. */
export async function findPerson(tx: Tx, id: string): Promise<Selectable<PersonTable>> {
  const person = await tx.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()
  if (person === undefined) throw fail('not_found', 'There is no person with this id.')
  return person
}

/** Whether somebody is here at a moment, as a condition on the row `p` of a person: nobody who has left, and a guest only by an invitation that is in force. */
export function isHereAt(at: Date): RawBuilder<boolean> {
  return sql<boolean>`(p.state = 'active' and (not exists (select from guest g where g.org_id = p.org_id and g.person_id = p.id) or exists (
    select from guest g where g.org_id = p.org_id and g.person_id = p.id and g.state = 'active' and g.until > ${at.toISOString()}::timestamptz)))`
}

/** Those of some people who are here at a moment (milliseconds since the epoch), and so can answer for something. */
export async function hereAmong(tx: Tx, people: readonly string[], now: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select p.id from person p where p.id = any(${[...people]}::text[]) and ${isHereAt(new Date(now))}`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** An active person, to be an owner or to hold something. Throws `invalid` with a pointer for one who left. */
export async function requireActivePerson(tx: Tx, id: string, pointer: string): Promise<Selectable<PersonTable>> {
  const person = await tx.selectFrom('person').selectAll().where('id', '=', id).where('state', '=', 'active').executeTakeFirst()
  if (person === undefined)
    throw fail('invalid', 'There is no active person with this id.', { pointer, next: 'Name somebody who works here.' })
  return person
}
