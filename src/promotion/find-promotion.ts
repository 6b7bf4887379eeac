// Finding promotions as resources: who made what is to cross, and who has approved it, decide who may act on it.
import type { Selectable } from 'kysely'
import { type Entity, fail, type Located, type ResourceType, sensitivityLevel, type Tx } from '../kernel/index.ts'
import { type ArtifactFound, findArtifact } from '../outputs/index.ts'
import { type EnvironmentTable, findEnvironment } from '../twins/index.ts'
import type { PromotionTable } from './tables.ts'

/** A promotion as a resource. `self` is the workload that it would make, which may prove its key here. */
export const promotionType = {
  name: 'Promotion',
  attributes: { makers: 'Set<String>', reviewers: 'Set<String>', sensitivity: 'Long', self: 'String', state: 'String' },
  parents: ['Twin'],
} as const satisfies ResourceType

/** A promotion with what it is about and the entities that decide over it. */
export interface PromotionFound {
  readonly promotion: Selectable<PromotionTable>
  readonly artifact: ArtifactFound
  readonly target: Selectable<EnvironmentTable>
  readonly reviewers: readonly string[]
  readonly entity: Entity
  readonly above: readonly Entity[]
}

/** Finds a promotion. Throws `not_found`. */
export async function findPromotion(tx: Tx, id: string): Promise<PromotionFound> {
  const promotion = await tx.selectFrom('promotion').selectAll().where('id', '=', id).executeTakeFirst()
  if (promotion === undefined) throw fail('not_found', 'There is no promotion with this id.')
  const artifact = await findArtifact(tx, promotion.artifact_id)
  const target = await findEnvironment(tx, promotion.environment_id)
  const approvals = await tx.selectFrom('approval').select('person_id').where('promotion_id', '=', id).execute()
  const reviewers = approvals.map((row) => row.person_id)
  const attributes = {
    makers: promotion.makers,
    reviewers,
    sensitivity: sensitivityLevel(artifact.artifact.sensitivity),
    self: promotion.workload_id,
    state: promotion.state,
  }
  const entity = { type: 'Promotion', id, attributes, parents: [{ type: 'Twin', id: promotion.twin_id }] }
  return { promotion, artifact, target, reviewers, entity, above: artifact.above }
}

/** A promotion as the door locates it for its review and its crossing. */
export function locatedFor(found: PromotionFound): Located<undefined> {
  return { resource: found.entity, others: found.above, environment: found.target, found: undefined }
}

/**
 * Takes hold of a promotion until the transaction ends, so that of two who move it one waits for the other and sees what he did. Throws `stale` where it
 * is no longer what was decided about: the door then looks and decides again.
 */
export async function holdPromotion(tx: Tx, { id, state, version }: Selectable<PromotionTable>): Promise<void> {
  const held = await tx.selectFrom('promotion').select(['state', 'version']).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  if (held?.state !== state || held.version !== version)
    throw fail('stale', 'Somebody else moved this promotion at the same time.', { next: 'Look at it again.' })
}
