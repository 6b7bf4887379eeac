// One pass per anchor: find it, take the run of characters that a candidate may have, hold the candidate to the rule's pattern, go on behind it.
// INVARIANT: a candidate is at most `lengthMax` long and the next search begins behind it, so the work grows with the text and not with its square.
import type { Candidate, ScannedText, TokenRule } from './rule.ts'
import { isNear } from './rule.ts'

const wordCharacter = /[A-Za-z0-9]/

/** Finds what token rules describe. */
export function* matchTokens(scanned: ScannedText, rules: readonly TokenRule[]): Generator<Candidate> {
  for (const rule of rules) {
    const run = new RegExp(`[${rule.run}]{0,${rule.lengthMax}}`, 'y')
    for (const anchor of rule.anchors) yield* matchAnchor(scanned, rule, anchor, run)
  }
}

function* matchAnchor(scanned: ScannedText, rule: TokenRule, anchor: string, run: RegExp): Generator<Candidate> {
  const searched = rule.anyCase === true ? scanned.lower : scanned.text
  scanned.steps += searched.length
  for (let at = searched.indexOf(anchor); at !== -1; ) {
    const candidate = readCandidate(scanned, rule, anchor, at, run)
    const found = candidate === undefined ? undefined : judge(scanned, rule, candidate)
    if (found !== undefined) yield found
    at = searched.indexOf(anchor, Math.max(at + anchor.length, found?.end ?? 0, resumeAt(rule, candidate)))
  }
}

// Behind a run there is nothing of it left to find; a run of anything is not the rule's own, so its inside is searched again.
function resumeAt(rule: TokenRule, candidate: { end: number } | undefined): number {
  return candidate === undefined || rule.run === '\\s\\S' ? 0 : candidate.end - (rule.lead ?? 0)
}

function readCandidate(
  scanned: ScannedText,
  rule: TokenRule,
  anchor: string,
  at: number,
  run: RegExp,
): { start: number; end: number } | undefined {
  const start = at - (rule.lead ?? 0)
  if (start < 0) return undefined
  // In the middle of a word the anchor is chance: base64 and digests are full of short texts.
  if (wordCharacter.test(anchor.charAt(0)) && wordCharacter.test(scanned.text.charAt(start - 1))) return undefined
  run.lastIndex = start
  const length = run.exec(scanned.text)?.[0].length ?? 0
  scanned.steps += 2 * length
  return { start, end: start + length }
}

function judge(scanned: ScannedText, rule: TokenRule, { start, end }: { start: number; end: number }): Candidate | undefined {
  const match = rule.pattern.exec(scanned.text.slice(start, end))
  const secret = match?.[1]
  if (match === null || secret === undefined) return undefined
  const secretStart = start + match[0].lastIndexOf(secret)
  const secretEnd = secretStart + secret.length
  if (secretEnd === end && end - start < rule.lengthMax && wordCharacter.test(scanned.text.charAt(end))) return undefined
  if (rule.accept?.(secret) === false || !isNear(scanned, { start, end: secretEnd }, rule.near)) return undefined
  return { rule, start: secretStart, end: secretEnd }
}
