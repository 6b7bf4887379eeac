// Promotions that wait: for a reviewer, for a deployer, for whoever asked for them and cannot go on, for whoever answers for a key that is not proved.
import type { Tx } from '../../kernel/index.ts'
import { namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

interface Waiting {
  readonly id: string
  readonly twin_id: string
  readonly channel: string
  readonly environment_id: string
  readonly workload_id: string
  readonly requested_at: Date
  readonly key_proved_at: Date | null
}

const columns = ['id', 'twin_id', 'channel', 'environment_id', 'workload_id', 'requested_at', 'key_proved_at'] as const

const inState = (tx: Tx, states: readonly ('requested' | 'checked' | 'in_review' | 'approved')[]) =>
  tx
    .selectFrom('promotion')
    .select([...columns])
    .where('state', 'in', [...states])
    .orderBy('id')
    .limit(candidatesMax)

type Saying = Pick<AttentionItem, 'kind' | 'action'> & { readonly why: (one: Waiting) => string }

async function items(tx: Tx, waiting: readonly Waiting[], { kind, action, why }: Saying): Promise<AttentionItem[]> {
  const nameOf = await namesOf(
    tx,
    waiting.flatMap(({ twin_id, environment_id }) => [twin_id, environment_id]),
  )
  return waiting.map((one) => ({
    kind,
    subject: { type: 'Promotion', id: one.id },
    title: `${nameOf(one.twin_id) ?? one.twin_id} to ${one.channel}@${nameOf(one.environment_id) ?? one.environment_id}`,
    why: why(one),
    since: one.requested_at.toISOString(),
    until: null,
    action,
  }))
}

const inputOf = ({ id }: Waiting) => ({ promotion: id })

/** In review, the caller may approve them, and has not decided on what is there now. */
export async function toReview(it: Looking): Promise<AttentionItem[]> {
  const undecided = await inState(it.tx, ['in_review'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('approval')
            .select('person_id')
            .whereRef('approval.promotion_id', '=', 'promotion.id')
            .whereRef('approval.promotion_version', '=', 'promotion.version')
            .where('approval.person_id', '=', it.principal.id),
        ),
      ),
    )
    .execute()
  const mine = await onlyWhere(it, 'promotion:approve', bounded(it, undecided), inputOf)
  return items(it.tx, mine, {
    kind: 'promotion_to_review',
    action: 'promotion:approve',
    why: () => 'The gate has passed it, and you had no hand in it: approve or reject it.',
  })
}

/** Approved, and the caller may carry them across. */
export async function toCross(it: Looking): Promise<AttentionItem[]> {
  const approved = bounded(it, await inState(it.tx, ['approved']).execute())
  const mine = await onlyWhere(it, 'promotion:cross', approved, inputOf)
  return items(it.tx, mine, { kind: 'promotion_to_cross', action: 'promotion:cross', why: () => 'It is approved: carry it across.' })
}

/** What of these checks stops: named, because the names are the product's own; what each found is content. */
async function stopsOf(tx: Tx, promotions: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const stops = new Map<string, string[]>()
  if (promotions.length === 0) return stops
  const rows = await tx
    .selectFrom('promotion_check')
    .select(['promotion_id', 'name'])
    .where('promotion_id', 'in', [...promotions])
    .where('blocking', '=', true)
    .where('result', '!=', 'passed')
    .orderBy('name')
    .execute()
  for (const { promotion_id, name } of rows) stops.set(promotion_id, [...(stops.get(promotion_id) ?? []), name])
  return stops
}

/** Stopped by the gate, and the caller asked for them, owns what they would make, or answers for the pipeline that asked. */
export async function blocked(it: Looking): Promise<AttentionItem[]> {
  const me = it.principal.id
  const mine = await inState(it.tx, ['checked'])
    .where((eb) =>
      eb.or([
        eb('requested_by', '=', me),
        eb('owner_id', '=', me),
        eb('requested_by', 'in', eb.selectFrom('workload').select('workload.id').where('workload.owner_id', '=', me)),
      ]),
    )
    .execute()
  const stops = await stopsOf(
    it.tx,
    mine.map(({ id }) => id),
  )
  const why = ({ id }: Waiting) => `The gate stops it: ${stops.get(id)?.join(', ') ?? 'it was not assessed'}.`
  return items(it.tx, bounded(it, mine), { kind: 'promotion_blocked', action: 'promotion:check', why })
}

/** Asked for, and the service that it would make active has not proved its key; the caller answers for that service. */
export async function keyMissing(it: Looking): Promise<AttentionItem[]> {
  const waiting = await inState(it.tx, ['requested', 'checked', 'in_review'])
    .where('key_proved_at', 'is', null)
    .where('workload_id', 'in', (eb) => eb.selectFrom('workload').select('workload.id').where('workload.owner_id', '=', it.principal.id))
    .execute()
  const said = await items(it.tx, bounded(it, waiting), {
    kind: 'workload_key_missing',
    action: 'promotion:prove-key',
    why: ({ id }) => `The service has not proved its key for ${id} yet; only it can.`,
  })
  return said.map((item, at) => ({ ...item, subject: { type: 'Workload', id: waiting[at]?.workload_id ?? '' } }))
}
