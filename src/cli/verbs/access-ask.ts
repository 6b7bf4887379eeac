// The short questions about access: may I, why, and who may do what at all. Each in a few lines, the answer first.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { resolveNames } from '../names.ts'
import { safe } from '../print/paint.ts'
import { aligned, table } from '../print/table.ts'
import { didYouMean } from '../suggest.ts'
import { withVerbs } from '../verb-rule.ts'
import { scopeText } from './access-lines.ts'

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
  async prepare(input, values, context) {
    const { action, input: given = '{}' } = values
    if (typeof action !== 'string') return input
    return { ...input, questions: [{ action, input: await withIds(action, parseInput(given), context) }] }
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

const example = 'Give one JSON object, such as {"scenario": "settle", "environment": "staging"}.'

function parseInput(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw usage('`--input` is not JSON.', example)
  }
}

/** What an action would be given, with the names in it as ids. Throws a usage failure for an action that is not there. */
async function withIds(action: string, given: unknown, context: Context): Promise<Record<string, unknown>> {
  const capability = context.catalogue.find(({ name }) => name === action)
  if (capability === undefined) {
    const known = withVerbs(context.catalogue).map(({ name }) => name)
    throw usage(
      `There is no action \`${action}\`.${didYouMean(action, known)}`,
      'Actions are called `noun:verb`, as the verbs of this command line.',
    )
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw usage('`--input` is no JSON object.', example)
  return resolveNames(context, capability, { ...given }, 'input')
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
type Explained = z.output<typeof explained>

interface Reading {
  readonly nameOf: NameOf
  readonly context: Context
}

function grantText({ id, role, actions, scope, through, givenBy }: z.output<typeof grant>, { nameOf, context }: Reading): string {
  const by = through === null ? '' : ` through ${safe(through)}`
  const from = givenBy === null ? '' : `, given by ${context.named(givenBy)}`
  return `${safe(role ?? actions.join(', '))} on ${scopeText(scope, nameOf)}${by}${from}  ${safe(id)}`
}

/** A detail with the pointer of a field as what was typed: a member of `--input`. */
const inInput = (detail: string): string => detail.replace(/^`\/([^`]+)`/, '`$1` in `--input`')

function headLine({ outcome, principal, action, detail }: Explained, { paint, named }: Context): string {
  const [who, what, why] = [named(principal), safe(action), detail === null ? '' : `: ${safe(inInput(detail))}`]
  if (outcome === 'unknown') return `${paint.yellow('unknown')}  whether ${who} may ${what}${why}`
  return `${who} ${outcome === 'allowed' ? paint.green('may') : paint.red('may not')} ${what}${why}`
}

/** `twinlock access explain <action>`. */
export const accessExplain: VerbExtra = {
  notes: ['Names in --input stand for ids, as they do for flags.'],
  async prepare(input, _values, context) {
    const { action, input: given = {} } = input
    return typeof action === 'string' ? { ...input, input: await withIds(action, given, context) } : input
  },
  async lines(result, context) {
    const told = explained.parse(result)
    const { policies, missing, grantedBy } = told
    const { paint } = context
    const grants = [...policies.flatMap((policy) => policy.grant ?? []), ...missing.near.map((near) => near.grant)]
    const nameOf = await namesFor(
      context,
      grants.map(({ scope }) => scope.id),
    )
    const reading = { nameOf, context }
    const because = policies.flatMap((policy) => [
      policy.grant === null
        ? `  ${safe(policy.kind)} ${safe(policy.id)}${policy.meaning === null ? '' : `: ${safe(policy.meaning)}`}`
        : `  by the grant of ${grantText(policy.grant, reading)}`,
      ...(policy.text === null ? [] : [`    ${paint.dim(safe(policy.text))}`]),
    ])
    const help = helpText(missing.roles, grantedBy)
    return [
      headLine(told, context),
      ...because,
      ...(help === '' ? [] : [`  ${help}`]),
      ...missing.near.map((near) => `  near: ${grantText(near.grant, reading)} (${safe(near.why)})`),
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
