import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { type Assertion, usualAssertions } from './assertions.ts'
import { DigestChain } from './digest.ts'
import { Faults } from './faults.ts'
import { Monitor, runSecondsMax } from './monitor.ts'

const goals = [
  { name: 'a', x: 1, y: 0 },
  { name: 'b', x: 0, y: 0 },
]
const monitor = (assertions: readonly Assertion[] = usualAssertions): Monitor =>
  new Monitor(goals, 0.2, assertions, { x: 0, y: 0, yaw: 0 }, 1)
const at = (x: number, seconds: number, charge = 1): Parameters<Monitor['observe']>[0] => ({
  timeNs: seconds * 1e9,
  step: seconds * 100,
  x,
  y: 0,
  charge,
})

test('goals count in their order, and the last one ends the run', () => {
  const judge = monitor()
  judge.observe(at(0.1, 1))
  assert.equal(judge.goalsReached(), 0)
  judge.observe(at(0.9, 2))
  assert.equal(judge.goalsReached(), 1)
  assert.equal(judge.hasEnded(), false)
  judge.observe(at(0, 4))
  assert.equal(judge.hasEnded(), true)
  const verdict = judge.verdict()
  assert.equal(verdict.passed, true)
  assert.ok(Math.abs(verdict.measures.distance - 1.8) < 1e-9)
})

test('the first broken promise is the verdict, with its moment', () => {
  const judge = monitor()
  judge.observe(at(0.5, 3))
  judge.touched('rack', 'rack 1')
  judge.personAt('picker', 0.1)
  const verdict = judge.verdict()
  assert.equal(verdict.failure, 'touches-nothing')
  assert.equal(verdict.momentNs, 3e9)
  assert.match(verdict.reason, /touched rack `rack 1` near \(0.50, 0.00\) at 3.00 s/)
  assert.equal(verdict.measures.nearestPerson, 0.1)
})

test('a promise that was not made cannot be broken', () => {
  const judge = monitor([{ kind: 'reaches-goals' }])
  judge.observe(at(0.5, 100, 0))
  judge.touched('rack', 'rack 1')
  judge.personAt('picker', -0.1)
  assert.equal(judge.hasEnded(), false)
  assert.equal(judge.verdict().measures.touches, 1)
})

test('charge and time are judged at every step', () => {
  const flat = monitor()
  flat.observe(at(0.5, 1, 0.04))
  assert.equal(flat.verdict().failure, 'keeps-charge')
  const late = monitor([{ kind: 'within-seconds', seconds: 5 }])
  late.observe(at(0.5, 5.1))
  assert.match(late.verdict().reason, /only 0 of 2 goals were reached within 5 s/)
})

test('a run that has not ended is neither passed nor broken', () => {
  const { passed, failure, reason } = monitor().verdict()
  assert.deepEqual([passed, failure], [false, null])
  assert.match(reason, /2 of 2 goals are still to be reached/)
})

test('no run lasts for ever, and one without goals lasts its time', () => {
  const endless = monitor([])
  endless.observe(at(0.5, runSecondsMax + 1))
  assert.match(endless.verdict().reason, /did not end within/)
  const watch = new Monitor([], 0.2, [{ kind: 'within-seconds', seconds: 5 }], { x: 0, y: 0, yaw: 0 }, 1)
  watch.observe(at(0.5, 4))
  assert.equal(watch.hasEnded(), false)
  watch.observe(at(0.5, 5))
  assert.deepEqual([watch.hasEnded(), watch.verdict().passed], [true, true])
})

test('a promise with an impossible limit is refused', () => {
  assert.throws(
    () => monitor([{ kind: 'keeps-distance', metres: Number.NaN }]),
    (error) => error instanceof EngineError && error.code === 'run/bad-input',
  )
})

test('faults act within their window only, and unknown ones are refused', () => {
  const faults = new Faults([{ kind: 'lidar-drop', fromSeconds: 1, untilSeconds: 2 }])
  assert.deepEqual(
    [0.9e9, 1e9, 1.9e9, 2e9].map((ns) => faults.at('lidar-drop', ns) !== undefined),
    [false, true, true, false],
  )
  assert.equal(faults.at('weak-motors', 1.5e9), undefined)
  assert.equal(faults.active(1.5e9).length, 1)
  const gremlin = JSON.parse('[{"kind":"gremlin","fromSeconds":0,"untilSeconds":1}]')
  assert.throws(
    () => new Faults(gremlin),
    (error) => error instanceof EngineError && error.code === 'run/bad-input',
  )
  assert.throws(() => new Faults([{ kind: 'weak-motors', fromSeconds: 0, untilSeconds: 1, amount: -1 }]), EngineError)
})

test('a digest depends on every number and on their order, and continues from its state', () => {
  const chain = (...frames: number[][]): string => {
    const digest = new DigestChain()
    for (const frame of frames) digest.add(Float64Array.from(frame))
    return digest.text()
  }
  assert.match(chain([1]), /^sha256:[0-9a-f]{64}$/)
  assert.notEqual(chain([1], [2]), chain([2], [1]))
  assert.notEqual(chain([0]), chain([-0]))
  const [first, second] = [new DigestChain(), new DigestChain()]
  first.add(Float64Array.from([1]))
  second.restore(first.state())
  second.add(Float64Array.from([2]))
  assert.equal(second.text(), chain([1], [2]))
})
