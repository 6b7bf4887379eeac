// The door of `credentials`: what proves it. Issuers and signers per environment, tokens, private-key JWTs, sealed secrets.
import { listKeys, retireKey, rewrapAll, rotateKey } from './actions/key.ts'
import { createWorkload, issueToken, listWorkloads, suspendWorkload } from './actions/workload.ts'
import { rotateWorkload } from './actions/workload-rotate.ts'
import { showWorkload } from './actions/workload-show.ts'

/** What `credentials` can do. */
export const credentialsActions = [
  createWorkload,
  listWorkloads,
  showWorkload,
  rotateWorkload,
  suspendWorkload,
  issueToken,
  listKeys,
  rotateKey,
  retireKey,
  rewrapAll,
] as const
export { workloadType } from './actions/workload.ts'
export { authenticateAssertion, type ProvedWorkload } from './authenticate-assertion.ts'
export {
  authenticateToken,
  decidedAs,
  organizationOfToken,
  type RunDirectory,
  workloadPrincipal,
  workloadSpiffeId,
} from './authenticate-token.ts'
export type { CredentialsErrorCode } from './error-codes.ts'
export { workloadStop, workloadsOfPeople } from './holders.ts'
export { issuerUrl, readIssuer, sideOf } from './issuer.ts'
export {
  EcJwk,
  type Es256Sign,
  type Es256Verify,
  formatSpiffeId,
  parseJwt,
  parseSpiffeId,
  signJwt,
  thumbprint,
  verifyJwt,
} from './jose/index.ts'
export { activeKey, createEnvironmentKeys, createKey, keysOf, keyToUse, publicKeys, signWith } from './keys.ts'
export { type MintedToken, mintToken, revokeTokensOf, runTokenSecondsMax, type TokenOrder, workloadTokenSecondsMax } from './mint.ts'
export type {
  EnvironmentFacts,
  Environments,
  KeyToUse,
  OkpJwk,
  ProductionWarrant,
  Promotions,
  SealedFor,
  Signers,
  Vault,
  WorkloadPart,
} from './ports.ts'
export type { CredentialTable, KeyPurpose, SecretTable, Side, SigningKeyTable } from './tables.ts'
