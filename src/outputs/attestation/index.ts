// The door of attestations: statements, envelopes, predicates, bundles. Pure: keys and signatures are behind ports.
export {
  type AttestationKey,
  type AttestationSigner,
  Envelope,
  payloadBytesMax,
  signStatement,
  type VerifiedPayload,
  verifyEnvelope,
} from './envelope.ts'
export type { AttestationErrorCode } from './error-codes.ts'
export { describeRun, Provenance, provenanceType, readRun, type SimulationRun, simulationRunType } from './provenance.ts'
export { bundleMediaType, readBundle, type SigstoreBundle, wrapBundle } from './sigstore-bundle.ts'
export { makeStatement, type NamedDigest, readStatement, type Statement, statementPayloadType, statementType } from './statement.ts'
export { type GateConclusion, requirePassed, summarise, VerificationSummary, verificationSummaryType } from './verification-summary.ts'
export { type Predicates, type PredicateType, type VerifiedAttestation, verifyAttestation } from './verify-attestation.ts'
