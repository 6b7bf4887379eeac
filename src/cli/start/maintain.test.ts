// `status`, `stop`, `backup` and `restore` where there is nothing to stop, and said in ways that cannot be meant; what they do to data is tested in test/store.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { resolveDataFolder } from '../../host/data-folder.ts'
import { runningPostmaster } from '../../host/postgres/running.ts'
import { throwAwayFolder } from '../../host/postgres/throw-away-folder.ts'
import { maintain } from './maintain.ts'

const folder = throwAwayFolder()
after(() => rmSync(folder, { recursive: true, force: true }))
process.env.TWINLOCK_DATA = join(folder, 'data')
process.env.TWINLOCK_KEYS = join(folder, 'keys')

/** What a command says, beside its exit code. */
async function told(verb: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = []
  const keep = (line: string) => void lines.push(line)
  return { code: await maintain(verb, args, { out: keep, warn: keep }), text: lines.join('\n') }
}

test('a data folder that is not there is named, and neither it nor its keys nor a backup are made', async () => {
  for (const [verb, ...args] of [['stop'], ['status'], ['backup', join(folder, 'never')]] as const) {
    const { code, text } = await told(verb, ...args)
    assert.equal(code, 1)
    assert.match(text, new RegExp(`There is no data folder ${folder}/data\\. Set TWINLOCK_DATA`))
  }
  assert.deepEqual(readdirSync(folder), [])
})

test('stopping, asking and backing up where nothing runs and nothing was fail, and say on which folder', async () => {
  mkdirSync(join(folder, 'data'))
  const stopped = await told('stop')
  assert.equal(stopped.code, 1)
  assert.match(stopped.text, new RegExp(`No server runs on ${folder}/data\\.`))
  const asked = await told('status', '--port', '1')
  assert.equal(asked.code, 1)
  for (const line of [
    /^data {6}\/.*data, [\d.]+ GB free(?:, which is little.*)?$/m,
    /^database {2}PostgreSQL does not run; its log is /m,
    /^server {4}none$/m,
    /^ready {5}no$/m,
  ])
    assert.match(asked.text, line)
  const backedUp = await told('backup', join(folder, 'never'))
  assert.equal(backedUp.code, 1)
  assert.match(backedUp.text, /There is no database in .*data, so there is nothing to back up/)
  assert.equal(existsSync(join(folder, 'never')), false)
})

test('what is no backup is said before a database is made for it', async () => {
  const { code, text } = await told('restore', join(folder, 'data'))
  assert.equal(code, 1)
  assert.match(text, /is no whole backup/)
  assert.equal(existsSync(join(folder, 'data', 'postgres', 'cluster')), false)
})

test('the PostgreSQL that a killed server left running is told of, and stopped', async () => {
  const { postgres } = resolveDataFolder({ clone: folder, environment: process.env })
  const start = new URL('../../host/postgres/start-postgres.ts', import.meta.url).href
  const script = `import { startPostgres } from ${JSON.stringify(start)}
    const { pid } = await startPostgres({ dataFolder: { postgres: process.argv[1] }, settings: { fsync: 'off' }, log: () => undefined })
    process.stdout.write(String(pid), () => process.kill(process.pid, 'SIGKILL'))`
  const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script, postgres], { encoding: 'utf8' })
  assert.equal(signal, 'SIGKILL')
  assert.match((await told('status')).text, new RegExp(`^database {2}PostgreSQL, pid ${stdout}, left running by a killed server`, 'm'))
  const stopped = await told('stop')
  assert.equal(stopped.code, 0)
  assert.match(stopped.text, new RegExp(`its PostgreSQL \\(pid ${stdout}\\), which a killed server had left running, has stopped`))
  assert.equal(runningPostmaster(postgres), undefined)
  assert.equal((await told('stop')).code, 1)
})

test('which server uses an external database is not told by a data folder, and is not guessed', async () => {
  process.env.TWINLOCK_DATABASE_URL = 'postgres://somebody:s3cret@127.0.0.1:1/nowhere'
  try {
    const { code, text } = await told('stop')
    assert.equal(code, 1)
    assert.match(text, /stop it by its signal/)
    const asked = await told('status', '--port', '1')
    assert.equal(asked.code, 1)
    assert.match(asked.text, /^ready {5}no, http:\/\/127\.0\.0\.1:1\/readyz does not answer/m)
    assert.doesNotMatch(asked.text, /s3cret/)
  } finally {
    delete process.env.TWINLOCK_DATABASE_URL
  }
})

test('status is 0 where the server says that it is ready, and 1 where it says that it is not', async () => {
  process.env.TWINLOCK_DATABASE_URL = 'postgres://somebody:s3cret@127.0.0.1:1/nowhere'
  let status = 200
  const server = createServer((_request, response) => response.writeHead(status).end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  try {
    assert.equal((await told('status', '--port', String(address.port))).code, 0)
    status = 503
    const asked = await told('status', '--port', String(address.port))
    assert.deepEqual([asked.code, /^ready {5}no, .*\(503\)/m.test(asked.text)], [1, true])
  } finally {
    server.close()
    delete process.env.TWINLOCK_DATABASE_URL
  }
})

test('a line that cannot be meant is refused before anything is touched', async () => {
  const untouched = join(folder, 'untouched')
  process.env.TWINLOCK_DATA = untouched
  for (const [verb, ...args] of [
    ['stop', 'now'],
    ['backup'],
    ['backup', 'a', 'b'],
    ['restore'],
    ['restore', '--force', 'x'],
    ['stop', '--force'],
    ['status', 'now'],
    ['status', '--port', 'x'],
    ['stop', '--port', '1'],
  ]) {
    assert.equal((await told(verb ?? '', ...args)).code, 2, [verb, ...args].join(' '))
  }
  assert.equal(existsSync(untouched), false)
  process.env.TWINLOCK_DATA = join(folder, 'data')
})

test('each says what it does', async () => {
  for (const verb of ['status', 'stop', 'backup', 'restore'])
    assert.deepEqual(await told(verb, '--help').then(({ code, text }) => [code, text.startsWith(`twinlock ${verb}`)]), [0, true])
})
