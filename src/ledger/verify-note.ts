// From a note that someone handed in to a text that a known key signed. Unknown signatures are ignored, as the specification demands, because that
// is how keys rotate and witnesses join; a wrong signature under a known key condemns the whole note.
import { LedgerError } from './errors.ts'
import { parseNote } from './note.ts'
import { type VerifiedSignature, verifySignature } from './note-signature.ts'
import type { Ed25519Verify } from './ports.ts'
import type { VerifierKey } from './verifier-key.ts'

/** A note whose text may be believed: at least one of the given keys signed it, and none of them is under a wrong signature. */
export interface VerifiedNote {
  readonly text: string
  readonly signatures: readonly VerifiedSignature[]
}

/**
 * Reads a note and verifies each signature whose key name and id are those of a given key.
 * Throws `note-too-large`, `note-malformed`, `signature-invalid`, or `note-unsigned` when none of the keys signed it.
 */
export function verifyNote(verify: Ed25519Verify, note: string, keys: readonly VerifierKey[]): VerifiedNote {
  const { text, signatures } = parseNote(note)
  const verified = signatures.flatMap(({ name, keyId, signature }) => {
    const known = keys.filter((key) => key.name === name && key.keyId === keyId)
    return known.map((key) => verifySignature(verify, key, text, signature))
  })
  if (verified.length > 0) return { text, signatures: verified }
  throw new LedgerError('note-unsigned', 'None of the known keys signed this note.')
}
