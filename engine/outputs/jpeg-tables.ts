// The fixed parts of our JPEGs: zigzag order, quantisation and Huffman tables (ITU-T T.81, annex K; one pair of Huffman tables serves brightness
// and colour), and the header that carries them.

/** Places of a block (row by row) in zigzag order. */
export const zigzag = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
)

const lumaBase = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
  37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const chromaBase = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
]

/** Divisors per place of a block, row by row. */
export interface QuantTables {
  readonly luma: Int32Array
  readonly chroma: Int32Array
}

/** Tables for a quality from 1 to 100, scaled as the Independent JPEG Group does. */
export function quantTables(quality: number): QuantTables {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2
  const scaled = (base: readonly number[]): Int32Array =>
    Int32Array.from(base, (value) => Math.max(1, Math.min(255, Math.floor((value * scale + 50) / 100))))
  return { luma: scaled(lumaBase), chroma: scaled(chromaBase) }
}

const dcCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const dcSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const acCounts = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125]
const acSymbols = (
  '010203000411051221314106135161072271143281 91a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a' +
  '535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6' +
  'c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa'
)
  .replaceAll(' ', '')
  .match(/../g)
  ?.map((hex) => Number.parseInt(hex, 16))

interface Codes {
  readonly codes: Uint16Array
  readonly lengths: Uint8Array
}

/** Codes in rising order, as a decoder rebuilds them (annex C). */
function assign(counts: readonly number[], symbols: readonly number[]): Codes {
  const codes = new Uint16Array(256)
  const lengths = new Uint8Array(256)
  let code = 0
  let next = 0
  for (const [index, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      const symbol = symbols[next++] ?? 0
      codes[symbol] = code++
      lengths[symbol] = index + 1
    }
    code <<= 1
  }
  return { codes, lengths }
}

const dc = assign(dcCounts, dcSymbols)
const ac = assign(acCounts, acSymbols ?? [])

/** Code per size of a difference. */
export const dcCodes = dc.codes
/** Bits of that code. */
export const dcLengths = dc.lengths
/** Code per run of zeros (above bit 4) and size of the level after it. */
export const acCodes = ac.codes
/** Bits of that code. */
export const acLengths = ac.lengths

const segment = (marker: number, ...bytes: readonly number[]): number[] => [
  0xff,
  marker,
  (bytes.length + 2) >> 8,
  (bytes.length + 2) & 255,
  ...bytes,
]

/** Everything before the first block: baseline, three components, colour at half resolution. */
export function jpegHeader(width: number, height: number, tables: QuantTables): Uint8Array {
  const inZigzag = (table: Int32Array): number[] => Array.from(zigzag, (at) => table[at] ?? 1)
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xdb, 0, ...inZigzag(tables.luma)),
    ...segment(0xdb, 1, ...inZigzag(tables.chroma)),
    ...segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1),
    ...segment(0xc4, 0x00, ...dcCounts, ...dcSymbols),
    ...segment(0xc4, 0x10, ...acCounts, ...(acSymbols ?? [])),
    ...segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0),
  ])
}
