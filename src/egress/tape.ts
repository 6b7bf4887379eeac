// The tape as a value: what a run called, in order, and the digest that its provenance carries. Durations are left out of the digest: they prove nothing.
import type { Selectable } from 'kysely'
import { canonicalBytes, type Digest, digestOf, type Sha256, type Tx } from '../kernel/index.ts'
import type { CallTable } from './tables.ts'

/** One recorded call. */
export type Call = Selectable<CallTable>

/** The calls of a holder, in order. */
export async function readTape(tx: Tx, holder: string): Promise<Call[]> {
  return tx.selectFrom('call').selectAll().where('holder_id', '=', holder).orderBy('number').execute()
}

/** The digest of a tape: SHA-256 over the canonical JSON of its calls. */
export function tapeDigest(calls: readonly Call[], sha256: Sha256): Digest {
  const lines = calls.map((call) => ({
    number: call.number,
    connection: call.connection,
    method: call.method,
    path: call.path,
    decision: call.decision,
    code: call.code,
    status: call.status,
    request: call.request_digest,
    response: call.response_digest,
    entry: call.entry_id,
  }))
  return digestOf(canonicalBytes({ v: 1, calls: lines }), sha256)
}
