// The filter grammar (RFC 7644 section 3.4.2.2) and the paths of changes (section 3.5.2): texts to tokens to a tree. A filter is attacker-controlled: its length,
// its terms and its depth are limited, and what cannot be read is refused. Nothing of it becomes part of a statement: values stay values.
import { fail } from '../../kernel/index.ts'

/** The longest filter, in characters. */
export const filterCharactersMax = 4_096
/** The most comparisons in one filter. */
export const filterTermsMax = 100
/** How deep brackets and negations may nest. */
export const filterDepthMax = 16

/** What compares an attribute with a value. */
export const comparisons = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
/** One of `eq`, `ne`, `co`, `sw`, `ew`, `gt`, `ge`, `lt`, `le`. */
export type Comparison = (typeof comparisons)[number]

/** A value in a filter. */
export type Literal = string | number | boolean | null

/** A filter as a tree. `path` is a path of attributes as it was written, with its URN. */
export type Filter =
  | { readonly kind: 'present'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string; readonly op: Comparison; readonly value: Literal }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | { readonly kind: 'within'; readonly path: string; readonly filter: Filter }

/** The path of a change: an attribute, perhaps some of its values, perhaps a part of them. */
export interface Path {
  readonly path: string
  readonly filter?: Filter
  readonly sub?: string
}

function refused(detail: string): Error {
  return fail('filter_refused', detail)
}

type Token =
  | { readonly kind: '(' | ')' | '[' | ']' | 'end'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string; readonly value: Literal }

const wordPattern = /[A-Za-z$](?:[A-Za-z0-9_$.:-]*[A-Za-z0-9_$])?/y
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const spacePattern = / */y
const constants: Readonly<Record<string, Literal>> = { true: true, false: false, null: null }

