// Promises of the test runner. It is started as a person starts it, in a process of its own, on arguments that end quickly.
// A run inside a run must not inherit the outer one's reporter, so its environment is cleaned.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { Children } from './children.ts'
import { findTests, root } from './find-tests.ts'
import { mostWork, tellWork } from './most-work.ts'
import { externalUrl } from './postgres.ts'
import { entriesFor, inOrder, mayShare, processesOf } from './processes.ts'
import { compiledModules, followNoPromises, TestCount, testsIn } from './run-tests.ts'

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

test('the number of tests is read however the report is cut into pieces, and however much of failures comes after it', () => {
  const report = `✔ one\nℹ tests 12\nℹ suites 0\n✖ failing\n${'  why it failed\n'.repeat(1_000)}`
  for (const chars of [1, 7, 4_000, report.length]) {
    const told = new TestCount()
    for (let at = 0; at < report.length; at += chars) told.seen(report.slice(at, at + chars))
    assert.equal(told.count, 12, `in pieces of ${chars}`)
  }
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

test('a command that says nothing for too long is ended, and has failed', async () => {
  const children = new Children()
  const holding = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => undefined, 1000)"
  assert.equal(await children.show(process.execPath, ['-e', holding], { env: {}, silenceMs: 1_000, seen: () => undefined }), false)
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

test('every file is run once, in a process of its own or with its neighbours', () => {
  const files = findTests([])
  const { shared, alone } = processesOf(files)
  assert.deepEqual([...shared.flat(), ...alone].sort(), files)
  assert.ok(shared.length > 0 && shared.every(({ length }) => length > 1))
  const one = ['test/laws/law-01-one-door.test.ts']
  assert.deepEqual(processesOf(one), { shared: [], alone: one })
})

test('files of their own begin among the neighbours, from the first to the last', () => {
  const files = findTests([])
  const ordered = inOrder(processesOf(files))
  assert.deepEqual(ordered.flat().sort(), files)
  for (const some of [ordered.slice(0, 6), ordered.slice(-6)])
    assert.ok(some.some(({ length }) => length === 1) && some.some(({ length }) => length > 1), JSON.stringify(some))
  assert.deepEqual(inOrder({ shared: [], alone: ['one', 'two'] }), [['one'], ['two']])
})

// What a file does to its process it does to its neighbours.
const changing =
  /process\.(env\.[A-Z_]+ ?=[^=]|chdir|exitCode|on\(|umask|memoryUsage)|delete process\.env|mock\.(timers|method|module)|globalThis\.\w+ ?=[^=]/

test('a file that changes its process, or measures it, shares none', () => {
  const found = findTests([]).filter((file) => mayShare(file) && changing.test(readFileSync(join(root, file), 'utf8')))
  assert.deepEqual(found, [], 'to be named in `apart`')
  for (const text of [
    "process.env.HOME = '/'",
    'process.chdir(to)',
    "process.on('exit', end)",
    'mock.timers.enable()',
    'globalThis.fetch = fake',
  ])
    assert.match(text, changing)
})

test('neighbours are suites of their own: hooks of one are not for another, and one that cannot be loaded fails', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-neighbours-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), `import assert from 'node:assert/strict'; import { after, before, test } from 'node:test'\n${text}`)
    return relative(root, join(folder, name))
  }
  const hooks = "before(() => { process.opened = 'first' }); after(() => { delete process.opened })"
  const first = write('first.test.mjs', `${hooks}; test('one', () => assert.equal(process.opened, 'first'))`)
  const second = write('second.test.mjs', "test('two', () => assert.equal(process.opened, undefined))")
  const broken = write('broken.test.mjs', "throw new Error('this cannot be loaded')")
  const waiting = write('waiting.test.mjs', "await Promise.resolve(); test('nobody’s', () => undefined)")
  const outcome = (files: readonly string[]) => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const { entries, clear } = entriesFor(files)
    // As the runner starts them.
    const paths = entries.map(({ path }) => path)
    const args = ['--import', followNoPromises, '--import', tellWork, '--test', '--test-reporter=spec', ...paths]
    const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
    const work = mostWork(entries)
    clear()
    return { status, stdout, paths, work }
  }
  const good = outcome([first, second])
  assert.equal(good.status, 0, good.stdout)
  assert.deepEqual([good.paths.length, testsIn(good.stdout), existsSync(String(good.paths[0]))], [1, 2, false])
  assert.match(good.work.join('\n'), /^Seconds of a core, of \d+: .*\n +\d+\.\d +\d+\.\d {2}\S*first\.test\.mjs and 1 more$/)
  const bad = outcome([broken, first])
  assert.equal(bad.status, 1)
  assert.match(bad.stdout, /this cannot be loaded/)
  const late = outcome([waiting, first])
  assert.equal(late.status, 1)
  assert.match(late.stdout, /ERR_REQUIRE_ASYNC_MODULE/)
})

test('what nobody catches fails the run, and is told with where it was made, although no promise is followed', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-uncaught-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const outcome = (body: string) => {
    const file = join(folder, 'uncaught.test.mjs')
    writeFileSync(file, `import { test } from 'node:test'\n${body}`)
    return spawnSync(process.execPath, ['--import', followNoPromises, '--test', '--test-reporter=spec', file], { env, encoding: 'utf8' })
  }
  const turns = 'await new Promise(setImmediate); await new Promise(setImmediate)'
  const floating = outcome(`test('one', async () => { void (async () => { throw new Error('floating') })(); ${turns} })`)
  assert.equal(floating.status, 1)
  assert.match(floating.stdout, /Nobody caught: Error: floating\n\s+at .*uncaught\.test\.mjs:2/)
  const late = outcome(`test('one', () => { setImmediate(() => { throw new Error('late') }) }); test('two', async () => { ${turns} })`)
  assert.equal(late.status, 1)
  assert.match(late.stdout, /late/)
  assert.equal(outcome(`test('one', async () => { ${turns} })`).status, 0)
})
