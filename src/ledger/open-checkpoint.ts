// From a note that someone handed in to a head of the log that the reader asked about: signed by the log itself, seen by enough witnesses. What the
// reader trusts is in `LogTrust`, from their own configuration; nothing in the note can add to it.
import { encodeBase64 } from './bytes.ts'
import { type ParsedCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { LedgerError } from './errors.ts'
import { parseNote } from './note.ts'
import type { VerifiedSignature } from './note-signature.ts'
import type { Ed25519Verify } from './ports.ts'
import { SIGNATURE_TYPE, type VerifierKey } from './verifier-key.ts'
import { verifyNote } from './verify-note.ts'

/**
 * What a reader trusts about one log: its origin, its keys (type 01, named as the origin; several while one is being rotated), the witnesses
 * (type 04), and how many of them must have cosigned. Zero witnesses means that a log which shows different heads to different readers is not found out.
 */
export interface LogTrust {
  readonly origin: string
  readonly logKeys: readonly VerifierKey[]
  readonly witnessKeys: readonly VerifierKey[]
  readonly witnessQuorum: number
}

/** A head that may be believed: the checkpoint, and the verified signatures of the log and of witnesses. */
export interface OpenedCheckpoint {
  readonly checkpoint: ParsedCheckpoint
  readonly signatures: readonly VerifiedSignature[]
}

/**
 * Verifies a signed checkpoint of the trusted log.
 * Throws `origin-mismatch`, `note-unsigned`, `signature-invalid`, `witness-quorum-missing`, `key-malformed`, `key-type-unsupported`, `note-too-large`,
 * `note-malformed`, `checkpoint-malformed`.
 */
export function openCheckpoint(verify: Ed25519Verify, note: string, trust: LogTrust): OpenedCheckpoint {
  assertTrust(trust)
  const claimed = parseCheckpoint(parseNote(note).text)
  if (claimed.origin !== trust.origin) {
    throw new LedgerError('origin-mismatch', `This is a checkpoint of \`${claimed.origin}\`, not of \`${trust.origin}\`.`)
  }
  const { text, signatures } = verifyNote(verify, note, [...trust.logKeys, ...trust.witnessKeys])
  if (!signatures.some(({ key }) => key.type === SIGNATURE_TYPE.ed25519)) {
    throw new LedgerError('note-unsigned', `Witnesses signed this checkpoint, but no known key of \`${trust.origin}\` did.`)
  }
  assertQuorum(signatures, trust.witnessQuorum)
  return { checkpoint: parseCheckpoint(text), signatures }
}

function assertQuorum(signatures: readonly VerifiedSignature[], quorum: number): void {
  const witnesses = signatures.filter(({ key }) => key.type === SIGNATURE_TYPE.cosignatureV1)
  // Counted by public key: this kind of cosignature does not sign the witness's name, so one key under two names is one witness.
  const distinct = new Set(witnesses.map(({ key }) => encodeBase64(key.publicKey))).size
  if (distinct >= quorum) return
  throw new LedgerError('witness-quorum-missing', `${distinct} known witnesses cosigned this checkpoint; ${quorum} must have.`)
}

// A mistaken configuration must not weaken what is checked: a witness among the log's keys could sign heads of its own, and so could another log.
function assertTrust({ origin, logKeys, witnessKeys, witnessQuorum }: LogTrust): void {
  const stranger = logKeys.find((key) => key.name !== origin)
  if (stranger !== undefined)
    throw new LedgerError('key-malformed', `The log key is named \`${stranger.name}\`, but the log is \`${origin}\`.`)
  const typesFit =
    logKeys.every(({ type }) => type === SIGNATURE_TYPE.ed25519) && witnessKeys.every(({ type }) => type === SIGNATURE_TYPE.cosignatureV1)
  if (!typesFit) throw new LedgerError('key-type-unsupported', 'Keys of a log have signature type 1, keys of witnesses have type 4.')
  if (!Number.isInteger(witnessQuorum) || witnessQuorum < 0) {
    throw new LedgerError('witness-quorum-missing', `A quorum is a whole number of witnesses, not ${witnessQuorum}.`)
  }
}
