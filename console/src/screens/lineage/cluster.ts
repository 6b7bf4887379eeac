// What is drawn of a trail: siblings, things of one kind that the same things led to, stand as one where there are five or more of them. A cluster can be
// opened, and single things can be pulled out of it. Nothing that a gap is about goes into one.
import type { Gap, TraceEdge, TraceNode } from './trail.ts'

/** From how many siblings on they stand as one. */
const siblingsMin = 5
const passesMax = 8

/** A thing, a cluster of siblings, or a gap, as it is drawn. */
export type DrawnNode =
  | { readonly is: 'thing'; readonly id: string; readonly node: TraceNode }
  | { readonly is: 'cluster'; readonly id: string; readonly kind: string; readonly lead: string; readonly members: readonly TraceNode[] }
  | { readonly is: 'gap'; readonly id: string; readonly gap: Gap }

/** One line between two drawn nodes: everything that leads from the one to the other. */
export interface DrawnEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly parts: readonly Pick<TraceEdge, 'rel' | 'outcome' | 'count'>[]
  readonly isGap: boolean
}

/** What is drawn. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

interface Trail {
  readonly nodes: readonly TraceNode[]
  readonly edges: readonly TraceEdge[]
}

/** What the reader chose: never in a cluster, and clusters that are open, by their first member. */
export interface Chosen {
  readonly apart: ReadonlySet<string>
  readonly opened: ReadonlySet<string>
}

/** Under which id each thing is drawn: its own, or that of its cluster. Clusters make siblings of what they lead to, so it goes pass by pass. */
function standIns({ nodes, edges }: Trail, { apart, opened }: Chosen): ReadonlyMap<string, string> {
  let now = new Map(nodes.map(({ id }) => [id, id]))
  const before = Map.groupBy(edges, ({ to }) => to)
  const after = Map.groupBy(edges, ({ from }) => from)
  for (let pass = 0; pass < passesMax; pass += 1) {
    const keyOf = ({ id, kind }: TraceNode): string => {
      const led = before.get(id)?.map(({ from, rel, outcome }) => `${now.get(from)} ${rel} ${outcome}`)
      const leads = led === undefined ? after.get(id)?.map(({ to, rel, outcome }) => `${rel} ${outcome} ${now.get(to)}`) : undefined
      return [kind, led === undefined ? 'to' : 'from', ...new Set([...(led ?? leads ?? [])].sort())].join('|')
    }
    const groups = Map.groupBy(nodes, keyOf)
    const next = new Map(nodes.map(({ id }) => [id, id]))
    for (const siblings of groups.values()) {
      const lead = siblings[0]?.id
      const together = siblings.filter(({ id }) => !apart.has(id))
      if (lead === undefined || opened.has(lead) || together.length < siblingsMin) continue
      for (const { id } of together) next.set(id, `cluster:${lead}`)
    }
    const isSettled = nodes.every(({ id }) => now.get(id) === next.get(id))
    now = next
    if (isSettled) break
  }
  return now
}

function linesBetween(edges: readonly TraceEdge[], standIn: ReadonlyMap<string, string>): DrawnEdge[] {
  const lines = new Map<string, { from: string; to: string; parts: Map<string, Pick<TraceEdge, 'rel' | 'outcome' | 'count'>> }>()
  for (const { from: one, to: other, rel, outcome, count } of edges) {
    const [from, to] = [standIn.get(one), standIn.get(other)]
    if (from === undefined || to === undefined || from === to) continue
    const line = lines.get(`${from} ${to}`) ?? { from, to, parts: new Map() }
    const key = `${rel} ${outcome}`
    line.parts.set(key, { rel, outcome, count: (line.parts.get(key)?.count ?? 0) + count })
    lines.set(`${from} ${to}`, line)
  }
  return [...lines].map(([id, { from, to, parts }]) => ({ id, from, to, parts: [...parts.values()], isGap: false }))
}

/** What is drawn of a trail. The subject and whatever has a gap always stand for themselves. */
export function draw(trail: Trail, gaps: readonly Gap[], subject: string, chosen: Chosen): Drawing {
  const apart = new Set([...chosen.apart, subject, ...gaps.map(({ to }) => to)])
  const standIn = standIns(trail, { ...chosen, apart })
  const groups = Map.groupBy(trail.nodes, ({ id }) => standIn.get(id) ?? id)
  const things = [...groups].flatMap(([id, members]): DrawnNode[] => {
    const [first] = members
    if (first === undefined) return []
    if (!id.startsWith('cluster:')) return [{ is: 'thing', id, node: first }]
    return [{ is: 'cluster', id, kind: first.kind, lead: id.slice('cluster:'.length), members }]
  })
  const holes = gaps.map((gap): DrawnNode => ({ is: 'gap', id: gap.id, gap }))
  const breaks = gaps.map(({ id, to }) => ({ id: `${id} to`, from: id, to, parts: [], isGap: true }))
  return { nodes: [...holes, ...things], edges: [...linesBetween(trail.edges, standIn), ...breaks] }
}

/** What a line says: each relation, how often, and what of it was refused. */
export function lineWords({ parts, isGap }: Pick<DrawnEdge, 'parts' | 'isGap'>): string {
  if (isGap) return 'gap'
  return parts
    .map(
      ({ rel, outcome, count }) => `${rel.replaceAll('_', ' ')}${outcome === 'done' ? '' : ` ${outcome}`}${count > 1 ? ` × ${count}` : ''}`,
    )
    .join(', ')
}

const plural = (kind: string, count: number): string => (count === 1 ? kind : kind === 'person' ? 'people' : `${kind}s`)

/** What a drawn node is called. */
export function drawnName(drawn: DrawnNode): string {
  if (drawn.is === 'thing') return drawn.node.title
  if (drawn.is === 'gap') return `no ${drawn.gap.missing} recorded`
  return `${drawn.members.length.toLocaleString('en-US')} ${plural(drawn.kind, drawn.members.length)}`
}

/** How the members of a cluster stand: `10 succeeded, 2 failed`. */
export function statesOf(members: readonly TraceNode[]): string {
  const counts = Map.groupBy(
    members.filter(({ state }) => state !== null),
    ({ state }) => state ?? '',
  )
  return [...counts].map(([state, some]) => `${some.length} ${state.replaceAll('_', ' ')}`).join(', ')
}
