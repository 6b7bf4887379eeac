// What answers about people have in common on a terminal: what is given, on what and where, by names where whoever asks may list them, and how long is left.
import { z } from 'zod'
import type { NameOf } from '../names/names-for.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'

/** A role on something, somewhere, as it is answered. */
export const termAnswer = z.object({
  role: z.string().nullable(),
  customRole: z.string().nullable(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
})
/** The same, read. */
export type TermAnswer = z.output<typeof termAnswer>

/** Every id that terms name. */
export function idsOfTerms(terms: readonly TermAnswer[]): string[] {
  return terms.flatMap(({ scope, environments }) => [scope.id, ...environments])
}

/** Where something counts: `in staging, sandbox`, or nothing where that is everywhere. */
export function placesOf(environments: readonly string[], nameOf: NameOf): string {
  return environments.length === 0 ? '' : ` in ${environments.map(nameOf).join(', ')}`
}

/** `operator on project payments in staging`. */
export function termText({ role, customRole, scope, environments }: TermAnswer, nameOf: NameOf): string {
  const what = safe(role ?? customRole ?? 'single actions')
  const where = scope.type === 'Organization' ? 'everything' : `${safe(scope.type.toLowerCase())} ${nameOf(scope.id)}`
  return `${what} on ${where}${placesOf(environments, nameOf)}`
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/** `12 days left`, `3 hours left`, or that its end has come. */
export function leftText(until: string, now: number): string {
  const left = Date.parse(until) - now
  if (left <= 0) return 'its end has come'
  return left >= 2 * dayMs
    ? `${counted(Math.floor(left / dayMs), 'day')} left`
    : `${counted(Math.max(1, Math.floor(left / hourMs)), 'hour')} left`
}

/** An end with how long that is: `2027-03-01 00:00:00Z (99 days left)`. */
export function untilText(until: string, now: number): string {
  return `${momentText(until)} (${leftText(until, now)})`
}

/** How a list goes on, where it does. */
export function moreOf(answer: Readonly<Record<string, unknown>>): string[] {
  return typeof answer.next === 'string' ? [`More: --after ${safe(answer.next)}`] : []
}
