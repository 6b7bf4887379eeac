// A tape read through the door: at any place, by filters, with its counts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt } from '../../../test/harness/acting.ts'
import { asSuperuser } from '../../../test/harness/database.ts'
import { type LiveRun, liveRun } from '../../../test/harness/live-run.ts'
import { asSystem, refused, type SignedIn, signIn } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'

describe('run:tape', () => {
  let h: Harness
  let operator: SignedIn
  let run: LiveRun

  before(async () => {
    h = await openStarter({ runsMax: 0 })
    operator = await signIn(h, 'operator')
    run = await liveRun(h)
    for (let number = 1; number <= 6; number++) await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    await refused(run.call({ connection: 'accounts-data', path: '/vault' }), 'denied')
    await refused(run.call({ connection: 'nowhere', method: 'POST', path: '/x' }), 'undeclared_connection')
  })
  after(() => h.close())

  const read = (filters: object) => operator.act('run:tape', { run: run.id, ...filters })
  const numbers = (answer: unknown) => listAt(answer, 'items').map((call) => at(call, 'number'))

  it('begins after any call, because numbers have no gaps', async () => {
    assert.deepEqual(numbers(await read({})), [1, 2, 3, 4, 5, 6, 7, 8])
    const middle = await read({ after: 3, limit: 2 })
    assert.deepEqual([numbers(middle), middle.next], [[4, 5], 5])
    const last = await read({ after: 8 })
    assert.deepEqual([numbers(last), last.next], [[], null])
  })

  it('counts the whole tape, and what the filters let through', async () => {
    assert.partialDeepStrictEqual(await read({ limit: 1 }), { allowed: 6, denied: 2, matching: 8 })
    const denied = await read({ decision: 'denied' })
    assert.partialDeepStrictEqual(denied, { allowed: 6, denied: 2, matching: 2 })
    assert.deepEqual(numbers(denied), [7, 8])
    assert.deepEqual(numbers(await read({ connection: 'nowhere' })), [8])
    assert.deepEqual(numbers(await read({ method: 'POST', decision: 'allowed' })), [])
    const allowed = await read({ decision: 'allowed', limit: 4 })
    assert.deepEqual([numbers(allowed), allowed.next, allowed.matching], [[1, 2, 3, 4], 4, 6])
  })

  it('takes at most 500 calls at once, and no filter that is none', async () => {
    await read({ limit: 500 })
    for (const filters of [
      { limit: 501 },
      { limit: 0 },
      { after: -1 },
      { after: 1.5 },
      { decision: 'maybe' },
      { connection: '../x' },
      { method: 'get' },
    ])
      await refused(read(filters), 'invalid')
  })

  it('gives no call up while its run is live, and those without an outcome once it has ended', async () => {
    const worker = asSystem(h, 'worker')
    await refused(worker('call:abandon', { holder: run.id }), 'conflict')
    const [open] = listAt(await read({ after: 5, limit: 1 }), 'items')
    await asSuperuser(h.twinlock, async (client) => {
      await client.query(`set session_replication_role = 'replica'`) // or the store would ask for an entry
      await client.query(`update call set state = 'decided', status = null where id = $1`, [at(open, 'id')])
    })
    await run.end('succeeded')
    assert.deepEqual(await worker('call:abandon', { holder: run.id }), { unknown: 1 })
    assert.deepEqual(await worker('call:abandon', { holder: run.id }), { unknown: 0 })
  })
})
