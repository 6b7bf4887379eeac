// The checklist of a leaving as a person reads it: a line for each thing, what is still in this name, and whether the read-back found anything.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned } from '../print/table.ts'

const leavingAnswer = z.object({
  person: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  phase: z.enum(['here', 'left']),
  leftAt: z.string().nullable(),
  lines: z.array(z.object({ title: z.string(), outcome: z.string(), count: z.number(), remaining: z.number() })),
  ownership: z.array(
    z.object({ kind: z.string(), outcome: z.string(), count: z.number(), offered: z.number(), handedOver: z.number(), stops: z.string() }),
  ),
  readBack: z.object({ found: z.number(), isDone: z.boolean(), toHandOver: z.number() }),
})

const words = (outcome: string): string => outcome.replaceAll('_', ' ')

function verdict({ phase, readBack }: z.output<typeof leavingAnswer>): string {
  if (phase === 'here') return `Still here: ${readBack.found} would end or stop, ${readBack.toHandOver} are to be handed over.`
  if (!readBack.isDone) return `NOT DONE: the read-back found ${readBack.found} that still count.`
  const stands = readBack.toHandOver === 0 ? '' : ` ${readBack.toHandOver} stand still in this name until somebody takes them over.`
  return `Done: the read-back found nothing.${stands}`
}

/** The checklist, with what to do next. */
export const personLeaving: VerbExtra = {
  lines(answer, { paint }) {
    const leaving = leavingAnswer.parse(answer)
    const isThere = ({ outcome }: { readonly outcome: string }): boolean => outcome !== 'nothing_found'
    const none = leaving.lines.filter((one) => !isThere(one)).map(({ title }) => title.toLowerCase())
    const held = leaving.lines
      .filter(isThere)
      .map(({ title, outcome, count, remaining }) => [
        title,
        words(outcome),
        String(count),
        remaining > 0 && leaving.phase === 'left' ? `${remaining} still there` : '',
      ])
    const owned = leaving.ownership
      .filter(isThere)
      .map(({ kind, outcome, count, offered, handedOver, stops }) => [
        `Owns: ${kind}`,
        words(outcome),
        String(count > 0 ? count : handedOver),
        count > 0 ? `${offered} offered. ${stops}` : '',
      ])
    const head = `${safe(leaving.person.name)} (${leaving.person.id})${leaving.leftAt === null ? '' : `, left ${momentText(leaving.leftAt)}`}`
    const rest = none.length === 0 ? [] : [paint.dim(`Nothing found of: ${none.join(', ')}.`)]
    return [paint.bold(head), ...aligned([...held, ...owned]), ...rest, verdict(leaving)]
  },
  next(answer) {
    const { person, phase, readBack } = leavingAnswer.parse(answer)
    if (readBack.toHandOver > 0) return [`Next: twinlock person hand-over --from ${safe(person.slug)} --to <person> --reason "…"`]
    return phase === 'here' ? [`Next: twinlock person offboard ${safe(person.slug)}`] : []
  },
}
