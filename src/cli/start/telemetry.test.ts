// What a running server tells of itself, over a real store: what waits, what is held, and that telling it holds up nobody.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asSuperuser } from '../../../test/harness/database.ts'
import { launch } from '../../../test/harness/live-run.ts'
import { asSystem, until } from '../../../test/harness/signed-in.ts'
import { openStarter } from '../../../test/harness/twinlock.ts'
import { measure } from './telemetry.ts'

test('connections in use and waiting, live runs, streams and the lag of the log are told, and a store that does not answer holds up no reader', async () => {
  const h = await openStarter({ runsMax: 0 })
  try {
    const metrics = measure(h.twinlock)
    const told = async () => {
      const lines = (await metrics.text()).split('\n')
      return (name: string) =>
        Number(
          lines
            .find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{role="twinlock_app"}`))
            ?.split(' ')
            .at(-1),
        )
    }
    await launch(h)
    const quiet = await until('the log has caught up', async () => {
      const value = await told()
      return value('twinlock_entries_unnumbered') === 0 && value
    })
    assert.equal(quiet('twinlock_sequencer_lag_seconds'), 0)
    assert.equal(quiet('twinlock_runs_live'), 1)
    assert.equal(quiet('twinlock_streams_open'), 0)
    assert.equal(quiet('twinlock_store_connections_waiting'), 0)
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('begin')
      await client.query('lock table takeaway in access exclusive mode')
      const acts = Array.from({ length: 20 }, (_, number) =>
        asSystem(h, 'starter')('person:create', { slug: `p-${number}`, name: 'Some Body', email: `p-${number}@people.example` }),
      )
      const held = await until('all connections are held', async () => {
        const value = await told()
        return value('twinlock_store_connections_waiting') >= 8 && value
      })
      assert.equal(held('twinlock_store_connections_in_use'), 12)
      await client.query('commit')
      await Promise.all(acts)
    })
    await until('nothing waits any more', async () => (await told())('twinlock_store_connections_in_use') <= 1)
  } finally {
    await h.close()
  }
})
