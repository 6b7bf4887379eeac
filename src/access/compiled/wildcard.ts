// Cedar's `like`: a pattern of literal texts and wildcards, each of which stands for any characters, none included.
// Linear in the text: the first and last texts are pinned, those between are found leftmost by Knuth, Morris and Pratt, and never searched twice.
// Both sides are well-formed Unicode, so comparing code units finds exactly what comparing code points would.

/** A part of a pattern: a wildcard, or a text that stands for itself. */
export type PatternPart = 'wildcard' | { readonly literal: string }

/** A compiled pattern. */
export type Pattern = (text: string) => boolean

/** Where each prefix of the text falls back to when the next character does not agree. */
function fallbacks(literal: string): Int32Array {
  const table = new Int32Array(literal.length)
  let length = 0
  for (let at = 1; at < literal.length; at++) {
    while (length > 0 && literal.charCodeAt(at) !== literal.charCodeAt(length)) length = table[length - 1] ?? 0
    if (literal.charCodeAt(at) === literal.charCodeAt(length)) length++
    table[at] = length
  }
  return table
}

/** A search for a literal: the end of its first occurrence that begins at or after `from` and ends at or before `until`, or -1. */
type Search = (text: string, from: number, until: number) => number

function searchFor(literal: string): Search {
  const table = fallbacks(literal)
  return (text, from, until) => {
    let matched = 0
    for (let at = from; at < until; at++) {
      const code = text.charCodeAt(at)
      while (matched > 0 && code !== literal.charCodeAt(matched)) matched = table[matched - 1] ?? 0
      if (code === literal.charCodeAt(matched)) matched++
      if (matched === literal.length) return at + 1
    }
    return -1
  }
}

/** The literal texts between wildcards: n wildcards make n + 1 of them, empty ones included. */
function segmentsOf(parts: readonly PatternPart[]): string[] {
  const segments = ['']
  for (const part of parts) {
    if (part === 'wildcard') segments.push('')
    else segments.push((segments.pop() ?? '') + part.literal)
  }
  return segments
}

/** Compiles a pattern. */
export function compilePattern(parts: readonly PatternPart[]): Pattern {
  const segments = segmentsOf(parts)
  const first = segments[0] ?? ''
  if (segments.length === 1) return (text) => text === first
  const last = segments[segments.length - 1] ?? ''
  const searches = segments.slice(1, -1).flatMap((segment) => (segment === '' ? [] : [searchFor(segment)]))
  return (text) => {
    const until = text.length - last.length
    if (until < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
    let from = first.length
    for (const search of searches) {
      from = search(text, from, until)
      if (from === -1) return false
    }
    return true
  }
}
