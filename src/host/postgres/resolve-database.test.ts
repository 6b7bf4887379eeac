import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DatabaseConnection, withClient } from './connection.ts'
import { HostError } from './errors.ts'
import { parseDatabaseUrl, requireVersion, resolveDatabase } from './resolve-database.ts'
import { freshDatabase } from './temporary.ts'

const SECRET = 'p%40ss-of-nobody'
const silent = { dataFolder: { postgres: '/nonexistent/never-used' }, log: () => undefined }

const invalid = (word: string) => (error: unknown) => {
  assert.ok(error instanceof HostError)
  assert.equal(error.code, 'database_url_invalid')
  assert.ok(error.message.includes(word), error.message)
  assert.doesNotMatch(error.message, /p@ss|p%40ss/)
  return true
}

test('a full URL is read, with percent-encoding undone', () => {
  assert.deepEqual(parseDatabaseUrl(`postgres://twin:${SECRET}@db.example:6432/control?sslmode=require`), {
    host: 'db.example',
    port: 6432,
    user: 'twin',
    password: 'p@ss-of-nobody',
    database: 'control',
    ssl: { rejectUnauthorized: false },
  })
})

test('a server elsewhere is verified unless the URL says otherwise, and one on this machine needs no TLS', () => {
  assert.deepEqual(parseDatabaseUrl('postgres://u:p@db.example/d').ssl, { rejectUnauthorized: true })
  assert.equal(parseDatabaseUrl('postgres://u:p@db.example/d?sslmode=disable').ssl, false)
  for (const host of ['localhost', '127.0.0.1', '[::1]']) assert.equal(parseDatabaseUrl(`postgres://u:p@${host}/d`).ssl, false)
  assert.deepEqual(parseDatabaseUrl('postgres://u:p@localhost/d?sslmode=verify-full').ssl, { rejectUnauthorized: true })
})

test('a folder as host means its Unix socket', () => {
  const connection = parseDatabaseUrl('postgresql://u:p@/d?host=/run/postgresql')
  assert.equal(connection.host, '/run/postgresql')
  assert.equal(connection.ssl, false)
})

test('a URL that cannot be used is refused with the reason and without its password', () => {
  const cases: [string, string][] = [
    ['db.example', 'not a URL'],
    [`mysql://u:${SECRET}@h/d`, 'mysql:'],
    [`postgres://:${SECRET}@h/d`, 'no user'],
    [`postgres://u:${SECRET}@h`, 'no database'],
    [`postgres://u:${SECRET}@/d`, 'no host'],
    [`postgres://u:${SECRET}@h/d?sslmode=prefer`, 'prefer'],
    [`postgres://u:${SECRET}@h/d?sslmode=require&options=x`, 'options'],
    [`postgres://u:${SECRET}@h/d?sslrootcert=/nonexistent/ca.pem`, 'sslrootcert'],
    ['postgres://u:%zz@h/d', 'percent-encoding'],
  ]
  for (const [url, word] of cases) assert.throws(() => parseDatabaseUrl(url), invalid(word), url)
})

test('a PostgreSQL without transaction_timeout is refused', () => {
  const connection = parseDatabaseUrl('postgres://u:p@localhost/d')
  assert.throws(() => requireVersion(connection, 160_009), { code: 'database_too_old' })
  requireVersion(connection, 170_000)
})

/** The URL of a database of these tests, which may be reached by a socket or, where it is an external one itself, by an address without TLS. */
const urlOf = ({ host, port, database }: DatabaseConnection, user: string, password: string): string =>
  host.startsWith('/')
    ? `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host)}`
    : `postgres://${user}:${password}@${host}:${port}/${database}?sslmode=disable`

test('an external database has the shape of the embedded one, and stopping leaves it alone', async () => {
  const connection = await freshDatabase()
  const { user, password, database } = connection
  const url = urlOf(connection, user, encodeURIComponent(password))
  const running = await resolveDatabase({ ...silent, environment: { TWINLOCK_DATABASE_URL: url } })
  assert.equal(running.pid, undefined)
  await running.stop()
  const answer = await withClient(running.connection, (client) => client.query<{ name: string }>('select current_database() as name'))
  assert.equal(answer.rows[0]?.name, database)
})

test('an external database that does not answer is refused with where it was looked for, without the password', async () => {
  const connection = await freshDatabase()
  const { user, database } = connection
  const url = urlOf(connection, user, SECRET)
  await assert.rejects(resolveDatabase({ ...silent, environment: { TWINLOCK_DATABASE_URL: url } }), (error: unknown) => {
    assert.ok(error instanceof HostError)
    assert.equal(error.code, 'database_unreachable')
    assert.ok(error.message.includes(database))
    assert.doesNotMatch(error.message, /p@ss|p%40ss/)
    return true
  })
})
