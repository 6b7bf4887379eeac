// The kernel of the backdrop against the same in plain JavaScript, written as one would say it, on random work: every byte must agree.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { bakeToneTable, noiseBytes, noiseLength, toneLength, toneMax, toneScale } from '../sensors/tone.ts'
import { roofSide } from './backdrop-kernel.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { frame, head, MemoryPlan, setHead } from './shared-memory.ts'

const [width, height] = [37, 3]

interface Sky {
  readonly rotation: readonly number[]
  readonly rays: readonly number[]
  readonly rowRay: number
  readonly roofFrom: readonly number[]
  readonly roofPer: readonly number[]
  readonly rise: number
  readonly haze: number
  readonly beside: number
  readonly exposure: number
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform()
const some = (random: Random, length: number, low: number, high: number): number[] =>
  Array.from({ length }, () => between(random, low, high))

function randomSky(random: Random): Sky {
  return {
    ...{ rotation: some(random, 9, -1, 1), rays: some(random, width, -1, 1), rowRay: between(random, -1, 1) },
    ...{ roofFrom: some(random, 2, 0, 30), roofPer: some(random, 2, 5, 20), rise: between(random, -2, 8) },
    ...{ haze: random.uniform(), beside: random.uniform(), exposure: between(random, 0.1, 3) },
  }
}

/** Red, green and blue before noise. */
function seen(sky: Sky, x: number, roof: Float32Array, tone: Uint8Array): readonly number[] {
  const rx = sky.rays[x] ?? 0
  const [dx = 0, dy = 0, dz = 0] = [0, 1, 2].map(
    (k) => (sky.rotation[k] ?? 0) * rx + (sky.rotation[3 + k] ?? 0) * sky.rowRay + (sky.rotation[6 + k] ?? 0),
  )
  const far = dz > 1e-4 && sky.rise > 0 ? sky.rise / dz : 1e9
  const [i = 0, j = 0] = [dx, dy].map((way, k) => Math.floor(((sky.roofFrom[k] ?? 0) + way * far) * (sky.roofPer[k] ?? 0)))
  const isRoof = i >= 0 && j >= 0 && i < roofSide && j < roofSide
  const there = isRoof ? (roof[j * roofSide + i] ?? 0) : sky.beside
  const fade = far / (far + 45)
  const light = Math.min(toneMax, (there + (sky.haze - there) * fade * 0.7) * sky.exposure) * toneScale
  const warm = tone[Math.floor(light)] ?? 0
  return [tone[Math.floor(light * 0.96)] ?? 0, warm, warm]
}

test('where nothing is, roof and haze are seen, with noise, and the pixels before them stay', () => {
  const plan = new MemoryPlan()
  const at = { rgb: plan.place(width * height * 3), noise: plan.place(noiseBytes), rays: plan.place(width * 8) }
  const [roofAt, toneAt] = [plan.place(roofSide * roofSide * 4), plan.place(toneLength)]
  const { buffer, find } = sensorKernels(plan.bytes, false)
  const setFloats = (address: number, values: readonly number[]): void => new Float64Array(buffer, address, values.length).set(values)
  for (const [name, address] of Object.entries(at)) setHead({ buffer, find }, head[name as keyof typeof at], address)
  setHead({ buffer, find }, head.width, width)
  setHead({ buffer, find }, frame.roof, roofAt)
  setHead({ buffer, find }, frame.tone, toneAt)
  const random = createRandom(31)
  const tone = bakeToneTable()
  new Uint8Array(buffer, toneAt, toneLength).set(tone)
  const roof = new Float32Array(buffer, roofAt, roofSide * roofSide)
  for (let i = 0; i < roof.length; i++) roof[i] = random.uniform()
  const noise = new Uint8Array(buffer, at.noise, noiseBytes)
  for (let i = 0; i < noiseBytes; i++) noise[i] = i < noiseLength ? Math.floor(random.uniform() * 13) : (noise[i - noiseLength] ?? 0)
  const rgb = new Uint8Array(buffer, at.rgb, width * height * 3)
  const colours = new Set<number>()
  for (let round = 0; round < 400; round++) {
    const sky = randomSky(random)
    setFloats(at.rays, sky.rays)
    for (let axis = 0; axis < 3; axis++) setFloats(frame.rotation + axis * 32, sky.rotation.slice(axis * 3, axis * 3 + 3))
    setFloats(head.rowRay, [sky.rowRay])
    setFloats(frame.roofFrom, sky.roofFrom)
    setFloats(frame.roofPer, sky.roofPer)
    setFloats(frame.rise, [sky.rise, sky.rise > 0 ? 1e-4 : Infinity, sky.haze, sky.beside])
    setFloats(frame.exposure, [sky.exposure])
    const noiseAt = Math.floor(random.uniform() * noiseLength)
    setHead({ buffer, find }, head.noiseAt, noiseAt)
    const y = round % height
    const from = Math.floor(random.uniform() * width)
    const to = from + 1 + Math.floor(random.uniform() * (width - from))
    const expected = rgb.slice(0, (y * width + to) * 3)
    for (let x = from; x < to; x++) {
      for (const [k, value] of seen(sky, x, roof, tone).entries()) {
        expected[(y * width + x) * 3 + k] = value + (noise[(noiseAt + x * 3 + k) & (noiseLength - 1)] ?? 0)
        colours.add(value)
      }
    }
    find('backdrop')(y, from, to)
    assert.deepEqual(rgb.slice(0, expected.length), expected, `round ${round}`)
  }
  assert.ok(colours.size > 50, 'many brightnesses occur')
})
