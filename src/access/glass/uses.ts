// Uses of break-glass: which wait for their review, since when, and how they are answered. The reason lies beside the entry of the use, while nobody erased it.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { fail, idOf, type Tx, toMoment } from '../../kernel/index.ts'
import { called } from '../called.ts'
import { reasonsOf } from '../held-grants.ts'
import type { BreakGlassReviewTable, GrantTable } from '../tables.ts'

/** How long a use may wait for its review before its holder cannot break the glass again. */
export const reviewWithinMs = 24 * 3_600_000
/** How many uses of one person may wait for their review at a time. */
const unreviewedMax = 3

/** A grant that its holder gave to himself. */
export type Use = Selectable<GrantTable>

/** The uses that wait for a review, as a query. */
export function unreviewed(tx: Tx) {
  return usesIn(tx).where('id', 'not in', (eb) => eb.selectFrom('break_glass_review').select('grant_id'))
}

/** All uses, as a query. */
export function usesIn(tx: Tx) {
  return tx.selectFrom('grant').selectAll().where('break_glass', '=', true)
}

/** Whether a use waits for its review for too long, were it not reviewed. */
function isOverdue({ created_at }: Pick<Use, 'created_at'>, now: number): boolean {
  return now - created_at.getTime() > reviewWithinMs
}

/** Whether a use of somebody waits for its review for too long. */
export async function hasOverdue(tx: Tx, person: string, now: number): Promise<boolean> {
  return (await unreviewed(tx).where('principal_id', '=', person).execute()).some((one) => isOverdue(one, now))
}

/** Refuses a use more than may wait for their reviews. Throws `too_large`. */
export async function requireRoom(tx: Tx, person: string): Promise<void> {
  if ((await unreviewed(tx).where('principal_id', '=', person).execute()).length < unreviewedMax) return
  throw fail('too_large', `At most ${unreviewedMax} uses of one person wait for their review at a time.`, {
    next: 'Have them reviewed first, by somebody else: `twinlock grant review`.',
  })
}

/** Whether a use still gives anything. */
export function isLive({ revoked_at, expires_at }: Pick<Use, 'revoked_at' | 'expires_at'>, now: number): boolean {
  return revoked_at === null && (expires_at?.getTime() ?? 0) > now
}

/** A use as it is answered. */
export const useOutput = z.object({
  id: idOf('grt'),
  person: idOf('per'),
  personName: z.string(),
  role: z.string(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()).meta({ description: 'Everywhere when empty.' }),
  usedAt: z.string(),
  expiresAt: z.string(),
  endedAt: z.string().nullable().meta({ description: 'When it was taken away before its end.' }),
  isLive: z.boolean(),
  reason: z.string().nullable().meta({ description: 'Null where the text was erased.' }),
  overdue: z.boolean().meta({ description: 'Whether it waits for its review for more than a day.' }),
  review: z.object({ verdict: z.enum(['justified', 'not_justified']), by: idOf('per'), byName: z.string(), at: z.string() }).nullable(),
})

type Review = Selectable<BreakGlassReviewTable>

async function reviewsOf(tx: Tx, uses: readonly string[]): Promise<ReadonlyMap<string, Review>> {
  const rows = await tx.selectFrom('break_glass_review').selectAll().where('grant_id', 'in', uses).execute()
  return new Map(rows.map((row) => [row.grant_id, row]))
}

/** Uses as they are answered, at `now` in milliseconds since the epoch. */
export async function shownUses(tx: Tx, uses: readonly Use[], now: number): Promise<z.input<typeof useOutput>[]> {
  const ids = uses.map(({ id }) => id)
  if (ids.length === 0) return []
  const reviews = await reviewsOf(tx, ids)
  const names = await called(tx, [...uses.map((use) => use.principal_id), ...[...reviews.values()].map((one) => one.reviewed_by)])
  const reasons = await reasonsOf(tx, ids)
  const nameOf = (id: string): string => names.get(id) ?? id
  const reviewed = ({ verdict, reviewed_by: by, reviewed_at }: Review) => ({
    verdict,
    by,
    byName: nameOf(by),
    at: reviewed_at.toISOString(),
  })
  return uses.map((use) => {
    const review = reviews.get(use.id)
    return {
      id: use.id,
      person: use.principal_id,
      personName: nameOf(use.principal_id),
      role: use.role ?? '',
      scope: { type: use.scope_type, id: use.scope_id },
      environments: use.environments,
      usedAt: use.created_at.toISOString(),
      expiresAt: (use.expires_at ?? use.created_at).toISOString(),
      endedAt: toMoment(use.revoked_at),
      isLive: isLive(use, now),
      reason: reasons.get(use.id) ?? null,
      overdue: review === undefined && isOverdue(use, now),
      review: review === undefined ? null : reviewed(review),
    }
  })
}
