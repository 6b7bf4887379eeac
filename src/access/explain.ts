// Why: from the ids that a decision names to the policies behind them, down to their text, and to the grants that they came from; and which grants of
// somebody would be of the right kind but do not reach. It explains a decision and makes none. Whoever shows this decides who may see it.
import type { Selectable } from 'kysely'
import { boundsOf } from '../identity/index.ts'
import { type EntityRef, type Ports, type Tx, toMoment } from '../kernel/index.ts'
import { grantPolicy, grantsHeld } from './grants.ts'
import { inForce } from './guardrails/in-force.ts'
import { boundCondition, boundForbids } from './guests/bounded-policies.ts'
import { meaningOf } from './meanings.ts'
import type { GrantTable } from './tables.ts'

/** A grant as an explanation shows it. */
export interface ExplainedGrant {
  readonly id: string
  readonly role: string | null
  readonly actions: string[]
  readonly scope: { readonly type: string; readonly id: string }
  readonly environments: string[]
  readonly notBefore: string | null
  readonly expiresAt: string | null
  /** The run whose end is the grant's. */
  readonly untilRun: string | null
  /** The batch whose end is the grant's. */
  readonly untilBatch: string | null
  /** The group that it was given to; null where it was given to the holder himself. */
  readonly through: string | null
  readonly givenBy: string
}

/** A policy that decided. */
export interface ExplainedPolicy {
  readonly id: string
  readonly kind: 'grant' | 'guardrail' | 'shipped' | 'permission'
  /** Whether the organization wrote it itself: who may read such policies is not everybody. */
  readonly isOwn: boolean
  /** What it says, for people; null where its text says it all. */
  readonly meaning: string | null
  /** Its Cedar text; null where it is no longer there. */
  readonly text: string | null
  readonly grant: ExplainedGrant | null
}

/** A grant of the right kind that does not reach. */
export interface NearMiss {
  readonly grant: ExplainedGrant
  readonly why: 'not-begun' | 'over' | 'another-scope-or-environment'
}

/** A grant as an explanation about `holder` shows it. */
export function explained(row: Selectable<GrantTable>, holder: EntityRef): ExplainedGrant {
  return {
    id: row.id,
    role: row.role,
    actions: row.actions,
    scope: { type: row.scope_type, id: row.scope_id },
    environments: row.environments,
    notBefore: toMoment(row.not_before),
    expiresAt: toMoment(row.expires_at),
    untilRun: row.until_run,
    untilBatch: row.until_batch,
    through: row.principal_id === holder.id ? null : row.principal_id,
    givenBy: row.given_by,
  }
}

/** What is behind the ids of a decision about `holder`. */
export async function explainPolicies(tx: Tx, ports: Ports, ids: readonly string[], holder: EntityRef): Promise<ExplainedPolicy[]> {
  const grants = new Map((await grantsHeld(tx, holder.id)).map((row) => [row.id, row]))
  const own = new Map(
    (await tx.selectFrom('guardrail').selectAll().where('state', '=', 'active').execute()).map((row) => [inForce(row).id, row]),
  )
  const bounds = await boundsOf(tx, holder.id)
  const bound = boundCondition(bounds)
  const forbids = new Map(boundForbids(bounds).map((one) => [one.id, one.text]))
  const shipped = new Map(ports.decider.shipped.map(({ id, text }) => [id, text]))
  return ids.map((id) => {
    const row = grants.get(id)
    if (row !== undefined) {
      return { id, kind: 'grant', isOwn: false, meaning: null, text: grantPolicy(row, holder, bound).text, grant: explained(row, holder) }
    }
    const guardrail = own.get(id)
    if (guardrail !== undefined)
      return { id, kind: 'guardrail', isOwn: true, meaning: guardrail.title, text: inForce(guardrail).text, grant: null }
    const forbid = forbids.get(id)
    if (forbid !== undefined) return { id, kind: 'guardrail', isOwn: false, meaning: meaningOf(id) ?? null, text: forbid, grant: null }
    const text = shipped.get(id) ?? null
    const kind = text === null ? 'permission' : id.startsWith('guardrail/') ? 'guardrail' : 'shipped'
    return { id, kind, isOwn: false, meaning: meaningOf(id) ?? null, text, grant: null }
  })
}

function whyNot(row: Selectable<GrantTable>, now: number): NearMiss['why'] {
  if (row.expires_at !== null && row.expires_at.getTime() <= now) return 'over'
  return row.not_before !== null && row.not_before.getTime() > now ? 'not-begun' : 'another-scope-or-environment'
}

/** The grants of `holder` that hold an action and did not allow it. */
export async function nearMisses(tx: Tx, ports: Ports, action: string, holder: EntityRef): Promise<NearMiss[]> {
  const roles = ports.grantable.get(action) ?? []
  const held = await grantsHeld(tx, holder.id)
  return held
    .filter((row) => (row.role === null ? row.actions.includes(action) : roles.includes(row.role)))
    .map((row) => ({ grant: explained(row, holder), why: whyNot(row, ports.clock.now()) }))
}
