// The harness itself: what cannot be opened leaves nothing behind that would hold its process for ever, and with it whoever waits for the tests to end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStarter } from './twinlock.ts'

const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length

test('a starter that cannot be set up leaves no server listening', async () => {
  const broken = () => {
    throw new Error('No chance is left.')
  }
  const before = servers()
  await assert.rejects(openStarter({ random: { bytes: broken } }), /No chance is left/)
  // A server that was closed is gone when the turn is over, and immediates run before that.
  for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate)
  assert.equal(servers(), before)
})
