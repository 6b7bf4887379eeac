// How much memory kernels may share with arrays: as much as their signed addresses reach, and what would need more is refused before anything is made.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { memoryBytesMax } from './module.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { MemoryPlan } from './shared-memory.ts'

test('places follow each other however much lies before them', () => {
  const plan = new MemoryPlan()
  const places = [3_000_000_000, 8, 8].map((bytes) => plan.place(bytes))
  const [first = 0, second = 0, third = 0] = places
  assert.ok(second >= first + 3_000_000_000 && third >= second + 8 && plan.bytes >= third + 8, places.join(', '))
  assert.ok(
    places.every((place) => place % 16 === 0),
    places.join(', '),
  )
})

test('a memory that addresses do not reach is refused by its code, and says how much it would be', () => {
  const refuses = (bytes: number, gigabytes: RegExp) =>
    assert.throws(
      () => sensorKernels(bytes, false),
      (error) => error instanceof EngineError && error.code === 'value/out-of-range' && gigabytes.test(error.message),
    )
  refuses(memoryBytesMax + 1, /2\.1 GB/)
  refuses(5e9, /5\.0 GB/)
  assert.ok(sensorKernels(1_000_000, false).buffer.byteLength >= 1_000_000)
})
