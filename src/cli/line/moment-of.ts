// A moment as a person types it: to the second in UTC, or a day. A day that something begins on begins with it, and one that something ends on ends with it.
import { z } from 'zod'
import { usage } from '../failure.ts'
import type { Field } from '../fields.ts'

const begins = new Set(['notBefore', 'since'])
const isMoment = (text: string): boolean => z.iso.datetime().safeParse(text).success

/** The moment that a text stands for. Throws a usage failure. */
export function momentOf({ name, flag }: Pick<Field, 'name' | 'flag'>, text: string): string {
  if (isMoment(text)) return text
  const day = `${text}T${begins.has(name) ? '00:00:00' : '23:59:59'}Z`
  if (z.iso.date().safeParse(text).success && isMoment(day)) return day
  throw usage(`\`--${flag}\` must be a day or a moment in UTC, not \`${text}\`.`, 'For example: 2027-03-31, or 2027-03-31T18:00:00Z.')
}
