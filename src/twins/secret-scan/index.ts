// The door of the secret scan: texts, files and JSON values in, places out. It answers with findings and decides nothing.
export {
  type ScanLimit,
  type ScanLimits,
  type ScanPorts,
  type SecretFinding,
  type SecretPlace,
  type SecretScan,
  scanLimits,
} from './finding.ts'
export { type Masked, maskSecrets, maskSecretsInJson } from './mask-secrets.ts'
export { scanBytes } from './scan-bytes.ts'
export { scanJson } from './scan-json.ts'
export { scanText } from './scan-text.ts'
