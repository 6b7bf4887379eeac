// The text of a checkpoint: which log, how many entries, which root (C2SP tlog-checkpoint). It says nothing until its note has been verified;
// `open-checkpoint.ts` does that.
import { decodeBase64, encodeBase64, parseDecimal } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { formatNote, parseNote } from './note.ts'
import { cosignText, type NoteSigner, signText } from './note-signature.ts'
import { HASH_BYTES } from './tree-hash.ts'

/** The head of a log: its origin (one non-empty line), its number of entries, and the root over them. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** A checkpoint as it was read, with the opaque lines that another log may have added below it (we write none). */
export interface ParsedCheckpoint extends Checkpoint {
  readonly extensions: readonly string[]
}

/** The most extension lines that a checkpoint may have. */
const CHECKPOINT_EXTENSIONS_MAX = 16

/** The most characters that an origin may have. */
const ORIGIN_LENGTH_MAX = 255

/** Writes the text that is signed: origin, size and base64 root, a line each; throws `checkpoint-malformed`. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${encodeBase64(root)}\n`
  if (parseCheckpoint(text).extensions.length > 0) throw malformed('its origin has more than one line')
  return text
}

/** Reads the text of a checkpoint strictly; throws `checkpoint-malformed`. */
export function parseCheckpoint(text: string): ParsedCheckpoint {
  const lines = text.split('\n')
  const [origin = '', sizeText = '', rootText = '', ...below] = lines
  const end = below.pop()
  if (end !== '') throw malformed('it does not have three ended lines')
  if (origin === '' || origin.length > ORIGIN_LENGTH_MAX)
    throw malformed(`its origin is empty or longer than ${ORIGIN_LENGTH_MAX} characters`)
  const size = parseDecimal(sizeText)
  if (size === undefined) throw malformed('its size is not a plain decimal number below 2^53')
  const root = decodeBase64(rootText)
  if (root?.length !== HASH_BYTES) throw malformed(`its root is not the base64 of ${HASH_BYTES} bytes`)
  if (below.length > CHECKPOINT_EXTENSIONS_MAX) throw malformed(`it has more than ${CHECKPOINT_EXTENSIONS_MAX} extension lines`)
  if (below.includes('')) throw malformed('one of its extension lines is empty')
  return { origin, size, root, extensions: below }
}

/**
 * Signs the head of a log as a note; throws `checkpoint-malformed`, `key-type-unsupported`, `key-malformed` when the key's name is not the origin.
 * INVARIANT: the caller has stored this head by compare-and-set before it releases what this returns; a log that signs two heads which do not
 * extend each other has forked.
 */
export function signCheckpoint(signer: NoteSigner, checkpoint: Checkpoint): string {
  if (signer.key.name !== checkpoint.origin) {
    throw new LedgerError(
      'key-malformed',
      `The key is named \`${signer.key.name}\`, the log \`${checkpoint.origin}\`; they must be the same.`,
    )
  }
  const text = formatCheckpoint(checkpoint)
  return formatNote({ text, signatures: [signText(signer, text)] })
}

/** Adds a witness's cosignature to a signed checkpoint, whose own signatures stay; throws what reading it throws. */
export function cosignCheckpoint(witness: NoteSigner, note: string, seenAtSeconds: number): string {
  const { text, signatures } = parseNote(note)
  parseCheckpoint(text)
  return formatNote({ text, signatures: [...signatures, cosignText(witness, text, seenAtSeconds)] })
}

function malformed(why: string): LedgerError {
  return new LedgerError('checkpoint-malformed', `This is not a checkpoint: ${why}.`)
}
