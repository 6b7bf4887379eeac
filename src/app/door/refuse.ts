// What is kept of a refusal: who was refused, what, and by which code. Never the input itself, which is the attacker's.
import type { Capability, EntryId, Located, Ports, Principal, Tx } from '../../kernel/index.ts'
import { composeEntry, type EntryDraft } from '../entry.ts'
import { recordRefusal } from './record.ts'
import type { Last } from './together-port.ts'

/** A request that was refused, or failed. */
export interface Refusing {
  readonly capability: Capability
  readonly principal: Principal
  readonly located: Located<unknown> | undefined
  readonly input: unknown
  readonly code: string
  readonly entry: EntryId
  readonly request: { readonly requestId: string }
}

/** Races that the product's own parts lose to each other: the winner's act is recorded. */
const races = new Set(['conflict', 'not_found', 'claim_lost', 'run_not_live', 'wrong_state'])

const denials = new Set(['denied', 'step_up_required'])

/** Whether a refusal is recorded: every denial; failures of what would have left an entry; not the races of our own parts. */
export function recordsRefusal(capability: Capability, principal: Principal, code: string): boolean {
  if (principal.kind === 'system' && races.has(code)) return false
  return denials.has(code) || (capability.effect !== 'read' && capability.effect !== 'pulse')
}

/** Records a refusal, and lets the action keep what it leaves behind. */
export async function refuse(tx: Tx, it: Refusing, ports: Ports, last: Last): Promise<void> {
  const { capability, principal, located, code, entry } = it
  const draft: EntryDraft = {
    id: entry,
    at: ports.clock.now(),
    action: capability.name,
    outcome: denials.has(code) ? 'denied' : 'failed',
    principal,
    resource: located === undefined ? { type: capability.resource.name, id: '' } : { type: located.resource.type, id: located.resource.id },
    environment: located?.environment,
    policies: [],
    code,
    request: it.request.requestId,
  }
  recordRefusal(last, composeEntry(draft, ports), draft)
  if (it.input !== undefined) await capability.refused({ input: it.input, tx, ports, principal, entry, code })
}
