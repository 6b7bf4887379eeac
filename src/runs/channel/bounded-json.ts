// JSON that somebody else chose (a run's summary, a scenario's parameters), held to a depth and a size before anyone walks it.
// The walk keeps its own stack: a value nested a hundred thousand deep must cost an error, not the supervisor's call stack.
import { z } from 'zod'
import { type Json, utf8 } from '../../kernel/index.ts'
import { jsonBytesMax, jsonDepthMax } from './limits.ts'

/** Whether a value is JSON nested no deeper than `depthMax`, with finite numbers and well-formed texts alone. */
export function isBoundedJson(value: unknown, depthMax = jsonDepthMax): value is Json {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > depthMax) return false
    if (isScalar(next.value)) continue
    if (typeof next.value !== 'object' || next.value === null) return false
    for (const [name, member] of Object.entries(next.value)) {
      if (!isText(name)) return false
      open.push({ value: member, depth: next.depth + 1 })
    }
  }
  return true
}

function isScalar(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'string' && isText(value)
}

/** Text that every store and log can hold: well-formed, without a zero character. */
function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

/** A JSON value of at most `jsonDepthMax` levels. */
export const boundedJson = z.custom<Json>((value) => isBoundedJson(value), `The value is not JSON of at most ${jsonDepthMax} levels.`)

/** A JSON value of at most `jsonDepthMax` levels and `jsonBytesMax` bytes as text. */
export const smallJson = boundedJson.refine(
  (value) => utf8(JSON.stringify(value)).length <= jsonBytesMax,
  `The value has more than ${jsonBytesMax} bytes as JSON text.`,
)
