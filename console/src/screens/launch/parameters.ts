// The parameters and the seeds of runs as a person types them: JSON, or nothing; a number, or several.

/** What was typed, read: an object, nothing, or why it is neither. */
export type TypedParameters = { readonly value: Readonly<Record<string, unknown>> | undefined } | { readonly error: string }

/** Reads typed parameters. */
export function readParameters(text: string): TypedParameters {
  if (text.trim() === '') return { value: undefined }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { error: 'Write one JSON object: {"name": value}.' }
    return { value: value as Readonly<Record<string, unknown>> } // an object that is no list
  } catch (error) {
    return { error: `This is not JSON: ${error instanceof Error ? error.message : ''}` }
  }
}

/** How many runs are launched together at most. */
const runsMax = 100
const seedMax = 2_147_483_647
const seedsPattern = /^\d{1,10}(\.\.\d{1,10})?(,\d{1,10}(\.\.\d{1,10})?)*$/

/** Seeds as they were typed: none, one, or several as the API takes them, and how many those are. */
export type TypedSeeds =
  | { readonly one: number | undefined }
  | { readonly many: string; readonly count: number }
  | { readonly error: string }

/** How many seeds a part of a list names; or why it names none. */
function countIn(part: string): number | string {
  const [first = 0, last = first] = part.split('..').map(Number)
  if (Math.max(first, last) > seedMax) return `A seed is at most ${seedMax}.`
  return last < first ? `${part} runs backwards.` : last - first + 1
}

/** Reads typed seeds: a whole number from 0, or several as `1..20` or `3,5,9`; nothing is one that is left open. */
export function readSeeds(text: string): TypedSeeds {
  const typed = text.replaceAll(/\s/g, '')
  if (typed === '') return { one: undefined }
  if (!seedsPattern.test(typed)) return { error: 'Write a whole number from 0, or several as 1..20 or 3,5,9; or leave it empty.' }
  let count = 0
  for (const part of typed.split(',')) {
    const named = countIn(part)
    if (typeof named === 'string') return { error: named }
    count += named
  }
  if (count > runsMax) return { error: `These are ${count.toLocaleString('en-US')} runs. At most ${runsMax} are launched together.` }
  return /^\d+$/.test(typed) ? { one: Number(typed) } : { many: typed, count }
}
