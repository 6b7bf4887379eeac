// Shapes that inputs and outputs of actions share. Everything parsed here comes from outside: each text has a length, each list a count.
import { z } from 'zod'
import { type Id, type IdPrefix, idPrefixes, isId } from './ids.ts'
import { environmentClasses, sensitivities } from './vocabulary.ts'

const idSchemas = new Map<IdPrefix, z.ZodType>()

/** An id of one kind: one schema, however many shapes have such an id. */
export function idOf<P extends IdPrefix>(prefix: P): z.ZodType<Id<P>, string> {
  const known = idSchemas.get(prefix) ?? idSchema(prefix)
  idSchemas.set(prefix, known)
  return known as z.ZodType<Id<P>, string> // kept under the prefix that it was made for
}

function idSchema<P extends IdPrefix>(prefix: P): z.ZodType<Id<P>, string> {
  return z
    .string()
    .max(40)
    .refine((text): text is Id<P> => isId(prefix, text), `must be the id of ${article(idPrefixes[prefix])}: ${prefix}_…`)
    .meta({ description: `The id of ${article(idPrefixes[prefix])}.`, pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$` }) as z.ZodType<
    Id<P>,
    string
  > // refine narrows the output; the input stays a plain text
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`
}

/** A slug: 1 to 40 lower-case letters, digits and inner hyphens; each fits into one label of a DNS name. */
export const slugText = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'must be 1 to 40 lower-case letters, digits and inner hyphens')
  .meta({ description: 'A short name: lower-case letters, digits, hyphens.' })

/** A title for people: 1 to 120 characters in one line. */
export const titleText = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters')

/** Why something is done: 1 to 500 characters; kept erasable beside the entry. */
export const reasonText = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters')

/** A moment, RFC 3339 in UTC. */
export const moment = z.iso
  .datetime('must be a moment in UTC, such as 2027-03-31T18:00:00Z')
  .meta({ description: 'A moment in UTC, RFC 3339.' })

/** An environment class. */
export const environmentClass = z.enum(environmentClasses)

/** A sensitivity. */
export const sensitivity = z.enum(sensitivities)

/** A digest: `sha256:` and 64 hexadecimal digits. */
export const digestText = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256:<64 hexadecimal digits>')

/** A page of a list: at most 200 items, going on after an id. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'At most so many items.' }),
  after: z.string().max(40).optional().meta({ description: 'Go on after this id: the `next` of the page before.' }),
}

/** The output of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** Cuts one item more than the page into a page: `rows` were fetched with `limit + 1`, newest or smallest id first. */
export function toPage<T extends { readonly id: string }>(rows: readonly T[], limit: number): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** A date as RFC 3339 in UTC, or null. */
export function toMoment(date: Date | null): string | null {
  return date === null ? null : date.toISOString()
}
