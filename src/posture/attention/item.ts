// One thing that waits for somebody, and what looking for such things takes. Nothing here decides: who may act is asked of the door's own examiner.
import { z } from 'zod'
import type { Ports, Principal, Tx } from '../../kernel/index.ts'

/** The kinds of things that wait for a person. */
const attentionKinds = [
  'promotion_to_review',
  'promotion_to_cross',
  'promotion_blocked',
  'run_failed',
  'run_frozen',
  'grant_expiring',
  'request_to_decide',
  'request_answered',
  'break_glass_to_review',
  'workload_key_missing',
  'secret_taken_along',
  'broken_glass',
  'recovery_code_used',
  'passkey_copied',
  'passkey_added',
  'recovery_codes_made',
  'provider_changed',
  'provider_not_required',
  'address_changed',
  'directory_token_shown',
  'provider_certificate_ending',
  'domain_proof_missing',
  'set_up_to_accept',
  'ownership_offered',
  'ownership_declined',
  'orphan_found',
  'organization_closing',
  'guest_ending',
  'guest_to_accept',
  'guest_paused',
  'engagement_ending',
  'engagement_to_confirm',
  'engagement_paused',
] as const

/** A thing that waits; dates are in RFC 3339, `action` is what answers it. */
export const attentionItem = z.object({
  kind: z.enum(attentionKinds),
  subject: z.object({ type: z.string(), id: z.string() }),
  title: z.string(),
  why: z.string(),
  since: z.string(),
  until: z.string().nullable().meta({ description: 'When it is too late, where there is such a moment.' }),
  action: z.string().meta({ description: 'The action that answers it.' }),
})

/** A thing that waits. */
export type AttentionItem = z.output<typeof attentionItem>

/** The most things of each kind that are looked at: the oldest. */
export const candidatesMax = 100

/** Who looks, in which transaction; `version` is the take-away version that is decided at, `now` milliseconds since the epoch. */
export interface Looking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly version: number
  readonly now: number
  /** Set when there may be more than was looked at. */
  readonly seen: { truncated: boolean }
}

/** Notes whether there may be more than was found. */
export function bounded<T>(it: Looking, found: T[]): T[] {
  if (found.length >= candidatesMax) it.seen.truncated = true
  return found
}

/** Whether the one who looks may do this to each of several things. Decided as the door would, and about nobody else. */
export async function mayDo(
  it: Looking,
  action: string,
  inputs: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly boolean[]> {
  const { tx, ports, principal, version } = it
  const answers = await ports.examiner.examine(
    tx,
    { principal, version },
    inputs.map((input) => ({ action, input })),
  )
  return answers.map(({ allowed }) => allowed)
}

/** Those of several things to which he may do this. */
export async function onlyWhere<T>(
  it: Looking,
  action: string,
  things: readonly T[],
  inputOf: (thing: T) => Record<string, unknown>,
): Promise<T[]> {
  const may = await mayDo(it, action, things.map(inputOf))
  return things.filter((_, at) => may[at] === true)
}
