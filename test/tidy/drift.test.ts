// Generated files do not drift from the code: each is printed again and compared.
// The commands are our own scripts; they get no input.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { drift } from './checks/drift.ts'
import { root } from './read-repository.ts'
import { generated } from './rules.ts'

for (const { file, command } of generated) {
  test(`${file} says what the code says`, (t) => {
    const [script = ''] = command
    const missing = [file, script].find((path) => !existsSync(join(root, path)))
    if (missing) return t.skip(`There is no ${missing} to compare yet.`)
    const printed = execFileSync(process.execPath, command, { cwd: root, encoding: 'utf8', maxBuffer: 20_000_000 })
    const found = drift(file, readFileSync(join(root, file), 'utf8'), printed)
    assert.ok(!found, `\n${found?.file}:${found?.line}: ${found?.message}`)
  })
}

test('a generated file that was edited by hand is told apart, with the line', () => {
  assert.equal(drift('a.txt', 'one\ntwo\n', 'one\ntwo\n'), undefined)
  assert.deepEqual(drift('a.txt', 'one\n2\n', 'one\ntwo\n')?.line, 2)
  assert.match(drift('a.txt', 'one\n', 'one\ntwo\n')?.message ?? '', /npm run generate/)
  assert.ok(drift('a.txt', 'one', 'one\ntwo'))
})
