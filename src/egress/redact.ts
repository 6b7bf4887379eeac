// What comes back is hostile: an upstream may echo the credential that the broker sent it, or say more of people than a simulation needs.
// The injected secret is taken out in every spelling we know, in JSON also after its escapes are read; personal fields of JSON answers are replaced by a
// fingerprint, so that equal values stay equal. Text that is not JSON, and what hides inside of encodings of encodings, is not looked into.
import { fail, fromUtf8, isCoded, utf8 } from '../kernel/index.ts'
import { spellings } from './spellings.ts'

/** A text without a secret, and in how many places it stood. */
export interface Clean {
  readonly text: string
  readonly places: number
}

/** Takes the secret that was injected out of a text. */
export type SecretRemover = (text: string) => Clean

/** What redaction works with: what takes out the secret that was injected, and a keyed fingerprint for personal values. */
export interface Redaction {
  readonly remove: SecretRemover
  /** A short keyed fingerprint of a value; equal values of one organization have equal fingerprints. */
  fingerprint(value: string): string
}

/** A redacted body and how many places were changed. */
export interface Redacted {
  readonly body: Uint8Array
  readonly places: number
}

const personalKeys =
  /^(e-?mail(_?address)?|phone(_?number)?|mobile|iban|bic|card_?number|pan|ssn|passport|date_?of_?birth|birth_?date|street|address|password|passwd|secret|api_?key|token|authorization)$/i
const depthMax = 64

/** Takes a secret out of texts, in whatever spelling it stands there; its spellings are worked out once. */
export function secretRemover(secret: string | undefined): SecretRemover {
  const known = secret === undefined ? [] : spellings(secret)
  const shortest = known.at(-1)?.length ?? Number.POSITIVE_INFINITY
  return (text) => {
    if (text.length < shortest) return { text, places: 0 }
    let places = 0
    let clean = text
    for (const spelling of known) {
      if (!clean.includes(spelling)) continue
      const parts = clean.split(spelling)
      places += parts.length - 1
      clean = parts.join('[redacted]')
    }
    return { text: clean, places }
  }
}

/** Walks a JSON answer and takes out what must not come back. */
class JsonRedactor {
  places = 0
  readonly #redaction: Redaction

  constructor(redaction: Redaction) {
    this.#redaction = redaction
  }

  clean(value: unknown, personal: boolean, depth: number): unknown {
    if (depth > depthMax) throw fail('response_too_large', `The upstream's answer is nested deeper than ${depthMax} levels.`)
    if (typeof value === 'string') return personal ? this.#fingerprint(value) : this.#text(value)
    if (typeof value === 'number') return personal ? this.#fingerprint(String(value)) : this.#number(value)
    if (Array.isArray(value)) return value.map((item) => this.clean(item, personal, depth + 1))
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value).map(([key, member]) => [
      this.#text(key),
      this.clean(member, personal || personalKeys.test(key), depth + 1),
    ])
    return Object.fromEntries(members)
  }

  #fingerprint(value: string): string {
    this.places++
    return `[redacted:${this.#redaction.fingerprint(value)}]`
  }

  /** A credential of digits may come back as a number. */
  #number(value: number): unknown {
    const text = this.#text(String(value))
    return text === String(value) ? value : text
  }

  #text(value: string): string {
    const { text, places } = this.#redaction.remove(value)
    this.places += places
    return text
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Whether a body is to be read as JSON: it says so, or it looks so. */
function mayBeJson(text: string, contentType: string): boolean {
  return /[/+]json\b/i.test(contentType) || /^\s*[[{]/.test(text)
}

/** Bytes as text: UTF-8 without its mark, or, where they are not UTF-8, one character a byte, so that nothing is lost. */
function textOf(body: Uint8Array): { readonly text: string; toBytes(clean: string): Uint8Array } {
  try {
    return { text: fromUtf8(body).replace(/^\ufeff/, ''), toBytes: utf8 }
  } catch (error) {
    if (!isCoded(error, 'malformed')) throw error
    let text = ''
    for (const byte of body) text += String.fromCharCode(byte)
    return { text, toBytes: (clean) => Uint8Array.from(clean, (character) => character.charCodeAt(0)) }
  }
}

/** Redacts the body of an answer. Throws `response_too_large` for JSON that is nested too deep to be walked. */
export function redactBody(body: Uint8Array, contentType: string, redaction: Redaction): Redacted {
  const { text, toBytes } = textOf(body)
  const json = mayBeJson(text, contentType) ? parseJson(text) : undefined
  if (json === undefined) {
    const clean = redaction.remove(text)
    return clean.places === 0 ? { body, places: 0 } : { body: toBytes(clean.text), places: clean.places }
  }
  const redactor = new JsonRedactor(redaction)
  const clean = redactor.clean(json.value, false, 0)
  // A member that a later one of the same name overrides is in the bytes and not in the value: such an answer is written anew.
  if (redactor.places > 0 || hasOverriddenMember(text, json.value)) return { body: toBytes(JSON.stringify(clean)), places: redactor.places }
  // A number of more digits than a value keeps is in the bytes alone.
  const asText = redaction.remove(text)
  return asText.places === 0 ? { body, places: 0 } : { body: toBytes(asText.text), places: asText.places }
}

// A string of a JSON text, and the colon after it where it is a member's name. Every string is matched whole, named or not, so that no quote within one
// is tried as a beginning: an answer of escaped quotes would take the square of its length.
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g

/** Whether a JSON text holds more members than its value: the difference is what later members of the same name hide. */
function hasOverriddenMember(text: string, value: unknown): boolean {
  let names = 0
  for (const match of text.matchAll(strings)) if (match[1] !== undefined) names++
  return names > countMembers(value)
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members: unknown[] = Object.values(value)
  return (Array.isArray(value) ? 0 : members.length) + members.reduce((sum: number, member) => sum + countMembers(member), 0)
}
