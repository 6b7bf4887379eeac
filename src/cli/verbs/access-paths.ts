// Paths as three tables, one for each leg: who, what, by which way, where, and last when; then whoever stands on more than one, and what was once done.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { table } from '../print/table.ts'
import { lastText, placesText, wayAnswer, waysText } from './access-lines.ts'

const total = z.object({ paths: z.number(), people: z.number(), workloads: z.number(), never: z.number(), glass: z.number() })

const answer = z.object({
  totals: z.object({ input: total, output: total, production: total }),
  paths: z.array(
    z.object({
      leg: z.enum(['input', 'output', 'production']),
      action: z.string(),
      kind: z.string(),
      principal: z.object({ id: z.string(), name: z.string() }),
      environments: z.array(z.string()),
      conditions: z.array(z.string()),
      ways: z.array(wayAnswer),
      lastUsed: z.string().nullable(),
    }),
  ),
  toxic: z.array(z.object({ principal: z.string(), name: z.string(), legs: z.array(z.string()), workloads: z.array(z.string()) })),
  toxicTotal: z.number(),
  former: z.array(z.object({ principal: z.string(), action: z.string(), lastUsed: z.string() })),
  withheld: z.number(),
  next: z.string().nullable(),
})
type Paths = z.output<typeof answer>

const titles = { input: 'can change the input', output: 'can observe the output', production: 'can move it to production' } as const

function legLines(leg: keyof typeof titles, { paths, totals }: Paths, nameOf: NameOf, context: Context): string[] {
  const { paint } = context
  const { people, workloads, never, glass, paths: all } = totals[leg]
  const breaking = glass === 0 ? '' : `; ${glass} more by breaking the glass`
  const title = `${paint.bold(titles[leg])}  ${paint.dim(`${counted(people, 'person', 'people')}, ${counted(workloads, 'workload')}; ${never} of ${all} never used${breaking}`)}`
  const ofLeg = paths.filter((path) => path.leg === leg)
  const byGlass = ({ kind }: Paths['paths'][number]): boolean => kind === 'break-glass'
  // What is held stands before what somebody could take.
  const own = [...ofLeg.filter((path) => !byGlass(path)), ...ofLeg.filter(byGlass)]
  if (own.length === 0) return [title, all + glass === 0 ? '  nobody' : '  not shown here: it is without --leg, --principal and --after']
  const rows = own.map((path) => [
    `  ${safe(path.principal.name)} ${safe(path.principal.id)}`,
    safe(path.action),
    waysText(path.ways),
    placesText(path.environments, nameOf),
    lastText(path.lastUsed, context),
  ])
  return [title, ...table(['  who', 'action', 'by', 'environments', 'last used'], rows, paint), ...conditionLines(own, context)]
}

/** What guardrails say of each action that is granted, once. */
function conditionLines(own: Paths['paths'], { paint }: Context): string[] {
  const granted = own.filter(({ kind, conditions }) => kind !== 'break-glass' && conditions.length > 0)
  const byAction = new Map(granted.map(({ action, conditions }) => [action, conditions]))
  return [...byAction].map(([action, conditions]) => `  ${paint.dim(`guardrails on ${safe(action)}:`)} ${conditions.map(safe).join('; ')}`)
}

function toxicLines({ toxic, toxicTotal }: Paths, { paint }: Context): string[] {
  const shown = toxic.map(({ name, principal, legs, workloads }) => {
    const by = workloads.length === 0 ? '' : `, with ${workloads.map(safe).join(', ')}`
    return `${paint.red('toxic')}  ${safe(name)} ${safe(principal)} stands on ${legs.map(safe).join(' and ')}${by}`
  })
  return toxicTotal > toxic.length ? [...shown, `       and ${toxicTotal - toxic.length} more`] : shown
}

/** `twinlock access paths <target>`. */
export const accessPaths: VerbExtra = {
  async lines(result, context) {
    const found = answer.parse(result)
    const nameOf = await namesFor(
      context,
      found.paths.flatMap(({ environments }) => environments),
    )
    const once = found.former.map(
      ({ principal, action, lastUsed }) => `once   ${safe(principal)} ${safe(action)} ${safe(momentText(lastUsed))}`,
    )
    const hidden =
      found.withheld === 0
        ? []
        : [`${counted(found.withheld, 'thing')} of it ${found.withheld === 1 ? 'is' : 'are'} more sensitive than you may know.`]
    return [
      ...legLines('input', found, nameOf, context),
      '',
      ...legLines('output', found, nameOf, context),
      '',
      ...legLines('production', found, nameOf, context),
      '',
      ...toxicLines(found, context),
      ...once,
      ...hidden,
    ]
  },
  next: (result) => {
    const { next } = answer.parse(result)
    return next === null ? [] : [`More: the same with --after ${next}`]
  },
}
