// Scanning a JSON value: names and texts as they are after parsing, without the escapes that hide them in a file. All of it is laid out as one
// text, one member per line, and scanned once; offsets lead back to pointers. The value is attacker-controlled; its size and depth are limited.
import type { Json } from '../../kernel/index.ts'
import type { ScanLimit, ScanLimits, ScanPorts, SecretFinding, SecretPlace, SecretScan } from './finding.ts'
import { previewOf, scanLimits } from './finding.ts'
import type { Candidate } from './rule.ts'
import { describe, findCandidates } from './scan-text.ts'

// One member or item: what it is under, its name, and where its name and its text stand in the layout.
interface Entry {
  readonly parent: Entry | undefined
  readonly name: string
  readonly nameEnd: number
  readonly textStart: number
  secretName: string | undefined
}

interface Layout {
  readonly lines: string[]
  readonly entries: Entry[]
  readonly limits: ScanLimits
  length: number
  limit: ScanLimit | false
}

/** Scans a JSON value for secrets: texts, names, and texts that their names declare to be secret. */
export function scanJson(name: string, value: Json, ports: ScanPorts, limits: Partial<ScanLimits> = {}): SecretScan {
  const layout: Layout = { lines: [], entries: [], limits: { ...scanLimits, ...limits }, length: 0, limit: false }
  layOut(layout, undefined, '', value, 0)
  const text = layout.lines.join('')
  const { candidates, hasMore, steps } = findCandidates(text, layout.limits.findingsMax)
  const found = candidates.map((candidate) => ({
    candidate,
    secret: text.slice(candidate.start, candidate.end),
    entry: entryAt(layout, candidate),
  }))
  for (const { candidate, secret, entry } of found) if (candidate.start < entry.nameEnd) entry.secretName = secret
  const findings = found.map(({ candidate, secret, entry }): SecretFinding => {
    return describe(candidate, secret, placeOf(name, text, candidate, entry), ports)
  })
  return { findings, truncated: hasMore ? 'findings' : layout.limit, steps }
}

function layOut(layout: Layout, parent: Entry | undefined, name: string, value: Json, depth: number): void {
  const text = typeof value === 'string' ? value : ''
  const limit = limitHit(layout, depth, name.length + text.length)
  layout.limit ||= limit
  if (limit !== false) return
  const entry = addLine(layout, parent, name, text)
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) layOut(layout, entry, key, member ?? null, depth + 1)
}

function limitHit({ entries, length, limits }: Layout, depth: number, more: number): ScanLimit | false {
  if (entries.length >= limits.valuesMax) return 'values'
  if (depth > limits.depthMax) return 'depth'
  return length + more > limits.bytesMax ? 'bytes' : false
}

function addLine(layout: Layout, parent: Entry | undefined, name: string, text: string): Entry {
  // A quote that the text does not hold, so that the whole of it is read as one value.
  const quote = ['"', "'", '`'].find((mark) => !text.includes(mark)) ?? '"'
  const line = `"${name}": ${quote}${text}${quote}\n\0\n`
  const nameEnd = layout.length + 1 + name.length
  const entry: Entry = { parent, name, nameEnd, textStart: nameEnd + 4, secretName: undefined }
  layout.lines.push(line)
  layout.entries.push(entry)
  layout.length += line.length
  return entry
}

function entryAt(layout: Layout, { start }: Candidate): Entry {
  let low = 0
  let high = layout.entries.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const entry = layout.entries[middle]
    if (entry !== undefined && entry.nameEnd - entry.name.length <= start) low = middle
    else high = middle - 1
  }
  const entry = layout.entries[low]
  if (entry === undefined) throw new Error('A layout without entries holds no secrets.')
  return entry
}

function placeOf(file: string, text: string, { start }: Candidate, entry: Entry): SecretPlace {
  if (start < entry.nameEnd) return { file, line: 1, column: 1, pointer: pointerOf(entry.parent) }
  const before = text.slice(entry.textStart, start).split('\n')
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1, pointer: pointerOf(entry) }
}

function pointerOf(entry: Entry | undefined): string {
  if (entry?.parent === undefined) return ''
  const shown = entry.secretName === undefined ? entry.name : previewOf(entry.secretName)
  return `${pointerOf(entry.parent)}/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
