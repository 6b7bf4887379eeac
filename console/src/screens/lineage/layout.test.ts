// Where things stand, and where the arrows lead.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Drawing } from './cluster.ts'
import { nextBy, nodeSize, placesOf } from './layout.ts'

const drawing = (pairs: readonly (readonly [string, string])[]): Drawing => ({
  nodes: [...new Set(pairs.flat())].map((id) => ({
    is: 'thing',
    id,
    node: { kind: 'run', id, title: id, at: '', entry: '', state: null },
  })),
  edges: pairs.map(([from, to]) => ({ id: `${from} ${to}`, from, to, parts: [], isGap: false })),
})

test('what led to something stands before it, and nothing stands on anything else', () => {
  for (const direction of ['right', 'down'] as const) {
    const places = placesOf(
      drawing([
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'd'],
        ['c', 'd'],
      ]),
      direction,
    )
    const along = (id: string): number => places.get(id)?.[direction === 'right' ? 'x' : 'y'] ?? Number.NaN
    assert.ok(along('a') < along('b') && along('b') === along('c') && along('c') < along('d'))
    const [b, c] = [places.get('b'), places.get('c')]
    assert.ok(b && c && (Math.abs(b.x - c.x) >= nodeSize.width || Math.abs(b.y - c.y) >= nodeSize.height))
  }
})

test('arrows lead to what is next in their direction, and nowhere at the edge', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 300, y: 0 }],
    ['c', { x: 300, y: 60 }],
    ['d', { x: 600, y: 60 }],
  ])
  assert.equal(nextBy('ArrowRight', 'a', places), 'b')
  assert.equal(nextBy('ArrowDown', 'b', places), 'c')
  assert.equal(nextBy('ArrowRight', 'c', places), 'd')
  assert.equal(nextBy('ArrowLeft', 'c', places), 'a')
  assert.equal(nextBy('ArrowLeft', 'a', places), undefined)
  assert.equal(nextBy('x', 'a', places), undefined)
})

test('five hundred things are placed at once', () => {
  const pairs = Array.from(
    { length: 166 },
    (_, at) =>
      [
        ['scn', `run${at}`],
        [`run${at}`, `art${at}`],
        [`art${at}`, `prm${at}`],
      ] as const,
  ).flat()
  const places = placesOf(drawing(pairs), 'right')
  assert.equal(places.size, 499)
  assert.equal(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size, 499)
})
