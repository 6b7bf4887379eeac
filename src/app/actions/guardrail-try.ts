// Trying a guardrail before it is in force: what its examples come to, and who could do what no more, or again. The door's decision is asked on the scopes of the
// grants that people and workloads hold, in every environment and at every sensitivity, with the guardrail and without it; nothing is written.
import { z } from 'zod'
import {
  examplesOf,
  findGuardrail,
  type Guardrail,
  guardrailShape,
  inForce,
  requireSound,
  rulesNow,
  verdictOn,
  withGuardrail,
} from '../../access/index.ts'
import { action, organizationEntity, organizationType, slugText } from '../../kernel/index.ts'
import { foreseeRules, holdersMax } from './paths/foresee-rules.ts'
import { difference, looksAt } from './paths/shown.ts'

const bodyBytesMax = 131_072

const tried = z.object({
  example: z.string(),
  expected: z.enum(['allowed', 'denied']),
  decided: z.enum(['allowed', 'denied']),
  policies: z.array(z.string()),
  holds: z.boolean(),
})

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
    looksAt,
    cut: z
      .boolean()
      .meta({ description: `Whether there are more than ${holdersMax} holders, or too many differences; the first are shown.` }),
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
    const it = { tx, ports, org: principal.org, version: allowed.version }
    const [before, after] = [now.guardrails.map(inForce), then.guardrails.map(inForce)]
    const foreseen = await foreseeRules(it, { before, after })
    const verdicts = examples.map((one) => ({ ...verdictOn(ports, principal.org, one, then) }))
    return {
      result: {
        inForce: inForce(row).text,
        examples: verdicts.map((one) => ({ ...one, policies: [...one.policies] })),
        loses: [...foreseen.loses],
        gains: [...foreseen.gains],
        looksAt: [...foreseen.looksAt],
        cut: foreseen.cut,
      },
    }
  },
})

function isActive({ guardrails }: { readonly guardrails: readonly Guardrail[] }, slug: string): boolean {
  return guardrails.some((one) => one.slug === slug)
}
