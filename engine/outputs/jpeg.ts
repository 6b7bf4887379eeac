// Baseline JPEG (ITU-T T.81) for pictures at a camera's rate in a recording: a tenth of the bytes of PNG in a third of the time, whole-number
// arithmetic only, so the same bytes everywhere. Colours lose detail; whoever needs exact pixels takes the dataset's PNG.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { EngineError } from '../errors.ts'
import { forwardDct } from './jpeg-dct.ts'
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
  const planes = { y: new Int32Array(256), cb: new Int32Array(64), cr: new Int32Array(64) }
  const blocks = [0, 64, 128, 192].map((from) => planes.y.subarray(from, from + 64))
  const luma = divisorsOf(tables.luma)
  const chroma = divisorsOf(tables.chroma)
  for (let top = 0; top < height; top += 16) {
    for (let left = 0; left < width; left += 16) {
      readMacroblock(width, height, rgb, left, top, planes)
      for (const block of blocks) out.block(block, luma, 0)
      out.block(planes.cb, chroma, 1)
      out.block(planes.cr, chroma, 2)
    }
  }
  return out.end()
}

/** What coefficients are divided by, in the order of the file. */
interface Divisors {
  /** Half of each divisor, and a half for the rounding of its reciprocal: a whole number times the latter is never short of a whole. */
  readonly halves: Float64Array
  readonly reciprocals: Float64Array
}

function divisorsOf(table: Int32Array): Divisors {
  // The transform's result is eight times too large; the divisor says so.
  const inOrder = Array.from({ length: 64 }, (_, k) => (table[zigzag[k] as number] as number) << 3)
  return { halves: Float64Array.from(inOrder, (it) => (it >> 1) + 0.5), reciprocals: Float64Array.from(inOrder, (it) => 1 / it) }
}

interface Planes {
  /** Four blocks of brightness, one after another. */
  readonly y: Int32Array
  readonly cb: Int32Array
  readonly cr: Int32Array
}

/** Sixteen by sixteen pixels as brightness, and colour at half resolution, all around zero. Beyond the edge the last pixel repeats. */
function readMacroblock(width: number, height: number, rgb: Uint8Array, left: number, top: number, { y: luma, cb, cr }: Planes): void {
  cb.fill(0)
  cr.fill(0)
  for (let j = 0; j < 16; j++) {
    const row = Math.min(height - 1, top + j) * width
    for (let i = 0; i < 16; i++) {
      const at = (row + Math.min(width - 1, left + i)) * 3
      const r = rgb[at] as number
      const g = rgb[at + 1] as number
      const b = rgb[at + 2] as number
      luma[((j >> 3) << 7) + ((i >> 3) << 6) + ((j & 7) << 3) + (i & 7)] = ((77 * r + 150 * g + 29 * b + 128) >> 8) - 128
      const half = (j >> 1) * 8 + (i >> 1)
      cb[half] = (cb[half] as number) - 43 * r - 85 * g + 128 * b
      cr[half] = (cr[half] as number) + 128 * r - 107 * g - 21 * b
    }
  }
  for (let i = 0; i < 64; i++) {
    cb[i] = ((cb[i] as number) + 512) >> 10
    cr[i] = ((cr[i] as number) + 512) >> 10
  }
}

/** Writes blocks as Huffman codes, with a zero after each byte of ones. */
class EntropyWriter {
  #bytes: Uint8Array
  #length: number
  #held = 0
  #count = 0
  readonly #before = [0, 0, 0]
  readonly #levels = new Int32Array(64)

  constructor(header: Uint8Array, capacity: number) {
    this.#bytes = new Uint8Array(header.length + capacity + 4096)
    this.#bytes.set(header)
    this.#length = header.length
  }

  /** Transforms, quantises and writes a block of one component. The block is overwritten. */
  block(block: Int32Array, { halves, reciprocals }: Divisors, component: number): void {
    forwardDct(block)
    const levels = this.#levels
    let last = 0
    for (let k = 0; k < 64; k++) {
      const value = block[zigzag[k] as number] as number
      const size = (((value < 0 ? -value : value) + (halves[k] as number)) * (reciprocals[k] as number)) | 0
      levels[k] = value < 0 ? -size : size
      if (size !== 0) last = k
    }
    this.#reserve()
    const difference = (levels[0] as number) - (this.#before[component] ?? 0)
    this.#before[component] = levels[0] as number
    const size = bitSize(difference)
    this.#bits(dcCodes[size] as number, dcLengths[size] as number)
    this.#bits(difference < 0 ? difference + (1 << size) - 1 : difference, size)
    this.#writeRest(levels, last)
  }

  #writeRest(levels: Int32Array, last: number): void {
    let zeros = 0
    for (let k = 1; k <= last; k++) {
      const level = levels[k] as number
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
