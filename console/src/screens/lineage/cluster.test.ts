// What is drawn of a trail: clusters of siblings, what is pulled out of them, and gaps, which are in none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Chosen, draw, drawnName, lineWords, statesOf } from './cluster.ts'
import { gapsIn, mayBeCut, type TraceEdge, type TraceNode, unnumberedIn } from './trail.ts'

const node = (kind: string, id: string, state: string | null = null): TraceNode => ({ kind, id, title: id, at: '', entry: 'ent', state })
const edge = (from: string, to: string, rel: string, outcome: TraceEdge['outcome'] = 'done'): TraceEdge => ({
  from,
  to,
  rel,
  outcome,
  count: 1,
  entry: 'ent',
})
const nothing: Chosen = { apart: new Set(), opened: new Set() }

/** A scenario with so many runs, each with its artifact. */
function runs(count: number): { nodes: TraceNode[]; edges: TraceEdge[] } {
  const each = Array.from({ length: count }, (_, at) => at)
  return {
    nodes: [
      node('scenario', 'scn'),
      ...each.flatMap((at) => [node('run', `run${at}`, at === 0 ? 'failed' : 'succeeded'), node('artifact', `art${at}`)]),
    ],
    edges: each.flatMap((at) => [edge('scn', `run${at}`, 'scenario'), edge(`run${at}`, `art${at}`, 'run')]),
  }
}

test('four siblings stand for themselves, five stand as one, and so do the things that they led to', () => {
  assert.deepEqual(draw(runs(4), [], 'scn', nothing).nodes.map(drawnName), [
    'scn',
    'run0',
    'art0',
    'run1',
    'art1',
    'run2',
    'art2',
    'run3',
    'art3',
  ])
  const five = draw(runs(5), [], 'scn', nothing)
  assert.deepEqual(five.nodes.map(drawnName), ['scn', '5 runs', '5 artifacts'])
  assert.deepEqual(
    five.edges.map((one) => `${one.from} ${lineWords(one)} ${one.to}`),
    ['scn scenario × 5 cluster:run0', 'cluster:run0 run × 5 cluster:art0'],
  )
})

test('one is pulled out with what it led to, and a cluster is opened whole', () => {
  const pulled = draw(runs(7), [], 'scn', { apart: new Set(['run3']), opened: new Set() })
  assert.deepEqual(pulled.nodes.map(drawnName), ['scn', '6 runs', '6 artifacts', 'run3', 'art3'])
  const opened = draw(runs(5), [], 'scn', { apart: new Set(), opened: new Set(['run0']) })
  assert.equal(opened.nodes.length, 11)
})

test('the thing that was asked for, a refusal and a gap are in no cluster of the others', () => {
  const { nodes, edges } = runs(7)
  const denied = edges.map((one) => (one.to === 'run6' ? { ...one, outcome: 'denied' as const } : one))
  const broken = denied.filter(({ to }) => to !== 'art2')
  const gaps = gapsIn({ nodes, edges: broken })
  const drawing = draw({ nodes, edges: broken }, gaps, 'run5', nothing)
  const names = drawing.nodes.map(drawnName)
  for (const name of ['run5', 'run6', 'art2', 'no run recorded', 'no scenario recorded'])
    assert.ok(names.includes(name), `${name}: ${names.join()}`)
  assert.equal(drawing.edges.filter(({ isGap }) => isGap).length, gaps.length)
})

test('every thing of a trail is drawn, by itself or in exactly one cluster', () => {
  for (const count of [0, 1, 5, 30]) {
    const trail = runs(count)
    const drawn = draw(trail, [], 'scn', nothing).nodes.flatMap((one) =>
      one.is === 'cluster' ? one.members : one.is === 'thing' ? [one.node] : [],
    )
    assert.deepEqual(drawn.map(({ id }) => id).sort(), trail.nodes.map(({ id }) => id).sort())
  }
})

test('what leads in a circle comes to an end', () => {
  const names = Array.from({ length: 6 }, (_, at) => `svc${at}`)
  const edges = names.flatMap((name, at) => [edge(name, names[(at + 1) % 6] ?? '', 'calls')])
  assert.equal(draw({ nodes: names.map((name) => node('service', name)), edges }, [], 'svc0', nothing).nodes.length, 6)
})

test('a run without a scenario, an artifact without a run and a promotion without an artifact are gaps; a denied act fills none', () => {
  const nodes = [node('run', 'run1'), node('artifact', 'art1'), node('promotion', 'prm1'), node('person', 'per1')]
  const edges = [edge('run1', 'art1', 'run'), edge('art1', 'prm1', 'artifact', 'denied'), edge('per1', 'run1', 'launch')]
  assert.deepEqual(
    gapsIn({ nodes, edges }).map(({ to, missing }) => `${to} ${missing}`),
    ['run1 scenario', 'prm1 artifact'],
  )
  assert.deepEqual([mayBeCut({ cut: ['calls'] }), mayBeCut({ cut: ['further'] })], [false, true])
})

test('an entry without a number is late after a minute', () => {
  const entry = (id: string, at: string, index: number | null) => ({ id, at, index })
  const entries = [
    entry('a', '2026-11-22T08:00:00Z', null),
    entry('b', '2026-11-22T08:02:30Z', null),
    entry('c', '2026-11-22T07:00:00Z', 4),
  ]
  assert.deepEqual(unnumberedIn({ entries }, Date.parse('2026-11-22T08:02:40Z')), { fresh: 1, late: ['a'] })
})

test('a cluster says how its members stand', () => {
  assert.equal(statesOf(runs(5).nodes.filter(({ kind }) => kind === 'run')), '1 failed, 4 succeeded')
})
