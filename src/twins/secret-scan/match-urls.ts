// Addresses with a user and a password in them: `scheme://user:password@host`. One pass; an authority is at most 512 characters.
import { isUrlPassword } from './judge-value.ts'
import type { Candidate, ScannedText, UrlRule } from './rule.ts'
import { runBefore } from './rule.ts'

const schemeCharactersMax = 20
const schemeCharacter = /[A-Za-z0-9+.-]/
// Written by hand, passwords hold `?` and `#` although an address must not.
const authority = /[^\s/"'`<>\\,()[\]{}]{0,512}/y

// A host, perhaps with a port, whose query or fragment holds the `@`.
const endOfHost = /^[^:?#]*(?:[?#]|:\d{1,5}[?#])/

/** Finds credentials in addresses. */
export function* matchUrls(scanned: ScannedText, rules: readonly UrlRule[]): Generator<Candidate> {
  const { text } = scanned
  scanned.steps += text.length
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const found = readPassword(scanned, at + 3)
    if (found === undefined || !isUrlPassword(decode(text.slice(found.start, found.end)))) continue
    const rule = ruleFor(schemeBefore(scanned, at), rules)
    if (rule !== undefined) yield { rule, ...found }
  }
}

function readPassword(scanned: ScannedText, start: number): { start: number; end: number } | undefined {
  authority.lastIndex = start
  const part = authority.exec(scanned.text)?.[0] ?? ''
  scanned.steps += part.length
  const at = part.lastIndexOf('@')
  const colon = part.indexOf(':')
  if (colon === -1 || colon >= at - 1 || endOfHost.test(part)) return undefined
  return { start: start + colon + 1, end: start + at }
}

function schemeBefore(scanned: ScannedText, end: number): string {
  const start = runBefore(scanned, end, schemeCharacter, schemeCharactersMax)
  return scanned.lower.slice(start, end)
}

function ruleFor(scheme: string, rules: readonly UrlRule[]): UrlRule | undefined {
  if (scheme === '') return undefined
  return rules.find(({ schemes }) => schemes.includes(scheme)) ?? rules.find(({ schemes }) => schemes.length === 0)
}

function decode(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password // a lone percent sign is a character of the password
  }
}
