// Domains as an administrator reads them: what is proved, what its record is, and what became of it.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { momentText } from '../print/moments.ts'
import { type Paint, safe } from '../print/paint.ts'
import { pairs } from '../print/table.ts'
import { moreOf, untilText } from './people-lines.ts'

const domain = z.object({
  id: z.string(),
  name: z.string(),
  sso: z.string(),
  state: z.enum(['claimed', 'verified', 'lapsed']),
  verifiedAt: z.string().nullable(),
  missingSince: z.string().nullable(),
  lapsesAt: z.string().nullable(),
  record: z.object({ name: z.string(), type: z.string(), value: z.string() }),
})
type Domain = z.output<typeof domain>

function stateText({ state, missingSince, verifiedAt }: Domain, paint: Paint): string {
  if (state === 'claimed') return paint.yellow('claimed, not proved yet')
  if (state === 'lapsed') return paint.red('lapsed: nobody is linked or added by it')
  if (missingSince !== null) return paint.yellow(`proved ${momentText(verifiedAt ?? '')}, its record is missing`)
  return paint.green(`proved ${momentText(verifiedAt ?? '')}`)
}

/** One domain with its record, whole: it is copied from here. */
function linesOf(one: Domain, { paint, io }: Context): string[] {
  const { id, name, sso, record, missingSince, lapsesAt } = one
  const facts: [string, string][] = [
    ['id', safe(id)],
    ['of', safe(sso)],
    ['record', `${safe(record.name)}  ${safe(record.type)}`],
    ['value', safe(record.value)],
    ...(missingSince === null ? [] : [['missing since', momentText(missingSince)] as [string, string]]),
    ...(lapsesAt === null ? [] : [['lapses', untilText(lapsesAt, io.now())] as [string, string]]),
  ]
  return [`${paint.bold(safe(name))}  ${stateText(one, paint)}`, ...pairs(facts, paint)]
}

/** The domains, each with the record that proves it. */
export const domainList: VerbExtra = {
  lines: (answer, context) =>
    z
      .object({ items: z.array(domain) })
      .parse(answer)
      .items.flatMap((one, at) => [...(at === 0 ? [] : ['']), ...linesOf(one, context)]),
  next: moreOf,
}

/** A domain that was claimed or proved. */
export const domainShow: VerbExtra = {
  lines: (answer, context) => linesOf(domain.parse(answer), context),
  next: (answer) => {
    const { name, state } = domain.parse(answer)
    return state === 'verified' ? [] : [`Set the record, wait until DNS tells it, then: twinlock domain verify ${safe(name)}`]
  },
}
