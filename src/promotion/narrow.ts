// Narrowing: from what a run was granted and what it really called to what production is to be given. Never broader than was used (law 8):
// a rule names one connection, the methods that were called, and the paths that were called; segments that took several values in the same place
// become one `*`, which is counted, so that a reviewer sees what was generalised.
import type { Selectable } from 'kysely'
import type { PermissionTable } from '../access/index.ts'
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

const looksLikeId = (segment: string): boolean => /\d/.test(segment)

/** The shape of a path: segments that look like ids are places where values may vary. */
function shapeOf(path: string): string {
  return path
    .split('/')
    .map((segment) => (looksLikeId(segment) ? '*' : segment))
    .join('/')
}

/** The pattern of several paths of one shape: a place where all agree stays literal. */
function patternOf(paths: readonly string[]): string {
  const split = paths.map((path) => path.split('/'))
  return (split[0] ?? []).map((segment, at) => (split.every((other) => other[at] === segment) ? segment : '*')).join('/')
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** Whether a granted pattern covers a path, with the meaning that the policy gives it. */
export function covers(pattern: string, path: string): boolean {
  const open = pattern.endsWith('/**')
  const literal = (open ? pattern.slice(0, -2) : pattern).split('*')
  if (!open && pattern.split('/').length !== path.split('/').length) return false
  let at = 0
  for (const [index, part] of literal.entries()) {
    const found = index === 0 ? (path.startsWith(part) ? 0 : -1) : path.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return open || at === path.length || (literal.at(-1) === '' ? true : path.endsWith(literal.at(-1) ?? ''))
}

/** Proposes the narrowest rules that cover the allowed calls of a tape. `counterparts` maps connection ids to their counterparts. */
export function narrow(
  granted: readonly Selectable<PermissionTable>[],
  calls: readonly Call[],
  counterparts: ReadonlyMap<string, string | null>,
): Proposal {
  const used = calls.filter((call) => call.decision === 'allowed' && call.connection_id !== null)
  const rules: ProposedRule[] = []
  for (const group of groupBy(used, (call) => `${call.connection_id} ${call.method} ${shapeOf(call.path)}`)) {
    const first = group[0]
    if (first === undefined || first.connection_id === null) continue
    const paths = [...new Set(group.map((call) => call.path))]
    rules.push({
      from: first.connection_id,
      connection: counterparts.get(first.connection_id) ?? null,
      methods: [first.method],
      path: patternOf(paths),
      calls: group.length,
      generalised: paths.length,
    })
  }
  const usedBy = (rule: Selectable<PermissionTable>) =>
    used.some((call) => call.connection_id === rule.connection_id && rule.methods.includes(call.method) && covers(rule.path, call.path))
  return {
    granted: granted.map((rule) => ({ connection: rule.connection_id, methods: rule.methods, path: rule.path, used: usedBy(rule) })),
    rules,
    unmapped: [...new Set(rules.filter((rule) => rule.connection === null).map((rule) => rule.from))],
  }
}
