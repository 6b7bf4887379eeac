// Promises of the bench command, on benchmarks in a folder of the test's own.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { main } from './main.ts'

const path = mkdtempSync(join(tmpdir(), 'bench-'))
after(() => rmSync(path, { recursive: true }))

const benchmark = (name: string, body: string): void => writeFileSync(join(path, `${name}.ts`), `export const bench = async () => ${body}`)
benchmark(
  'good',
  "[{ name: 'decide', value: 1300000, unit: '/s', goal: '≥ 1,000,000/s', ok: true, peer: { name: 'wasm', value: 6500.25 } }]",
)
benchmark('bad', "[{ name: 'decide', value: 12.345678, unit: 'ms', goal: '< 5 ms', ok: false }]")
benchmark('nothing', '[]')
writeFileSync(join(path, 'other.ts'), 'export const measure = 1')
writeFileSync(join(path, 'good.test.ts'), '')

const run = async (...args: string[]) => {
  const out: string[] = []
  const errors: string[] = []
  const print = (text: string): number => out.push(text)
  const complain = (text: string): number => errors.push(text)
  const code = await main(args, { folder: pathToFileURL(`${path}/`), print, complain })
  return { code, out: out.join('\n'), errors: errors.join('\n') }
}

test('without a name the benchmarks are listed', async () => {
  assert.deepEqual(await run(), { code: 0, out: 'Benchmarks: bad, good, nothing, other.', errors: '' })
})

test('an unknown name is a usage error that lists the known ones', async () => {
  const { code, errors } = await run('fast')
  assert.equal(code, 2)
  assert.match(errors, /Unknown benchmark `fast`\. Benchmarks: bad, good/)
  assert.equal((await run('main')).code, 2)
  assert.equal((await run('../bench/good')).code, 2)
})

test('figures are shown as a table with the ratio to a peer', async () => {
  const { code, out } = await run('good')
  assert.equal(code, 0)
  assert.match(out, /decide +1,300,000 +\/s +≥ 1,000,000\/s +200× wasm \(6,500\) +✔/)
})

test('a missed goal fails', async () => {
  const { code, out } = await run('bad')
  assert.equal(code, 1)
  assert.match(out, /12\.35 +ms +< 5 ms +✖/)
})

test('--json prints name, value, unit, goal and ok, unrounded', async () => {
  const { code, out } = await run('bad', '--json')
  assert.equal(code, 1)
  assert.deepEqual(JSON.parse(out), [{ name: 'decide', value: 12.345678, unit: 'ms', goal: '< 5 ms', ok: false }])
})

test('a benchmark that measures nothing, or exports none, fails and says so', async () => {
  assert.match((await run('nothing')).errors, /measured nothing/)
  assert.match((await run('other')).errors, /exports no function `bench`/)
  assert.equal((await run('other')).code, 1)
})