function taken(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function literalAt(text: string, at: number): Token | undefined {
  const quoted = taken(stringPattern, text, at)
  const found = quoted ?? taken(numberPattern, text, at)
  if (found === undefined) return undefined
  const value: unknown = JSON.parse(found) // the patterns are JSON's own
  if (typeof value === 'string' && !value.isWellFormed()) throw refused('A text in the filter holds half of a surrogate pair.')
  return typeof value === 'string' || typeof value === 'number' ? { kind: 'literal', text: found, value } : undefined
}

function tokenAt(text: string, at: number): Token {
  const first = text.charAt(at)
  if (first === '') return { kind: 'end', text: '' }
  if (first === '(' || first === ')' || first === '[' || first === ']') return { kind: first, text: first }
  const literal = literalAt(text, at)
  if (literal !== undefined) return literal
  const word = taken(wordPattern, text, at)
  if (word === undefined) throw refused(`The filter cannot be read from character ${at + 1} on.`)
  return { kind: 'word', text: word }
}

/** Reads tokens one after the other, and counts what is limited. */
class Reader {
  readonly #text: string
  #at = 0
  #terms = 0
  #depth = 0
  #next: Token | undefined

  constructor(text: string) {
    if (text.length > filterCharactersMax) throw refused(`A filter has at most ${filterCharactersMax} characters.`)
    this.#text = text
  }

  peek(): Token {
    if (this.#next === undefined) {
      this.#at += taken(spacePattern, this.#text, this.#at)?.length ?? 0
      this.#next = tokenAt(this.#text, this.#at)
    }
    return this.#next
  }

  take(): Token {
    const token = this.peek()
    this.#at += token.text.length
    this.#next = undefined
    return token
  }

  /** Whether text follows at once, such as the `.` after a bracket. */
  follows(character: string): boolean {
    return this.#next === undefined && this.#text.charAt(this.#at) === character
  }

  /** The rest of the text after one character, for a path's last part. */
  restAfter(): string {
    const rest = this.#text.slice(this.#at + 1)
    this.#at = this.#text.length
    return rest
  }

  takeWord(word: string): boolean {
    const token = this.peek()
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false
    this.take()
    return true
  }

  expect(kind: Token['kind']): void {
    const token = this.take()
    if (token.kind !== kind)
      throw refused(`The filter has ${shown(token)} where ${kind === 'end' ? 'its end' : `\`${kind}\``} was expected.`)
  }

  countTerm(): void {
    this.#terms++
    if (this.#terms > filterTermsMax) throw refused(`A filter has at most ${filterTermsMax} comparisons.`)
  }

  deeper<T>(read: () => T): T {
    this.#depth++
    if (this.#depth > filterDepthMax) throw refused(`A filter nests at most ${filterDepthMax} deep.`)
    const found = read()
    this.#depth--
    return found
  }
}

function shown({ kind, text }: Token): string {
  return kind === 'end' ? 'its end' : `\`${text.slice(0, 40)}\``
}

function readOr(reader: Reader, isWithin: boolean): Filter {
  const terms = [readAnd(reader, isWithin)]
  while (reader.takeWord('or')) terms.push(readAnd(reader, isWithin))
  const [only] = terms
  return terms.length === 1 && only !== undefined ? only : { kind: 'or', terms }
}

function readAnd(reader: Reader, isWithin: boolean): Filter {
  const terms = [readTerm(reader, isWithin)]
  while (reader.takeWord('and')) terms.push(readTerm(reader, isWithin))
  const [only] = terms
  return terms.length === 1 && only !== undefined ? only : { kind: 'and', terms }
}

function readBracket(reader: Reader, isWithin: boolean): Filter {
  reader.expect('(')
  const inner = reader.deeper(() => readOr(reader, isWithin))
  reader.expect(')')
  return inner
}

function readTerm(reader: Reader, isWithin: boolean): Filter {
  const token = reader.peek()
  if (token.kind === '(') return readBracket(reader, isWithin)
  if (token.kind !== 'word') throw refused(`The filter has ${shown(token)} where an attribute was expected.`)
  reader.take()
  if (token.text.toLowerCase() === 'not' && reader.peek().kind === '(') return { kind: 'not', term: readBracket(reader, isWithin) }
  if (reader.peek().kind === '[') return readWithin(reader, token.text, isWithin)
  return readComparison(reader, token.text)
}

function readWithin(reader: Reader, path: string, isWithin: boolean): Filter {
  if (isWithin) throw refused('A filter within brackets holds no other brackets.')
  reader.expect('[')
  const filter = reader.deeper(() => readOr(reader, true))
  reader.expect(']')
  return { kind: 'within', path, filter }
}

function readComparison(reader: Reader, path: string): Filter {
  reader.countTerm()
  if (reader.takeWord('pr')) return { kind: 'present', path }
  const token = reader.take()
  const op = comparisons.find((one) => token.kind === 'word' && token.text.toLowerCase() === one)
  if (op === undefined) throw refused(`The filter has ${shown(token)} where a comparison such as \`eq\` was expected.`)
  const value = reader.take()
  if (value.kind === 'literal') return { kind: 'compare', path, op, value: value.value }
  const constant = value.kind === 'word' ? constants[value.text.toLowerCase()] : undefined
  if (constant === undefined) throw refused(`The filter has ${shown(value)} where a value was expected; texts stand in double quotes.`)
  return { kind: 'compare', path, op, value: constant }
}

/** Parses a filter. Throws `filter_refused`. */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text)
  const filter = readOr(reader, false)
  reader.expect('end')
  return filter
}

/** Parses the path of a change (RFC 7644 figure 7). Throws `attribute_unknown` for what is no path, and `filter_refused` for a filter in it. */
export function parsePath(text: string): Path {
  if (text.length > filterCharactersMax) throw fail('attribute_unknown', `A path has at most ${filterCharactersMax} characters.`)
  const reader = new Reader(text)
  const first = /^[A-Za-z$]/.test(text) ? reader.take() : undefined
  if (first?.kind !== 'word') throw fail('attribute_unknown', 'A path begins with the name of an attribute.')
  const path = first.text
  if (reader.peek().kind === 'end') return { path }
  const filtered = readWithin(reader, path, false)
  if (filtered.kind !== 'within') throw fail('attribute_unknown', 'A path is one attribute.')
  const sub = reader.follows('.') ? reader.restAfter() : undefined
  reader.expect('end')
  return { path, filter: filtered.filter, ...(sub === undefined ? {} : { sub }) }
}
