// A promotion as a diff, not a form: which identity ends here and which begins there, which permissions were granted, used and are proposed, what the gate
// found, and who may decide.
import type { z } from 'zod'
import { listAll } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { isProblem } from '../failure.ts'
import { counted } from '../print/moments.ts'
import { columns, safe } from '../print/paint.ts'
import { aligned } from '../print/table.ts'
import { promotionDetailAnswer } from './answers.ts'

type Promotion = z.output<typeof promotionDetailAnswer>
type Names = ReadonlyMap<string, string>

const identityRows = [
  ['SPIFFE id', 'spiffeId'],
  ['trust domain', 'trustDomain'],
  ['environment', 'environment'],
  ['key', 'key'],
  ['owner', 'owner'],
  ['ends', 'ends'],
] as const

/** Two columns, test and production, where the terminal is wide enough; else the lines of a diff. */
function identityLines({ test, production }: Promotion, { paint, named, io }: Context): string[] {
  const shown = (value: string, field: string): string => (field === 'owner' ? named(value) : safe(value))
  const rows = identityRows.map(([label, field]) => [label, shown(test[field], field), shown(production[field], field)] as const)
  const side = aligned([
    ['', paint.bold('test'), '', paint.bold('production')],
    ...rows.map(([label, before, after]) => [`  ${paint.dim(label)}`, before, '↔', after]),
  ])
  if (Math.max(...side.map(columns)) <= io.width) return side
  return [
    `  ${paint.red('- test')}  ${paint.green('+ production')}`,
    ...rows.flatMap(([label, before, after]) =>
      before === after
        ? [`  ${paint.dim(label)}`, `    = ${before}`]
        : [`  ${paint.dim(label)}`, `    ${paint.red(`- ${before}`)}`, `    ${paint.green(`+ ${after}`)}`],
    ),
  ]
}

const callText = (methods: readonly string[], path: string): string => `${methods.map(safe).join(',')} ${safe(path)}`

function permissionLines({ permissions: { granted, rules, unmapped } }: Promotion, names: Names, { paint }: Context): string[] {
  const name = (id: string | null): string => (id === null ? paint.red('no counterpart') : `${names.get(id) ?? ''} ${safe(id)}`.trim())
  const before = granted.map((rule) => [
    '  granted',
    rule.used ? paint.green('✓ used') : paint.dim('– not used'),
    name(rule.connection),
    callText(rule.methods, rule.path),
    '',
  ])
  const after = rules.map((rule) => {
    const many = rule.generalised > 1 ? `, ${rule.generalised} paths as one pattern` : ''
    return [
      `  ${paint.bold('proposed')}`,
      `from ${counted(rule.calls, 'call')}${many}`,
      name(rule.connection),
      callText(rule.methods, rule.path),
    ]
  })
  const open =
    unmapped.length === 0
      ? []
      : [`  ${paint.yellow('not assessed')}: called without a counterpart in production: ${unmapped.map(name).join(', ')}`]
  return [...aligned([...before, ...after]), ...open]
}

const marks = { passed: '✓', failed: '✗', not_assessed: '–' } as const

function checkLines({ checks }: Promotion, { paint }: Context): string[] {
  if (checks.length === 0) return ['  none made yet']
  const styles = { passed: paint.green, failed: paint.red, not_assessed: paint.yellow } as const
  return aligned(
    checks.map(({ name, result, blocking, detail }) => {
      const known = result === 'passed' || result === 'failed' ? result : 'not_assessed'
      const stops = blocking && known !== 'passed' ? paint.red('stops it') : blocking ? '' : paint.dim('does not stop it')
      return [`  ${styles[known](marks[known])}`, safe(name), stops, safe(detail)]
    }),
  )
}

function deciderLines({ approvals, makers, requestedBy }: Promotion, { paint, named }: Context): string[] {
  const given = approvals.given.map(
    ({ person, decision, at }) =>
      `  ${decision === 'approved' ? paint.green('✓') : paint.red('✗')} ${named(person)} ${safe(decision)} it at ${safe(at)}`,
  )
  return [
    `  ${approvals.given.filter((one) => one.decision === 'approved').length} of ${approvals.needed} approvals`,
    ...given,
    `  ${paint.dim('made it, and so may not decide:')}`,
    ...makers.map((maker) => `    ${named(maker)}${maker === requestedBy ? ' (asked for it)' : ''}`),
  ]
}

const stateStyles: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  crossed: 'green',
  approved: 'green',
  rejected: 'red',
  revoked: 'red',
  rolled_back: 'red',
}

/** The next command of a promotion, by where it stands. */
export function nextOf(
  { id, state, channel }: { readonly id: string; readonly state: string; readonly channel: string },
  environment?: string,
): string | undefined {
  const said = safe(id)
  if (state === 'requested' || state === 'checked') return `twinlock promotion check ${said}   (again, when what stops it is mended)`
  if (state === 'in_review') return `twinlock promotion approve ${said}   (as a reviewer who had no hand in it)`
  if (state === 'approved') return `twinlock promotion cross ${said}   (as a deployer who neither made nor reviewed it)`
  if (state === 'crossed')
    return `twinlock artifact pull ${safe(channel)}@${safe(environment ?? '<environment>')}   (as the service, with its own key)`
  return undefined
}

/** The whole diff. `names` are the slugs of connections. */
function promotionLines(promotion: Promotion, names: Names, context: Context): string[] {
  const { paint } = context
  const state = paint[stateStyles[promotion.state] ?? 'yellow'](safe(promotion.state.replace('_', ' ')))
  return [
    `${paint.bold('Promotion')} ${safe(promotion.id)}  ${state}  version ${promotion.version}`,
    `  ${safe(promotion.artifact)} of ${safe(promotion.run)}, ${safe(promotion.sensitivity)}`,
    `  ${safe(promotion.digest)}`,
    `  to the channel ${safe(promotion.channel)}@${safe(promotion.production.environment)}`,
    '',
    paint.bold('Identities: nothing is carried across'),
    ...identityLines(promotion, context),
    '',
    paint.bold('Permissions: what was granted, what was used, what is proposed'),
    ...permissionLines(promotion, names, context),
    '',
    `${paint.bold('Checks of the gate')}  ${paint.dim('✓ passed  ✗ failed  – not assessed')}`,
    ...checkLines(promotion, context),
    '',
    paint.bold('Who decides'),
    ...deciderLines(promotion, context),
  ]
}

async function connectionNames(context: Context): Promise<Names> {
  try {
    return new Map((await listAll(context.api, 'connection:list')).map((one) => [String(one.id), safe(String(one.slug))]))
  } catch (error) {
    // Whoever may not list connections sees their ids.
    if (isProblem(error, 'denied')) return new Map()
    throw error
  }
}

/** What would change hands. */
export const promotionShow: VerbExtra = {
  lines: async (answer, context) => promotionLines(promotionDetailAnswer.parse(answer), await connectionNames(context), context),
  next(answer) {
    const promotion = promotionDetailAnswer.parse(answer)
    const next = nextOf(promotion, promotion.production.environment)
    return next === undefined ? [] : [`Next: ${next}`]
  },
}
