// Trying a guardrail before it is in force: what its examples come to, and who could do what no more, or again. The door's decision is asked on the scopes of the
// grants that people and workloads hold, in every environment and at every sensitivity, with the guardrail and without it; nothing is written.
import { z } from 'zod'
import {
  examplesOf,
  findGuardrail,
  type Guardrail,
  guardrailShape,
  inForce,
  ownGuardrail,
  type Policy,
  requireSound,
  rulesNow,
  verdictOn,
  withGuardrail,
} from '../../access/index.ts'
import {
  action,
  type EnvironmentRef,
  organizationEntity,
  organizationType,
  type Ports,
  type Sensitivity,
  sensitivities,
  sensitivity,
  sensitivityLevel,
  slugText,
  type Tx,
} from '../../kernel/index.ts'
import { type HolderFound, holdersFound } from './paths/holders.ts'

/** How many people and workloads one answer compares, and how many differences it names. */
export const triedMax = 500
const differencesMax = 500
const bodyBytesMax = 131_072

const difference = z.object({
  principal: z.string(),
  name: z.string(),
  action: z.string(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()).meta({ description: 'The environments in which it makes a difference.' }),
  from: sensitivity.meta({ description: 'The least sensitive thing that it makes a difference for.' }),
})
type Difference = z.output<typeof difference>

const tried = z.object({
  example: z.string(),
  expected: z.enum(['allowed', 'denied']),
  decided: z.enum(['allowed', 'denied']),
  policies: z.array(z.string()),
  holds: z.boolean(),
})

interface Trying {
  readonly tx: Tx
  readonly ports: Ports
  readonly version: number
  readonly environments: readonly EnvironmentRef[]
}

function actionsOf(ports: Ports, { role, actions }: HolderFound['grants'][number]): readonly string[] {
  return role === null ? actions : [...ports.grantable].filter(([, held]) => held.some((one) => one === role)).map(([name]) => name)
}

interface Compared {
  readonly holder: HolderFound
  readonly action: string
  readonly above: readonly { readonly type: string; readonly id: string }[]
  readonly more: readonly Policy[]
  readonly less: readonly Policy[]
}

/** Where somebody may do an action by some policies and may not by others: at the least sensitivity that shows it. */
function differs(
  { ports, version, environments }: Trying,
  it: Compared,
): { readonly from: Sensitivity; readonly places: string[] } | undefined {
  const who = { principal: { ...it.holder.principal, authenticatedAt: ports.clock.now() }, version }
  const isSensitive = ports.guardrails.words.get(it.action)?.attributes.sensitivity === 'Long'
  for (const from of isSensitive ? sensitivities : (['public'] as const)) {
    const places = [undefined, ...environments].filter((environment) => {
      const known = isSensitive ? { sensitivity: sensitivityLevel(from) } : {}
      const supposed = { action: it.action, above: it.above, known, ...(environment && { environment }) }
      return ports.examiner.suppose(who, it.less, supposed).allowed && !ports.examiner.suppose(who, it.more, supposed).allowed
    })
    if (places.length > 0) return { from, places: places.flatMap((one) => one?.id ?? []) }
  }
  return undefined
}

interface Beside {
  /** The guardrails of the organization that take something away, */
  readonly more: readonly Policy[]
  /** against these. */
  readonly less: readonly Policy[]
}

/** What one holder loses on the scope of one grant. */
async function lostBy(it: Trying, holder: HolderFound, grant: HolderFound['grants'][number], beside: Beside): Promise<Difference[]> {
  const own = holder.policies.filter(({ id }) => !id.startsWith(ownGuardrail))
  const scope = { type: grant.scope_type, id: grant.scope_id }
  const above = (await it.ports.scopes.above(it.tx, scope)) ?? []
  const [more, less] = [
    [...own, ...beside.more],
    [...own, ...beside.less],
  ]
  const { id: principal, name } = holder.principal
  return actionsOf(it.ports, grant).flatMap((one) => {
    const told = differs(it, { holder, action: one, above, more, less })
    return told === undefined ? [] : [{ principal, name, action: one, scope, environments: told.places, from: told.from }]
  })
}

/** What everybody loses, each action on each scope once. */
async function lost(it: Trying, holders: readonly HolderFound[], beside: Beside): Promise<Difference[]> {
  const found = new Map<string, Difference>()
  for (const holder of holders.slice(0, triedMax))
    for (const grant of holder.grants) {
      if (found.size >= differencesMax) return [...found.values()].slice(0, differencesMax)
      for (const one of await lostBy(it, holder, grant, beside)) found.set(`${one.principal} ${one.action} ${one.scope.id}`, one)
    }
  return [...found.values()].slice(0, differencesMax)
}

/** Says what a guardrail would come to. */
export const tryGuardrail = action({
  name: 'guardrail:try',
  summary:
    'Say what a guardrail, or a change of it, would come to: what its examples say, and who could do what no more, or again. Nothing is changed.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  bodyBytesMax,
  input: z.strictObject({
    guardrail: slugText,
    policy: guardrailShape.policy.optional(),
    environmentClasses: guardrailShape.environmentClasses.optional(),
    sensitivity: guardrailShape.sensitivity.nullable().optional(),
  }),
  output: z.object({
    inForce: z.string().meta({ description: 'The policy that would be decided by.' }),
    examples: z.array(tried),
    loses: z.array(difference).meta({ description: 'Asked on things that nobody has had a hand in, of somebody who has just signed in.' }),
    gains: z.array(difference),
    cut: z
      .boolean()
      .meta({ description: `Whether there are more than ${triedMax} holders or ${differencesMax} differences; the first are shown.` }),
  }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findGuardrail(tx, input.guardrail),
  }),
  async perform({ input, found, tx, ports, principal, allowed }) {
    const row: Guardrail = {
      ...found,
      policy: input.policy ?? found.policy,
      environment_classes: input.environmentClasses ?? found.environment_classes,
      sensitivity: input.sensitivity === undefined ? found.sensitivity : input.sensitivity,
    }
    await requireSound({ tx, ports, org: principal.org }, row)
    const now = await rulesNow(tx)
    const then = withGuardrail(now, row)
    const examples = (await examplesOf(tx)).filter(
      (one) => one.guardrail === row.slug || one.guardrail === null || isActive(now, one.guardrail),
    )
    const environments = await tx.selectFrom('environment').select(['id', 'class']).where('state', '=', 'active').orderBy('id').execute()
    const it = { tx, ports, version: allowed.version, environments }
    const holders = await holdersFound(tx, ports)
    const [before, after] = [now.guardrails.map(inForce), then.guardrails.map(inForce)]
    const loses = await lost(it, holders, { more: after, less: before })
    const gains = found.state === 'active' ? await lost(it, holders, { more: before, less: after }) : []
    const cut = holders.length > triedMax || loses.length >= differencesMax || gains.length >= differencesMax
    const verdicts = examples.map((one) => ({ ...verdictOn(ports, principal.org, one, then) }))
    return {
      result: { inForce: inForce(row).text, examples: verdicts.map((one) => ({ ...one, policies: [...one.policies] })), loses, gains, cut },
    }
  },
})

function isActive({ guardrails }: { readonly guardrails: readonly Guardrail[] }, slug: string): boolean {
  return guardrails.some((one) => one.slug === slug)
}
