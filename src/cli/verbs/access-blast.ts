// The blast radius: what a thief could do where and by what, group by group; what he would have in hand; and what was really done.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { counted } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, table } from '../print/table.ts'
import { lastText, placesText, wayAnswer, waysText } from './access-lines.ts'

const named = z.object({ type: z.string(), id: z.string(), name: z.string() })
const groups = ['input', 'output', 'production', 'manage'] as const

const answer = z.object({
  of: named,
  acts: z.array(
    z.object({
      group: z.enum(groups),
      action: z.string(),
      scope: named,
      upTo: z.string().nullable(),
      environments: z.array(z.string()),
      ways: z.array(wayAnswer),
      lastUsed: z.string().nullable(),
    }),
  ),
  twins: z.array(z.object({ id: z.string(), name: z.string(), legs: z.array(z.string()), glass: z.array(z.string()) })),
  twinsTotal: z.number(),
  calls: z.array(z.object({ connection: named, methods: z.array(z.string()), path: z.string(), holder: z.string() })),
  holds: z.object({
    credentials: z.array(z.object({ kind: z.string(), id: z.string().nullable(), holder: z.string(), until: z.string().nullable() })),
    runs: z.array(z.object({ id: z.string(), state: z.string(), as: z.string() })),
    owns: z.array(named),
  }),
  onward: z.array(z.object({ roles: z.array(z.string()), actions: z.array(z.string()), scope: named })),
  actual: z.array(z.object({ action: z.string(), times: z.number(), lastUsed: z.string() })),
  toxic: z.array(z.string()),
  withheld: z.number(),
  cut: z.boolean(),
})
type Blast = z.output<typeof answer>

const titles = { input: 'changes inputs', output: 'observes outputs', production: 'moves to production', manage: 'manages' } as const

function actLines(group: (typeof groups)[number], { acts }: Blast, nameOf: NameOf, context: Context): string[] {
  const { paint } = context
  const own = acts.filter((act) => act.group === group)
  if (own.length === 0) return []
  const rows = own.map((act) => [
    `  ${safe(act.action)}`,
    `${safe(act.scope.name)} ${safe(act.scope.id)}`,
    act.upTo === null ? '–' : `up to ${safe(act.upTo)}`,
    placesText(act.environments, nameOf),
    waysText(act.ways),
    lastText(act.lastUsed, context),
  ])
  return [paint.bold(titles[group]), ...table(['  action', 'on', 'what', 'environments', 'by', 'last used'], rows, paint), '']
}

/** A heading over lines, and nothing where there are none. */
function under(title: string, lines: readonly string[], { paint }: Context): string[] {
  return lines.length === 0 ? [] : [paint.bold(title), ...lines, '']
}

function handLines({ holds, calls }: Blast, context: Context): string[] {
  const credentials = holds.credentials.map(({ kind, id, holder, until }) => [
    `  ${safe(kind)}`,
    safe(id ?? ''),
    safe(holder),
    until === null ? 'without an end' : `until ${safe(until)}`,
  ])
  const rules = calls.map((call) => [
    `  ${call.methods.map(safe).join(',')} ${safe(call.path)}`,
    safe(call.connection.name),
    safe(call.holder),
  ])
  return [
    ...under('live credentials', aligned(credentials), context),
    ...under('live runs', aligned(holds.runs.map((run) => [`  ${safe(run.id)}`, safe(run.state), `as ${safe(run.as)}`])), context),
    ...under('calls', aligned(rules), context),
    ...under('owns', aligned(holds.owns.map((one) => [`  ${safe(one.type)}`, safe(one.name), safe(one.id)])), context),
  ]
}

function onwardLines({ onward }: Blast): string[] {
  return onward.map(
    ({ roles, actions, scope }) => `  ${[...roles, ...actions].map(safe).join(', ')} on ${safe(scope.name)} ${safe(scope.id)}`,
  )
}

/** `twinlock access blast <id>`. */
export const accessBlast: VerbExtra = {
  async lines(result, context) {
    const found = answer.parse(result)
    const nameOf = await namesFor(
      context,
      found.acts.flatMap(({ environments }) => environments),
    )
    const { paint } = context
    const toxic = found.toxic.length === 0 ? [] : [`${paint.red('toxic')}  it stands on ${found.toxic.map(safe).join(' and ')}`, '']
    const twins = found.twins.map((twin) => [
      `  ${safe(twin.name)}`,
      safe(twin.id),
      [...twin.legs, ...twin.glass.map((leg) => `${leg} by breaking the glass`)].map(safe).join(', '),
    ])
    const actual = found.actual.map((one) => [`  ${safe(one.action)}`, counted(one.times, 'time'), safe(one.lastUsed)])
    return [
      `${paint.bold(`If ${safe(found.of.name)} is stolen`)}  ${safe(found.of.type)} ${safe(found.of.id)}`,
      ...toxic,
      ...groups.flatMap((group) => actLines(group, found, nameOf, context)),
      ...under(`reaches ${counted(found.twinsTotal, 'twin')}`, aligned(twins), context),
      ...handLines(found, context),
      ...under('could give to others', onwardLines(found), context),
      ...under('did', aligned(actual), context),
      ...(found.withheld === 0 ? [] : [paint.yellow(`${counted(found.withheld, 'thing')} of it you may not know: not shown.`)]),
      ...(found.cut ? [paint.yellow('There is more than is shown.')] : []),
    ]
  },
}
