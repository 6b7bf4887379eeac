// SLSA verification summaries: what the promotion gate concluded, signed, so that a consumer can rely on the gate without seeing its evidence.
// A summary that says FAILED is as well signed as one that says PASSED: whoever acts on one goes through `requirePassed`.
import { z } from 'zod'
import type { Digest } from '../../kernel/index.ts'
import { fail } from '../../kernel/index.ts'
import { instant } from './provenance.ts'
import { readAs } from './read-json.ts'
import { descriptorsMax, digestSet, ResourceDescriptor } from './statement.ts'

/** The predicate type of a verification summary. */
export const verificationSummaryType = 'https://slsa.dev/verification_summary/v1'

const uri = z.string().min(1).max(2048)
const level = z.string().regex(/^[A-Z0-9_]{1,128}$/)

/** The verification summary predicate (slsa.dev/spec/v1.0/verification_summary); unknown members are ignored. */
export const VerificationSummary = z.object({
  verifier: z.object({ id: uri, version: z.record(z.string().max(256), z.string().max(256)).optional() }),
  timeVerified: z.iso.datetime(),
  resourceUri: uri,
  policy: ResourceDescriptor,
  inputAttestations: z.array(ResourceDescriptor).max(descriptorsMax).optional(),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(level).max(64),
  slsaVersion: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
})

/** A verification summary predicate. */
export type VerificationSummary = z.output<typeof VerificationSummary>

/** What the gate concluded about one thing. */
export interface GateConclusion {
  /** Who concluded: the SPIFFE ID of the gate. */
  readonly verifierId: string
  /** What it is about, as it will be fetched or run. */
  readonly resourceUri: string
  readonly policy: { readonly uri: string; readonly digest: Digest }
  /** The attestations that the gate looked at. */
  readonly inputs: readonly { readonly uri: string; readonly digest: Digest }[]
  /** INVARIANT: true only where every check that the gate asks for passed; what was not assessed has not passed. */
  readonly hasPassed: boolean
  /** What holds, as upper-case words; SLSA's own begin with `SLSA_`. Ignored where the gate did not pass. */
  readonly levels: readonly string[]
  readonly at: number
}

/** Tells the gate's conclusion as a verification summary. Throws `attestation_malformed` for values that we would not read back. */
export function summarise(conclusion: GateConclusion): VerificationSummary {
  const { verifierId, resourceUri, policy, inputs, hasPassed, levels, at } = conclusion
  return readAs('verification summary', VerificationSummary, {
    verifier: { id: verifierId },
    timeVerified: instant(at),
    resourceUri,
    policy: descriptor(policy),
    inputAttestations: inputs.map(descriptor),
    verificationResult: hasPassed ? 'PASSED' : 'FAILED',
    verifiedLevels: hasPassed ? [...levels] : [],
    slsaVersion: '1.0',
  })
}

/** Holds a summary to what the consumer needs: this gate, this resource, passed, these levels. Throws `attestation_predicate`. */
export function requirePassed(
  summary: VerificationSummary,
  expected: { readonly verifierId: string; readonly resourceUri: string; readonly levels: readonly string[] },
): void {
  if (summary.verifier.id !== expected.verifierId) throw fail('attestation_predicate', 'The summary is by another verifier.')
  if (summary.resourceUri !== expected.resourceUri) throw fail('attestation_predicate', 'The summary is about another resource.')
  if (summary.verificationResult !== 'PASSED') throw fail('attestation_predicate', 'The summary says that the gate was not passed.')
  const missing = expected.levels.find((wanted) => !summary.verifiedLevels.includes(wanted))
  if (missing !== undefined) throw fail('attestation_predicate', `The summary does not say \`${missing}\`.`)
}

function descriptor({ uri: address, digest }: { readonly uri: string; readonly digest: Digest }): ResourceDescriptor {
  return { uri: address, digest: digestSet(digest) }
}
