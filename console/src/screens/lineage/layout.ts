// Where things stand: in layers, from what led to something to what came of it (dagre's layered layout). All drawn nodes have one size.
import { Graph, layout } from '@dagrejs/dagre'
import { type Drawing, lineWords } from './cluster.ts'

/** The size of a drawn node, in pixels. */
export const nodeSize = { width: 204, height: 46 }

/** Which way time goes. */
export type Direction = 'right' | 'down'

/** The upper left corner of a drawn node. */
export interface At {
  readonly x: number
  readonly y: number
}

/** Up to how many lines each says what it is. */
export const labelledMax = 40
const [letter, labelMax] = [6, 120]

// Above this many nodes the exact ranking costs more than a reader waits.
const exactMax = 120

/** Places every drawn node. */
export function placesOf({ nodes, edges }: Drawing, direction: Direction): ReadonlyMap<string, At> {
  const graph = new Graph()
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: 16,
    ranksep: 56,
    ranker: nodes.length > exactMax ? 'longest-path' : 'network-simplex',
  })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize })
  const isLabelled = edges.length <= labelledMax && direction === 'right'
  for (const edge of edges)
    graph.setEdge(
      edge.from,
      edge.to,
      isLabelled ? { width: Math.min(labelMax, lineWords(edge).length * letter), height: 16, labelpos: 'c' } : {},
    )
  layout(graph)
  return new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number } // what `layout` writes into the label
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }]
    }),
  )
}

/** The next node that an arrow leads to: the nearest in that direction, those in line with it first; undefined at the edge. */
export function nextBy(arrow: string, from: string, places: ReadonlyMap<string, At>): string | undefined {
  const way: Readonly<Record<string, readonly [x: number, y: number]>> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowDown: [0, 1],
    ArrowUp: [0, -1],
  }
  const [here, heading] = [places.get(from), way[arrow]]
  if (here === undefined || heading === undefined) return undefined
  let best: { id: string; far: number } | undefined
  for (const [id, { x, y }] of places) {
    const [dx, dy] = [x - here.x, y - here.y]
    const along = dx * heading[0] + dy * heading[1]
    const beside = Math.abs(dx * heading[1]) + Math.abs(dy * heading[0])
    const far = along + 3 * beside
    if (along > 1 && (best === undefined || far < best.far)) best = { id, far }
  }
  return best?.id
}
