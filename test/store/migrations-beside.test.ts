// Roles belong to the whole server, databases do not: two databases of one server can be brought up to date at the same moment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTemporaryPostgres } from '../../src/host/postgres/temporary.ts'
import { migrate } from '../../src/host/store/migrate.ts'
import { withConnection } from '../harness/database.ts'

test('a migration that meets another database’s first migration half-way waits for it, and does not fail on the roles that both make', async () => {
  const server = await startTemporaryPostgres()
  try {
    const [one, two] = [await server.freshDatabase(), await server.freshDatabase()]
    await withConnection(one, async (client) => {
      await client.query('begin')
      await client.query('create role twinlock_app nologin')
      await client.query('create role twinlock_sequencer nologin')
      const other = migrate(two)
      const waiting = async () => (await client.query('select from pg_locks where not granted')).rowCount ?? 0
      while ((await waiting()) === 0) await client.query('select 1')
      await client.query('commit')
      assert.ok((await other).length > 0)
    })
  } finally {
    await server.stop()
  }
})
