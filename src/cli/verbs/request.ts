// A request for access as a person reads it: what is asked for and why, its steps with who may give each, what it would bring together, and the next command.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs, table } from '../print/table.ts'
import { placesText, scopeText } from './access-lines.ts'
import { conflictLines } from './grants.ts'
import { moreOf } from './people-lines.ts'

const person = z.object({ id: z.string(), slug: z.string() })

const stepsAnswer = z.object({
  second: z.array(z.string()),
  steps: z.array(
    z.object({
      number: z.number(),
      state: z.enum(['given', 'waiting', 'not_reached']),
      byName: z.string().nullable(),
      at: z.string().nullable(),
      minutes: z.number().nullable(),
      reason: z.string().nullable(),
      mayDecide: z.array(person),
    }),
  ),
  enough: z.boolean(),
  conflicts: z.array(z.object({ name: z.string(), stops: z.boolean(), holder: z.string(), grant: z.string() })),
})
type Steps = z.output<typeof stepsAnswer>

const detailAnswer = stepsAnswer.extend({
  id: z.string(),
  state: z.string(),
  askerName: z.string(),
  role: z.string().nullable(),
  customRole: z.string().nullable(),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  minutes: z.number(),
  reason: z.string().nullable(),
  expiresAt: z.string(),
  grant: z.string().nullable(),
  answer: z.object({ byName: z.string().nullable(), reason: z.string().nullable() }).nullable(),
})
type Detail = z.output<typeof detailAnswer>

const reasons: Readonly<Record<string, string>> = {
  production: 'it reaches production',
  privileged: 'it reaches a privileged twin',
  admin: 'it manages the platform',
}

function stepLines({ second, steps, enough }: Steps, { paint }: Context): string[] {
  const why = second.map((one) => reasons[one] ?? safe(one)).join(' and ')
  const rows = steps.map(({ number, state, byName, at, minutes, reason, mayDecide }) => {
    if (state === 'given') {
      const shorter = minutes === null ? '' : `for ${minutes} minutes`
      return [
        `  ${number}`,
        paint.green('given'),
        safe(byName ?? ''),
        safe(momentText(at)),
        [shorter, safe(reason ?? '')].filter(Boolean).join(': '),
      ]
    }
    if (state === 'not_reached') return [`  ${number}`, paint.dim('not reached')]
    const who = mayDecide.map(({ slug }) => safe(slug)).join(', ')
    return [`  ${number}`, paint.yellow('waits'), who === '' ? paint.red('nobody could give it') : `for one of: ${who}`]
  })
  return [
    ...(why === '' ? [] : [`  Two people must approve, because ${why}.`]),
    ...aligned(rows),
    ...(enough
      ? []
      : [`  ${paint.red('There are not enough people')} who could approve it: another administrator of that scope is needed.`]),
  ]
}

const what = ({ role, customRole, actions }: Pick<Detail, 'role' | 'customRole' | 'actions'>): string =>
  safe(role ?? customRole ?? actions.join(', '))

/** How long it would last, or lasts: an approval may have shortened it. */
function lengthText({ minutes, steps }: Detail): string {
  const least = Math.min(minutes, ...steps.flatMap((step) => (step.minutes === null ? [] : [step.minutes])))
  return least === minutes ? `${minutes} minutes` : `${least} minutes, of ${minutes} that were asked for`
}

function headLines(one: Detail, nameOf: NameOf, { paint }: Context): string[] {
  const rows: [string, string][] = [
    ['asked by', safe(one.askerName)],
    ['for', `${what(one)} on ${scopeText(one.scope, nameOf)}`],
    ['in', one.environments.length === 0 ? 'every environment' : placesText(one.environments, nameOf)],
    ['how long', lengthText(one)],
    ['why', one.reason === null ? paint.dim('erased') : safe(one.reason)],
  ]
  if (one.state === 'open') rows.push(['open until', safe(momentText(one.expiresAt))])
  if (one.grant !== null) rows.push(['became', paint.green(safe(one.grant))])
  if (one.answer !== null)
    rows.push(['decided by', [safe(one.answer.byName ?? ''), safe(one.answer.reason ?? '')].filter(Boolean).join(': ')])
  return [`${paint.bold('Request')} ${safe(one.id)}  ${safe(one.state)}`, ...pairs(rows, paint)]
}

async function lines(answer: Answer, context: Context): Promise<string[]> {
  const one = detailAnswer.parse(answer)
  const nameOf = await namesFor(context, [one.scope.id, ...one.environments])
  return [...headLines(one, nameOf, context), ...stepLines(one, context), ...conflictLines(one.conflicts, context)]
}

const listAnswer = z.object({
  items: z.array(
    detailAnswer
      .pick({ id: true, state: true, askerName: true, role: true, customRole: true, actions: true, scope: true, environments: true })
      .extend({
        minutes: z.number(),
        reason: z.string().nullable(),
        expiresAt: z.string(),
        approvalsNeeded: z.number(),
        approvalsGiven: z.number(),
      }),
  ),
})

/** Requests: who asks for what, and how far each is. */
export const requestList: VerbExtra = {
  async lines(answer, context) {
    const { items } = listAnswer.parse(answer)
    if (items.length === 0) return []
    const { paint } = context
    const nameOf = await namesFor(
      context,
      items.flatMap(({ scope, environments }) => [scope.id, ...environments]),
    )
    const rows = items.map((one) => [
      safe(one.askerName),
      `${paint.bold(what(one))} on ${scopeText(one.scope, nameOf)}`,
      one.environments.length === 0 ? 'everywhere' : placesText(one.environments, nameOf),
      `${one.minutes} minutes`,
      one.state === 'open'
        ? `${paint.yellow('open')} until ${momentText(one.expiresAt)}, ${one.approvalsGiven} of ${one.approvalsNeeded}`
        : safe(one.state),
      safe(one.reason ?? ''),
      safe(one.id),
    ])
    return table(['asked by', 'for', 'in', 'how long', 'state', 'why', 'id'], rows, paint)
  },
  next: moreOf,
}

/** A request whole: asked, shown, approved. */
export const requestShow: VerbExtra = { lines }

/** Asking: who could approve it, and how. */
export const requestCreate: VerbExtra = {
  lines,
  next: (answer) => [
    `Next, as one of them: twinlock request approve ${String(answer.id)} --reason "…"`,
    `Or, as yourself: twinlock request withdraw ${String(answer.id)}`,
  ],
}

/** What a request would come to. */
export const requestPreview: VerbExtra = {
  lines: (answer, context) => {
    const steps = stepsAnswer.parse(answer)
    return [...stepLines(steps, context), ...conflictLines(steps.conflicts, context)]
  },
}
