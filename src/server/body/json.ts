// JSON as requests carry it, read with one meaning: depth is limited before anything is built, a member named twice is refused, and so are names
// that reach into prototypes. The text is attacker-controlled; its size was limited while it came in.
import { fail } from '../../kernel/index.ts'

const quote = 34
const backslash = 92
const opening = new Set([91, 123])
const closing = new Set([93, 125])
const space = new Set([9, 10, 13, 32])
const colon = 58

/** Where a string that begins at `from` ends: the index after its closing quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return at + 1
  }
  return text.length
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from
  while (space.has(text.charCodeAt(at))) at++
  return text.charCodeAt(at) === colon
}

/** Counts the member names of a text and refuses one that nests too deep; needs no stack and builds nothing. */
function countNames(text: string, depthMax: number): number {
  let names = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      if (isFollowedByColon(text, at)) names++
      at--
    } else if (opening.has(code)) {
      depth++
      if (depth > depthMax) throw fail('malformed', `The JSON is nested deeper than ${depthMax} levels.`)
    } else if (closing.has(code)) depth--
  }
  return names
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw fail('malformed', 'The body is not JSON.', { next: 'Send one JSON object.' })
  }
}

function requireName(name: string, value: unknown, pointer: string): void {
  const reaches =
    name === '__proto__' || (name === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'))
  if (reaches) throw fail('malformed', `A member may not be called \`${name}\`.`, { pointer: `${pointer}/${name}` })
}

function countMembers(value: unknown, pointer: string): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value)) {
      requireName(name, member, pointer)
      members++
    }
    if (typeof member === 'object') members += countMembers(member, `${pointer}/${name}`)
  }
  return members
}

/** Parses the body of a request. Throws `malformed`. */
export function parseJsonBody(text: string, depthMax: number): unknown {
  if (text === '') return {}
  const names = countNames(text, depthMax)
  const value = parse(text)
  if (countMembers(value, '') !== names) throw fail('malformed', 'A JSON object names a member twice.', { next: 'Send each member once.' })
  return value
}
