// What a person reads of a batch: what it is of, how far it is, each run with its identity, and what to do next.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const batch = {
  id: fakeId('bat', 1),
  twin: fakeId('twn', 1),
  twinName: 'payments\u001b[31m',
  scenario: fakeId('scn', 1),
  scenarioName: 'settle@1',
  environment: fakeId('env', 1),
  environmentSlug: 'staging',
  environmentClass: 'staging',
  launchedBy: fakeId('per', 1),
  launchedByName: 'Ann',
  createdAt: '2026-11-22T05:00:00.000Z',
  endedAt: null,
  size: 3,
  runs: { live: 1, running: 1, succeeded: 1, failed: 1 },
}
const launched = [{ id: fakeId('run', 1), scenario: batch.scenario, seed: 7, spiffeId: 'spiffe://staging.example/twin/payments/run/1' }]
const over = { ...batch, endedAt: '2026-11-22T05:01:00.000Z', runs: { live: 0, running: 0, succeeded: 1, failed: 2 } }

let one: FakeTwinlock
before(async () => {
  one = await startFake({
    'batch:launch': () => ({ ...batch, launched }),
    'batch:list': () => ({ items: [batch], next: null }),
    'batch:show': () => batch,
    'batch:end': () => ({ ...over, stopped: { runs: 2, credentials: 1 }, tookMs: 3 }),
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

describe('a batch on the command line', () => {
  it('is launched for seeds, and answered with the identity of each run and the way on', async () => {
    const { out, err, exit } = await one.run(
      ...['batch', 'launch', '--scenario', batch.scenario, '--environment', batch.environment, '--seeds', '1..20'],
    )
    assert.equal(exit, 0)
    assert.match(out, /runs +3 runs, 1 live, 1 running, 1 succeeded, 1 did not/)
    assert.match(out, /run_\w+ +seed 7 +spiffe:\/\/staging\.example\/twin\/payments\/run\/1/)
    assert.match(err, /twinlock batch end bat_\w+ --reason/)
    assert.ok(!out.includes('\u001b'), 'nothing in it speaks to the terminal')
    const asked = one.asked.find(({ action }) => action === 'batch:launch')?.input
    assert.equal((asked as { seeds: string }).seeds, '1..20') // the command sent it
  })

  it('is listed, shown, and ended in sentences that say what was taken away', async () => {
    assert.match((await one.run('batch', 'list')).out, /bat_\w+ .*settle@1 +staging .*3 runs, 1 live/)
    assert.match((await one.run('batch', 'show', batch.id)).out, /launched +2026-11-22 05:00:00Z by Ann/)
    const { out } = await one.run('batch', 'end', batch.id, '--reason', 'Enough.')
    assert.match(out, /3 runs, 1 succeeded, 2 did not, over/)
    assert.match(out, /2 runs and 1 credential ended in 3\.0 ms\. Nothing of them is admitted any more\./)
  })
})
