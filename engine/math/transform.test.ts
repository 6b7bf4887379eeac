import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromRollPitchYaw, normalizeQuat, pitchOf, rollOf, rotate, yawOf } from './quat.ts'
import { apply, applyInverse, compose, fromPlanar, fromXyzRpy, identity, invert } from './transform.ts'
import { cross, distance, length, mix, normalize, type Vec3, vec3, zero3 } from './vec3.ts'

const near = (a: Vec3, b: Vec3): void => assert.ok(distance(a, b) < 1e-12, `${JSON.stringify(a)} is not ${JSON.stringify(b)}`)

test('a quarter turn about Z takes X to Y', () => {
  near(rotate(fromRollPitchYaw(0, 0, Math.PI / 2), vec3(1, 0, 0)), vec3(0, 1, 0))
  near(rotate(fromRollPitchYaw(Math.PI / 2, 0, 0), vec3(0, 1, 0)), vec3(0, 0, 1))
  near(rotate(fromRollPitchYaw(0, Math.PI / 2, 0), vec3(1, 0, 0)), vec3(0, 0, -1))
})

test('roll, pitch and yaw come back out of the rotation they made', () => {
  const q = fromRollPitchYaw(0.3, -0.7, 2.1)
  for (const [got, want] of [
    [rollOf(q), 0.3],
    [pitchOf(q), -0.7],
    [yawOf(q), 2.1],
  ] as const)
    assert.ok(Math.abs(got - want) < 1e-12)
})

test('a pose followed by its inverse is where it began', () => {
  const t = fromXyzRpy(1, 2, 3, 0.1, 0.2, 0.3)
  near(compose(t, invert(t)).position, identity.position)
  near(applyInverse(t, apply(t, vec3(4, 5, 6))), vec3(4, 5, 6))
  near(apply(compose(fromPlanar(1, 0, Math.PI / 2), fromPlanar(2, 0, 0)), zero3), vec3(1, 2, 0))
})

test('degenerate vectors and rotations become the neutral ones', () => {
  assert.deepEqual(normalize(zero3), zero3)
  assert.equal(normalizeQuat({ x: 0, y: 0, z: 0, w: 0 }).w, 1)
  near(cross(vec3(1, 0, 0), vec3(0, 1, 0)), vec3(0, 0, 1))
  near(mix(zero3, vec3(2, 4, 6), 0.5), vec3(1, 2, 3))
  assert.equal(length(vec3(2, 3, 6)), 7)
})
