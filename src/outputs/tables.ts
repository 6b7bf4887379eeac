// The tables of `outputs`: files that runs wrote, sealed artifacts, attestations.
// An attacker who can write here can hide an artifact; he cannot make one that verifies, since its digest is signed and recorded.
import type { Sensitivity } from '../kernel/index.ts'

/** A file that a run wrote, before it is sealed. */
export interface OutputFileTable {
  org_id: string
  run_id: string
  name: string
  /** Its place among the files of its run: 1, 2, 3 … in the order in which they were committed. */
  number: number
  media_type: string
  digest: string
  bytes: number
  findings: unknown
  at: Date
}

/** What came out of a run, sealed. `because` says where its sensitivity comes from. */
export interface ArtifactTable {
  org_id: string
  id: string
  run_id: string
  twin_id: string
  digest: string
  manifest: unknown
  sensitivity: Sensitivity
  because: unknown
  findings: unknown
  state: 'quarantined' | 'promoted' | 'destroyed'
  sealed_at: Date
}

/** A signed statement about something. */
export interface AttestationTable {
  org_id: string
  id: string
  subject_id: string
  predicate_type: string
  envelope: unknown
  at: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    output_file: OutputFileTable
    artifact: ArtifactTable
    attestation: AttestationTable
  }
}
