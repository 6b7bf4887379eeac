// Two starts on one data folder, as a person does it: the second says who holds the folder, ends, and touches nothing.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { prepareFolder } from '../../host/data-folder.ts'
import { takeServerLock } from '../../host/postgres/server-lock.ts'
import { throwAwayFolder } from '../../host/postgres/throw-away-folder.ts'

const bin = join(import.meta.dirname, '..', '..', '..', 'bin', 'twinlock.mjs')
// Says of each module of the clone that it is loaded.
const telling = `import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { if (!url.startsWith('node:')) process.stderr.write('loaded ' + url + '\\n'); return next(url, context) } })`
const folder = throwAwayFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

test('a start on a data folder that a server holds prints which process that is, and ends, before it loads or makes anything', () => {
  const data = join(folder, 'data')
  const postgres = join(data, 'postgres')
  prepareFolder(data, 0o711)
  prepareFolder(postgres, 0o711)
  const held = takeServerLock(postgres)
  const lock = () => readFileSync(join(postgres, 'server.lock'), 'utf8')
  const before = lock()
  const env = { ...process.env, TWINLOCK_DATA: data, TWINLOCK_KEYS: join(folder, 'keys'), TWINLOCK_DATABASE_URL: '' }
  const args = ['--import', `data:text/javascript,${encodeURIComponent(telling)}`, bin, 'start', '--empty']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  assert.equal(status, 1, stderr)
  assert.equal(stdout, '')
  assert.match(stderr, new RegExp(`^Twinlock could not start: Another Twinlock server \\(pid ${process.pid}\\) uses the data folder`, 'm'))
  assert.ok(stderr.includes(postgres) && stderr.includes('TWINLOCK_DATA'), stderr)
  assert.match(stderr, /^loaded file:.*\bstart\b/m)
  assert.doesNotMatch(stderr, /^loaded .*(\/src\/(kernel|access|app|server)\/|\/node_modules\/|\/app-[^/]*\.mjs$)/m)
  assert.equal(lock(), before)
  assert.equal(existsSync(join(postgres, 'cluster')), false)
  held.release()
})

test('with TWINLOCK_LOG=json whatever a start says on stderr is one object a line, also where nothing was started', () => {
  const env = { ...process.env, TWINLOCK_DATA: join(folder, 'data'), TWINLOCK_DATABASE_URL: 'mysql://elsewhere', TWINLOCK_LOG: 'json' }
  for (const [flag, code, said] of [
    ['--prot', 2, /--prot/],
    ['--empty', 1, /TWINLOCK_DATABASE_URL/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [bin, 'start', flag], { env, encoding: 'utf8' })
    assert.equal(status, code, stderr)
    const lines: { kind?: unknown; message?: unknown }[] = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual([...new Set(lines.map(({ kind }) => kind))], ['note'])
    assert.match(lines.map(({ message }) => message).join('\n'), said)
  }
})
