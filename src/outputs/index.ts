// The door of `outputs`: what came out. Sealing, provenance, sensitivity, quarantine, export.
import { exportArtifact, listArtifacts, readArtifact } from './actions/look.ts'
import { previewScenario } from './actions/preview.ts'
import { listRunOutputs, readRunOutput } from './actions/run-outputs.ts'
import { followRun, followTogether, markRun, markTogether, watchRun, watchTogether } from './actions/watch.ts'
import { sealArtifact, writeOutput } from './actions/write.ts'

/** What is done to several at once, by the name of its action. */
export const outputsTogether = { [watchRun.name]: watchTogether, [followRun.name]: followTogether, [markRun.name]: markTogether } as const

/** What `outputs` can do. */
export const outputsActions = [
  writeOutput,
  sealArtifact,
  listArtifacts,
  readArtifact,
  exportArtifact,
  previewScenario,
  listRunOutputs,
  readRunOutput,
  watchRun,
  followRun,
  markRun,
] as const
export { readArtifact } from './actions/look.ts'
export { type ArtifactManifest, artifactDigest, artifactFile, artifactManifest } from './artifact-manifest.ts'
export { artifactRow, artifactRows } from './artifact-row.ts'
export {
  type AttestationKey,
  makeStatement,
  provenanceType,
  readRun,
  requirePassed,
  summarise,
  verificationSummaryType,
  verifyAttestation,
} from './attestation/index.ts'
export type { OutputsErrorCode } from './error-codes.ts'
export { type ArtifactFound, artifactType, findArtifact } from './find-artifact.ts'
export { openCallsMax, type RunPlace, type runNews, runPlace } from './run-news.ts'
export { sensitivitySource } from './sensitivity.ts'
export { attest, attestationKeys } from './sign.ts'
export type { ArtifactTable, AttestationTable, OutputFileTable } from './tables.ts'
