// Readiness over a store that is well, says no, fails, or is frozen.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCoded } from '../../kernel/index.ts'
import { readiness } from './readiness.ts'

const causeOf = async (look: () => Promise<void>): Promise<string> => {
  const error = await look().catch((thrown: unknown) => thrown)
  assert.ok(isCoded(error, 'unavailable') && error.cause instanceof Error)
  return error.cause.message
}

test('a store that can be read is ready; one that cannot be says why, for the log alone', async () => {
  await readiness(async () => true)()
  assert.match(await causeOf(readiness(async () => false)), /cannot be read/)
  assert.equal(await causeOf(readiness(() => Promise.reject(new Error('ECONNREFUSED')))), 'ECONNREFUSED')
})

test('a frozen store is told of in time, is looked at once for all who ask, and is ready again when it answers', async () => {
  let looks = 0
  let answer: (isReady: boolean) => void = () => undefined
  const look = readiness(() => {
    looks++
    return new Promise((resolve) => {
      answer = resolve
    })
  }, 5)
  const causes = await Promise.all([causeOf(look), causeOf(look)])
  assert.deepEqual(causes, Array(2).fill('The store gave no answer within 0.005 s.'))
  await causeOf(look)
  assert.equal(looks, 1)
  const again = look()
  answer(true)
  await again
  const later = causeOf(look)
  assert.equal(looks, 2)
  answer(false)
  await later
})
