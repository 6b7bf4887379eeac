// The production identity that a promotion makes: it begins with the crossing and ends with the roll back, the supersession by another service, or the
// retirement of its twin. Between promotions a service is pending: registered, able to prove its key, and able to do nothing.
import type { Selectable } from 'kysely'
import { revokeTokensOf } from '../credentials/index.ts'
import type { Tx } from '../kernel/index.ts'
import { proposalSchema } from './proposal.ts'
import type { PromotionTable } from './tables.ts'

/** A promotion's row. */
export type Promotion = Selectable<PromotionTable>

/** Begins the identity: the service is active until the promotion's end, with exactly the permissions that were proposed. Returns how many. */
export async function beginIdentity(tx: Tx, promotion: Promotion): Promise<number> {
  const service = () => tx.updateTable('workload').where('id', '=', promotion.workload_id)
  // Whatever state it is in: who lets a suspended service go on lets it go on as what it is by now, and until then.
  await service().set({ promotion_id: promotion.id, expires_at: promotion.expires_at }).where('state', '<>', 'ended').execute()
  // A service that an administrator or its owner's leaving suspended stays so: a promotion does not overrule them.
  await service().set({ state: 'active' }).where('state', 'in', ['pending', 'active']).execute()
  await service().set({ resumes_as: 'active' }).where('resumes_as', 'is not', null).execute()
  await tx.deleteFrom('permission').where('holder_id', '=', promotion.workload_id).execute()
  const rows = proposalSchema.parse(promotion.proposal).rules.flatMap((rule, at) =>
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

/** Ends the identity: no tokens, no permissions, pending. Returns how many tokens ended. */
export async function endIdentity(tx: Tx, promotion: Pick<Promotion, 'workload_id'>, at: Date): Promise<number> {
  const service = () => tx.updateTable('workload').where('id', '=', promotion.workload_id)
  await service().set({ state: 'pending' }).where('state', '=', 'active').execute()
  await service().set({ resumes_as: 'pending' }).where('resumes_as', 'is not', null).execute()
  await service().set({ promotion_id: null, expires_at: null }).where('state', '<>', 'ended').execute()
  await tx.deleteFrom('permission').where('holder_id', '=', promotion.workload_id).execute()
  return revokeTokensOf(tx, promotion.workload_id, at)
}

/** Points the promotion's channel at its artifact. */
export async function pointChannel(tx: Tx, promotion: Promotion, at: Date): Promise<void> {
  const { artifact_id, id: promotion_id, owner_id } = promotion
  await tx
    .insertInto('channel')
    .values({
      org_id: promotion.org_id,
      environment_id: promotion.environment_id,
      slug: promotion.channel,
      artifact_id,
      promotion_id,
      owner_id,
      changed_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(['org_id', 'environment_id', 'slug']).doUpdateSet({ artifact_id, promotion_id, owner_id, changed_at: at }),
    )
    .execute()
}

/** The promotions that hold a promotion's channel, or are about to: what it ends when it crosses. */
export async function displacedBy(tx: Tx, promotion: Promotion): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('promotion')
    .select('id')
    .where('environment_id', '=', promotion.environment_id)
    .where('channel', '=', promotion.channel)
    .where('state', 'in', ['crossing', 'crossed'])
    .where('id', '<>', promotion.id)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** The promotion that a promotion's channel points at now. */
export async function promotionOnChannel(tx: Tx, promotion: Promotion): Promise<Promotion | undefined> {
  return tx
    .selectFrom('promotion')
    .selectAll()
    .where('id', 'in', (query) =>
      query
        .selectFrom('channel')
        .select('promotion_id')
        .where('channel.environment_id', '=', promotion.environment_id)
        .where('channel.slug', '=', promotion.channel),
    )
    .executeTakeFirst()
}
