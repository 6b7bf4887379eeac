// What an attestation says, read out of its envelope without checking its signature: whether it holds is a check that the server makes. A key id in an
// envelope is not signed, and proves nothing.
import type { Json } from '../../api/generated/api.ts'
import { bytesOf } from './content.ts'

/** What an attestation says. */
export interface Said {
  /** What it is said about, by name and SHA-256. */
  readonly subjects: readonly { readonly name: string; readonly sha256: string }[]
  readonly predicate: Json
  /** The trust domain that says that it built it; undefined where the statement does not say. */
  readonly builder: string | undefined
  /** What its signatures call their keys. */
  readonly keys: readonly string[]
}

type Names = { readonly [name: string]: Json }

const namesOf = (value: Json | undefined): Names =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Names) : {} // what is left of JSON is an object
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** Reads an envelope; undefined when it is none, or holds no JSON. */
export function readEnvelope(envelope: Json): Said | undefined {
  const { payload, signatures } = namesOf(envelope)
  const text = textOf(payload)
  if (text === undefined) return undefined
  try {
    const statement = namesOf(JSON.parse(new TextDecoder().decode(bytesOf(text))) as Json) // JSON is what it parses
    const { subject, predicate = null } = statement
    return {
      subjects: listOf(subject).map((one) => {
        const { name, digest } = namesOf(one)
        return { name: textOf(name) ?? '', sha256: textOf(namesOf(digest).sha256) ?? '' }
      }),
      predicate,
      builder: textOf(namesOf(namesOf(namesOf(predicate).runDetails).builder).id),
      keys: listOf(signatures).flatMap((one) => textOf(namesOf(one).keyid) || []),
    }
  } catch {
    return undefined // no base64, or no JSON: its text is shown as it is
  }
}
