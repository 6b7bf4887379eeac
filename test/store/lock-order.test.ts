// What ends for somebody ends while it is in use, and while others end too. None of them may wait for another in a circle, which PostgreSQL looks for only after
// a second, and settles by failing one of them; and none may be overtaken for so long that it is refused. PostgreSQL counts the circles that it found.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { holdAdmissions } from '../../src/access/index.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { isCoded } from '../../src/kernel/index.ts'
import { connectionOf, withConnection } from '../harness/database.ts'
import { type LiveRun, liveRun } from '../harness/live-run.ts'
import { newPerson, type SignedIn, signIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

const [holders, runsEach, callsEach, leavers] = [2, 3, 2, 10]
const upstream = {
  exchange: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{}') }),
}

interface Busy {
  readonly who: SignedIn
  readonly runs: readonly LiveRun[]
  calls: number
  /** Resolves when every run has been refused for good. */
  readonly over: Promise<unknown>
}

/** Calls until the run is over. Throws whatever else refuses it. */
async function callsUntilRefused(run: LiveRun, made: () => void): Promise<void> {
  for (;;)
    try {
      await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
      made()
    } catch (error) {
      if (isCoded(error, 'unauthenticated')) return
      throw error
    }
}

async function busy(h: Harness, slug: string, count: number): Promise<Busy> {
  const who = await newPerson(h, slug, 'operator')
  const runs: LiveRun[] = []
  for (let at = 0; at < count; at++) runs.push(await liveRun(h, { by: who }))
  const calling = runs.flatMap((run) => Array.from({ length: callsEach }, () => callsUntilRefused(run, () => it.calls++)))
  const it: Busy = { who, runs, calls: 0, over: Promise.all(calling) }
  return it
}

/** Whether a transaction of the product waits for a lock of another one. */
async function somebodyWaits(connection: DatabaseConnection): Promise<boolean> {
  const { rowCount } = await withConnection(connection, (client) =>
    client.query(
      `select from pg_stat_activity where datname = current_database() and usename = 'twinlock_app' and wait_event_type = 'Lock'`,
    ),
  )
  return rowCount !== null && rowCount > 0
}

describe('what ends while it is used, and while more ends', () => {
  let h: Harness
  let admin: SignedIn
  let connection: DatabaseConnection
  before(async () => {
    h = await openStarter({ runsMax: 0, upstream })
    admin = await signIn(h, 'admin')
    connection = await connectionOf(h.twinlock)
  })
  after(async () => {
    await h.close()
    // A server has said what it counted when its connection is closed.
    const { rows } = await withConnection(connection, (client) =>
      client.query('select deadlocks::int from pg_stat_database where datname = current_database()'),
    )
    assert.deepEqual(rows, [{ deadlocks: 0 }])
  })

  it('ends for a leaver whose runs are calling, beside the calls of others', async () => {
    const all: Busy[] = []
    for (let number = 0; number < holders; number++) all.push(await busy(h, `busy-${number}`, runsEach))
    for (const { who, runs, over } of all) {
      const were = all.map(({ calls }) => calls)
      await until('everybody calls', async () => all.every((one, at) => one.over !== over || one.calls > (were[at] ?? 0)))
      const [first] = runs
      await Promise.all([admin.act('person:offboard', { person: who.id }), first?.end('failed')])
      await over
    }
    assert.ok(all.every(({ calls }) => calls > 0))
  })

  it('ends for everybody who leaves at once, and whoever calls meanwhile is not refused for being overtaken', async () => {
    const leaving: SignedIn[] = []
    for (let number = 0; number < leavers; number++) leaving.push(await newPerson(h, `leaver-${number}`, 'operator'))
    const { runs, over } = await busy(h, 'stays', 1)
    await Promise.all(leaving.map(({ id }) => admin.act('person:offboard', { person: id })))
    await runs[0]?.end('succeeded')
    await over
  })

  for (const [what, turn] of Object.entries({
    'a tape': (run: string) => sql`select from ends_of_tapes(${[run]}::text[])`,
    'the files of a run': (run: string) => sql`select take_turns(${[run]}::text[], ${[`files of ${run}`]}::text[])`,
  }))
    it(`comes to ${what} with all admissions held back, beside an act of the same run that is on its way there`, async () => {
      const { store } = h.twinlock.outside
      const run = await liveRun(h)
      const [held, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const acting = store.transact(h.starter.org, async (tx) => {
        await held.promise
        const taken = turn(run.id).execute(tx)
        asked.resolve()
        await taken
        await sql`select from run where id = ${run.id} for share`.execute(tx)
      })
      await store.transact(h.starter.org, async (tx) => {
        await holdAdmissions(tx)
        held.resolve()
        await asked.promise
        await until('the act waits', () => somebodyWaits(connection))
        await turn(run.id).execute(tx)
      })
      await acting
      await run.end('succeeded')
    })
})
