// The promises of the embedded PostgreSQL, kept on the real one. Run by root, everything runs once more as a plain user in a child.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type DatabaseConnection, withClient } from './connection.ts'
import { canEnter, resolveDatabaseUser, spawnAs } from './database-user.ts'
import { HostError } from './errors.ts'
import { endPostmaster } from './postmaster.ts'
import { childrenOf, identifyProcess, isAlive } from './process-identity.ts'
import type { Settings } from './settings.ts'
import { fitsSocketPath } from './socket-folder.ts'
import { type RunningPostgres, startPostgres } from './start-postgres.ts'
import { throwAwayFolder } from './throw-away-folder.ts'

const asRoot = process.geteuid?.() === 0
const FAST: Settings = { fsync: 'off' }
const modeOf = (path: string): number => statSync(path).mode & 0o777

const folderFor = (t: TestContext, ...below: string[]): { postgres: string } => {
  const folder = throwAwayFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return { postgres: join(folder, ...below, 'postgres') }
}

// Made once: initdb takes longer than all the rest of a test.
let seed: Promise<string> | undefined

const makeSeed = async (): Promise<string> => {
  const folder = throwAwayFolder()
  await (await startPostgres({ dataFolder: { postgres: join(folder, 'postgres') }, settings: FAST, log: () => undefined })).stop()
  return join(folder, 'postgres')
}

after(async () => {
  if (seed !== undefined) rmSync(dirname(await seed), { recursive: true, force: true })
})

/** A folder that holds a new, stopped database. */
const seededFolder = async (t: TestContext, ...below: string[]): Promise<{ postgres: string }> => {
  seed ??= makeSeed()
  const folder = folderFor(t, ...below)
  const source = await seed
  mkdirSync(dirname(folder.postgres), { recursive: true })
  assert.equal(spawnSync('cp', ['-a', source, folder.postgres]).status, 0)
  return folder
}

const start = async (t: TestContext, dataFolder: { postgres: string }, settings: Settings = FAST): Promise<RunningPostgres> => {
  const running = await startPostgres({ dataFolder, settings, log: () => undefined })
  t.after(() => running.stop())
  return running
}

const query = (connection: DatabaseConnection, text: string): Promise<unknown[]> =>
  withClient(connection, async (client) => (await client.query({ text, rowMode: 'array' })).rows)

const refusal =
  (code: string, ...words: string[]) =>
  (error: unknown) => {
    assert.ok(error instanceof HostError, String(error))
    assert.equal(error.code, code)
    for (const word of words) assert.ok(error.message.includes(word), `${error.message} does not say ${word}`)
    return true
  }

// What depends on who runs it.
const PLAIN = 'what was written|only the database user|left by a killed server|that start at once|very long path|can read is refused'

const STARTER = `
const { startPostgres } = await import(process.argv[1])
const running = await startPostgres({ dataFolder: { postgres: process.argv[2] }, settings: JSON.parse(process.argv[3]), log: () => undefined })
console.log(JSON.stringify({ pid: running.pid }))
process.stdin.resume()
`

