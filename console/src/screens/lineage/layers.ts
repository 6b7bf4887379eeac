// Where spots stand in layers: what led to something in an earlier one than what came of it (longest path, circles cut open), in each layer close to what they
// are tied to. Every step is linear in spots and lines, but for the sorting, so that the most that a trail can hold is placed within a frame or two.

/** Something that is being placed: a drawn node, or the way of long lines past a layer. */
export interface Spot {
  /** How much room it takes beside others of its layer, in pixels. */
  readonly room: number
  layer: number
  /** Its middle, beside the others of its layer, in pixels. */
  across: number
  before: Spot[]
  after: Spot[]
}

/** One spot leads to another. */
export type Line = readonly [from: Spot, to: Spot]

const sweeps = 8
const wayRoom = 20
// Past this many, long lines run behind what stands in between.
const waysMax = 2_000

/** A spot that is not placed yet. */
export const spotOf = (room: number, layer = 0): Spot => ({ room, layer, across: 0, before: [], after: [] })

function join(spots: Iterable<Spot>, lines: readonly Line[]): void {
  for (const spot of spots) {
    spot.before = []
    spot.after = []
  }
  for (const [from, to] of lines) {
    from.after.push(to)
    to.before.push(from)
  }
}

/** Every spot after those that led to it, as far as no circle forbids it; a circle is cut open at whichever of its spots is met. */
function inTime(spots: readonly Spot[]): readonly Spot[] {
  const taken = new Set<Spot>()
  const waitsFor = new Map(spots.map((spot) => [spot, spot.before.length]))
  const take = (first: Spot): void => {
    const ready = [first]
    for (const spot of ready) {
      if (taken.has(spot)) continue
      taken.add(spot)
      for (const next of spot.after) {
        const left = (waitsFor.get(next) ?? 0) - 1
        waitsFor.set(next, left)
        if (left === 0) ready.push(next)
      }
    }
  }
  const inCircle = (first: Spot): Spot => {
    const seen = new Set<Spot>()
    let here = first
    while (!seen.has(here)) {
      seen.add(here)
      here = here.before.find((spot) => !taken.has(spot)) ?? here
    }
    return here
  }
  for (const spot of spots) if (spot.before.length === 0) take(spot)
  for (const spot of spots) while (!taken.has(spot)) take(inCircle(spot))
  return [...taken]
}

/** The longest way to each; what more came of than led to it moves up to what came of it. */
function rank(spots: readonly Spot[]): void {
  for (const spot of spots) for (const next of spot.after) next.layer = Math.max(next.layer, spot.layer + 1)
  for (const spot of spots.toReversed())
    if (spot.after.length > spot.before.length) spot.layer = spot.after.reduce((least, { layer }) => Math.min(least, layer), Infinity) - 1
}

/** Lines that go past layers, cut into one way for all that leave a spot, so that nothing stands where they pass. */
function cutLong(spots: readonly Spot[]): { readonly ways: readonly Spot[]; readonly lines: readonly Line[] } {
  const ways: Spot[] = []
  const lines: Line[] = []
  for (const spot of spots) {
    const way = [spot]
    for (const next of spot.after.toSorted((one, other) => one.layer - other.layer)) {
      for (let layer = spot.layer + way.length; layer < next.layer && ways.length < waysMax; layer += 1) {
        const passed = spotOf(wayRoom, layer)
        lines.push([way.at(-1) ?? spot, passed])
        way.push(passed)
        ways.push(passed)
      }
      lines.push([way[next.layer - spot.layer - 1] ?? spot, next])
    }
  }
  return { ways, lines }
}

/** Where those it is tied to would have it. One that is tied to many pulls little: it would bend every row. */
function wish(spot: Spot, ties: readonly Spot[]): number {
  let [sum, weight] = [0, 0]
  for (const { across, before, after } of ties) {
    const pull = 1 / (before.length + after.length)
    sum += across * pull
    weight += pull
  }
  return weight === 0 ? spot.across : sum / weight
}

/** Puts the spots of a layer side by side in this order, as near to their wishes as their room allows (by least squares: those that touch stand in a block). */
function place(layer: readonly Spot[], wishes: ReadonlyMap<Spot, number>): void {
  const blocks: { count: number; sum: number }[] = []
  const offsets: number[] = []
  let end = 0
  for (const spot of layer) {
    const offset = end + spot.room / 2
    end += spot.room
    offsets.push(offset)
    const block = { count: 1, sum: (wishes.get(spot) ?? 0) - offset }
    for (let last = blocks.at(-1); last !== undefined && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      block.count += last.count
      block.sum += last.sum
      blocks.pop()
    }
    blocks.push(block)
  }
  const starts = blocks.flatMap(({ count, sum }) => Array<number>(count).fill(sum / count))
  for (const [at, spot] of layer.entries()) spot.across = (starts[at] ?? 0) + (offsets[at] ?? 0)
}

function arrange(layer: Spot[], tiesOf: (spot: Spot) => readonly Spot[]): void {
  const wishes = new Map(layer.map((spot) => [spot, wish(spot, tiesOf(spot))]))
  layer.sort((one, other) => (wishes.get(one) ?? 0) - (wishes.get(other) ?? 0))
  place(layer, wishes)
}

/** Gives each spot its layer, counted from 0 without an empty one, and its place in it; answers how many layers there are. */
export function stand(spots: readonly Spot[], lines: readonly Line[]): number {
  join(spots, lines)
  const sorted = inTime(spots)
  const times = new Map(sorted.map((spot, at) => [spot, at]))
  join(
    spots,
    lines.map(([from, to]): Line => ((times.get(from) ?? 0) < (times.get(to) ?? 0) ? [from, to] : [to, from])),
  )
  rank(sorted)
  const used = [...new Set(spots.map(({ layer }) => layer))].sort((one, other) => one - other)
  const numbers = new Map(used.map((layer, at) => [layer, at]))
  for (const spot of spots) spot.layer = numbers.get(spot.layer) ?? 0
  const { ways, lines: short } = cutLong(spots)
  const all = [...spots, ...ways]
  join(all, short)
  const layers = used.map((_, at) => all.filter(({ layer }) => layer === at))
  for (const layer of layers) place(layer, new Map())
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const layer of layers) arrange(layer, ({ before }) => before)
    for (const layer of layers.toReversed()) arrange(layer, ({ after }) => after)
  }
  for (const layer of layers) arrange(layer, ({ before, after }) => [...before, ...after])
  return layers.length
}
