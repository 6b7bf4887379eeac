// How a promotion is shown: a diff of identities and permissions, not a form.
import { z } from 'zod'
import { workloadSpiffeId } from '../credentials/index.ts'
import { digestText, environmentClass, fail, idOf, type Ports, sensitivity, type Tx, toMoment } from '../kernel/index.ts'
import { type Names, namesOf } from '../twins/index.ts'
import type { PromotionFound } from './find-promotion.ts'
import { inGateOrder } from './gate/gate.ts'
import type { Promotion } from './promoted-identity.ts'
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

/** A promotion in a list: with where it goes, who answers for it, and how far its review is. Names are null for what is not there any more. */
export const promotionRow = promotionOutput.extend({
  twinName: z.string().nullable(),
  /** Where it goes. */
  environment: idOf('env'),
  environmentSlug: z.string(),
  environmentClass,
  service: idOf('svc'),
  serviceName: z.string().nullable(),
  owner: idOf('per'),
  ownerName: z.string().nullable(),
  requestedBy: z.string(),
  requestedByName: z.string().nullable(),
  approvalsNeeded: z.number(),
  /** Approvals of the version that it is at. */
  approvalsGiven: z.number(),
  expiresAt: z.string(),
})

const identity = z.object({
  spiffeId: z.string(),
  trustDomain: z.string(),
  environment: z.string(),
  key: z.string(),
  owner: z.string(),
  ownerName: z.string().nullable(),
  ends: z.string(),
})

const approvalGiven = z.object({
  person: z.string(),
  personName: z.string().nullable(),
  decision: z.string(),
  /** The version that was looked at; an approval of an earlier one does not count. */
  version: z.number(),
  at: z.string(),
})

/** A promotion as a reviewer reads it. */
export const promotionDetail = promotionRow.extend({
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
  approvals: z.object({ needed: z.number(), given: z.array(approvalGiven) }),
  /** Who had a hand in it, and so can neither approve nor cross it. */
  makers: z.array(z.string()),
  /** The makers with their names; a run has none. */
  makerNames: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
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

async function approvalCounts(tx: Tx, promotions: readonly Promotion[]): Promise<ReadonlyMap<string, number>> {
  if (promotions.length === 0) return new Map()
  const rows = await tx
    .selectFrom('approval')
    .innerJoin('promotion', (join) =>
      join
        .onRef('promotion.org_id', '=', 'approval.org_id')
        .onRef('promotion.id', '=', 'approval.promotion_id')
        .onRef('promotion.version', '=', 'approval.promotion_version'),
    )
    .select((eb) => ['promotion_id', eb.fn.countAll<number>().as('given')])
    .where(
      'promotion_id',
      'in',
      promotions.map((one) => one.id),
    )
    .where('decision', '=', 'approved')
    .groupBy('promotion_id')
    .execute()
  return new Map(rows.map((row) => [row.promotion_id, Number(row.given)]))
}

/** The rows of promotions, with names and the count of their approvals. */
export async function showPromotionRows(tx: Tx, promotions: readonly Promotion[]): Promise<z.input<typeof promotionRow>[]> {
  if (promotions.length === 0) return []
  const environments = await tx
    .selectFrom('environment')
    .select(['id', 'slug', 'class'])
    .where('id', 'in', [...new Set(promotions.map((one) => one.environment_id))])
    .execute()
  const names = await namesOf(
    tx,
    promotions.flatMap((one) => [one.twin_id, one.workload_id, one.owner_id, one.requested_by]),
  )
  const given = await approvalCounts(tx, promotions)
  return promotions.map((one) => {
    const environment = environments.find(({ id }) => id === one.environment_id)
    if (environment === undefined) throw fail('not_found', 'The environment of a promotion is not there.')
    return {
      ...showPromotionRow(one),
      twinName: names(one.twin_id),
      environment: environment.id,
      environmentSlug: environment.slug,
      environmentClass: environment.class,
      service: one.workload_id,
      serviceName: names(one.workload_id),
      owner: one.owner_id,
      ownerName: names(one.owner_id),
      requestedBy: one.requested_by,
      requestedByName: names(one.requested_by),
      approvalsNeeded: one.approvals_needed,
      approvalsGiven: given.get(one.id) ?? 0,
      expiresAt: one.expires_at.toISOString(),
    }
  })
}

async function identitiesOf(tx: Tx, { promotion, artifact: { run }, target }: PromotionFound, names: Names, ports: Ports) {
  const source = await ports.environments.find(tx, promotion.source_id)
  const workload = await tx.selectFrom('workload').selectAll().where('id', '=', promotion.workload_id).executeTakeFirstOrThrow()
  return {
    test: {
      spiffeId: run.spiffe_id,
      trustDomain: source.trustDomain,
      environment: source.slug,
      key: 'none of its own: its cell’s channel is its proof',
      owner: run.operator_id,
      ownerName: names(run.operator_id),
      ends: run.ended_at === null ? 'with the run' : `ended with the run, ${run.ended_at.toISOString()}`,
    },
    production: {
      spiffeId: workloadSpiffeId(target.trust_domain, workload),
      trustDomain: target.trust_domain,
      environment: target.slug,
      key: promotion.thumbprint ?? workload.thumbprint ?? 'none',
      owner: promotion.owner_id,
      ownerName: names(promotion.owner_id),
      ends: promotion.expires_at.toISOString(),
    },
  }
}

/** The whole shown form of a promotion. */
export async function showPromotion(tx: Tx, found: PromotionFound, ports: Ports): Promise<z.input<typeof promotionDetail>> {
  const { promotion, artifact } = found
  const checks = await tx.selectFrom('promotion_check').selectAll().where('promotion_id', '=', promotion.id).execute()
  const approvals = await tx.selectFrom('approval').selectAll().where('promotion_id', '=', promotion.id).orderBy('at').execute()
  const [row] = await showPromotionRows(tx, [promotion])
  if (row === undefined) throw fail('not_found', 'There is no promotion with this id.')
  const people = [...promotion.makers, artifact.run.operator_id, promotion.owner_id, ...approvals.map((one) => one.person_id)]
  const names = await namesOf(tx, people)
  return {
    ...row,
    digest: artifact.artifact.digest,
    sensitivity: artifact.artifact.sensitivity,
    ...(await identitiesOf(tx, found, names, ports)),
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
      given: approvals.map(({ person_id: person, decision, promotion_version: version, at }) => ({
        person,
        personName: names(person),
        decision,
        version,
        at: at.toISOString(),
      })),
    },
    makers: promotion.makers,
    makerNames: promotion.makers.map((id) => ({ id, name: names(id) })),
    nonce: promotion.nonce,
  }
}
