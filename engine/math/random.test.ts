import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, hashText } from './random.ts'

test('a seed gives the same numbers, and they are the ones written here', () => {
  const random = createRandom(42)
  const again = createRandom(42)
  const first = Array.from({ length: 4 }, () => random.uint32())
  assert.deepEqual(
    Array.from({ length: 4 }, () => again.uint32()),
    first,
  )
  assert.deepEqual(first, [660444221, 3652823732, 77672526, 910233633])
  assert.notDeepEqual(
    Array.from({ length: 4 }, () => createRandom(43).uint32()),
    first,
  )
})

test('a named stream depends on its seed and name, not on what was drawn before', () => {
  const random = createRandom(7)
  const before = random.stream('imu').uint32()
  random.uint32()
  assert.equal(random.stream('imu').uint32(), before)
  assert.notEqual(random.stream('lidar').uint32(), before)
  assert.notEqual(createRandom(8).stream('imu').uint32(), before)
})

test('a restored generator continues where it was', () => {
  const random = createRandom(9)
  random.gaussian()
  const state = random.state()
  const next = [random.gaussian(), random.uniform()]
  random.restore(state)
  assert.deepEqual([random.gaussian(), random.uniform()], next)
})

test('gaussian noise has mean zero and deviation one; uniform numbers stay in range', () => {
  const random = createRandom(11)
  let sum = 0
  let squares = 0
  for (let i = 0; i < 40000; i++) {
    const g = random.gaussian()
    sum += g
    squares += g * g
    const whole = random.integer(2, 5)
    assert.ok(whole >= 2 && whole <= 5)
    const u = random.between(-1, 3)
    assert.ok(u >= -1 && u < 3)
  }
  assert.ok(Math.abs(sum / 40000) < 0.02)
  assert.ok(Math.abs(squares / 40000 - 1) < 0.03)
})

test('the text hash is the one written here', () => {
  assert.equal(hashText('imu'), 2035722735)
})
