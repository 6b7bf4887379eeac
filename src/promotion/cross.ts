// Crossing: the new identity becomes active, the channel moves, what the lineage still held is taken away, a signed summary says so. All in one
// transaction, after the decision to cross is in a signed checkpoint. INVARIANT: nothing here runs twice; the state is the commit point.
import { revokeTokensOf } from '../credentials/index.ts'
import { canonicalBytes, type Digest, digestOf, fail, type Json, type Ports, type Tx } from '../kernel/index.ts'
import { attest, makeStatement, provenanceType, summarise, verificationSummaryType } from '../outputs/index.ts'
import type { PromotionFound } from './find-promotion.ts'
import { assessGate, stopping } from './gate/gate.ts'
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

async function givePermissions(tx: Tx, { promotion }: PromotionFound): Promise<number> {
  const { rules } = proposalSchema.parse(promotion.proposal)
  await tx.deleteFrom('permission').where('holder_id', '=', promotion.workload_id).execute()
  const rows = rules.flatMap((rule, at) =>
    rule.connection === null
      ? []
      : [
          {
            org_id: promotion.org_id,
            holder_id: promotion.workload_id,
            number: at + 1,
            connection_id: rule.connection,
            methods: rule.methods,
            path: rule.path,
            origin_id: promotion.id,
          },
        ],
  )
  if (rows.length > 0) await tx.insertInto('permission').values(rows).execute()
  return rows.length
}

async function moveChannel(tx: Tx, { promotion }: PromotionFound, at: Date): Promise<string | null> {
  const before = await tx
    .selectFrom('channel')
    .select('promotion_id')
    .where('environment_id', '=', promotion.environment_id)
    .where('slug', '=', promotion.channel)
    .executeTakeFirst()
  const row = {
    org_id: promotion.org_id,
    environment_id: promotion.environment_id,
    slug: promotion.channel,
    artifact_id: promotion.artifact_id,
    promotion_id: promotion.id,
    owner_id: promotion.owner_id,
    changed_at: at,
  }
  const { artifact_id, promotion_id, owner_id, changed_at } = row
  await tx
    .insertInto('channel')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['org_id', 'environment_id', 'slug']).doUpdateSet({ artifact_id, promotion_id, owner_id, changed_at }),
    )
    .execute()
  if (before === undefined) return null
  await tx
    .updateTable('promotion')
    .set({ state: 'superseded' })
    .where('id', '=', before.promotion_id)
    .where('state', '=', 'crossed')
    .execute()
  return before.promotion_id
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

/** Completes a crossing. */
export async function completeCrossing(tx: Tx, found: PromotionFound, ports: Ports): Promise<Crossed> {
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
  if (moved.numUpdatedRows === 0n) throw fail('wrong_state', 'This promotion is not crossing.')
  await tx
    .updateTable('workload')
    .set({ state: 'active', promotion_id: promotion.id, expires_at: promotion.expires_at })
    .where('id', '=', promotion.workload_id)
    .where('state', 'in', ['pending', 'active'])
    .execute()
  const rules = await givePermissions(tx, found)
  const superseded = await moveChannel(tx, found, at)
  await tx.updateTable('artifact').set({ state: 'promoted' }).where('id', '=', promotion.artifact_id).execute()
  const tokensEnded = await revokeTokensOf(tx, promotion.run_id, at)
  await attestCrossing(tx, found, at, ports)
  return { tokensEnded, superseded, rules }
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** Whether an entry is covered by a checkpoint that was signed and released. */
    isInCheckpoint(tx: Tx, entry: string): Promise<boolean>
  }
}
