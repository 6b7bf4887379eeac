// `stop`, `backup` and `restore` where there is nothing to stop, and said in ways that cannot be meant; what they do to data is tested in test/store.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { maintain } from './maintain.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinlock-maintain-'))
after(() => rmSync(folder, { recursive: true, force: true }))
process.env.TWINLOCK_DATA = join(folder, 'data')
process.env.TWINLOCK_KEYS = join(folder, 'keys')

test('stopping where no server runs fails, and says on which folder', async () => {
  assert.equal(await maintain('stop', []), 1)
})

test('a line that cannot be meant is refused before anything is touched', async () => {
  for (const [verb, ...args] of [
    ['stop', 'now'],
    ['backup'],
    ['backup', 'a', 'b'],
    ['restore'],
    ['restore', '--force', 'x'],
    ['stop', '--force'],
  ]) {
    assert.equal(await maintain(verb ?? '', args), 2, [verb, ...args].join(' '))
  }
  assert.equal(existsSync(join(folder, 'data', 'postgres', 'cluster')), false)
})

test('each says what it does', async () => {
  for (const verb of ['stop', 'backup', 'restore']) assert.equal(await maintain(verb, ['--help']), 0)
})
