// What ends for somebody ends while it is in use: none of those who end and use it may wait for each other in a circle, which PostgreSQL looks for only after a
// second, and settles by failing one of them. It counts the circles that it found.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCoded } from '../../src/kernel/index.ts'
import { connectionOf, withConnection } from '../harness/database.ts'
import { type LiveRun, liveRun } from '../harness/live-run.ts'
import { newPerson, type SignedIn, signIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

const [holders, runsEach, callsEach] = [3, 3, 2]
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

async function callsUntilRefused(run: LiveRun, made: () => void): Promise<void> {
  for (;;)
    try {
      await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
      made()
    } catch (error) {
      if (isCoded(error, 'unauthenticated')) return
      if (!isCoded(error, 'stale')) throw error
    }
}

async function busy(h: Harness, number: number): Promise<Busy> {
  const who = await newPerson(h, `busy-${number}`, 'operator')
  const runs: LiveRun[] = []
  for (let at = 0; at < runsEach; at++) runs.push(await liveRun(h, { by: who }))
  const calling = runs.flatMap((run) => Array.from({ length: callsEach }, () => callsUntilRefused(run, () => it.calls++)))
  const it: Busy = { who, runs, calls: 0, over: Promise.all(calling) }
  return it
}

test('whoever ends what somebody holds, and whoever uses it in that moment, never wait for each other in a circle', async () => {
  const h = await openStarter({ runsMax: 0, upstream })
  const connection = await connectionOf(h.twinlock)
  try {
    const admin = await signIn(h, 'admin')
    const all: Busy[] = []
    for (let number = 0; number < holders; number++) all.push(await busy(h, number))
    for (const { who, runs, over } of all) {
      const before = all.map(({ calls }) => calls)
      await until('everybody calls', async () => all.every((one, at) => one.over !== over || one.calls > (before[at] ?? 0)))
      const [first] = runs
      await Promise.all([admin.act('person:offboard', { person: who.id }), first?.end('failed')])
      await over
    }
    assert.ok(all.every(({ calls }) => calls > 0))
  } finally {
    await h.close()
  }
  // A server says what it counted when its connection is closed.
  const { rows } = await withConnection(connection, (client) =>
    client.query('select deadlocks::int from pg_stat_database where datname = current_database()'),
  )
  assert.deepEqual(rows, [{ deadlocks: 0 }])
})
