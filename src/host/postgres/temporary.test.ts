import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { type DatabaseConnection, withClient } from './connection.ts'
import { childrenOf, identifyProcess, waitUntilEnded } from './process-identity.ts'
import { freshDatabase, startTemporaryPostgres, TEST_POSTGRES_VARIABLE, temporaryPostgres } from './temporary.ts'

const nameOf = async (connection: DatabaseConnection): Promise<string | undefined> =>
  (await withClient(connection, (client) => client.query<{ name: string }>('select current_database() as name'))).rows[0]?.name

const run = (code: string, environment: Readonly<Record<string, string>>) => {
  const module = new URL('./temporary.ts', import.meta.url).href
  return spawn(
    process.execPath,
    ['--input-type=module', '-e', `const { temporaryPostgres, freshDatabase } = await import(process.argv[1]);${code}`, module],
    {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
}

const firstLine = async (child: ReturnType<typeof run>): Promise<string> => {
  for await (const line of createInterface({ input: child.stdout })) return line
  return ''
}

test('every fresh database is a different, empty one on the same server', async () => {
  const [first, second] = await Promise.all([freshDatabase(), freshDatabase()])
  assert.notEqual(first.database, second.database)
  assert.equal(first.host, (await temporaryPostgres()).connection.host)
  assert.equal(await nameOf(first), first.database)
  const tables = await withClient(first, (client) => client.query(`select 1 from pg_class where relnamespace = 'public'::regnamespace`))
  assert.equal(tables.rowCount, 0)
})

test('a child that gets the runner’s connection uses its server and starts none', async () => {
  const { connection } = await temporaryPostgres()
  const child = run(`console.log(JSON.stringify(await freshDatabase()));process.stdin.resume()`, {
    [TEST_POSTGRES_VARIABLE]: JSON.stringify(connection),
  })
  const answer: DatabaseConnection = JSON.parse(await firstLine(child))
  assert.equal(answer.host, connection.host)
  assert.deepEqual(childrenOf(child.pid ?? 0), [])
  child.kill('SIGKILL')
  assert.equal(await nameOf(answer), answer.database)
})

test('a handed-over connection that is none is refused, not replaced by a server of its own', async () => {
  const child = run(`await temporaryPostgres().catch((error) => console.log(error.code))`, { [TEST_POSTGRES_VARIABLE]: '{"host":1}' })
  assert.equal(await firstLine(child), 'test_database_invalid')
})

test('stopping removes the server and its folder', async () => {
  const own = await startTemporaryPostgres()
  const folder = dirname(dirname(own.connection.host))
  assert.ok(existsSync(folder))
  await own.stop()
  assert.equal(existsSync(folder), false)
})

test('a test process that is killed leaves neither server nor folder behind', async () => {
  const child = run(`console.log((await temporaryPostgres()).connection.host);process.stdin.resume()`, { [TEST_POSTGRES_VARIABLE]: '' })
  const folder = dirname(dirname(await firstLine(child)))
  const family = childrenOf(child.pid ?? 0)
  assert.equal(family.length, 2, 'a postmaster and a janitor')
  child.kill('SIGKILL')
  await once(child, 'exit')
  for (const member of family) assert.ok(await waitUntilEnded(member, 20_000))
  assert.equal(existsSync(folder), false)
  assert.deepEqual(
    family.flatMap(({ pid }) => identifyProcess(pid) ?? []),
    [],
  )
})
