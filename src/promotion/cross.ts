// Crossing: the new identity becomes active, the channel moves, what the lineage still held is taken away, a signed summary says so. All in one
// transaction, after the decision to cross is in a signed checkpoint. INVARIANT: nothing here runs twice; the state is the commit point.
import { revokeTokensOf } from '../credentials/index.ts'
import { canonicalBytes, type Digest, digestOf, fail, type Json, type Ports, type Tx } from '../kernel/index.ts'
import { attest, makeStatement, provenanceType, summarise, verificationSummaryType } from '../outputs/index.ts'
import type { PromotionFound } from './find-promotion.ts'
import { assessGate, stopping } from './gate/gate.ts'
import { beginIdentity, endIdentity, type Promotion, pointChannel, promotionOnChannel } from './promoted-identity.ts'
import { proposalSchema } from './proposal.ts'

/** What crossing changed. */
export interface Crossed {
  readonly tokensEnded: number
  readonly superseded: string | null
  readonly rules: number
}

/** Makes every check again, as late as possible. Throws `gate_failed` naming what stops it. */
export async function requireGate(tx: Tx, found: PromotionFound, ports: Ports): Promise<void> {
  const stops = stopping(await assessGate({ ...found, proposal: proposalSchema.parse(found.promotion.proposal), tx, ports }))
  const first = stops[0]
  if (first !== undefined)
    throw fail('gate_failed', `The gate stops this: ${first.name}: ${first.detail}`, { facts: { checks: stops.map((one) => one.name) } })
}

/** Takes the channel over. The promotion that it pointed at is superseded, and its identity ends where it was another service's. */
async function takeOverChannel(tx: Tx, promotion: Promotion, at: Date): Promise<string | null> {
  const before = await promotionOnChannel(tx, promotion)
  await pointChannel(tx, promotion, at)
  if (before === undefined || before.id === promotion.id) return null
  await tx.updateTable('promotion').set({ state: 'superseded' }).where('id', '=', before.id).where('state', '=', 'crossed').execute()
  if (before.workload_id !== promotion.workload_id) await endIdentity(tx, before, at)
  return before.id
}

async function attestCrossing(tx: Tx, found: PromotionFound, at: Date, ports: Ports): Promise<void> {
  const { promotion, artifact, target } = found
  const digest = artifact.artifact.digest as Digest // the column holds digests alone
  const summary = summarise({
    verifierId: `spiffe://${target.trust_domain}/service/twinlock-gate`,
    resourceUri: `${ports.baseUrl}/channels/${promotion.channel}@${target.slug}`,
    policy: {
      uri: `${ports.baseUrl}/promotions/${promotion.id}`,
      digest: digestOf(canonicalBytes(promotion.proposal as Json), ports.sha256),
    },
    inputs: [{ uri: provenanceType, digest }],
    hasPassed: true,
    levels: ['TWINLOCK_PROMOTED'],
    at: at.getTime(),
  })
  const statement = makeStatement([{ name: promotion.artifact_id, digest }], verificationSummaryType, summary)
  await attest(
    tx,
    { org: promotion.org_id, environment: target.id, subject: promotion.artifact_id, id: `${promotion.id}/summary` },
    statement,
    ports,
  )
}

/** Completes a crossing; answers nothing where somebody else completed it before. Throws `wrong_state` for one that is not to be completed. */
export async function completeCrossing(tx: Tx, found: PromotionFound, ports: Ports): Promise<Crossed | undefined> {
  const { promotion } = found
  if (promotion.cross_entry === null || !(await ports.isInCheckpoint(tx, promotion.cross_entry))) {
    throw fail('wrong_state', 'The decision to cross is not in a signed checkpoint yet.')
  }
  const at = new Date(ports.clock.now())
  const moved = await tx
    .updateTable('promotion')
    .set({ state: 'crossed', crossed_at: at })
    .where('id', '=', promotion.id)
    .where('state', '=', 'crossing')
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) return requireCrossed(tx, promotion.id)
  const rules = await beginIdentity(tx, promotion)
  const superseded = await takeOverChannel(tx, promotion, at)
  await tx.updateTable('artifact').set({ state: 'promoted' }).where('id', '=', promotion.artifact_id).execute()
  const tokensEnded = await revokeTokensOf(tx, promotion.run_id, at)
  await attestCrossing(tx, found, at, ports)
  return { tokensEnded, superseded, rules }
}

async function requireCrossed(tx: Tx, id: string): Promise<undefined> {
  const { state } = await tx.selectFrom('promotion').select('state').where('id', '=', id).executeTakeFirstOrThrow()
  if (state !== 'crossed') throw fail('wrong_state', `This promotion is ${state}; it is not crossing.`)
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** Whether an entry is covered by a checkpoint that was signed and released. */
    isInCheckpoint(tx: Tx, entry: string): Promise<boolean>
  }
}
