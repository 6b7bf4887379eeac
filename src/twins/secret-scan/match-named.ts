// Names that say "secret", and the literal that follows: YAML, JSON, TOML, properties, XML, environment lists, command lines, source code.
// One pass over the words; a name is at most 64 characters to each side, a value at most 2048, and the search goes on behind the value.
import type { Candidate, NamedRule, ScannedText } from './rule.ts'
import { isNear, runBefore } from './rule.ts'

const hints =
  /pass(?:word|wd|phrase)|pwd|psk|secret|token|credential|(?:api|access|private|auth|signing|encryption|shared|account|service|session|hmac|primary|secondary|symmetric|device|enrollment|wifi|wlan|wpa)[_-]?key/g
const nameCharacter = /[A-Za-z0-9_.-]/
const nameAfter = /[A-Za-z0-9_.-]{0,64}/y
const nameCharactersMax = 64
// The most that the separators below look at.
const separatorCharactersMax = 128
const valueCharactersMax = 2048

// What may stand between a name and its value; each alternative starts in its own way and repeats nothing without bound.
const assignment = /\\{0,2}["'`]?\]?[ \t]{0,16}(?::=|=>|=|:)[ \t]{0,16}\\{0,2}(["'`]?)/y
const pairedValue = /["'`]?[ \t]{0,16},?[\s\0]{0,32}["']?value["']?[ \t]{0,4}[:=][ \t]{0,4}(["'`]?)/y
const element = /()>/y
const commandLine = /[ \t=](["']?)/y

const bareValue = /[^\s"'`<>,;&()[\]{}\\]{0,2048}/y
const quotedValue: Readonly<Record<string, RegExp>> = {
  '"': /[^"\n\\]{0,2048}/y,
  "'": /[^'\n\\]{0,2048}/y,
  '`': /[^`\n\\]{0,2048}/y,
}
// Unquoted, these are code or YAML and not a literal.
const code = /^(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[*&][A-Za-z_]\w*)$/
// Endings that do not change what a name says: where it is used, which one it is, how it is written.
const neutralEnding =
  /_(?:value|plain|plaintext|literal|b64|base64|prod|production|staging|dev|test|sandbox|old|new|primary|secondary|\d+)$/

/** Finds literals that their names declare to be secret. */
export function* matchNamed(scanned: ScannedText, rules: readonly NamedRule[]): Generator<Candidate> {
  scanned.steps += scanned.lower.length
  hints.lastIndex = 0
  for (let hint = hints.exec(scanned.lower); hint !== null; hint = hints.exec(scanned.lower)) {
    const name = readName(scanned, hint.index)
    const value = readValue(scanned, name)
    const rule = value === undefined ? undefined : ruleFor(scanned, name.text, value, rules)
    if (value !== undefined && rule !== undefined) yield { rule, ...value }
    hints.lastIndex = Math.max(hints.lastIndex, name.end, value?.end ?? 0)
  }
}

/** A name in snake case, without the endings that do not change what it says: `dbPassword.prod` is `db_password`. */
export function snakeName(name: string): string {
  const snake = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase()
  return snake.replace(neutralEnding, '')
}

function readName(scanned: ScannedText, at: number): { text: string; start: number; end: number } {
  const { text } = scanned
  const start = runBefore(scanned, at, nameCharacter, nameCharactersMax)
  nameAfter.lastIndex = at
  const end = at + (nameAfter.exec(text)?.[0].length ?? 0)
  scanned.steps += end - at
  return { text: text.slice(start, end), start, end }
}

function readValue(scanned: ScannedText, name: { text: string; start: number; end: number }): { start: number; end: number } | undefined {
  const quote = readSeparator(scanned, name)
  if (quote === undefined) return undefined
  const pattern = quotedValue[quote.text] ?? bareValue
  pattern.lastIndex = quote.end
  const value = pattern.exec(scanned.text)?.[0] ?? ''
  scanned.steps += value.length
  if (value === '' || (quote.text === '' && code.test(value))) return undefined
  return { start: quote.end, end: quote.end + value.length }
}

function readSeparator(
  scanned: ScannedText,
  name: { text: string; start: number; end: number },
): { text: string; end: number } | undefined {
  scanned.steps += separatorCharactersMax
  const separators = [assignment, pairedValue]
  if (scanned.text.charAt(name.start - 1) === '<') separators.push(element)
  if (name.text.startsWith('--')) separators.push(commandLine)
  for (const separator of separators) {
    separator.lastIndex = name.end
    const match = separator.exec(scanned.text)
    if (match !== null) return { text: match[1] ?? '', end: separator.lastIndex }
  }
  return undefined
}

function ruleFor(
  scanned: ScannedText,
  name: string,
  { start, end }: { start: number; end: number },
  rules: readonly NamedRule[],
): NamedRule | undefined {
  // A longer one was cut, and is data rather than a secret.
  if (end - start === valueCharactersMax) return undefined
  const snake = snakeName(name)
  const value = scanned.text.slice(start, end)
  scanned.steps += value.length
  return rules.find((rule) => rule.name.test(snake) && rule.isSecret(value) && isNear(scanned, { start, end }, rule.near))
}
