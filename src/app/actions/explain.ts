// Why somebody may or may not do something: the policies that decided, the grants behind them, what is missing, and who could grant it. Answered by the
// steps of the door itself. About himself everybody may ask, and is told neither who gave him something nor the text of a guardrail that his organization wrote,
// which may name others; about others an administrator or an auditor may. What cannot be decided about is `unknown`, which is neither yes nor no.
import { z } from 'zod'
import { type ExaminedAnswer, type ExplainedGrant, type ExplainedPolicy, explainPolicies, nearMisses } from '../../access/index.ts'
import { sessionType } from '../../identity/index.ts'
import { action, idOf, isId, principalRef } from '../../kernel/index.ts'
import { granter, grantersFor, grantWouldHelp } from './access.ts'
import { askedAbout, subjectOf } from './subject.ts'

const bodyBytesMax = 131_072

const grant = z.object({
  id: z.string(),
  role: z.string().nullable(),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  notBefore: z.string().nullable(),
  expiresAt: z.string().nullable(),
  untilRun: z.string().nullable(),
  untilBatch: z.string().nullable(),
  through: z.string().nullable().meta({ description: 'The group that it was given to; null where it was given directly.' }),
  givenBy: z.string().nullable().meta({ description: 'Shown to those who may ask about others.' }),
})

const explanation = z.object({
  principal: z.string(),
  action: z.string(),
  outcome: z
    .enum(['allowed', 'denied', 'unknown'])
    .meta({ description: '`unknown` where nothing was decided: there is no such action or thing, or the question is none.' }),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  policies: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['grant', 'guardrail', 'shipped', 'permission']),
      meaning: z.string().nullable(),
      text: z.string().nullable().meta({
        description: 'The Cedar policy. That of a guardrail of your own organization is shown to those who may ask about others.',
      }),
      grant: grant.nullable(),
    }),
  ),
  missing: z.object({
    roles: z.array(z.string()).meta({ description: 'Each of these would hold it; none where no grant helps.' }),
    near: z
      .array(z.object({ grant, why: z.enum(['not-begun', 'over', 'another-scope-or-environment']) }))
      .meta({ description: 'Grants of the right kind that do not reach.' }),
  }),
  grantedBy: z.array(granter).meta({ description: 'People who could grant what is missing.' }),
})

const outcomeOf = ({ allowed, code }: ExaminedAnswer): 'allowed' | 'denied' | 'unknown' =>
  allowed ? 'allowed' : code === 'denied' ? 'denied' : 'unknown'

/** Explains one decision, without acting. */
export const explainAccess = action({
  name: 'access:explain',
  summary:
    'Say why somebody may or may not do something: the policies that decide, the grants behind them, what is missing, who could grant it.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person', 'pipeline', 'agent', 'service'],
  resource: sessionType,
  bodyBytesMax,
  input: z.strictObject({
    principal: z
      .union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc')])
      .optional()
      .meta({ description: 'Yourself where it is left out.' }),
    action: z.string().max(60).meta({ description: 'A capability, as `noun:verb`.' }),
    input: z.record(z.string().max(60), z.json()).default({}).meta({ description: 'What the action would be given.' }),
  }),
  output: explanation,
  locate: async ({ input, principal }) => ({ resource: askedAbout(principal, input.principal ?? principal.id), found: undefined }),
  async perform({ input, tx, ports, principal, allowed }) {
    const isOwn = (input.principal ?? principal.id) === principal.id
    const mayKnow = allowed.policies.some((id) => isId('grt', id))
    const about = isOwn ? principal : await subjectOf(tx, ports, input.principal ?? '')
    const who = { principal: about, version: allowed.version }
    const [answer] = await ports.examiner.examine(tx, who, [{ action: input.action, input: input.input }])
    if (answer === undefined) throw new Error('A question was not answered.')
    const seen = <T extends ExplainedGrant>(one: T) => ({ ...one, givenBy: mayKnow ? one.givenBy : null })
    const read = ({ isOwn: isOfOrganization, text, grant: behind, ...one }: ExplainedPolicy) => ({
      ...one,
      text: isOfOrganization && !mayKnow ? null : text,
      grant: behind === null ? null : seen(behind),
    })
    const policies = await explainPolicies(tx, ports, answer.policies, principalRef(about))
    const near = grantWouldHelp(answer) ? await nearMisses(tx, ports, answer.besides ?? input.action, principalRef(about)) : []
    return {
      result: {
        principal: about.id,
        action: input.action,
        outcome: outcomeOf(answer),
        code: answer.code,
        detail: answer.detail,
        policies: policies.map(read),
        missing: {
          roles: answer.allowed ? [] : [...answer.roles],
          near: near.map((one) => ({ ...one, grant: seen(one.grant) })),
        },
        grantedBy: grantWouldHelp(answer) ? await grantersFor(tx, ports, who, answer.on) : [],
      },
    }
  },
})
