// What a rule is. Rules are data (`token-rules.ts`, `service-rules.ts`, `value-rules.ts`); three matchers read them, each in one pass whose work is bounded by the length of the text.

/** Finds texts that say by their own form what they are: a fixed beginning, then a run of known characters. */
export interface TokenRule {
  readonly id: string
  readonly title: string
  /** Fixed texts to search for; compared without regard to case where `anyCase` is set. */
  readonly anchors: readonly string[]
  readonly anyCase?: true
  /** How many characters before the anchor belong to the candidate. */
  readonly lead?: number
  /** The characters of a candidate, as the inside of a regular expression's class. The candidate is the longest run from the anchor on. */
  readonly run: string
  readonly lengthMax: number
  /** What a candidate looks like from its start; group 1 is the secret. No two parts of it may match the same text in two ways. */
  readonly pattern: RegExp
  /** Words, in lower case, of which one must stand within 300 characters before or 100 behind. */
  readonly near?: readonly string[]
  /** Checksums and documented examples. */
  readonly accept?: (secret: string) => boolean
}

/** Finds credentials in the address part of URLs of these schemes; a rule without schemes takes what no other rule took. */
export interface UrlRule {
  readonly id: string
  readonly title: string
  readonly schemes: readonly string[]
}

/** Finds literals that a name declares to be secret. The first rule whose name, surroundings and value fit is the one. */
export interface NamedRule {
  readonly id: string
  readonly title: string
  /** The name in snake case: `influxToken`, `INFLUX_TOKEN` and `influx-token` are all `influx_token`. */
  readonly name: RegExp
  readonly near?: readonly string[]
  readonly isSecret: (value: string) => boolean
}

/** Where one rule found something: offsets into the scanned text, end exclusive. */
export interface Candidate {
  readonly rule: { readonly id: string; readonly title: string }
  readonly start: number
  readonly end: number
}

/** A text as matchers see it, and the work done on it so far, in characters looked at. */
export interface ScannedText {
  readonly text: string
  readonly lower: string
  steps: number
}

const nearBefore = 300
const nearAfter = 100

/** Whether one of the words stands near a stretch of text. No words: anywhere is right. */
export function isNear(
  scanned: ScannedText,
  { start, end }: { start: number; end: number },
  words: readonly string[] | undefined,
): boolean {
  if (words === undefined) return true
  const around = scanned.lower.slice(Math.max(0, start - nearBefore), end + nearAfter)
  scanned.steps += around.length * words.length
  return words.some((word) => around.includes(word))
}

/** Where the run of such characters begins that ends at a place; at most so many characters back. */
export function runBefore(scanned: ScannedText, end: number, character: RegExp, charactersMax: number): number {
  let start = end
  while (start > 0 && end - start < charactersMax && character.test(scanned.text.charAt(start - 1))) start--
  scanned.steps += end - start + 1
  return start
}
