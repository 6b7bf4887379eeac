// Receipts: that one entry is in the log, in a text of its own that can be checked offline for as long as the keys are known (C2SP tlog-proof@v1,
// file extension `.tlog-proof`). A receipt comes from whoever wants to be believed; `verify-receipt.ts` decides.
import { decodeBase64, encodeBase64, parseDecimal } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { NOTE_LENGTH_MAX, parseNote } from './note.ts'
import { HASH_BYTES } from './tree-hash.ts'
import { PROOF_HASHES_MAX } from './verify-proof.ts'

/** A receipt's parts; `extra` is opaque, signed by nobody, and must not be believed. */
export interface Receipt {
  readonly index: number
  readonly proof: readonly Uint8Array[]
  readonly checkpoint: string
  readonly extra?: Uint8Array
}

/** The most bytes of opaque extra data that a receipt may carry. */
const RECEIPT_EXTRA_BYTES_MAX = 65_536

/** The most characters that a receipt may have: a full note, the longest proof and the extra data. */
export const RECEIPT_LENGTH_MAX = NOTE_LENGTH_MAX + 131_072

const HEADER = 'c2sp.org/tlog-proof@v1'

/** Writes a receipt; `checkpoint` is the signed note, with all its signatures; throws `receipt-malformed` for what could not be read again. */
export function formatReceipt({ index, proof, checkpoint, extra }: Receipt): string {
  const extraLine = extra === undefined ? '' : `extra ${encodeBase64(extra)}\n`
  const hashes = proof.map((hash) => `${encodeBase64(hash)}\n`).join('')
  const receipt = `${HEADER}\n${extraLine}index ${index}\n${hashes}\n${checkpoint}`
  parseReceipt(receipt)
  return receipt
}

/** Reads a receipt strictly, without checking what it claims; throws `receipt-malformed`, `note-too-large`, `note-malformed`. */
export function parseReceipt(text: string): Receipt {
  if (text.length > RECEIPT_LENGTH_MAX) throw malformed(`it has ${text.length} characters; the limit is ${RECEIPT_LENGTH_MAX}`)
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('no blank line divides the proof from the checkpoint')
  const [header, ...lines] = text.slice(0, split).split('\n')
  if (header !== HEADER) throw malformed(`its first line is not \`${HEADER}\``)
  const extra = lines[0]?.startsWith('extra ') ? parseExtra(lines.shift()) : undefined
  const index = parseIndex(lines.shift())
  if (lines.length > PROOF_HASHES_MAX) throw malformed(`it has ${lines.length} hashes; the limit is ${PROOF_HASHES_MAX}`)
  const checkpoint = text.slice(split + 2)
  parseNote(checkpoint)
  return { index, proof: lines.map(parseHash), checkpoint, ...(extra === undefined ? {} : { extra }) }
}

function parseExtra(line: string | undefined): Uint8Array {
  const extra = decodeBase64(line?.slice('extra '.length) ?? '')
  if (extra === undefined || extra.length === 0) throw malformed('its extra data is not base64')
  if (extra.length > RECEIPT_EXTRA_BYTES_MAX) throw malformed(`its extra data has more than ${RECEIPT_EXTRA_BYTES_MAX} bytes`)
  return extra
}

function parseIndex(line: string | undefined): number {
  const index = line?.startsWith('index ') ? parseDecimal(line.slice('index '.length)) : undefined
  if (index === undefined) throw malformed('it has no line `index <number below 2^53>`')
  return index
}

function parseHash(line: string): Uint8Array {
  const hash = decodeBase64(line)
  if (hash?.length !== HASH_BYTES) throw malformed(`a line of its proof is not the base64 of ${HASH_BYTES} bytes`)
  return hash
}

function malformed(why: string): LedgerError {
  return new LedgerError('receipt-malformed', `This is not a receipt: ${why}.`)
}
