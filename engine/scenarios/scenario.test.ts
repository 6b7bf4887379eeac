import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { carrierRobot } from '../robot/robot-spec.ts'
import { createSimulation } from '../run/simulation.ts'
import { loadScenario } from './load-scenario.ts'
import { changedRobot, inputOfScenario, parseScenario, withParameters } from './scenario.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted
const small = loadScenario('small-drive')

test('deliver passes: the robot reaches its goals and comes near nobody', async () => {
  const simulation = await createSimulation({ ...inputOfScenario(loadScenario('deliver')), stepNs: 20_000_000 })
  const verdict = await simulation.run()
  simulation.free()
  assert.equal(verdict.passed, true, verdict.reason)
  assert.equal(verdict.measures.goalsReached, 3)
})

test('blocked-aisle fails, because every way is blocked by what is on no map', async () => {
  const simulation = await createSimulation({ ...inputOfScenario(loadScenario('blocked-aisle')), stepNs: 20_000_000 })
  const verdict = await simulation.run()
  simulation.free()
  assert.equal(verdict.failure, 'controller-gave-up')
  assert.match(verdict.reason, /every way to goal `pick west` .* is blocked by something that is not on the map near/)
  assert.equal(verdict.measures.touches, 0)
})

test('numbers are replaced by path, in a copy', () => {
  const changed = withParameters(small, { seed: 5, 'people.0.speed': 2, 'world.aisleWidth': 4, 'robot.drive.tyreFriction': 0.1 })
  assert.deepEqual([changed.seed, changed.people[0]?.speed, changed.world.aisleWidth, changed.robot['drive.tyreFriction']], [5, 2, 4, 0.1])
  assert.equal(small.seed, 11)
  assert.equal(changedRobot(carrierRobot, changed.robot).drive.tyreFriction, 0.1)
})

test('paths that lead to no number are refused', () => {
  for (const path of ['nowhere', 'people.9.speed', 'name', 'people.0', '__proto__.x', 'start.constructor'])
    assert.throws(() => withParameters(small, { [path]: 1 }), code('sweep/bad-space'), path)
  assert.throws(() => changedRobot(carrierRobot, { 'drive.wings': 2 }), code('run/bad-input'))
  assert.throws(() => changedRobot(carrierRobot, { name: 2 }), code('run/bad-input'))
})

test('a scenario with unknown, missing or misshapen parts, or none at all, is refused by name', () => {
  const text = JSON.stringify(small)
  assert.deepEqual(parseScenario(text), small)
  for (const bad of [
    '',
    '[]',
    '{}',
    JSON.stringify({ ...small, extra: 1 }),
    JSON.stringify({ ...small, people: {} }),
    'x'.repeat(2_000_000),
  ])
    assert.throws(() => parseScenario(bad), code('run/bad-input'))
})

test('what a list of a scenario holds is refused by item and field: no promise and no thing is passed over because nobody knows it', () => {
  const bad: readonly (readonly [object, RegExp])[] = [
    [{ assertions: [{ kind: 'is-nice' }] }, /`assertions\.0` is of the kind `is-nice`; there are reaches-goals/],
    [{ assertions: [...small.assertions, { kind: 'keeps-distance', meters: 1 }] }, /`assertions\.5` has the unknown field `meters`/],
    [{ assertions: [{ kind: 'constructor' }] }, /kind `constructor`/],
    [{ assertions: [null] }, /`assertions\.0` must be a record/],
    [{ people: [{ name: 'x', path: [5], speed: 1 }] }, /`people\.0\.path` must be a list of places/],
    [{ people: [{ name: 'x' }] }, /`people\.0\.path`/],
    [{ clutter: [{ kind: 'dragon', name: 'd', x: 1, y: 1 }] }, /`clutter\.0` is of the kind `dragon`; there are pallet, box/],
    [{ clutter: [{ kind: 'box', name: 'd', x: 1, y: 1, size: { x: 1, y: 1 } }] }, /`clutter\.0\.size` must be a size/],
    [{ goals: [1] }, /`goals\.0` must be a record/],
    [{ faults: [null] }, /`faults\.0` must be a record/],
  ]
  for (const [change, message] of bad) {
    assert.throws(
      () => parseScenario(JSON.stringify({ ...small, ...change })),
      (error: unknown) => code('run/bad-input')(error) && message.test(String(error)),
    )
  }
})

test('a warehouse is not made of parameters that nobody knows, nor of half things', () => {
  const made = (world: object): unknown => inputOfScenario(parseScenario(JSON.stringify({ ...small, world: { ...small.world, ...world } })))
  assert.throws(() => made({ aisleWidht: 2 }), code('run/bad-input'))
  assert.throws(() => made({ rackRows: 1.5 }), code('value/out-of-range'))
  assert.throws(() => made({ seed: 'x' }), code('value/out-of-range'))
})
