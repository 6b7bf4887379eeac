import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { encodeJpeg } from './jpeg.ts'
import { zigzag } from './jpeg-tables.ts'

/** Reads the brightness of a JPEG of ours: an independent decoder, slow and by the book. */
class BookDecoder {
  width = 0
  height = 0
  readonly #bytes: Uint8Array
  readonly #tables = new Map<number, Map<string, number>>()
  readonly #quant = new Map<number, number[]>()
  #at = 2
  #bit = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    for (let marker = 0; marker !== 0xda; ) {
      marker = bytes[this.#at + 1] ?? 0
      const length = (bytes[this.#at + 2] ?? 0) * 256 + (bytes[this.#at + 3] ?? 0)
      this.#segment(marker, bytes.subarray(this.#at + 4, this.#at + 2 + length))
      this.#at += 2 + length
    }
  }

  #segment(marker: number, body: Uint8Array): void {
    const [first = 0, high = 0, low = 0, wideHigh = 0, wideLow = 0] = body
    if (marker === 0xc0) {
      this.height = high * 256 + low
      this.width = wideHigh * 256 + wideLow
    }
    if (marker === 0xdb) this.#quant.set(first, [...body.subarray(1)])
    if (marker === 0xc4) this.#tables.set(first, this.#readTable(body))
  }

  #readTable(body: Uint8Array): Map<string, number> {
    const table = new Map<string, number>()
    let code = 0
    let next = 17
    for (let length = 1; length <= 16; length++) {
      for (let i = 0; i < (body[length] ?? 0); i++) table.set((code++).toString(2).padStart(length, '0'), body[next++] ?? 0)
      code *= 2
    }
    return table
  }

  #readBit(): number {
    const value = ((this.#bytes[this.#at] ?? 0) >> (7 - this.#bit)) & 1
    this.#bit = (this.#bit + 1) % 8
    if (this.#bit === 0) this.#at += this.#bytes[this.#at] === 255 ? 2 : 1
    return value
  }

  #symbol(table: number): number {
    let code = ''
    for (let i = 0; i < 16; i++) {
      code += this.#readBit()
      const found = this.#tables.get(table)?.get(code)
      if (found !== undefined) return found
    }
    throw new Error('no such code')
  }

  #number(size: number): number {
    let value = 0
    for (let i = 0; i < size; i++) value = value * 2 + this.#readBit()
    return size > 0 && value < 2 ** (size - 1) ? value - 2 ** size + 1 : value
  }

  #block(before: number, quant: number): number[] {
    const block = new Array<number>(64).fill(0)
    const levels = new Array<number>(64).fill(0)
    levels[0] = before + this.#number(this.#symbol(0x00))
    for (let k = 1; k < 64; k++) {
      const symbol = this.#symbol(0x10)
      if (symbol === 0) break
      k += symbol >> 4
      levels[k] = this.#number(symbol & 15)
    }
    for (let k = 0; k < 64; k++) block[zigzag[k] ?? 0] = (levels[k] ?? 0) * (this.#quant.get(quant)?.[k] ?? 1)
    return [levels[0] ?? 0, ...inverse(block)]
  }

  /** Brightness per pixel. */
  brightness(): number[] {
    const out = new Array<number>(this.width * this.height).fill(0)
    const before = [0, 0, 0]
    const next = (component: number): number[] => {
      const [level = 0, ...pixels] = this.#block(before[component] ?? 0, Math.min(component, 1))
      before[component] = level
      return pixels
    }
    for (let macro = 0; macro < Math.ceil(this.width / 16) * Math.ceil(this.height / 16); macro++) {
      const left = (macro % Math.ceil(this.width / 16)) * 16
      const top = Math.floor(macro / Math.ceil(this.width / 16)) * 16
      for (const [x, y] of [
        [0, 0],
        [8, 0],
        [0, 8],
        [8, 8],
      ] as const)
        this.#put(out, left + x, top + y, next(0))
      next(1)
      next(2)
    }
    return out
  }

  #put(out: number[], left: number, top: number, pixels: readonly number[]): void {
    for (const [i, value] of pixels.entries()) {
      const [x, y] = [left + (i & 7), top + (i >> 3)]
      if (x < this.width && y < this.height) out[y * this.width + x] = value + 128
    }
  }
}

const root = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1)
const wave = (x: number, k: number): number => Math.cos(((2 * x + 1) * k * Math.PI) / 16)

function inverse(block: readonly number[]): number[] {
  return Array.from({ length: 64 }, (_, at) => {
    let sum = 0
    for (let v = 0; v < 8; v++)
      for (let u = 0; u < 8; u++) sum += root(u) * root(v) * (block[v * 8 + u] ?? 0) * wave(at & 7, u) * wave(at >> 3, v)
    return sum / 4
  })
}

const picture = (width: number, height: number): Uint8Array =>
  Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    return (((x * 3 + y * 2) % 160) + (x > 20 && y > 10 ? 60 : 0) + (i % 3) * 12) & 255
  })

test('a decoder written from the book reads back the brightness that went in', () => {
  for (const [width, height] of [
    [64, 48],
    [37, 21],
  ] as const) {
    const rgb = picture(width, height)
    const decoder = new BookDecoder(encodeJpeg(width, height, rgb, 95))
    assert.deepEqual([decoder.width, decoder.height], [width, height])
    const seen = decoder.brightness()
    let error = 0
    for (let i = 0; i < width * height; i++) {
      const wanted = 0.299 * (rgb[i * 3] ?? 0) + 0.587 * (rgb[i * 3 + 1] ?? 0) + 0.114 * (rgb[i * 3 + 2] ?? 0)
      error += Math.abs((seen[i] ?? 0) - wanted)
    }
    assert.ok(error / (width * height) < 2.5, `mean error ${error / (width * height)}`)
  }
})

test('the same picture is the same file; a lower quality is a smaller one', () => {
  const rgb = picture(64, 48)
  assert.equal(
    createHash('sha256')
      .update(encodeJpeg(64, 48, rgb))
      .digest('hex'),
    '806391ffe0d27871c2ff166a7e3b02e6383c91f55ab923c9cfec02632c0bc91a',
  )
  assert.ok(encodeJpeg(64, 48, rgb, 40).length < encodeJpeg(64, 48, rgb, 95).length)
})

test('sizes and qualities that cannot be are refused', () => {
  assert.throws(() => encodeJpeg(2, 2, new Uint8Array(11)), { code: 'value/out-of-range' })
  assert.throws(() => encodeJpeg(2, 2, new Uint8Array(12), 0), { code: 'value/out-of-range' })
})
