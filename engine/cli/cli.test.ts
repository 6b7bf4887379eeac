import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { EngineError } from '../errors.ts'
import { parseSpace } from '../sweep/parse-space.ts'
import { progressBar, textTable } from './verdict-table.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const engine = (...words: string[]): { status: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8' })
  return { status, out: stdout, err: stderr }
}

test('a drive tells its verdict, and the exit code says the same', () => {
  const { status, out } = engine('drive', 'small-drive', '--json')
  const verdict: unknown = JSON.parse(out)
  assert.ok(typeof verdict === 'object' && verdict !== null && 'passed' in verdict && verdict.passed === true)
  assert.equal(status, 0)
})

test('a drive can be recorded as a dataset into an empty folder, and not into one that holds something', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  try {
    const out = join(folder, 'data')
    assert.equal(engine('drive', 'small-drive', '--out', out).status, 0)
    const names = readdirSync(out)
    for (const name of ['drive.mcap', 'map.svg', 'scene.gltf', 'README.md'])
      assert.ok(names.includes(name), `${name} is not among ${names.join(' ')}`)
    const again = engine('drive', 'small-drive', '--out', out)
    assert.equal(again.status, 1)
    assert.match(again.err, /is not empty/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a sweep with a failing case shows the table, shrinks the case and ends with 1', () => {
  const { status, out } = engine('sweep', 'small-drive', '--vary', 'assertions.4.seconds=1|20', '--strategy', 'grid', '--count', '2')
  assert.equal(status, 1)
  assert.match(out, /1 passed, 1 failed/)
  assert.match(out, /assertions\.4\.seconds = 1\n/)
})

test('wrong words end with 2 and the usage, missing files with 5, bad input with 1 and its code', () => {
  for (const words of [
    ['fly', 'away'],
    ['drive'],
    ['drive', 'small-drive', '--seed', 'x'],
    ['drive', 'small-drive', '--wings'],
    ['sweep', 'small-drive', '--strategy', 'luck'],
    ['sweep', 'small-drive', '--workers', '0'],
    // What another verb takes is not ignored, nor is a second thing to act on.
    ['drive', 'small-drive', '--vary', 'seed=1|2'],
    ['sweep', 'small-drive', '--out', 'folder'],
    ['drive', 'small-drive', 'deliver'],
    ['constructor', 'small-drive'],
  ]) {
    const { status, err } = engine(...words)
    assert.equal(status, 2, words.join(' '))
    assert.match(err, /npm run engine/)
  }
  const missing = engine('drive', 'no-such-file.json')
  assert.equal(missing.status, 5)
  assert.match(missing.err, /`no-such-file\.json` is no file or folder, nor a scenario that comes with the engine \(deliver, /)
  const folder = engine('drive', '.')
  assert.equal(folder.status, 1)
  assert.match(folder.err, /^cannot be read or written: EISDIR/)
  const { status, err } = engine('sweep', 'small-drive', '--vary', 'nothing=1..2')
  assert.equal(status, 1)
  assert.match(err, /sweep\/bad-space/)
})

test('what varies is read from words', () => {
  assert.deepEqual(parseSpace(['a=1..2', 'b=1..3:integer', 'c=1|2', 'd=0~0.5', 'e=-2..-1']), {
    a: { kind: 'uniform', low: 1, high: 2 },
    b: { kind: 'integer', low: 1, high: 3 },
    c: { kind: 'choice', values: [1, 2] },
    d: { kind: 'normal', mean: 0, sigma: 0.5, low: -2, high: 2 },
    e: { kind: 'uniform', low: -2, high: -1 },
  })
  for (const word of ['a', '=1..2', 'a=', 'a=x..2', 'a=2..1']) assert.throws(() => parseSpace([word]), EngineError, word)
  assert.throws(() => parseSpace(['a=1..2', 'a=3..4']), /varies twice/)
})

test('bars and tables line up', () => {
  assert.equal(progressBar(2, 4, 1, 8), '[####....] 2/4, 1 failed')
  assert.equal(textTable(['a', 'name'], [['100', 'x']]), 'a    name\n---  ----\n100  x')
})
