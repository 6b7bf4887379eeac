// Compression whose bytes are the same on every machine: zlib's own depends on version and processor. Repeats at the distance of the
// pixel before, the row above, or the byte before; dynamic Huffman codes (RFC 1951, wrapped as RFC 1950). Made for filtered picture rows.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { buildCodes, codeLengths } from './huffman.ts'

const minRepeat = 3
const maxRepeat = 258
const blockSymbols = 65_536

// Base length and extra bits of symbols 257 and up, base distance and extra bits of distance symbols (RFC 1951, 3.2.5).
const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
  24577,
]
const distanceExtra = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]
const lengthSymbol = Uint16Array.from({ length: maxRepeat + 1 }, (_, length) =>
  length < 3 ? 0 : 257 + lengthBase.findLastIndex((b) => b <= length),
)
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** Compresses bytes into a zlib stream; `distances` (1 to 32,768) are where repeats are looked for. */
export function deflate(bytes: Uint8Array, distances: readonly number[] = [1]): Uint8Array {
  const out = new BitWriter(bytes.length + (bytes.length >> 3) + 1024)
  out.byte(0x78)
  out.byte(0x01)
  const tokens = new Int32Array(blockSymbols)
  let at = 0
  do {
    let count = 0
    while (count < blockSymbols && at < bytes.length) {
      const token = repeatAt(bytes, at, distances)
      // A literal is its byte; a repeat is its length and the place of its distance, above the bytes.
      tokens[count++] = token === 0 ? (bytes[at] as number) : token
      at += token === 0 ? 1 : token >> 16
    }
    writeBlock(out, tokens.subarray(0, count), distances, at >= bytes.length)
  } while (at < bytes.length)
  out.align()
  const check = adler32(bytes)
  for (const shift of [24, 16, 8, 0]) out.byte((check >>> shift) & 255)
  return out.bytes()
}

/** The longest repeat at a place: length above bit 16, number of its distance plus 256 below; 0 for none. */
function repeatAt(bytes: Uint8Array, at: number, distances: readonly number[]): number {
  let best = 0
  let chosen = 0
  const most = Math.min(maxRepeat, bytes.length - at)
  for (let d = 0; d < distances.length; d++) {
    const distance = distances[d] as number
    if (distance > at || bytes[at] !== bytes[at - distance]) continue
    let length = 1
    while (length < most && bytes[at + length] === bytes[at + length - distance]) length++
    if (length > best) {
      best = length
      chosen = d
    }
  }
  return best >= minRepeat ? (best << 16) | (256 + chosen) : 0
}

function writeBlock(out: BitWriter, tokens: Int32Array, distances: readonly number[], last: boolean): void {
  const symbols = distances.map((distance) => distanceBase.findLastIndex((base) => base <= distance))
  const literalCounts = new Uint32Array(286)
  const distanceCounts = new Uint32Array(30)
  literalCounts[256] = 1
  for (const token of tokens) {
    const symbol = token < 256 ? token : (lengthSymbol[token >> 16] as number)
    literalCounts[symbol] = (literalCounts[symbol] as number) + 1
    if (token >= 256) {
      const distance = symbols[(token & 0xffff) - 256] ?? 0
      distanceCounts[distance] = (distanceCounts[distance] as number) + 1
    }
  }
  const literalLengths = codeLengths(literalCounts, 15)
  const distanceLengths = codeLengths(distanceCounts, 15)
  // A symbol takes at most 15 + 5 + 15 + 13 bits, the tables at most 400 bytes.
  out.reserve(tokens.length * 6 + 1024)
  out.bits(last ? 1 : 0, 1)
  out.bits(2, 2)
  writeLengths(out, literalLengths, distanceLengths)
  const literals = buildCodes(literalLengths)
  const distanceCodes = buildCodes(distanceLengths)
  for (const token of tokens) {
    const symbol = token < 256 ? token : (lengthSymbol[token >> 16] as number)
    out.bits(literals[symbol] as number, literalLengths[symbol] as number)
    if (token < 256) continue
    out.bits((token >> 16) - (lengthBase[symbol - 257] as number), lengthExtra[symbol - 257] as number)
    const chosen = (token & 0xffff) - 256
    const distance = symbols[chosen] as number
    out.bits(distanceCodes[distance] as number, distanceLengths[distance] as number)
    out.bits((distances[chosen] as number) - (distanceBase[distance] as number), distanceExtra[distance] as number)
  }
  out.bits(literals[256] as number, literalLengths[256] as number)
}

/** The two tables of code lengths, themselves Huffman coded, without run symbols: a few hundred bits per block. */
function writeLengths(out: BitWriter, literal: Uint8Array, distance: Uint8Array): void {
  const all = [...literal, ...distance]
  const counts = new Uint32Array(19)
  for (const length of all) counts[length] = (counts[length] as number) + 1
  const lengths = codeLengths(counts, 7)
  const codes = buildCodes(lengths)
  out.bits(literal.length - 257, 5)
  out.bits(distance.length - 1, 5)
  out.bits(codeOrder.length - 4, 4)
  for (const symbol of codeOrder) out.bits(lengths[symbol] as number, 3)
  for (const length of all) out.bits(codes[length] as number, lengths[length] as number)
}

function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (let from = 0; from < bytes.length; from += 3800) {
    const to = Math.min(bytes.length, from + 3800)
    for (let i = from; i < to; i++) {
      a += bytes[i] as number
      b += a
    }
    a %= 65_521
    b %= 65_521
  }
  return ((b << 16) | a) >>> 0
}

/** Writes bits, lowest first, into bytes that grow. */
class BitWriter {
  #bytes: Uint8Array
  #length = 0
  #held = 0
  #count = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** Makes room for this many bytes more. */
  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes))
    grown.set(this.#bytes)
    this.#bytes = grown
  }

  /** Adds up to 16 bits, for which there must be room. */
  bits(value: number, count: number): void {
    this.#held |= value << this.#count
    this.#count += count
    if (this.#count < 16) return
    this.#bytes[this.#length] = this.#held & 255
    this.#bytes[this.#length + 1] = (this.#held >>> 8) & 255
    this.#length += 2
    this.#held >>>= 16
    this.#count -= 16
  }

  /** Fills the last byte with zeros. */
  align(): void {
    this.bits(0, (8 - (this.#count & 7)) & 7)
    if (this.#count === 8) this.#bytes[this.#length++] = this.#held & 255
    this.#held = 0
    this.#count = 0
  }

  /** Adds a byte; only where bytes are aligned. */
  byte(value: number): void {
    this.reserve(1)
    this.#bytes[this.#length++] = value
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}
