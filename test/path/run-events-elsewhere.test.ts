// Runs watched in one process while everything happens in another, over one database: nothing is told from one to the other but through the store.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { OpenedTwinlock, RunStream } from '../../src/app/index.ts'
import { openWorld, type World } from '../harness/world.ts'

async function readUntil(stream: RunStream, event: string): Promise<unknown[]> {
  const seen: { event: string; data: unknown }[] = []
  for (let came = await stream.next(); came !== undefined; came = await stream.next()) {
    seen.push(...came)
    if (seen.some((one) => one.event === event)) return seen
  }
  assert.fail(`The stream ended before ${event}: ${JSON.stringify(seen).slice(-300)}`)
}

describe('a run that is watched from another process', () => {
  let world: World
  let other: OpenedTwinlock
  before(async () => {
    world = await openWorld({ isIdle: true })
    other = await world.another()
  })
  after(() => world.close())

  async function watchedRun() {
    const run = await world.launch()
    const worker = world.part('worker')
    await worker('run:claim', { run, worker: 'hands' })
    await worker('run:begin', { run, worker: 'hands', cell: {} })
    const stream = await other.watch.open({ credential: await world.credentialOf('operator'), run, after: undefined, requestId: 'test' })
    await readUntil(stream, 'run')
    const call = () =>
      world.twinlock.broker.call({
        credential: { kind: 'channel', org: world.org, run: run as never, epoch: 0 },
        connection: 'accounts-data',
        method: 'GET',
        path: '/accounts?limit=1',
        headers: {},
        body: undefined,
        requestId: 'test',
      })
    return { run, stream, call }
  }

  it('is told what happens there', async () => {
    const { run, stream, call } = await watchedRun()
    await call()
    await readUntil(stream, 'call')
    await (await world.as('operator'))('run:freeze', { run, reason: 'A test.', minutes: 5 })
    await readUntil(stream, 'frozen')
    await (await world.as('operator'))('run:thaw', { run, reason: 'A test.' })
    await readUntil(stream, 'thawed')
    stream.close()
    assert.equal(other.watch.listening, 0)
  })

  it('is cut there when a right is taken away here, and told nothing that happened after', async () => {
    const { stream, call } = await watchedRun()
    await (await world.as('operator'))('session:end', {})
    await call()
    const seen = await readUntil(stream, 'cut')
    assert.ok(!JSON.stringify(seen).includes('"event":"call"'))
    assert.equal(await stream.next(), undefined)
  })
})
