// What comes back is hostile: an upstream may echo the credential that the broker sent it, or say more of people than a simulation needs.
// The injected secret is taken out in every spelling we know; personal fields of JSON answers are replaced by a fingerprint, so that equal values stay equal.
import { base64, base64url, canonicalText, fromUtf8, isCoded, type Json, utf8 } from '../kernel/index.ts'

/** What redaction works with: the secret that was injected, and a keyed fingerprint for personal values. */
export interface Redaction {
  readonly secret: string | undefined
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
const valuesMax = 100_000

function spellings(secret: string): string[] {
  return [secret, base64(utf8(secret)), base64url(utf8(secret)), encodeURIComponent(secret), [...secret].reverse().join('')]
}

function withoutSecret(text: string, secret: string | undefined): { text: string; places: number } {
  let places = 0
  let clean = text
  for (const spelling of secret === undefined ? [] : spellings(secret)) {
    const parts = clean.split(spelling)
    places += parts.length - 1
    clean = parts.join('[redacted]')
  }
  return { text: clean, places }
}

function redactJson(value: Json, redaction: Redaction, count: { places: number; seen: number }): Json {
  if (++count.seen > valuesMax || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, redaction, count))
  const clean: Record<string, Json> = {}
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    if (personalKeys.test(key) && (typeof member === 'string' || typeof member === 'number')) {
      count.places++
      clean[key] = `[redacted:${redaction.fingerprint(String(member))}]`
    } else {
      clean[key] = redactJson(member, redaction, count)
    }
  }
  return clean
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json // JSON.parse makes nothing but JSON
  } catch {
    return undefined
  }
}

/** Redacts the body of an answer. Bytes that are not UTF-8 text pass only when no secret was injected. */
export function redactBody(body: Uint8Array, contentType: string, redaction: Redaction): Redacted {
  let text: string
  try {
    text = fromUtf8(body)
  } catch (error) {
    if (!isCoded(error, 'malformed')) throw error
    return redaction.secret === undefined ? { body, places: 0 } : withoutSecretBytes(body, redaction.secret)
  }
  const clean = withoutSecret(text, redaction.secret)
  const json = /[/+]json\b/.test(contentType) ? parseJson(clean.text) : undefined
  if (json === undefined) return { body: utf8(clean.text), places: clean.places }
  const count = { places: clean.places, seen: 0 }
  const redacted = redactJson(json, redaction, count)
  // An answer in which nothing was changed goes through as the upstream spelled it.
  return count.places === 0 ? { body, places: 0 } : { body: utf8(canonicalText(redacted)), places: count.places }
}

function withoutSecretBytes(body: Uint8Array, secret: string): Redacted {
  let text = ''
  for (const byte of body) text += String.fromCharCode(byte)
  const clean = withoutSecret(text, secret)
  return clean.places === 0
    ? { body, places: 0 }
    : { body: Uint8Array.from(clean.text, (character) => character.charCodeAt(0)), places: clean.places }
}
