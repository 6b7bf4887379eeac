// Promises of the connections that tests keep at hand: nobody waits for another's question, and none that was ended is asked.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { freshDatabase } from '../../src/host/postgres/temporary.ts'
import { withConnection } from './database.ts'
import { askKept, endKept } from './kept-connection.ts'

const plain = `set application_name = 'kept by a test'`
const backend = async (connection: DatabaseConnection, prepare = plain): Promise<unknown> =>
  (await askKept(connection, prepare, 'select pg_backend_pid() as pid')).rows[0]?.pid

test('one question after the other is asked on one connection, prepared once, each kind on its own', async () => {
  const connection = await freshDatabase()
  const first = await backend(connection)
  assert.equal(await backend(connection), first)
  const { rows } = await askKept(connection, plain, `select current_setting('application_name') as name, $1::int as value`, [7])
  assert.deepEqual(rows, [{ name: 'kept by a test', value: 7 }])
  assert.notEqual(await backend(connection, 'set session_replication_role = replica'), first)
  await endKept(connection)
  assert.notEqual(await backend(connection), first)
  await endKept(connection)
})

test('whoever asks while another waits for an answer waits for nobody', async () => {
  const connection = await freshDatabase()
  await askKept(connection, plain, 'create table held ()')
  await withConnection(connection, async (client) => {
    await client.query('begin; lock table held')
    const waiting = askKept(connection, plain, 'select from held')
    assert.ok(Number(await backend(connection)) > 0)
    await client.query('commit')
    await waiting
  })
  await endKept(connection)
})

test('a statement that fails is told, and fails no other', async () => {
  const connection = await freshDatabase()
  const first = await backend(connection)
  await assert.rejects(askKept(connection, plain, 'select 1 / 0'), { code: '22012' })
  assert.equal(await backend(connection), first)
  await endKept(connection)
})

test('one that the server ended is asked nothing more', async () => {
  const connection = await freshDatabase()
  const first = await backend(connection)
  await withConnection(connection, (client) => client.query('select pg_terminate_backend($1)', [first]))
  assert.notEqual(await backend(connection), first)
  await endKept(connection)
})

test('one that is kept holds no process open', async () => {
  const connection = await freshDatabase()
  const kept = pathToFileURL(`${import.meta.dirname}/kept-connection.ts`).href
  const script = `const { askKept } = await import(${JSON.stringify(kept)}); console.log((await askKept(${JSON.stringify(connection)}, 'select', 'select 1 as one')).rows)`
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 60_000 })
  assert.deepEqual([status, stdout], [0, '[ { one: 1 } ]\n'])
})
