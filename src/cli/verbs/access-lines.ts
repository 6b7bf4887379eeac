// How answers about access are read in a hurry: who, what, where, by which way, and when last. What a server says is made safe before it is shown.
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { NameOf } from '../names/names-for.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'

/** One way: from whoever acts, through groups, to the grant. */
export const wayAnswer = z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() }))
type Way = z.output<typeof wayAnswer>

/** A way in one cell: `testers › engineers › operator grt_…`. What it ends with is named with its id, which is what somebody takes away. */
function wayText(way: Way): string {
  const last = way.at(-1)
  const names = way.map(({ name }) => safe(name))
  return `${names.join(' › ')}${last === undefined ? '' : ` ${safe(last.id)}`}`
}

/** The first ways, and how many there are besides. */
export function waysText(ways: readonly Way[]): string {
  const [first, ...more] = ways
  if (first === undefined) return '–'
  return more.length === 0 ? wayText(first) : `${wayText(first)} (+${more.length})`
}

/** Environments in one cell, by their names; everywhere, or nowhere in particular, where none is named. */
export function placesText(environments: readonly string[], nameOf: NameOf): string {
  return environments.map(nameOf).join(', ') || '–'
}

/** A scope: `twin payments`, with its id where that is not what it is called by; the organization is everything. */
export function scopeText({ type, id }: { readonly type: string; readonly id: string }, nameOf: NameOf): string {
  if (type === 'Organization') return 'everything'
  const name = nameOf(id)
  return `${safe(type.toLowerCase())} ${name}${name === safe(id) ? '' : ` ${safe(id)}`}`
}

/** When something was last done: a word for never. */
export function lastText(moment: string | null, { paint }: Pick<Context, 'paint'>): string {
  return moment === null ? paint.dim('never') : safe(momentText(moment))
}
