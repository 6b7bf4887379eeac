// Promises of the test runner. It is started as a person starts it, in a process of its own, on arguments that end quickly.
// A run inside a run must not inherit the outer one's reporter, so its environment is cleaned.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { Children } from './children.ts'
import { findTests, root } from './find-tests.ts'
import { externalUrl } from './postgres.ts'
import { compiledModules, testsIn } from './run-tests.ts'

const runner = (...args: string[]) => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/test.mjs'), ...args], { env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

test('an unknown option is a usage error that names it', () => {
  const { status, output } = runner('--fast')
  assert.equal(status, 2)
  assert.match(output, /Unknown option --fast/)
})

test('a path that holds no tests is a usage error, not a run that passed', () => {
  for (const path of ['no/such/file.test.ts', 'scripts/test.mjs', '.ci', '..']) {
    const { status, output } = runner(path)
    assert.equal(status, 2, path)
    assert.match(output, /`/)
  }
})

test('a named file is found once, however it is named', () => {
  assert.deepEqual(findTests(['scripts/test/runner.test.ts', join(root, 'scripts/test')]), ['scripts/test/runner.test.ts'])
})

test('all tests are found below the folders that hold tests', () => {
  assert.ok(findTests([]).includes('scripts/test/runner.test.ts'))
})

test('the number of tests is read from the closing summary, coloured or not', () => {
  assert.equal(testsIn('✔ one\nℹ tests 12\nℹ suites 0\n'), 12)
  assert.equal(testsIn('\u001b[34mℹ tests 3\u001b[39m\n'), 3)
  assert.equal(testsIn('ℹ tests 0\n'), 0)
  assert.equal(testsIn('nothing of the kind'), 0)
})

test('a child fails by its exit code, shows both streams and never sees the settings of the person who runs it', async () => {
  process.env.TWINLOCK_DATABASE_URL = 'postgres://precious'
  const children = new Children()
  const script = 'console.log(process.env.TWINLOCK_DATABASE_URL, process.env.TWINLOCK_TEST_X); console.error("bad"); process.exitCode = 3'
  const { ok, output } = await children.capture(process.execPath, ['-e', script], { TWINLOCK_TEST_X: 'given' })
  delete process.env.TWINLOCK_DATABASE_URL
  assert.equal(ok, false)
  assert.match(output, /undefined given/)
  assert.match(output, /bad/)
})

test('a command that does not exist fails and says so', async () => {
  const { ok, output } = await new Children().capture('/nowhere/to/be/found', [])
  assert.equal(ok, false)
  assert.match(output, /ENOENT/)
})

test('an external PostgreSQL is used only where a person named one, and the one for tests before the one of a server', () => {
  assert.equal(externalUrl({}), undefined)
  assert.equal(externalUrl({ TWINLOCK_DATABASE_URL: ' ' }), undefined)
  assert.equal(externalUrl({ TWINLOCK_DATABASE_URL: 'postgres://server' }), 'postgres://server')
  assert.equal(
    externalUrl({ TWINLOCK_DATABASE_URL: 'postgres://server', TWINLOCK_TEST_DATABASE_URL: 'postgres://tests' }),
    'postgres://tests',
  )
})

test('test processes keep compiled modules beside the sources, and nowhere where those cannot be changed', () => {
  const modules = join(root, 'node_modules')
  assert.equal(compiledModules(modules), join(modules, '.cache', 'twinlock-tests'))
  assert.equal(compiledModules(join(root, 'no-such-folder')), undefined)
})
