// Sealing a scenario version: one digest over everything that decides what a run of it does. What runs later is compared with it.
import { canonicalBytes, type Digest, digestOf, fail, type Json, type Sha256 } from '../kernel/index.ts'
import { type SecretFinding, scanJson } from './secret-scan/index.ts'

/** Everything that a scenario's digest covers. */
export interface SealedScenario {
  readonly twin: string
  readonly program: string
  readonly slug: string
  readonly version: number
  readonly manifest: Json
  /** The digests of the assets that the manifest names, in its order. */
  readonly assets: readonly string[]
}

/** The digest of a scenario version: SHA-256 over its canonical JSON. */
export function scenarioDigest(scenario: SealedScenario, sha256: Sha256): Digest {
  return digestOf(canonicalBytes({ v: 1, ...scenario }), sha256)
}

/** Refuses what looks like a secret, naming each place and never the secret. Throws `secret_found`. */
export function refuseSecrets(findings: readonly SecretFinding[], what: string): void {
  const first = findings[0]
  if (first === undefined) return
  const places = findings
    .slice(0, 20)
    .map((finding) => `${finding.rule} at ${finding.place.pointer ?? `${finding.place.file}:${finding.place.line}`} (${finding.preview})`)
  throw fail(
    'secret_found',
    `${what} holds ${findings.length === 1 ? 'something' : `${findings.length} things`} that must not be sealed: ${places[0]}.`,
    {
      ...(first.place.pointer === undefined ? {} : { pointer: first.place.pointer }),
      next: 'Keep it as the secret of a connection, and let the broker use it for the run.',
      facts: { findings: places },
    },
  )
}

/** Scans a JSON value at the door. Throws `secret_found`, and `too_large` for one that cannot be scanned whole: unknown is not passed (law 10). */
export function refuseSecretsInJson(name: string, value: Json, ports: { readonly sha256: Sha256 }): void {
  const scan = scanJson(name, value, ports)
  refuseSecrets(scan.findings, name)
  if (scan.truncated !== false)
    throw fail('too_large', `The ${name} is too large to be scanned for secrets: its ${scan.truncated} are over the limit.`)
}
