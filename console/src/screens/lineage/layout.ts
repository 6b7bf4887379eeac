// Where things stand: in layers, from what led to something to what came of it, and where the arrows lead from there. All drawn nodes have one size.
import { type Drawing, type DrawnEdge, lineWords } from './cluster.ts'
import { type Line, type Spot, spotOf, stand } from './layers.ts'

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
const [beside, between] = [16, 56]

/** Where each layer begins: wide enough apart for what the lines between them say. */
function beginnings(count: number, edges: readonly DrawnEdge[], spots: ReadonlyMap<string, Spot>, direction: Direction): readonly number[] {
  const isLabelled = edges.length <= labelledMax && direction === 'right'
  const said = Array<number>(count).fill(0)
  for (const edge of isLabelled ? edges : []) {
    const layer = spots.get(edge.to)?.layer ?? 0
    said[layer] = Math.max(said[layer] ?? 0, Math.min(labelMax, lineWords(edge).length * letter))
  }
  const size = direction === 'right' ? nodeSize.width : nodeSize.height
  let begin = 0
  return said.map((room, at) => {
    begin += at === 0 ? 0 : size + between + room
    return begin
  })
}

/** Places every drawn node. */
export function placesOf({ nodes, edges }: Drawing, direction: Direction): ReadonlyMap<string, At> {
  const size = direction === 'right' ? nodeSize.height : nodeSize.width
  const spots = new Map(nodes.map(({ id }) => [id, spotOf(size + beside)]))
  const lines = edges.flatMap(({ from, to }): Line[] => {
    const [one, other] = [spots.get(from), spots.get(to)]
    return one === undefined || other === undefined ? [] : [[one, other]]
  })
  const begins = beginnings(stand([...spots.values()], lines), edges, spots, direction)
  const least = [...spots.values()].reduce((so, { across }) => Math.min(so, across), Infinity)
  return new Map(
    [...spots].map(([id, { layer, across }]) => {
      const [along, aside] = [begins[layer] ?? 0, Math.round(across - least)]
      return [id, direction === 'right' ? { x: along, y: aside } : { x: aside, y: along }]
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
