// A trail as a graph: things as nodes, from what led to it to what came of it. Edges follow from entries alone; names and states are those of now and are
// not proved. What an entry made or moved is its subject; the actor and everything else that it names lead there, unless the action hands something out.
import { idPrefixes, type Tx } from '../kernel/index.ts'
import { namesOf } from '../twins/index.ts'
import type { EntryBody } from './entry-rows.ts'

/** The most nodes of a graph. */
const graphNodesMax = 500

/** A thing in a graph. `entry` is the entry that made it, or the first that names it; `at` is its time. */
export interface GraphNode {
  readonly kind: string
  readonly id: string
  readonly title: string
  readonly at: string
  readonly entry: string
  /** What it is now; null for what has no state, or is not there any more. */
  readonly state: string | null
}

/** One thing led to another, `count` times; `entry` is the first that says so. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly rel: string
  readonly outcome: 'done' | 'denied' | 'failed'
  readonly count: number
  readonly entry: string
}

/** A trail as a graph. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Whether there were more things than are shown. */
  readonly isCut: boolean
}

/** An entry of a trail with its parsed body. */
export interface TracedEntry {
  readonly id: string
  readonly body: EntryBody
}

/** Actions by which something goes to the one who acts. */
const fetches = new Set(['artifact:pull', 'artifact:read', 'artifact:show', 'artifact:export', 'token:issue'])
/** Relations that lead away from the subject: what a promotion makes, whom a grant is given to. */
const outward = new Set(['promotion:complete service', 'promotion:cross service', 'promotion:roll-back service', 'grant:create grantee'])
/** Acts that are about reading the trail itself, and signs of machinery, which lead nowhere. */
const beside = /^(ledger|session|call):/

const kinds: ReadonlyMap<string, string> = new Map(Object.entries(idPrefixes))

function kindOf(id: string): string | undefined {
  const kind = /^[a-z]{3}_[0-9a-z]{26}$/.test(id) ? kinds.get(id.slice(0, 3)) : undefined
  return kind === 'organization' || kind === 'entry' || kind === 'session' || kind === 'call' ? undefined : kind
}

/** What an entry is about: what it made, where its action is called after that, else its resource. */
function subjectOf({ action, resource, related }: EntryBody): string {
  const noun = action.split(':')[0]
  return related.find(({ rel, id }) => rel === noun && id !== '')?.id ?? resource.id
}

interface Arrow {
  readonly from: string
  readonly to: string
  readonly rel: string
}

function arrowsOf(body: EntryBody): Arrow[] {
  const { action, actor, resource, related, policies } = body
  const subject = subjectOf(body)
  const verb = action.split(':')[1] ?? action
  const acted = fetches.has(action) ? { from: subject, to: actor.id, rel: verb } : { from: actor.id, to: subject, rel: verb }
  const others = [{ rel: resource.type.toLowerCase(), id: resource.id }, ...related].map(({ rel, id }) =>
    outward.has(`${action} ${rel}`) ? { from: subject, to: id, rel } : { from: id, to: subject, rel },
  )
  const grants = policies.map((id) => ({ from: id, to: fetches.has(action) ? actor.id : subject, rel: 'allows' }))
  return [acted, ...others, ...grants].filter(({ from, to }) => from !== to && kindOf(from) !== undefined && kindOf(to) !== undefined)
}

async function statesOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>()
  if (ids.length === 0) return states
  for (const table of ['artifact', 'promotion', 'twin', 'workload', 'connection', 'environment', 'person'] as const) {
    const rows = await tx
      .selectFrom(table)
      .select(['id', 'state'])
      .where('id', 'in', [...ids])
      .execute()
    for (const { id, state } of rows) states.set(id, state)
  }
  for (const { id, state, outcome } of await tx
    .selectFrom('run')
    .select(['id', 'state', 'outcome'])
    .where('id', 'in', [...ids])
    .execute())
    states.set(id, outcome ?? state)
  for (const { id, revoked_at } of await tx
    .selectFrom('grant')
    .select(['id', 'revoked_at'])
    .where('id', 'in', [...ids])
    .execute())
    states.set(id, revoked_at === null ? 'active' : 'revoked')
  return states
}

interface Mention {
  readonly at: string
  readonly entry: string
  readonly isMaking: boolean
}

/** When each thing was made, as far as the trail says; else where it is named first. */
function mentionsIn(entries: readonly TracedEntry[]): Map<string, Mention> {
  const mentions = new Map<string, Mention>()
  for (const { id, body } of entries) {
    const subject = subjectOf(body)
    for (const thing of arrowsOf(body).flatMap(({ from, to }) => [from, to])) {
      const known = mentions.get(thing)
      const isMaking = thing === subject && body.outcome === 'done' && !fetches.has(body.action)
      if (known === undefined || (isMaking && !known.isMaking)) mentions.set(thing, { at: body.at, entry: id, isMaking })
    }
  }
  return mentions
}

function edgesIn(entries: readonly TracedEntry[], shown: ReadonlySet<string>): GraphEdge[] {
  const edges = new Map<string, GraphEdge>()
  for (const { id, body } of entries) {
    for (const { from, to, rel } of arrowsOf(body)) {
      if (!shown.has(from) || !shown.has(to)) continue
      const key = `${from} ${to} ${rel} ${body.outcome}`
      const known = edges.get(key)
      edges.set(key, { from, to, rel, outcome: body.outcome, count: (known?.count ?? 0) + 1, entry: known?.entry ?? id })
    }
  }
  return [...edges.values()]
}

/** Draws a trail. Where there is too much, the thing that was asked for stays, and of the others those that the trail names first. */
export async function drawGraph(tx: Tx, start: string, trail: readonly TracedEntry[]): Promise<Graph> {
  const entries = trail.filter(({ body }) => !beside.test(body.action))
  const mentions = mentionsIn(entries)
  const ids = [...mentions.keys()]
  const kept = [...new Set([...(mentions.has(start) ? [start] : []), ...ids])].slice(0, graphNodesMax)
  const names = await namesOf(tx, kept)
  const states = await statesOf(tx, kept)
  const nodes = kept.flatMap((id) => {
    const mention = mentions.get(id)
    const kind = kindOf(id)
    if (mention === undefined || kind === undefined) return []
    return [
      { kind, id, title: names(id) ?? `${kind} ${id.slice(-6)}`, at: mention.at, entry: mention.entry, state: states.get(id) ?? null },
    ]
  })
  return { nodes, edges: edgesIn(entries, new Set(kept)), isCut: ids.length > kept.length }
}
