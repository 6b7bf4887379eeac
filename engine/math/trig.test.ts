import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from './random.ts'
import { acos, asin, atan, atan2, cos, exp, log, pow, sin, tan, wrapAngle } from './trig.ts'

const close = (a: number, b: number, what: string): void => {
  const error = Math.abs(a - b) / Math.max(1, Math.abs(b))
  assert.ok(error < 1e-13, `${what}: ${a} is not ${b} (${error})`)
}

test('own sine, cosine and tangent agree with Math within 1e-13 for angles a robot meets', () => {
  const random = createRandom(1)
  for (let i = 0; i < 20000; i++) {
    const x = random.between(-2000, 2000)
    close(sin(x), Math.sin(x), `sin ${x}`)
    close(cos(x), Math.cos(x), `cos ${x}`)
    const small = random.between(-1.5, 1.5)
    close(tan(small), Math.tan(small), `tan ${small}`)
  }
})

test('own arc functions agree with Math in every quadrant and on the axes', () => {
  const random = createRandom(2)
  for (let i = 0; i < 20000; i++) {
    const [y, x] = [random.between(-50, 50), random.between(-50, 50)]
    close(atan2(y, x), Math.atan2(y, x), `atan2 ${y} ${x}`)
    close(atan(x), Math.atan(x), `atan ${x}`)
    const c = random.between(-1, 1)
    close(asin(c), Math.asin(c), `asin ${c}`)
    close(acos(c), Math.acos(c), `acos ${c}`)
  }
  for (const [y, x] of [
    [0, 1],
    [1, 0],
    [0, -1],
    [-1, 0],
    [0, 0],
  ] as const)
    close(atan2(y, x), Math.atan2(y, x), `${y} ${x}`)
})

test('own exponential, logarithm and power agree with Math over their range', () => {
  const random = createRandom(3)
  for (let i = 0; i < 20000; i++) {
    const x = random.between(-600, 600)
    assert.ok(Math.abs(exp(x) / Math.exp(x) - 1) < 1e-13, `exp ${x}`)
    const l = Math.exp(x)
    close(log(l), Math.log(l), `log ${l}`)
    const small = random.between(-10, 10)
    assert.ok(Math.abs(exp(small) / Math.exp(small) - 1) < 1e-13, `exp ${small}`)
    const base = random.between(0.01, 10)
    close(pow(base, 2.4), base ** 2.4, `pow ${base}`)
  }
  close(log(5e-324), Math.log(5e-324), 'log of the smallest number')
})

test('edges answer what their names promise', () => {
  assert.equal(log(0), Number.NEGATIVE_INFINITY)
  assert.ok(Number.isNaN(log(-1)))
  assert.equal(exp(1000), Number.POSITIVE_INFINITY)
  assert.equal(exp(-1000), 0)
  assert.equal(exp(0), 1)
  assert.ok(Number.isNaN(sin(Number.NaN)))
  assert.ok(Number.isNaN(atan2(Number.NaN, 1)))
  assert.equal(wrapAngle(Math.PI * 3), -Math.PI)
})
