// The promises of the bundle, kept on a small clone in a throw-away folder: it counts for the very files that it was made from, it is there whole or not at all,
// and nobody who uses it loses it. That the product in it is the same product is told in `test/path/bundle.test.ts`.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'

const here = dirname(import.meta.dirname)
const sources: Readonly<Record<string, string>> = {
  'src/cli/main.ts': `import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { said } from './said.ts'
export async function main(args: readonly string[], isBundled: boolean): Promise<number> {
  const { lateness } = await import('./late.ts')
  const beside = readFileSync(join(import.meta.dirname, 'beside.txt'), 'utf8')
  console.log(JSON.stringify({ args, isBundled, said: said(), lateness, beside, main: import.meta.main, named: import.meta.url.endsWith('src/cli/main.ts') }))
  if (args[0] === 'fail') console.log(new Error('a trace').stack)
  if (args[0] !== 'start') return 0
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.once('end', resolve))
  return 0
}
`,
  'src/cli/said.ts': `export const said = (): string => 'one'\n`,
  'src/cli/late.ts': `export const lateness: number = 7\n`,
  'src/cli/beside.txt': 'beside the source',
}

const clone = join(realpathSync(mkdtempSync(join(tmpdir(), 'twinlock-bundle-'))), 'a clone with spaces')
for (const folder of ['bin', 'scripts', 'src/cli', 'node_modules']) mkdirSync(join(clone, folder), { recursive: true })
for (const file of ['bin/bundle.mjs', 'bin/twinlock.mjs', 'scripts/bundle.mjs', 'package-lock.json'])
  cpSync(join(here, file), join(clone, file))
for (const [file, text] of Object.entries(sources)) writeFileSync(join(clone, file), text)
writeFileSync(join(clone, 'package.json'), JSON.stringify({ name: 'twinlock', type: 'module' }))
symlinkSync(join(here, 'node_modules', 'vite'), join(clone, 'node_modules', 'vite'))
after(() => rmSync(dirname(clone), { recursive: true, force: true }))

const bundles = join(clone, 'dist', 'server')
const folders = () => readdirSync(bundles, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const stamped = (): string => JSON.parse(readFileSync(join(bundles, 'stamp.json'), 'utf8')).name

const build = (...flags: string[]) => {
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...flags, join(clone, 'scripts', 'bundle.mjs')],
    { encoding: 'utf8' },
  )
  return { ended: signal ?? status, stderr }
}

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, 'bin', 'twinlock.mjs'), ...args], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const [line = '', ...more] = stdout.split('\n')
  return { ...JSON.parse(line), more: more.join('\n') }
}

const write = (file: string, text: string) => writeFileSync(join(clone, file), text)
const same = { said: 'one', lateness: 7, beside: 'beside the source', main: false, named: true }

describe('the bundle', () => {
  test('says and finds what the sources do, and its traces name their lines', () => {
    const before = run('fail', 'two words')
    assert.deepEqual({ ...before, more: '' }, { ...same, args: ['fail', 'two words'], isBundled: false, more: '' })
    assert.deepEqual(build(), { ended: 0, stderr: '' })
    const after = run('fail', 'two words')
    assert.deepEqual({ ...after, more: '' }, { ...before, isBundled: true, more: '' })
    assert.match(after.more, /Error: a trace\n +at main \(.*src\/cli\/main\.ts:8:/)
    const [name] = folders()
    assert.deepEqual([folders().length, stamped()], [1, name])
    assert.deepEqual([build().ended, folders()], [0, [name]], 'there was nothing to do')
  })

  test('counts for no other file than those that it was made from, whatever time that one claims', () => {
    const then = new Date(2020, 1, 1)
    const [file, text = ''] = ['src/cli/said.ts', sources['src/cli/said.ts']]
    utimesSync(join(clone, file), then, then)
    assert.equal(run().isBundled, false, 'touched')
    build()
    assert.equal(run().isBundled, true)
    write(file, text.replace('one', 'two'))
    utimesSync(join(clone, file), then, then)
    assert.deepEqual([run().isBundled, run().said], [false, 'two'], 'as long, and of the same time')
    write(file, text)
    utimesSync(join(clone, file), then, then)
    assert.equal(run().isBundled, false, 'put back: nobody knows what was loaded meanwhile')
    rmSync(join(clone, 'src/cli/late.ts'))
    assert.notEqual(spawnSync(process.execPath, [join(clone, 'bin', 'twinlock.mjs')]).status, 0, 'what the sources lack is missed')
    write('src/cli/late.ts', sources['src/cli/late.ts'] ?? '')
  })

  test('is not loaded from where any user of the machine could have put another one', () => {
    build()
    const name = stamped()
    for (const folder of [join(clone, 'dist'), bundles, join(bundles, name)]) {
      assert.equal(run().isBundled, true)
      chmodSync(folder, 0o777)
      assert.equal(run().isBundled, false, folder)
      chmodSync(folder, 0o755)
    }
  })

  test('is not there by halves, whenever its making was cut off', () => {
    const cutAt = (what: string) =>
      `--import=data:text/javascript,${encodeURIComponent(`import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
const { renameSync } = fs
fs.renameSync = (from, to) => (${what} ? process.kill(process.pid, 'SIGKILL') : renameSync(from, to))
syncBuiltinESMExports()`)}`
    for (const moment of [`to.includes('late') && to.endsWith('.mjs')`, `to.endsWith('main.mjs')`, `to.endsWith('stamp.json')`]) {
      write('src/cli/said.ts', `export const said = (): string => ${JSON.stringify(moment)}\n`)
      assert.equal(build(cutAt(moment)).ended, 'SIGKILL', moment)
      assert.deepEqual([run().isBundled, run().said], [false, moment])
    }
    assert.deepEqual(build(), { ended: 0, stderr: '' })
    assert.equal(run().isBundled, true)
    for (const spoilt of ['', '{"name":"..","files":{}}', '{"name":"x"}', JSON.stringify({ name: 'gone', files: {} })]) {
      write('dist/server/stamp.json', spoilt)
      assert.equal(run().isBundled, false, spoilt)
    }
  })

  test('stays where a server runs from it, however many are made meanwhile', async () => {
    build()
    const server = spawn(process.execPath, [join(clone, 'bin', 'twinlock.mjs'), 'start'], { stdio: ['pipe', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: server.stdout })) {
      assert.equal(JSON.parse(line).isBundled, true)
      break
    }
    const its = stamped()
    for (const text of ['three', 'four', 'five']) {
      write('src/cli/said.ts', `export const said = (): string => '${text}'\n`)
      build()
      assert.ok(existsSync(join(bundles, its)), `after ${text}`)
      assert.equal(run().said, text)
    }
    server.stdin.end()
    await once(server, 'exit')
    write('src/cli/said.ts', sources['src/cli/said.ts'] ?? '')
    build()
    assert.equal(existsSync(join(bundles, its)), false)
    assert.equal(folders().length, 2, 'the newest and the one before it')
  })
})
