// Baseline JPEG (ITU-T T.81) for pictures at a camera's rate in a recording: a tenth of the bytes of PNG in a tenth of the time, whole-number
// arithmetic only (jpeg-kernel.ts), so the same bytes everywhere. Colours lose detail; whoever needs exact pixels takes the dataset's PNG.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { EngineError } from '../errors.ts'
import { blockBytes, blocksPerMacro, divisorPlaces, jpegKernels, jpegMemory, pixelsAt } from '../kernels/jpeg-kernel.ts'
import { acCodes, acLengths, dcCodes, dcLengths, jpegHeader, quantTables, zigzag } from './jpeg-tables.ts'
import { pngSideMax } from './png.ts'

/** A JPEG file from rows of three bytes per pixel; `quality` from 1 to 100; colour at half resolution. Sides are multiples of 16 in cameras; others are padded. */
export function encodeJpeg(width: number, height: number, rgb: Uint8Array, quality = 88): Uint8Array {
  const fits = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= pngSideMax) && quality >= 1 && quality <= 100
  if (!fits || rgb.length !== width * height * 3) {
    throw new EngineError(
      'value/out-of-range',
      `A JPEG of ${width} × ${height} at quality ${quality} does not fit ${rgb.length} bytes or its limits.`,
      { width },
    )
  }
  const tables = quantTables(quality)
  const out = new EntropyWriter(jpegHeader(width, height, tables), width * height)
  const macros = Math.ceil(width / 16)
  const rows = macroRows(macros)
  rows.divisors.set([...divisorsOf(tables.luma), ...divisorsOf(tables.chroma)])
  for (let top = 0; top < height; top += 16) {
    readRows(width, height, rgb, top, rows.pixels)
    rows.quantise(macros)
    for (let block = 0; block < macros * blocksPerMacro; block++) {
      out.block(rows.levels, block * 64, Math.max(0, (block % blocksPerMacro) - 3))
    }
  }
  return out.end()
}

/** The kernels' memory for one row of macroblocks. */
interface MacroRows {
  readonly macros: number
  readonly divisors: Float64Array
  readonly levels: Int32Array
  readonly pixels: Uint8Array
  readonly quantise: (macros: number) => void
}

// One camera after another writes pictures of the same width: the memory of the last one is kept.
const kept: { rows?: MacroRows } = {}

function macroRows(macros: number): MacroRows {
  if (kept.rows?.macros === macros) return kept.rows
  const { buffer, find } = jpegKernels(macros, fileOrder)
  const rows = {
    macros,
    divisors: new Float64Array(buffer, jpegMemory.luma, (2 * divisorPlaces.bytes) / 8),
    levels: new Int32Array(buffer, jpegMemory.levels, (macros * blocksPerMacro * blockBytes) / 4),
    pixels: new Uint8Array(buffer, pixelsAt(macros), macros * 48 * 16),
    quantise: find('macros'),
  }
  kept.rows = rows
  return rows
}

/** Where each coefficient, row by row, stands in the file. */
const fileOrder = Array.from({ length: 64 }, (_, place) => zigzag.indexOf(place))

/** What coefficients are divided by, row by row: half of each divisor, and a half for the rounding of its reciprocal (a whole number times that is never short of a whole); then the reciprocals. */
function divisorsOf(table: Int32Array): number[] {
  // The transform's result is eight times too large; the divisor says so.
  const divisors = Array.from(table, (it) => it << 3)
  return [...divisors.map((it) => (it >> 1) + 0.5), ...divisors.map((it) => 1 / it)]
}

/** Sixteen rows of pixels. Beyond the edge the last pixel repeats. */
function readRows(width: number, height: number, rgb: Uint8Array, top: number, pixels: Uint8Array): void {
  const stride = pixels.length / 16
  for (let j = 0; j < 16; j++) {
    const from = Math.min(height - 1, top + j) * width * 3
    pixels.set(rgb.subarray(from, from + width * 3), j * stride)
    for (let at = j * stride + width * 3; at < (j + 1) * stride; at++) pixels[at] = pixels[at - 3] as number
  }
}

/** Writes blocks as Huffman codes, with a zero after each byte of ones. */
class EntropyWriter {
  #bytes: Uint8Array
  #length: number
  #held = 0
  #count = 0
  readonly #before = [0, 0, 0]

  constructor(header: Uint8Array, capacity: number) {
    this.#bytes = new Uint8Array(header.length + capacity + 4096)
    this.#bytes.set(header)
    this.#length = header.length
  }

  /** Writes a block of one component: 64 levels in the order of the file, from `from` on. */
  block(levels: Int32Array, from: number, component: number): void {
    let last = 63
    while (last > 0 && levels[from + last] === 0) last--
    this.#reserve()
    const difference = (levels[from] as number) - (this.#before[component] ?? 0)
    this.#before[component] = levels[from] as number
    const size = bitSize(difference)
    this.#bits(dcCodes[size] as number, dcLengths[size] as number)
    this.#bits(difference < 0 ? difference + (1 << size) - 1 : difference, size)
    this.#writeRest(levels, from, last)
  }

  #writeRest(levels: Int32Array, from: number, last: number): void {
    let zeros = 0
    for (let k = 1; k <= last; k++) {
      const level = levels[from + k] as number
      if (level === 0) {
        zeros++
        continue
      }
      for (; zeros > 15; zeros -= 16) this.#bits(acCodes[0xf0] as number, acLengths[0xf0] as number)
      const size = bitSize(level)
      this.#bits(acCodes[(zeros << 4) | size] as number, acLengths[(zeros << 4) | size] as number)
      this.#bits(level < 0 ? level + (1 << size) - 1 : level, size)
      zeros = 0
    }
    if (last < 63) this.#bits(acCodes[0] as number, acLengths[0] as number)
  }

  #bits(value: number, count: number): void {
    this.#held = (this.#held << count) | value
    this.#count += count
    while (this.#count >= 8) {
      const byte = (this.#held >>> (this.#count - 8)) & 255
      this.#bytes[this.#length++] = byte
      if (byte === 255) this.#bytes[this.#length++] = 0
      this.#count -= 8
    }
    // Only the bits that are still to be written stay, so that nothing is shifted out at the top.
    this.#held &= (1 << this.#count) - 1
  }

  /** Room for one block at its worst: 64 codes of 27 bits, every byte stuffed. */
  #reserve(): void {
    if (this.#length + 512 < this.#bytes.length) return
    const grown = new Uint8Array(this.#bytes.length * 2)
    grown.set(this.#bytes)
    this.#bytes = grown
  }

  /** The file. */
  end(): Uint8Array {
    this.#reserve()
    if (this.#count > 0) this.#bits((1 << (8 - this.#count)) - 1, 8 - this.#count)
    this.#bytes[this.#length++] = 0xff
    this.#bytes[this.#length++] = 0xd9
    return this.#bytes.slice(0, this.#length)
  }
}

/** How many bits a level needs. */
function bitSize(level: number): number {
  return 32 - Math.clz32(level < 0 ? -level : level)
}
