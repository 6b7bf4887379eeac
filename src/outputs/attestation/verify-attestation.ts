// The one question that is asked of an attestation: does a key that I trust say this kind of thing about exactly these bytes?
// Signature, statement, kind, subject: all four, because each of them alone has let wrong artifacts through elsewhere.
import type { z } from 'zod'
import type { Digest } from '../../kernel/index.ts'
import { fail, fromUtf8, isCoded } from '../../kernel/index.ts'
import type { AttestationKey } from './envelope.ts'
import { verifyEnvelope } from './envelope.ts'
import { Provenance, provenanceType } from './provenance.ts'
import { readAs, readJson } from './read-json.ts'
import type { Statement } from './statement.ts'
import { isAbout, readStatement } from './statement.ts'
import { VerificationSummary, verificationSummaryType } from './verification-summary.ts'

/** The predicates that are read here, by their type. */
export interface Predicates {
  readonly [provenanceType]: Provenance
  readonly [verificationSummaryType]: VerificationSummary
}

/** A predicate type that is read here. */
export type PredicateType = keyof Predicates

const schemas: { readonly [T in PredicateType]: z.ZodType<Predicates[T]> } = {
  [provenanceType]: Provenance,
  [verificationSummaryType]: VerificationSummary,
}

/** What an attestation that holds says, and which of the trusted keys said it. */
export interface VerifiedAttestation<T extends PredicateType> {
  readonly statement: Statement
  readonly predicate: Predicates[T]
  readonly keyId: string
}

/** Verifies that a trusted key says something of this kind about the bytes with this digest. Throws one of the `attestation_…` codes. */
export function verifyAttestation<T extends PredicateType>(
  envelope: unknown,
  expected: { readonly keys: readonly AttestationKey[]; readonly subjectDigest: Digest; readonly predicateType: T },
): VerifiedAttestation<T> {
  const { payload, keyId } = verifyEnvelope(envelope, expected.keys)
  const statement = readStatement(readJson('statement', textOf(payload)))
  if (statement.predicateType !== expected.predicateType) throw fail('attestation_predicate', 'The attestation says another kind of thing.')
  if (!isAbout(statement, expected.subjectDigest)) throw fail('attestation_subject', 'The attestation is about something else.')
  const schema: z.ZodType<Predicates[T]> = schemas[expected.predicateType]
  return { statement, predicate: readAs('predicate', schema, statement.predicate), keyId }
}

function textOf(payload: Uint8Array): string {
  try {
    return fromUtf8(payload)
  } catch (error) {
    if (isCoded(error, 'malformed')) throw fail('attestation_malformed', 'The statement is not UTF-8 text.', { cause: error })
    throw error
  }
}
