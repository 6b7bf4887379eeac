// The harness itself: what cannot be opened leaves nothing behind that would hold its process for ever, and with it whoever waits for the tests to end; and what is
// copied is whole.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsOf } from './database.ts'
import { newPerson, pipeline } from './signed-in.ts'
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

test('starters are copies of one that know nothing of each other; whoever reads the log of the set-up has one of its own set up', async () => {
  const log: string[] = []
  const opened = await Promise.all([
    openStarter({ runsMax: 0 }),
    openStarter({ runsMax: 0 }),
    openStarter({ runsMax: 0, log: (line) => log.push(line) }),
  ])
  try {
    const [one, other, own] = opened
    assert.equal(one.starter.org, other.starter.org)
    assert.notEqual(one.starter.org, own.starter.org)
    await newPerson(one, 'only-here')
    for (const [harness, found] of [
      [one, 1],
      [other, 0],
    ] as const)
      assert.equal((await rowsOf(harness.twinlock, `select from person where slug = 'only-here'`)).length, found)
    for (const harness of opened) {
      const urls = await rowsOf(harness.twinlock, 'select base_url from connection')
      for (const side of [harness.upstreams.staging, harness.upstreams.production])
        for (const { url } of [side.accounts, side.payments])
          assert.ok(
            urls.some((row) => row.base_url === url),
            url,
          )
      assert.match((await pipeline(harness)).token, /^ey/, 'its workloads hold the keys that it knows')
    }
  } finally {
    for (const harness of opened) await harness.close()
  }
})
