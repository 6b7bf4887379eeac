// Scanning a text: all matchers, most certain first, and each stretch of text is found once. The text is attacker-controlled and may be built to
// keep us busy; the matchers' work is bounded by its length, and its length by the limits.
import type { ScanLimits, ScanPorts, SecretFinding, SecretScan } from './finding.ts'
import { fingerprintOf, previewOf, scanLimits } from './finding.ts'
import { matchNamed } from './match-named.ts'
import { matchTokens } from './match-tokens.ts'
import { matchUrls } from './match-urls.ts'
import type { Candidate, ScannedText } from './rule.ts'
import { tokenRules } from './token-rules.ts'
import { namedRules, urlRules } from './value-rules.ts'

/** Scans a text for secrets. `name` says where it came from and is given back as the place's file. */
export function scanText(name: string, text: string, ports: ScanPorts, limits: Partial<ScanLimits> = {}): SecretScan {
  const { bytesMax, findingsMax } = { ...scanLimits, ...limits }
  const { candidates, hasMore, steps } = findCandidates(text.slice(0, bytesMax), findingsMax)
  const locate = lineCounter(text)
  const findings = candidates.map((candidate): SecretFinding => {
    const secret = text.slice(candidate.start, candidate.end)
    return describe(candidate, secret, { file: name, ...locate(candidate.start) }, ports)
  })
  const limit = text.length > bytesMax ? 'bytes' : false
  return { findings, truncated: hasMore ? 'findings' : limit, steps }
}

/** What is told of a candidate. */
export function describe({ rule }: Candidate, secret: string, place: SecretFinding['place'], ports: ScanPorts): SecretFinding {
  return { rule: rule.id, title: rule.title, place, preview: previewOf(secret), fingerprint: fingerprintOf(secret, ports) }
}

/** Finds up to so many secrets in a text, in the order of the text, none overlapping. */
export function findCandidates(text: string, findingsMax: number): { candidates: readonly Candidate[]; hasMore: boolean; steps: number } {
  const scanned: ScannedText = { text, lower: lowerCase(text), steps: text.length }
  const taken = new Uint8Array(text.length)
  const candidates: Candidate[] = []
  for (const candidate of allMatches(scanned)) {
    if (taken.subarray(candidate.start, candidate.end).includes(1)) continue
    if (candidates.length === findingsMax) return { candidates: inOrder(candidates), hasMore: true, steps: scanned.steps }
    taken.fill(1, candidate.start, candidate.end)
    candidates.push(candidate)
  }
  return { candidates: inOrder(candidates), hasMore: false, steps: scanned.steps }
}

function* allMatches(scanned: ScannedText): Generator<Candidate> {
  yield* matchTokens(scanned, tokenRules)
  yield* matchUrls(scanned, urlRules)
  yield* matchNamed(scanned, namedRules)
}

// Lower-casing some letters outside of ASCII makes a text longer, which would move every offset behind them.
function lowerCase(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function inOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((one, other) => one.start - other.start)
}

/** Counts lines and columns (from 1) for offsets that only grow. */
function lineCounter(text: string): (offset: number) => { line: number; column: number } {
  let line = 1
  let lineStart = 0
  return (offset) => {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < offset; next = text.indexOf('\n', lineStart)) {
      line++
      lineStart = next + 1
    }
    return { line, column: offset - lineStart + 1 }
  }
}
