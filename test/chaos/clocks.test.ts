// Several servers over one PostgreSQL whose wall clocks disagree or jump: what ends in time ends by the time that all of them share.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type OpenedTwinlock, openTwinlock } from '../../src/app/index.ts'
import { CommonClock, type MachineClocks, machineClocks } from '../../src/host/clock/common-clock.ts'
import { openDatabaseTime } from '../../src/host/clock/database-time.ts'
import { connectionOf } from '../../src/host/store/roles.ts'
import { isCoded } from '../../src/kernel/index.ts'
import { actWith, asPart, sessionOf } from '../harness/acting.ts'
import { sqlStateOf, withConnection } from '../harness/database.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

const hour = 3_600_000

describe('servers whose wall clocks disagree', () => {
  let world: World
  const opened: OpenedTwinlock[] = []
  before(async () => {
    world = await openWorld({ isIdle: true })
  })
  after(async () => {
    for (const one of opened) await one.close()
    await world.close()
  })

  /** Another server over the same store, whose wall clock is off. */
  async function server(worker: string, wall: () => number = Date.now): Promise<OpenedTwinlock> {
    const machine: MachineClocks = { ...machineClocks, wall }
    const { connection, folders, cells } = world
    const { upstream } = world.twinlock.outside
    const one = await openTwinlock({ connection, folders, baseUrl, log: () => undefined, machine, replace: { cells, upstream, worker } })
    opened.push(one)
    return one
  }

  it('do not take each other’s live runs for lost, five minutes apart', async () => {
    const first = await server('first')
    const ahead = await server('ahead', () => Date.now() + 300_000)
    const run = await world.launch()
    await asPart(first.door, world.org, 'worker')('run:claim', { run, worker: 'first' })
    const queue = await asPart(ahead.door, world.org, 'reaper')('run:queue')
    assert.deepEqual([queue.lost, queue.overdue], [[], []])
    // By its own wall clock it would have ended the run.
    const alone = await world.another({ clock: { now: () => Date.now() + 300_000, monotonic: () => performance.now() } })
    assert.deepEqual((await asPart(alone.door, world.org, 'reaper')('run:queue')).lost, [run])
    await asPart(first.door, world.org, 'worker')('run:end', { run, cause: 'worker_lost' })
  })

  it('go on with the claim of a run when the wall clock jumps an hour, or over a leap second, either way', async () => {
    let offset = 0
    const worker = 'jumps'
    const one = await server(worker, () => Date.now() + offset)
    const act = asPart(one.door, world.org, 'worker')
    for (const jump of [hour, -hour, 1_000, -1_000]) {
      offset = 0
      const run = await world.launch()
      await act('run:claim', { run, worker })
      const began = performance.now()
      const before = one.outside.clock.now()
      offset = jump
      const passed = one.outside.clock.now() - before
      assert.ok(passed >= 0 && passed <= performance.now() - began + 1, `${passed} ms passed in a moment`)
      assert.deepEqual((await act('run:queue')).lost, [])
      assert.equal((await act('run:heartbeat', { run, worker, done: 0, total: 0, note: '' })).live, true)
      await act('run:end', { run, cause: 'worker_lost' })
    }
  })

  it('revive no token that expired before the database’s clock was set back, not even a server that starts afterwards', async () => {
    const token = await world.tokenOf('pipeline')
    const before = await server('before')
    assert.equal((await actWith(before.door, token)('session:show')).kind, 'pipeline')
    // As if two hours had passed, and the clock of the database's machine had then been set back by two hours.
    await withConnection(world.connection, (client) => client.query(`select setval('latest_time', $1)`, [Date.now() + 2 * hour]))
    const fresh = await server('fresh')
    assert.ok(fresh.outside.clock.now() - Date.now() > hour)
    await assert.rejects(actWith(fresh.door, token)('session:show'), (error) => isCoded(error, 'token_expired'))
  })

  it('cannot be told a time by the product’s role, nor led far ahead by one of them', async () => {
    const { connection } = world
    const role = connectionOf(connection, 'twinlock_app')
    const state = await sqlStateOf(withConnection(role, (client) => client.query(`select setval('latest_time', 1)`)))
    assert.equal(state, '42501')
    const time = openDatabaseTime(connection, () => undefined)
    const { at } = await time.ask(undefined)
    // The clock is behind since the test before: one asking moves it by a minute at most, and none moves it back.
    assert.ok((await time.ask(at + 24 * hour)).at <= at + 60_000)
    assert.ok((await time.ask(at - 24 * hour)).at >= at)
    await time.close()
  })

  it('admit nothing on one whose clock is slow, or stands still, once it has ended by the time of all', async () => {
    const { connection } = world
    const time = openDatabaseTime(connection, () => undefined)
    const [wall, monotonic, sinceBoot] = [machineClocks.wall(), machineClocks.monotonic(), machineClocks.sinceBoot()]
    const machine = { wall: () => wall, monotonic: () => monotonic, sinceBoot: () => sinceBoot }
    const clock = new CommonClock({ ask: time.ask, machine, log: () => undefined })
    await clock.measure()
    const slow = await world.another({ clock })
    const session = await sessionOf(slow.door, world.org, world.starter.people.operator)
    assert.equal((await actWith(slow.door, session)('session:show')).kind, 'person')
    const { at } = await time.ask(undefined)
    await withConnection(connection, (client) => client.query(`select setval('latest_time', $1)`, [at + 48 * hour]))
    // By its own clock no time has passed. It looks at the time of all every few seconds, and where that seems to have leapt, it denies until it is sure.
    await clock.measure()
    await assert.rejects(
      actWith(slow.door, session)('session:show'),
      (error) => isCoded(error, 'unauthenticated') || isCoded(error, 'unavailable'),
    )
    await time.close()
  })
})
