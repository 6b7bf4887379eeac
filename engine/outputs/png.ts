// PNG pictures (ISO/IEC 15948) with the same bytes on every machine: rows filtered by what predicts them best, then our own deflate.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { crc32 } from 'node:zlib'
import { EngineError } from '../errors.ts'
import { deflate } from './deflate.ts'

/** Bytes per pixel of the kinds of picture that are written: grey, colour, and grey of 16 bits (highest byte first). */
const pngKinds = {
  grey: { bytes: 1, depth: 8, type: 0 },
  rgb: { bytes: 3, depth: 8, type: 2 },
  grey16: { bytes: 2, depth: 16, type: 0 },
} as const

/** One of the kinds of picture. */
export type PngKind = keyof typeof pngKinds

/** Longest side of a picture in pixels. */
export const pngSideMax = 16_384

/** How hard to try: `fast` filters every row alike and looks for no repeats, for noisy pictures at a camera's rate; `small` tries four filters. */
export type PngEffort = 'fast' | 'small'

/** A PNG file from rows of pixels, top row first; `value/out-of-range` if the sizes do not fit the bytes. */
export function encodePng(
  width: number,
  height: number,
  pixels: Uint8Array,
  kind: PngKind = 'rgb',
  effort: PngEffort = 'small',
): Uint8Array {
  const { bytes, depth, type } = pngKinds[kind]
  const fits = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= pngSideMax)
  if (!fits || pixels.length !== width * height * bytes) {
    throw new EngineError(
      'value/out-of-range',
      `A ${kind} picture of ${width} × ${height} does not fit ${pixels.length} bytes or ${pngSideMax} pixels a side.`,
      {
        width,
        height,
      },
    )
  }
  const header = new Uint8Array(13)
  const numbers = new DataView(header.buffer)
  numbers.setUint32(0, width)
  numbers.setUint32(4, height)
  header.set([depth, type, 0, 0, 0], 8)
  const row = width * bytes + 1
  const distances = effort === 'fast' ? [] : [...new Set([1, bytes, row].filter((distance) => distance <= 32_768))]
  const filtered = effort === 'fast' ? subtractRows(width * bytes, height, pixels, bytes) : filterRows(width * bytes, height, pixels, bytes)
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', deflate(filtered, distances)),
    chunk('IEND', new Uint8Array(0)),
  ]
  return joinBytes(parts)
}

/** Bytes one after another. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12)
  const numbers = new DataView(out.buffer)
  numbers.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) out[4 + i] = name.charCodeAt(i)
  out.set(data, 8)
  numbers.setUint32(data.length + 8, crc32(out.subarray(4, data.length + 8)))
  return out
}

/** Each row with the filter `sub`: every pixel less the one before it. */
function subtractRows(stride: number, height: number, pixels: Uint8Array, bytes: number): Uint8Array {
  const out = new Uint8Array((stride + 1) * height)
  const subtract = 1
  let to = 0
  let from = 0
  for (let y = 0; y < height; y++) {
    out[to++] = subtract
    for (let i = 0; i < bytes; i++) out[to++] = pixels[from++] as number
    for (let i = bytes; i < stride; i++, from++) out[to++] = (pixels[from] as number) - (pixels[from - bytes] as number)
  }
  return out
}

/** Each row with its filter byte: none, sub, up or Paeth, whichever leaves the smallest sum of differences. */
function filterRows(stride: number, height: number, pixels: Uint8Array, bytes: number): Uint8Array {
  const out = new Uint8Array((stride + 1) * height)
  const zero = new Uint8Array(stride)
  const tries = [0, 1, 2, 4].map((filter) => ({ filter, row: new Uint8Array(stride) }))
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * stride, (y + 1) * stride)
    const above = y > 0 ? pixels.subarray((y - 1) * stride, y * stride) : zero
    let best = tries[0]
    let least = Infinity
    for (const attempt of tries) {
      const cost = filterRow(attempt.filter, row, above, bytes, attempt.row)
      if (cost < least) {
        least = cost
        best = attempt
      }
      // Nothing is less than nothing: most rows of a mask repeat the row above.
      if (least === 0) break
    }
    out[y * (stride + 1)] = best?.filter ?? 0
    if (best) out.set(best.row, y * (stride + 1) + 1)
  }
  return out
}

/** Filters one row; answers the sum of its differences. Each filter has a loop of its own: this is where most of a picture's time goes. */
function filterRow(filter: number, row: Uint8Array, above: Uint8Array, bytes: number, out: Uint8Array): number {
  if (filter === 1) subtractLeft(row, bytes, out)
  else if (filter === 2) for (let i = 0; i < row.length; i++) out[i] = (row[i] as number) - (above[i] as number)
  else if (filter === 4) subtractPaeth(row, above, bytes, out)
  else out.set(row)
  let cost = 0
  for (let i = 0; i < row.length; i++) {
    const value = out[i] as number
    cost += value < 128 ? value : 256 - value
  }
  return cost
}

function subtractLeft(row: Uint8Array, bytes: number, out: Uint8Array): void {
  for (let i = 0; i < bytes; i++) out[i] = row[i] as number
  for (let i = bytes; i < row.length; i++) out[i] = (row[i] as number) - (row[i - bytes] as number)
}

function subtractPaeth(row: Uint8Array, above: Uint8Array, bytes: number, out: Uint8Array): void {
  for (let i = 0; i < bytes; i++) out[i] = (row[i] as number) - (above[i] as number)
  for (let i = bytes; i < row.length; i++) {
    out[i] = (row[i] as number) - paeth(row[i - bytes] as number, above[i] as number, above[i - bytes] as number)
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const a = Math.abs(guess - left)
  const b = Math.abs(guess - up)
  const c = Math.abs(guess - corner)
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}
