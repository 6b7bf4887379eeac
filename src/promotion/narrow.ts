// Narrowing: from what a run was granted and what it really called to what production is to be given. Never broader than was used (law 8):
// a rule names one connection, the method that was called, and the path that was called. Ids that took several values in one place become `{id}`, which
// is counted, so that a reviewer sees what was generalised; and only where what was granted was as wide. Otherwise each path is proposed by itself.
import type { Selectable } from 'kysely'
import { type PermissionTable, shapeOf } from '../access/index.ts'
import type { Call } from '../egress/index.ts'

/** A rule that is proposed for production. */
export interface ProposedRule {
  /** The connection that the run called. */
  readonly from: string
  /** Its counterpart in the target environment; null where none is named. */
  readonly connection: string | null
  readonly methods: readonly string[]
  readonly path: string
  /** How many recorded calls it covers. */
  readonly calls: number
  /** How many different paths became this one pattern. */
  readonly generalised: number
}

/** What was granted, what was used, what is proposed. */
export interface Proposal {
  readonly granted: readonly {
    readonly connection: string
    readonly methods: readonly string[]
    readonly path: string
    readonly used: boolean
  }[]
  readonly rules: readonly ProposedRule[]
  /** Connections that were called and have no counterpart: their calls are not assessed. */
  readonly unmapped: readonly string[]
}

/** The pattern of several paths of one shape: a place where all agree stays literal, another is an id. */
function patternOf(paths: readonly string[]): string {
  const split = paths.map((path) => path.split('/'))
  return (split[0] ?? []).map((segment, at) => (split.every((other) => other[at] === segment) ? segment : '{id}')).join('/')
}

type Granted = Selectable<PermissionTable>

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** Whether a segment is one of a pattern with stars. Both come from outside: each text between stars is looked for once, leftmost, and never tried again. */
function isOf(segment: string, pattern: string): boolean {
  const [first = '', ...between] = pattern.split('*')
  const last = between.pop()
  if (last === undefined) return segment === first
  const until = segment.length - last.length
  if (until < first.length || !segment.startsWith(first) || !segment.endsWith(last)) return false
  let from = first.length
  for (const text of between) {
    const at = segment.indexOf(text, from)
    if (at === -1 || at + text.length > until) return false
    from = at + text.length
  }
  return true
}

/** Whether a segment of a granted pattern is at least as wide as a segment of a path or of a narrower pattern. */
function segmentWithin(segment: string, granted: string): boolean {
  if (granted === segment || granted === '*') return true
  if (granted === '{id}') return /\d/.test(segment)
  return segment !== '{id}' && isOf(segment, granted)
}

/** A pattern that mixes kinds of wildcards: its policy permits nothing. */
function isMixed(pattern: string): boolean {
  const stem = pattern.endsWith('/**') ? pattern.slice(0, -3) : pattern
  const kinds = [stem !== pattern, stem.includes('*'), stem.split('/').includes('{id}')]
  return kinds.filter(Boolean).length > 1
}

/** Whether a granted pattern covers a path, or a pattern that is no wider, with the meaning that the policy gives to both. */
export function covers(granted: string, path: string): boolean {
  if (isMixed(granted)) return false
  const open = granted.endsWith('/**')
  const wide = (open ? granted.slice(0, -3) : granted).split('/')
  const narrowSegments = path.split('/')
  if (open ? narrowSegments.length <= wide.length : narrowSegments.length !== wide.length) return false
  return wide.every((segment, at) => segmentWithin(narrowSegments[at] ?? '', segment))
}

/** The rules for calls of one connection, method and shape: one pattern where a granted rule was as wide, each path by itself otherwise. */
function rulesFor(group: readonly Call[], granted: readonly Granted[], counterparts: ReadonlyMap<string, string | null>): ProposedRule[] {
  const [first] = group
  if (first?.connection_id == null) return []
  const { connection_id: from, method } = first
  const connection = counterparts.get(from) ?? null
  const paths = [...new Set(group.map((call) => call.path))]
  const pattern = patternOf(paths)
  const isGranted = granted.some((rule) => rule.connection_id === from && rule.methods.includes(method) && covers(rule.path, pattern))
  if (paths.length === 1 || isGranted)
    return [{ from, connection, methods: [method], path: pattern, calls: group.length, generalised: paths.length }]
  return paths.map((path) => ({
    from,
    connection,
    methods: [method],
    path,
    calls: group.filter((call) => call.path === path).length,
    generalised: 1,
  }))
}

/** Proposes the narrowest rules that cover the allowed calls of a tape. `counterparts` maps connection ids to their counterparts. */
export function narrow(granted: readonly Granted[], calls: readonly Call[], counterparts: ReadonlyMap<string, string | null>): Proposal {
  // A path that could be read as a pattern is proposed to nobody: the broker lets none through, and replay then finds what is missing.
  const used = calls.filter((call) => call.decision === 'allowed' && call.connection_id !== null && !/[*{}]/.test(call.path))
  const rules = groupBy(used, (call) => `${call.connection_id} ${call.method} ${shapeOf(call.path)}`).flatMap((group) =>
    rulesFor(group, granted, counterparts),
  )
  const usedBy = (rule: Granted) =>
    used.some((call) => call.connection_id === rule.connection_id && rule.methods.includes(call.method) && covers(rule.path, call.path))
  return {
    granted: granted.map((rule) => ({ connection: rule.connection_id, methods: rule.methods, path: rule.path, used: usedBy(rule) })),
    rules,
    unmapped: [...new Set(rules.filter((rule) => rule.connection === null).map((rule) => rule.from))],
  }
}