/** A server in a process of its own, for tests that kill it. */
const startElsewhere = async (
  t: TestContext,
  folder: { postgres: string },
  settings = FAST,
): Promise<{ starter: ChildProcess; pid: number }> => {
  const module = new URL('./start-postgres.ts', import.meta.url).href
  const starter = spawn(process.execPath, ['--input-type=module', '-e', STARTER, module, folder.postgres, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => starter.kill('SIGKILL'))
  for await (const line of createInterface({ input: starter.stdout })) {
    const answer: { pid: number } = JSON.parse(line)
    return { starter, pid: answer.pid }
  }
  throw new Error('the server in a process of its own ended before it was ready')
}

const killStarter = async (starter: ChildProcess): Promise<void> => {
  starter.kill('SIGKILL')
  await once(starter, 'exit')
}

test('what was written is there after a stop and a second start, with the shipped settings', async (t) => {
  const folder = folderFor(t)
  const first = await start(t, folder, {})
  assert.equal(first.adopted, false)
  await query(first.connection, 'create table kept as select 42 as answer')
  await first.stop()
  const second = await start(t, folder, {})
  assert.deepEqual(await query(second.connection, 'select answer from kept'), [[42]])
  const shown = ['server_encoding', 'data_checksums', 'fsync', 'listen_addresses', 'max_connections', 'shared_buffers', 'TimeZone']
  const select = shown.map((name) => `current_setting('${name}')`).join(', ')
  assert.deepEqual(await query(second.connection, `select ${select}`), [['UTF8', 'on', 'on', '', '60', '64MB', 'UTC']])
  assert.deepEqual(await query(second.connection, 'select datcollate from pg_database where datname = current_database()'), [['C']])
})

test('stopping leaves no process, no socket and no lock behind, and stopping again does no harm', async (t) => {
  const folder = await seededFolder(t)
  const running = await start(t, folder)
  const family = [running.pid ?? 0, ...childrenOf(running.pid ?? 0).map(({ pid }) => pid)]
  assert.ok(family.length > 2)
  await Promise.all([running.stop(), running.stop()])
  assert.deepEqual(
    family.flatMap((pid) => identifyProcess(pid) ?? []),
    [],
  )
  assert.equal(existsSync(join(running.connection.host, '.s.PGSQL.5432')), false)
  assert.equal(existsSync(join(folder.postgres, 'server.lock')), false)
})

test('only the database user and the server can read what is on disk', async (t) => {
  const folder = folderFor(t)
  const running = await start(t, folder)
  const user = resolveDatabaseUser()
  const facts = (path: string): [number, number] => [modeOf(path), statSync(path).uid]
  const own = process.geteuid?.() ?? -1
  assert.deepEqual(facts(folder.postgres), [asRoot ? 0o711 : 0o700, own])
  assert.deepEqual(facts(join(folder.postgres, 'cluster')), [0o700, user.uid])
  assert.deepEqual(facts(join(folder.postgres, 'password')), [0o600, own])
  assert.deepEqual(facts(join(folder.postgres, 'postgres.log')), [0o600, own])
  assert.deepEqual(facts(running.connection.host), [0o700, user.uid])
  assert.equal(existsSync(join(folder.postgres, 'password.initdb')), false)
})

test('the socket alone does not let anyone in: without the password the answer is no', async (t) => {
  const running = await start(t, await seededFolder(t))
  for (const password of ['wrong', '']) {
    await assert.rejects(query({ ...running.connection, password }, 'select 1'), /password/)
  }
})

test('statements and values stay out of the log', async (t) => {
  const folder = await seededFolder(t)
  const running = await start(t, folder)
  await assert.rejects(query(running.connection, `select 'governed-content'::int`))
  await query(running.connection, 'create table one (name text primary key)')
  await assert.rejects(query(running.connection, `insert into one values ('governed-content'), ('governed-content')`))
  assert.doesNotMatch(readFileSync(join(folder.postgres, 'postgres.log'), 'utf8'), /insert|Key \(name\)/)
})

test('a database left by a killed server is taken over by the next one, with its data', async (t) => {
  const folder = await seededFolder(t)
  const { starter, pid } = await startElsewhere(t, folder)
  await killStarter(starter)
  const next = await start(t, folder)
  assert.equal(next.adopted, true)
  assert.equal(next.pid, pid)
  assert.deepEqual(await query(next.connection, 'select 1'), [[1]])
  await next.stop()
  assert.equal(identifyProcess(pid), undefined)
})

test('a database left running with other settings is ended and started anew', async (t) => {
  const folder = await seededFolder(t)
  const { starter, pid } = await startElsewhere(t, folder, { ...FAST, work_mem: '9MB' })
  await killStarter(starter)
  const next = await start(t, folder)
  assert.equal(next.adopted, false)
  assert.equal(identifyProcess(pid), undefined)
  assert.deepEqual(await query(next.connection, `select current_setting('work_mem')`), [['8MB']])
})

test('a postmaster that was killed itself is recovered from its log', async (t) => {
  const folder = await seededFolder(t)
  const first = await start(t, folder, {})
  await query(first.connection, 'create table kept as select 42 as answer')
  const postmaster = identifyProcess(first.pid ?? 0)
  assert.ok(postmaster)
  const family = [postmaster, ...childrenOf(postmaster.pid)]
  process.kill(postmaster.pid, 'SIGKILL')
  await first.stop()
  for (const member of family) await endPostmaster(member, { fast: 5_000, immediate: 0 })
  const second = await start(t, folder, {})
  assert.equal(second.adopted, false)
  assert.deepEqual(await query(second.connection, 'select answer from kept'), [[42]])
})

test('a postmaster that no longer listens to signals is ended with all its children', async (t) => {
  const running = await start(t, await seededFolder(t))
  const postmaster = identifyProcess(running.pid ?? 0)
  assert.ok(postmaster)
  const children = childrenOf(postmaster.pid)
  process.kill(postmaster.pid, 'SIGSTOP')
  await endPostmaster(postmaster, { fast: 20, immediate: 20 })
  assert.deepEqual([postmaster, ...children].filter(isAlive), [])
})

test('a pid file that names an unrelated process does not get that process ended', async (t) => {
  const folder = await seededFolder(t)
  const first = await start(t, folder)
  await first.stop()
  const bystander = spawn('/bin/sleep', ['60'], { ...spawnAs(resolveDatabaseUser()), cwd: '/' })
  t.after(() => bystander.kill('SIGKILL'))
  await once(bystander, 'spawn')
  writeFileSync(
    join(folder.postgres, 'cluster', 'postmaster.pid'),
    `${bystander.pid}\n${join(folder.postgres, 'cluster')}\n1\n5432\n\n\n\nready\n`,
  )
  const second = await start(t, folder)
  assert.equal(second.adopted, false)
  assert.ok(identifyProcess(bystander.pid ?? 0))
})

test('of two servers that start at once one is refused and told which pid holds the data folder', async (t) => {
  const folder = folderFor(t)
  const results = await Promise.allSettled([start(t, folder), start(t, folder)])
  assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const refused = results.find((result) => result.status === 'rejected')
  refusal('already_running', `pid ${process.pid}`)(refused?.reason)
})

test('a data folder that another process holds is refused until that process has ended', async (t) => {
  const folder = await seededFolder(t)
  const { starter } = await startElsewhere(t, folder)
  await assert.rejects(start(t, folder), refusal('already_running', `pid ${starter.pid}`, 'TWINLOCK_DATA'))
  await killStarter(starter)
  assert.equal((await start(t, folder)).adopted, true)
})

test('a path with spaces, quotes and commas works', async (t) => {
  const running = await start(t, await seededFolder(t, `my "own" data, 'here'`))
  assert.deepEqual(await query(running.connection, 'select 1'), [[1]])
})

test('a very long path works: the socket moves to a short folder that is as closed, and is found again', async (t) => {
  const folder = await seededFolder(t, ...Array.from({ length: 4 }, () => 'a-long-name-of-a-folder'.repeat(6)))
  const { starter, pid } = await startElsewhere(t, folder)
  await killStarter(starter)
  const running = await start(t, folder)
  const host = running.connection.host
  t.after(() => rmSync(host, { recursive: true, force: true }))
  assert.ok(fitsSocketPath(host) && !host.startsWith(folder.postgres), host)
  assert.equal(modeOf(host), 0o700)
  assert.equal(running.pid, pid)
})

test('a password file that others can read is refused, and says how to close it', async (t) => {
  const folder = await seededFolder(t)
  await (await start(t, folder)).stop()
  chmodSync(join(folder.postgres, 'password'), 0o640)
  await assert.rejects(start(t, folder), refusal('password_file_open', 'chmod 600'))
  assert.equal(existsSync(join(folder.postgres, 'server.lock')), false)
})

test('a database whose password is gone, altered or another one is refused with the reason, and nothing is left running', async (t) => {
  const folder = await seededFolder(t)
  await (await start(t, folder)).stop()
  const password = join(folder.postgres, 'password')
  writeFileSync(password, 'short\n')
  await assert.rejects(start(t, folder), refusal('password_file_invalid', password))
  writeFileSync(password, `${'x'.repeat(43)}\n`)
  await assert.rejects(start(t, folder), refusal('password_refused', password))
  assert.equal(existsSync(join(folder.postgres, 'cluster', 'postmaster.pid')), false)
  rmSync(password)
  await assert.rejects(start(t, folder), refusal('password_file_missing', password))
})

test('a cluster of another PostgreSQL version is refused and left as it is', async (t) => {
  const folder = await seededFolder(t)
  await (await start(t, folder)).stop()
  writeFileSync(join(folder.postgres, 'cluster', 'PG_VERSION'), '17\n')
  await assert.rejects(start(t, folder), refusal('cluster_version', 'PostgreSQL 17', 'PostgreSQL 18'))
})

test('a cluster that cannot start says why with the end of its log', async (t) => {
  await assert.rejects(start(t, await seededFolder(t), { shared_buffers: 'much' }), refusal('database_start_failed', 'shared_buffers'))
})

test('an interrupted creation of the cluster is started over', async (t) => {
  const folder = folderFor(t)
  mkdirSync(join(folder.postgres, 'cluster.new', 'base'), { recursive: true, mode: 0o700 })
  writeFileSync(join(folder.postgres, 'password.initdb'), 'left', { mode: 0o600 })
  await start(t, folder)
  assert.equal(existsSync(join(folder.postgres, 'cluster.new')), false)
  assert.equal(existsSync(join(folder.postgres, 'password.initdb')), false)
})

test('what depends on the user holds for a plain user too', { skip: asRoot ? false : 'it is a plain user who runs these tests' }, (t) => {
  const here = fileURLToPath(import.meta.url)
  const user = resolveDatabaseUser()
  if (!canEnter(user, dirname(here))) return t.skip(`${user.name} cannot reach the clone`)
  const home = throwAwayFolder()
  t.after(() => rmSync(home, { recursive: true, force: true }))
  chownSync(home, user.uid, user.gid)
  // A child without NODE_TEST_CONTEXT is a test run of its own.
  const { NODE_TEST_CONTEXT: _inherited, ...environment } = process.env
  const result = spawnSync(process.execPath, ['--test', '--test-reporter=tap', `--test-name-pattern=${PLAIN}`, here], {
    ...spawnAs(user),
    cwd: home,
    env: { ...environment, HOME: home, TMPDIR: home, XDG_RUNTIME_DIR: '' },
    encoding: 'utf8',
  })
  assert.equal(result.status, 0, result.stdout + result.stderr)
  assert.match(result.stdout, /^# pass 6$/m)
})
