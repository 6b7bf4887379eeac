// How a promotion is shown: a diff of identities and permissions, not a form.
import { z } from 'zod'
import { workloadSpiffeId } from '../credentials/index.ts'
import { digestText, idOf, type Ports, sensitivity, type Tx, toMoment } from '../kernel/index.ts'
import type { PromotionFound } from './find-promotion.ts'
import { gateChecks } from './gate/gate.ts'
import { proposalSchema } from './proposal.ts'

/** A promotion in a list. */
export const promotionOutput = z.object({
  id: idOf('prm'),
  artifact: idOf('art'),
  run: idOf('run'),
  twin: idOf('twn'),
  state: z.enum([
    'requested',
    'checked',
    'in_review',
    'approved',
    'rejected',
    'crossing',
    'crossed',
    'superseded',
    'rolled_back',
    'revoked',
  ]),
  channel: z.string(),
  requestedAt: z.string(),
  crossedAt: z.string().nullable(),
  version: z.number(),
})

const identity = z.object({
  spiffeId: z.string(),
  trustDomain: z.string(),
  environment: z.string(),
  key: z.string(),
  owner: z.string(),
  ends: z.string(),
})

/** A promotion as a reviewer reads it. */
export const promotionDetail = promotionOutput.extend({
  digest: digestText,
  sensitivity,
  test: identity,
  production: identity,
  permissions: proposalSchema,
  checks: z.array(
    z.object({
      name: z.string(),
      result: z.enum(['passed', 'failed', 'not_assessed']),
      blocking: z.boolean(),
      detail: z.string(),
      facts: z.json(),
    }),
  ),
  approvals: z.object({ needed: z.number(), given: z.array(z.object({ person: z.string(), decision: z.string(), at: z.string() })) }),
  /** Who had a hand in it, and so can neither approve nor cross it. */
  makers: z.array(z.string()),
  requestedBy: z.string(),
  nonce: z.string(),
})

/** The shown form of a promotion's row. */
export function showPromotionRow(promotion: PromotionFound['promotion']): z.input<typeof promotionOutput> {
  return {
    id: promotion.id,
    artifact: promotion.artifact_id,
    run: promotion.run_id,
    twin: promotion.twin_id,
    state: promotion.state,
    channel: promotion.channel,
    requestedAt: promotion.requested_at.toISOString(),
    crossedAt: toMoment(promotion.crossed_at),
    version: promotion.version,
  }
}

async function identitiesOf(tx: Tx, { promotion, artifact: { run }, target }: PromotionFound, ports: Ports) {
  const source = await ports.environments.find(tx, promotion.source_id)
  const workload = await tx.selectFrom('workload').selectAll().where('id', '=', promotion.workload_id).executeTakeFirstOrThrow()
  return {
    test: {
      spiffeId: run.spiffe_id,
      trustDomain: source.trustDomain,
      environment: source.slug,
      key: 'none of its own: its cell’s channel is its proof',
      owner: run.operator_id,
      ends: run.ended_at === null ? 'with the run' : `ended with the run, ${run.ended_at.toISOString()}`,
    },
    production: {
      spiffeId: workloadSpiffeId(target.trust_domain, workload),
      trustDomain: target.trust_domain,
      environment: target.slug,
      key: promotion.thumbprint ?? workload.thumbprint ?? 'none',
      owner: promotion.owner_id,
      ends: promotion.expires_at.toISOString(),
    },
  }
}

/** Checks in the order of the gate, which is the order in which a reviewer reads them. */
function inGateOrder<T extends { readonly name: string }>(checks: readonly T[]): T[] {
  const place = (check: T) => gateChecks.findIndex((one) => one.name === check.name)
  return [...checks].sort((a, b) => place(a) - place(b))
}

/** The whole shown form of a promotion. */
export async function showPromotion(tx: Tx, found: PromotionFound, ports: Ports): Promise<z.input<typeof promotionDetail>> {
  const { promotion, artifact } = found
  const checks = await tx.selectFrom('promotion_check').selectAll().where('promotion_id', '=', promotion.id).execute()
  const approvals = await tx.selectFrom('approval').selectAll().where('promotion_id', '=', promotion.id).orderBy('at').execute()
  return {
    ...showPromotionRow(promotion),
    digest: artifact.artifact.digest,
    sensitivity: artifact.artifact.sensitivity,
    ...(await identitiesOf(tx, found, ports)),
    permissions: proposalSchema.parse(promotion.proposal),
    checks: inGateOrder(checks).map(({ name, result, blocking, detail, facts }) => ({
      name,
      result,
      blocking,
      detail,
      facts: z.json().parse(facts),
    })),
    approvals: {
      needed: promotion.approvals_needed,
      given: approvals.map(({ person_id, decision, at }) => ({ person: person_id, decision, at: at.toISOString() })),
    },
    makers: promotion.makers,
    requestedBy: promotion.requested_by,
    nonce: promotion.nonce,
  }
}
