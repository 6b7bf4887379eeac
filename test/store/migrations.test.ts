// Migrations: applied once, in order, by one process at a time, and never again with another text.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freshDatabase } from '../../src/host/postgres/temporary.ts'
import { migrate } from '../../src/host/store/migrate.ts'
import { withConnection } from '../harness/database.ts'

const files = readdirSync(join(import.meta.dirname, '..', '..', 'src', 'host', 'migrations'))
  .filter((name) => name.endsWith('.sql'))
  .sort()

test('a database is brought up to date once; a second time there is nothing to do', async () => {
  const connection = await freshDatabase()
  assert.deepEqual(await migrate(connection), files)
  assert.deepEqual(await migrate(connection), [])
})

test('several processes that migrate at once apply each file once', async () => {
  const connection = await freshDatabase()
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(connection)))
  assert.deepEqual(applied.flat(), files, 'one of them did all, the others waited and found nothing to do')
})

test('somebody who migrates for too long is not waited for: that is said, and nothing is done', async () => {
  const connection = await freshDatabase()
  await withConnection(connection, async (client) => {
    await client.query('select pg_advisory_lock(848484)')
    await assert.rejects(migrate(connection, { waitMs: 50 }), { code: 'database_being_migrated' })
    assert.equal((await client.query(`select to_regclass('twinlock_migration') as found`)).rows[0].found, null)
  })
})

test('a file that was changed after it was applied is refused by name, and nothing after it is applied', async () => {
  const connection = await freshDatabase()
  await migrate(connection)
  await withConnection(connection, async (client) => {
    await client.query(`update twinlock_migration set digest = repeat('0', 64) where name = $1`, [files[1]])
    await client.query('delete from twinlock_migration where name = $1', [files.at(-1)])
  })
  await assert.rejects(migrate(connection), new RegExp(`${files[1]} was changed after it was applied`))
  await withConnection(connection, async (client) => {
    const found = await client.query('select name from twinlock_migration where name = $1', [files.at(-1)])
    assert.equal(found.rowCount, 0)
  })
})

test('a migration that fails leaves nothing of itself, and says which it was', async () => {
  const connection = await freshDatabase()
  await withConnection(connection, (client) => client.query('create table person (somebody_elses text)'))
  await assert.rejects(migrate(connection), /0002-identity\.sql failed; nothing of it was kept/)
  await withConnection(connection, async (client) => {
    assert.deepEqual((await client.query('select name from twinlock_migration')).rows, [{ name: '0001-foundation.sql' }])
    assert.equal((await client.query(`select to_regclass('session') as found`)).rows[0].found, null)
  })
})
