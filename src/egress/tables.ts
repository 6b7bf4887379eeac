// The tape: one row for every call that a run or a promoted workload made, allowed or refused, with the entry that recorded the decision.
// An attacker who can write here can hide a call from a replay; the ledger still holds it, and the seal of the tape no longer matches.

/** One call. `state` is `unknown` when the server went away between decision and outcome. */
export interface CallTable {
  org_id: string
  id: string
  holder_id: string
  number: number
  connection_id: string | null
  connection: string
  method: string
  path: string
  decision: 'allowed' | 'denied'
  code: string | null
  state: 'decided' | 'settled' | 'unknown'
  status: number | null
  request_digest: string
  response_digest: string | null
  response_bytes: number | null
  duration_ms: number | null
  entry_id: string
  at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    call: CallTable
  }
}
