// Layers: time goes one way, nothing stands on anything else, rows stay straight beside a hub, and circles come to an end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Line, type Spot, spotOf, stand } from './layers.ts'

/** Stands spots of 10 px, by name, and answers them. */
function stood(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, Spot> {
  const spots = new Map([...new Set(pairs.flat())].map((name) => [name, spotOf(10)]))
  const of = (name: string): Spot => spots.get(name) ?? assert.fail(name)
  stand(
    [...spots.values()],
    pairs.map(([from, to]): Line => [of(from), of(to)]),
  )
  return spots
}

const layersIn = (spots: ReadonlyMap<string, Spot>): Record<string, number> =>
  Object.fromEntries([...spots].map(([name, { layer }]) => [name, layer]))

/** Pairs that lead only forward, the same ones every time. */
function forward(count: number, lines: number): (readonly [string, string])[] {
  let state = 7
  const below = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  return Array.from({ length: lines }, () => {
    const from = below(count - 1)
    return [`n${from}`, `n${from + 1 + below(count - from - 1)}`] as const
  })
}

test('whatever leads to whatever, it stands before it, and no two stand on each other', () => {
  for (const [count, lines] of [
    [2, 1],
    [12, 20],
    [200, 400],
  ] as const) {
    const pairs = forward(count, lines)
    const spots = stood(pairs)
    for (const [from, to] of pairs) assert.ok((spots.get(from)?.layer ?? 0) < (spots.get(to)?.layer ?? 0), `${from} ${to}`)
    for (const layer of Map.groupBy(spots.values(), (spot) => spot.layer).values()) {
      const middles = layer.map(({ across }) => across).sort((one, other) => one - other)
      for (const [at, middle] of middles.slice(1).entries()) assert.ok(middle - (middles[at] ?? 0) > 9.99)
    }
  }
})

test('what more came of than led to it stands close before what came of it', () => {
  assert.deepEqual(
    layersIn(
      stood([
        ['scenario', 'run'],
        ['run', 'artifact'],
        ['artifact', 'promotion'],
        ['reviewer', 'promotion'],
      ]),
    ),
    { scenario: 0, run: 1, artifact: 2, promotion: 3, reviewer: 2 },
  )
})

test('a circle is cut open, and what it leads to still stands after it', () => {
  const {
    a = 0,
    b = 0,
    c = 0,
    d = 0,
  } = layersIn(
    stood([
      ['c', 'd'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ]),
  )
  assert.deepEqual([a, b, c].sort(), [0, 1, 2])
  assert.ok(d > c)
})

test('a row stays straight though somebody had a hand in every thing of every row', () => {
  const rows = Array.from({ length: 40 }, (_, at) => [`run${at}`, `artifact${at}`, `promotion${at}`] as const)
  const spots = stood(
    rows.flatMap(([run, artifact, promotion]) => [
      ['scenario', run] as const,
      [run, artifact] as const,
      [artifact, promotion] as const,
      ...[run, artifact, promotion].map((one) => ['person', one] as const),
    ]),
  )
  const acrossOf = (name: string): number => spots.get(name)?.across ?? Number.NaN
  for (const [run, artifact, promotion] of rows) {
    assert.ok(Math.abs(acrossOf(run) - acrossOf(artifact)) < 20, `${run}: ${acrossOf(run)} ${acrossOf(artifact)}`)
    assert.ok(Math.abs(acrossOf(artifact) - acrossOf(promotion)) < 20)
  }
})

test('nothing stands in the way of a line that goes past it', () => {
  const spots = stood([
    ['a', 'b'],
    ['b', 'c'],
    ['a', 'c'],
  ])
  const [a, b, c] = ['a', 'b', 'c'].map((name) => spots.get(name)?.across ?? Number.NaN)
  assert.ok(Math.abs((b ?? 0) - ((a ?? 0) + (c ?? 0)) / 2) >= 5, `${a} ${b} ${c}`)
})

test('ways past layers have a limit, and past it everything still has a place', () => {
  const chain = Array.from({ length: 120 }, (_, at) => [`n${at}`, `n${at + 1}`] as const)
  const long = chain.map(([from]) => [from, 'n120'] as const)
  const spots = stood([...chain, ...long.slice(0, -1)])
  assert.equal(spots.get('n120')?.layer, 120)
  assert.ok([...spots.values()].every(({ across }) => Number.isFinite(across)))
})
