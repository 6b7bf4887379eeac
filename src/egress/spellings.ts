// How a credential may be spelled where an upstream gives it back: whole or without its scheme, a Basic one read, and each in the encodings that answers use.
// Whoever creates a connection controls the credential; an upstream that works together with the run can encode it in ways that nobody lists.
import { base64, base64url, concat, fromBase64, fromUtf8, hex, isCoded, utf8 } from '../kernel/index.ts'

/** What base64 makes of bytes that stand 0, 1 or 2 bytes into something longer, without the characters that they share with their neighbours. */
function base64Inside(bytes: Uint8Array, before: number): string {
  const text = base64(concat(new Uint8Array(before), bytes)).replace(/=+$/, '')
  const first = Math.ceil((before * 8) / 6)
  const last = Math.floor(((before + bytes.length) * 8) / 6)
  return text.slice(first, last)
}

/** What is shorter would be found everywhere. */
const minimalSpelling = 6

/** What a Basic credential says: name and password together, and the password (RFC 7617 section 2). */
function basicParts(credentials: string): string[] {
  try {
    const pair = fromUtf8(fromBase64(credentials))
    return [pair, pair.slice(pair.indexOf(':') + 1)]
  } catch (error) {
    if (!isCoded(error, 'malformed')) throw error
    return []
  }
}

/** What of a header's value is secret by itself: what follows its scheme, the values of its parameters, what a Basic one says (RFC 9110 section 11.4). */
function partsOf(value: string): string[] {
  const [, scheme = '', credentials] = /^([A-Za-z][\w.+-]*) +(.+)$/.exec(value) ?? []
  const parameters = [...value.matchAll(/(?<![\w.+-])[\w.+-]+=("[^"]*"|[^\s,;"]+)/g)].map(([, one = '']) => one.replaceAll('"', ''))
  const basic = credentials === undefined || scheme.toLowerCase() !== 'basic' ? [] : basicParts(credentials)
  const parts = credentials === undefined ? [...parameters, ...basic] : [credentials, ...parameters, ...basic]
  return parts.filter((part) => part.length >= minimalSpelling)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const lowerEscapes = (text: string) => text.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())

/** The spellings in which the characters themselves are escaped. */
function escaped(text: string): string[] {
  const percent = encodeURIComponent(text)
  const strict = percent.replaceAll(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  const html = text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
  const inUrls = [percent, strict, percent.replaceAll('%20', '+'), strict.replaceAll('%20', '+')]
  return [
    ...inUrls,
    ...inUrls.map(lowerEscapes),
    JSON.stringify(text).slice(1, -1),
    html,
    html.replaceAll("'", '&#39;'),
    html.replaceAll("'", '&#x27;'),
  ]
}

function spellingsOf(text: string): string[] {
  const bytes = utf8(text)
  const inside = [0, 1, 2].map((before) => base64Inside(bytes, before))
  return [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    base64(bytes),
    ...inside,
    ...inside.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
    base64url(bytes),
    hex(bytes),
    hex(bytes).toUpperCase(),
    ...escaped(text),
    [...text].reverse().join(''),
    [...text].join('\u0000'),
  ]
}

/** Every spelling of a credential that we know, the longest first, so that none is left half taken out. */
export function spellings(secret: string): string[] {
  const all = [secret, ...partsOf(secret)].flatMap(spellingsOf)
  return [...new Set(all)].filter((one) => one === secret || one.length >= minimalSpelling).sort((a, b) => b.length - a.length)
}
