// Signed notes: a text and, below a blank line, one line per signature (C2SP signed-note). Parsing makes no statement about who signed; a parsed
// note is attacker-controlled until `verify-note.ts` has checked it against known keys.
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64 } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { isKeyName, readKeyId } from './verifier-key.ts'

/** The most characters a signed note may have; room for 64 post-quantum signatures. */
export const NOTE_LENGTH_MAX = 524_288

/** The most signatures a note may carry (the specification asks for at least 16). */
const NOTE_SIGNATURES_MAX = 64

/** One signature line: the key's name and id as they stand there, and the signature bytes after the id. */
export interface NoteSignature {
  readonly name: string
  readonly keyId: number
  readonly signature: Uint8Array
}

/** A note: its text, which ends with a newline, and its signatures in the order of their lines. */
export interface SignedNote {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

const KEY_ID_BYTES = 4
const LINE_START = '— '

/** The text of a note's bytes; throws `note-too-large`, or `note-malformed` when they are not UTF-8. */
export function decodeNote(bytes: Uint8Array): string {
  if (bytes.length > NOTE_LENGTH_MAX) throw tooLarge(bytes.length)
  const text = decodeUtf8(bytes)
  if (text === undefined) throw malformed('it is not valid UTF-8')
  return text
}

/** Writes a note; throws `note-malformed` for what could not be read again. */
export function formatNote({ text, signatures }: SignedNote): string {
  const note = `${text}\n${signatures.map(formatSignature).join('')}`
  // Writing is rare, and a note that its own parser refuses would be found out only by its readers.
  parseNote(note)
  return note
}

/** Reads a note strictly, without checking any signature; throws `note-too-large`, `note-malformed`. */
export function parseNote(note: string): SignedNote {
  if (note.length > NOTE_LENGTH_MAX) throw tooLarge(note.length)
  if (!note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note)) throw malformed('it has a control character or half a character')
  const split = note.lastIndexOf('\n\n')
  if (split < 0) throw malformed('no blank line divides its text from its signatures')
  const lines = note.slice(split + 2)
  if (lines === '') throw malformed('it has no signature')
  return { text: note.slice(0, split + 1), signatures: parseSignatures(lines) }
}

/** Reads signature lines alone, as a witness answers them; throws `note-too-large`, `note-malformed`. */
export function parseSignatures(lines: string): NoteSignature[] {
  if (lines.length > NOTE_LENGTH_MAX) throw tooLarge(lines.length)
  if (!lines.endsWith('\n')) throw malformed('its last line is not ended')
  const each = lines.split('\n').slice(0, -1)
  if (each.length > NOTE_SIGNATURES_MAX) throw malformed(`it has ${each.length} signatures; the limit is ${NOTE_SIGNATURES_MAX}`)
  return each.map(parseSignature)
}

/** One signature as a line: em dash, space, key name, space, base64 of key id and signature, newline. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const id = Uint8Array.of(keyId >>> 24, keyId >>> 16, keyId >>> 8, keyId)
  return `${LINE_START}${name} ${encodeBase64(concatBytes([id, signature]))}\n`
}

function parseSignature(line: string): NoteSignature {
  const [name, base64, ...rest] = line.startsWith(LINE_START) ? line.slice(LINE_START.length).split(' ') : []
  const bytes = base64 === undefined ? undefined : decodeBase64(base64)
  if (name === undefined || bytes === undefined || rest.length > 0 || !isKeyName(name) || bytes.length <= KEY_ID_BYTES) {
    throw malformed('a signature line is not `— <name> <base64>`')
  }
  return { name, keyId: readKeyId(bytes), signature: bytes.slice(KEY_ID_BYTES) }
}

function tooLarge(length: number): LedgerError {
  return new LedgerError('note-too-large', `The note has ${length} characters; the limit is ${NOTE_LENGTH_MAX}.`)
}

function malformed(why: string): LedgerError {
  return new LedgerError('note-malformed', `This is not a signed note: ${why}.`)
}
