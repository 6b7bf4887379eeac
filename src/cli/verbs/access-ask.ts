// The short questions about access: may I, why, and who may do what at all. Each in a few lines, the answer first.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import { safe } from '../print/paint.ts'
import { aligned, table } from '../print/table.ts'

const granter = z.object({ slug: z.string(), id: z.string() })

const checked = z.object({
  answers: z.array(
    z.object({
      action: z.string(),
      allowed: z.boolean(),
      detail: z.string().nullable(),
      policies: z.array(z.string()),
      roles: z.array(z.string()),
      grantedBy: z.array(granter),
    }),
  ),
})

/** What would help: the roles that are missing, and who could give them. */
function helpText(roles: readonly string[], grantedBy: readonly z.output<typeof granter>[]): string {
  if (roles.length === 0) return ''
  const by = grantedBy.length === 0 ? '' : `, from ${grantedBy.map(({ slug }) => safe(slug)).join(' or ')}`
  return `it takes ${roles.map(safe).join(' or ')}${by}`
}

/** `twinlock access check --action run:launch --input '{…}'`, or several with `--questions`. */
export const accessCheck: VerbExtra = {
  flags: [
    { name: 'action', value: 'noun:verb', about: 'One question: the action.' },
    { name: 'input', value: 'json', about: 'One question: what the action would be given.' },
  ],
  fills: ['questions'],
  async prepare(input, values) {
    const { action, input: given = '{}' } = values
    if (typeof action !== 'string') return input
    return { ...input, questions: [{ action, input: parseInput(given) }] }
  },
  lines(result, { paint }) {
    return aligned(
      checked
        .parse(result)
        .answers.map(({ allowed, action, policies, detail, roles, grantedBy }) => [
          allowed ? paint.green('yes') : paint.red('no'),
          safe(action),
          allowed
            ? `by ${policies.map(safe).join(', ')}`
            : [safe(detail ?? ''), helpText(roles, grantedBy)].filter((one) => one !== '').join(' '),
        ]),
    )
  },
}

function parseInput(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw usage('`--input` is not JSON.', 'Give one JSON object, such as {"run": "run_…"}.')
  }
}

const grant = z.object({
  id: z.string(),
  role: z.string().nullable(),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  through: z.string().nullable(),
  givenBy: z.string().nullable(),
})

const explained = z.object({
  principal: z.string(),
  action: z.string(),
  outcome: z.enum(['allowed', 'denied', 'unknown']),
  detail: z.string().nullable(),
  policies: z.array(
    z.object({ id: z.string(), kind: z.string(), meaning: z.string().nullable(), text: z.string().nullable(), grant: grant.nullable() }),
  ),
  missing: z.object({ roles: z.array(z.string()), near: z.array(z.object({ grant, why: z.string() })) }),
  grantedBy: z.array(granter),
})

function grantText({ id, role, actions, scope, through, givenBy }: z.output<typeof grant>, { named }: Context): string {
  const by = through === null ? '' : ` through ${safe(through)}`
  const from = givenBy === null ? '' : `, given by ${named(givenBy)}`
  return `${safe(role ?? actions.join(', '))} on ${safe(scope.type)} ${safe(scope.id)}${by}${from}  ${safe(id)}`
}

/** `twinlock access explain <action>`. */
export const accessExplain: VerbExtra = {
  lines(result, context) {
    const { outcome, principal, action, detail, policies, missing, grantedBy } = explained.parse(result)
    const { paint } = context
    const word = { allowed: paint.green('may'), denied: paint.red('may not'), unknown: paint.yellow('nobody knows whether he may') }[
      outcome
    ]
    const because = policies.flatMap((policy) => [
      `  ${safe(policy.kind)} ${safe(policy.id)}${policy.meaning === null ? '' : `: ${safe(policy.meaning)}`}`,
      ...(policy.grant === null ? [] : [`    ${grantText(policy.grant, context)}`]),
      ...(policy.text === null ? [] : [`    ${paint.dim(safe(policy.text))}`]),
    ])
    const help = helpText(missing.roles, grantedBy)
    return [
      `${context.named(principal)} ${word} ${safe(action)}${detail === null ? '' : `: ${safe(detail)}`}`,
      ...because,
      ...(help === '' ? [] : [`  ${help}`]),
      ...missing.near.map((near) => `  near: ${grantText(near.grant, context)} (${safe(near.why)})`),
    ]
  },
}

const matrix = z.object({
  roles: z.array(z.object({ role: z.string(), isOwn: z.boolean() })),
  actions: z.array(z.object({ action: z.string(), may: z.array(z.object({ role: z.string(), classes: z.array(z.string()) })) })),
})

const classes = ['sandbox', 'staging', 'preproduction', 'production'] as const

/** `twinlock access matrix`: four places for each role, for the classes of environments from the sandbox to production. */
export const accessMatrix: VerbExtra = {
  lines(result, { paint }) {
    const { roles, actions } = matrix.parse(result)
    const cell = (where: readonly string[]): string => classes.map((one) => (where.includes(one) ? '✓' : '·')).join('')
    const rows = actions.map(({ action, may }) => {
      const by = new Map(may.map((one) => [one.role, one.classes]))
      return [safe(action), ...roles.map(({ role }) => cell(by.get(role) ?? []))]
    })
    const head = roles.map(({ role, isOwn }) => (isOwn ? `${safe(role)} (own)` : safe(role)))
    return [paint.dim(`Each cell: ${classes.join(', ')}.`), ...table(['action', ...head], rows, paint)]
  },
}
