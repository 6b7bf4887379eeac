// A request for access as a person reads it: what is asked for and why, its steps with who may give each, what it would bring together, and the next command.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs } from '../print/table.ts'

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
  conflicts: z.array(z.object({ name: z.string(), stops: z.boolean(), grant: z.string() })),
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

function conflictLines({ conflicts }: Steps, { paint }: Context): string[] {
  return conflicts.map(({ name, stops, grant }) => {
    const mark = stops ? paint.red('stops') : paint.yellow('brings together')
    return `  ${mark}  ${safe(name)}, with ${safe(grant)}`
  })
}

const what = ({ role, customRole, actions }: Detail): string => safe(role ?? customRole ?? actions.join(', '))

/** How long it would last, or lasts: an approval may have shortened it. */
function lengthText({ minutes, steps }: Detail): string {
  const least = Math.min(minutes, ...steps.flatMap((step) => (step.minutes === null ? [] : [step.minutes])))
  return least === minutes ? `${minutes} minutes` : `${least} minutes, of ${minutes} that were asked for`
}

function headLines(one: Detail, { paint }: Context): string[] {
  const rows: [string, string][] = [
    ['asked by', safe(one.askerName)],
    ['for', `${what(one)} on ${safe(one.scope.type.toLowerCase())} ${safe(one.scope.id)}`],
    ['in', one.environments.length === 0 ? 'every environment' : one.environments.map(safe).join(', ')],
    ['how long', lengthText(one)],
    ['why', one.reason === null ? paint.dim('erased') : safe(one.reason)],
  ]
  if (one.state === 'open') rows.push(['open until', safe(momentText(one.expiresAt))])
  if (one.grant !== null) rows.push(['became', paint.green(safe(one.grant))])
  if (one.answer !== null)
    rows.push(['decided by', [safe(one.answer.byName ?? ''), safe(one.answer.reason ?? '')].filter(Boolean).join(': ')])
  return [`${paint.bold('Request')} ${safe(one.id)}  ${safe(one.state)}`, ...pairs(rows, paint)]
}

function lines(answer: Answer, context: Context): string[] {
  const one = detailAnswer.parse(answer)
  return [...headLines(one, context), ...stepLines(one, context), ...conflictLines(one, context)]
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
    return [...stepLines(steps, context), ...conflictLines(steps, context)]
  },
}

/** Breaking the glass: until when, and who looks at it. */
export const grantBreakGlass: VerbExtra = {
  next: (answer) => [
    `It is in force until ${safe(momentText(answer.expiresAt))}. Everybody who could have approved it has been told.`,
    `Somebody else reviews it until ${safe(momentText(answer.reviewBy))}: twinlock grant review ${String(answer.id)} --verdict justified --reason "…"`,
  ],
}
