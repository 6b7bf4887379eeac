// The in-toto Statement: which bytes (subjects, by digest) something is said about, and of which kind that something is.
// A statement proves nothing about an artifact until its subject's digest has been compared with the artifact's: `verifyAttestation` does that.
import { z } from 'zod'
import type { Digest, Json } from '../../kernel/index.ts'
import { fail, isDigest } from '../../kernel/index.ts'
import { readAs } from './read-json.ts'

/** The type of the statements that we make (in-toto attestation framework v1). */
export const statementType = 'https://in-toto.io/Statement/v1'
/** The media type of a statement inside of an envelope. */
export const statementPayloadType = 'application/vnd.in-toto+json'
/** The most subjects, dependencies or other descriptors in one list. */
export const descriptorsMax = 1024

// Cosign still writes v0.1, whose subjects have the same form.
const readableTypes = [statementType, 'https://in-toto.io/Statement/v0.1'] as const
const text = z.string().max(2048)
const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/)

/** Digests by algorithm name in lower-case hexadecimal; where there is a sha256 it has 64 digits (in-toto DigestSet). */
const DigestSet = z
  .record(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), z.string().regex(/^[0-9a-f]{8,256}$/))
  .refine((set) => Object.keys(set).length <= 16, 'has at most 16 digests')
  .refine((set) => set.sha256 === undefined || sha256Hex.safeParse(set.sha256).success, 'sha256 has 64 digits')

/** A thing, by name, address or digest: at least one of the three (in-toto ResourceDescriptor). */
export const ResourceDescriptor = z
  .object({ name: text.optional(), uri: text.optional(), digest: DigestSet.optional(), mediaType: text.optional() })
  .refine(({ name, uri, digest }) => (name ?? uri ?? digest) !== undefined, 'needs a name, a uri or a digest')

const Subject = z.object({ name: text.optional(), digest: DigestSet.refine((set) => Object.keys(set).length > 0, 'needs a digest') })

const Statement = z.object({
  _type: z.enum(readableTypes),
  subject: z.array(Subject).min(1).max(descriptorsMax),
  predicateType: text.min(1),
  predicate: z.record(z.string(), z.json()).optional(),
})

/** Digests by algorithm name. */
export type DigestSet = z.output<typeof DigestSet>
/** A thing, by name, address or digest. */
export type ResourceDescriptor = z.output<typeof ResourceDescriptor>
/** A statement, read. Its predicate is read further by whoever asked for its type. */
export type Statement = z.output<typeof Statement>

/** Something with a digest that a statement is about, or that was used. */
export interface NamedDigest {
  readonly name: string
  readonly digest: Digest
}

/** Makes a statement about one or more things. Throws `invalid` for none, or for a digest that is not one. */
export function makeStatement(
  subjects: readonly NamedDigest[],
  predicateType: string,
  predicate: { readonly [name: string]: Json | undefined },
): Statement {
  if (subjects.length === 0) throw fail('invalid', 'A statement is about at least one thing.')
  const subject = subjects.map(({ name, digest }) => ({ name, digest: digestSet(digest) }))
  return readStatement({ _type: statementType, subject, predicateType, predicate })
}

/** Reads a statement, v1 or v0.1. Throws `attestation_malformed`. */
export function readStatement(value: unknown): Statement {
  return readAs('statement', Statement, value)
}

/** A digest in in-toto's form. Throws `invalid` for what is not a digest. */
export function digestSet(digest: Digest): { sha256: string } {
  if (!isDigest(digest)) throw fail('invalid', 'A digest is `sha256:` and 64 hexadecimal digits.')
  return { sha256: digest.slice('sha256:'.length) }
}

/** Whether a statement is about the thing with this digest. */
export function isAbout(statement: Statement, digest: Digest): boolean {
  const { sha256 } = digestSet(digest)
  return statement.subject.some((subject) => subject.digest.sha256 === sha256)
}
