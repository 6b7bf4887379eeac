// Looking for people, groups and members by words: what an administrator types, compared as text and never as a pattern.
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'

/** Words that are looked for: 1 to 100 characters. */
export const findInput = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ description: 'Only what has every one of these words in its name, slug or address.' })

/** Whether a text has every one of these words in it, whatever their case. */
export function isFoundBy(find: string, text: RawBuilder<string>): RawBuilder<boolean> {
  const words = find.split(/\s+/).filter((word) => word !== '')
  const each = words.map((word) => sql<boolean>`position(lower(${word}::text) in lower(${text})) > 0`)
  return sql<boolean>`(${sql.join([sql`true`, ...each], sql` and `)})`
}
