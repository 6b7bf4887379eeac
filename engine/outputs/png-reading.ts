// Reads back the PNGs that png.ts writes (one IDAT, no interlace, no palette), for tests and for looking into a sealed dataset.

import { inflateSync } from 'node:zlib'
import { EngineError } from '../errors.ts'
import { pngSideMax } from './png.ts'

/** Pixels of a PNG, as `encodePng` takes them. */
export interface DecodedPng {
  readonly width: number
  readonly height: number
  /** Bytes per pixel. */
  readonly bytes: number
  readonly pixels: Uint8Array
}

/** Reads a PNG that this engine wrote; `value/out-of-range` for anything else. */
export function decodePng(png: Uint8Array): DecodedPng {
  const numbers = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const readable = png.length > 57 && numbers.getUint32(0) === 0x89504e47 && numbers.getUint32(12) === 0x49484452
  if (!readable) throw new EngineError('value/out-of-range', 'These bytes are not a PNG of this engine.', { bytes: png.length })
  const [width, height] = [numbers.getUint32(16), numbers.getUint32(20)]
  const bytes = png[25] === 2 ? 3 : (png[24] ?? 8) / 8
  const length = numbers.getUint32(33)
  if (width > pngSideMax || height > pngSideMax || 41 + length > png.length) {
    throw new EngineError(
      'value/out-of-range',
      `A PNG of ${width} × ${height} with ${length} compressed bytes is cut short or too large.`,
      { width },
    )
  }
  const raw = inflated(png.subarray(41, 41 + length), (width * bytes + 1) * height)
  return { width, height, bytes, pixels: unfilter(raw, width * bytes, height, bytes) }
}

function inflated(compressed: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateSync(compressed, { maxOutputLength })
  } catch (cause) {
    throw new EngineError(
      'value/out-of-range',
      'The pixels of this PNG are spoilt, or more than it says.',
      { bytes: compressed.length },
      cause,
    )
  }
}

function unfilter(raw: Uint8Array, stride: number, height: number, bytes: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  const read = (y: number, i: number): number => (y < 0 || i < 0 ? 0 : (out[y * stride + i] ?? 0))
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0
    for (let i = 0; i < stride; i++) {
      const guessed = guess(filter, read(y, i - bytes), read(y - 1, i), read(y - 1, i - bytes))
      out[y * stride + i] = (raw[y * (stride + 1) + 1 + i] ?? 0) + guessed
    }
  }
  return out
}

function guess(filter: number, left: number, up: number, corner: number): number {
  const line = left + up - corner
  const [a, b, c] = [Math.abs(line - left), Math.abs(line - up), Math.abs(line - corner)]
  const paeth = a <= b && a <= c ? left : b <= c ? up : corner
  return [0, left, up, (left + up) >> 1, paeth][filter] ?? 0
}
