// Whoever has nothing to answer is told where to begin.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstSteps } from './first-steps.ts'

test('each role has its step, in one order, and no step comes twice', () => {
  assert.deepEqual(
    firstSteps(['reviewer', 'deployer', 'operator']).map(({ to }) => to),
    ['/launch', '/promotions'],
  )
})

test('somebody without a role is told whom to ask', () => assert.match(firstSteps([])[0]?.text ?? '', /Ask an administrator/))
