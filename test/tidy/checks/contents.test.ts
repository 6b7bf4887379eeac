// Machine paths, registry hosts, sizes and binaries.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { project } from '../project.ts'
import { machineStrings } from '../rules.ts'
import { contentsAreClean as check } from './contents.ts'

test("one machine's paths and registries are refused, in any text", () => {
  for (const { text } of machineStrings) refuses(check, { 'docs/a.md': `See ${text}.` }, /belongs to one machine/)
})
test('a folder of the same name inside a longer path is something else', () =>
  accepts(check, { 'docs/a.md': `net${machineStrings[0]?.text}load` }))
test('the lock file names its registry', () => accepts(check, { 'package-lock.json': machineStrings.at(-1)?.text ?? '' }))
test('large files and unexpected binaries are refused', () => {
  const entry = { path: 'engine/model.bin', bytes: 10, binary: false, text: '' }
  assert.match(check(project([{ ...entry, bytes: 1_000_001 }]))[0]?.message ?? '', /at most 1000000/)
  assert.match(check(project([{ ...entry, binary: true }]))[0]?.message ?? '', /not expected here/)
  assert.deepEqual(check(project([{ ...entry, path: 'docs/guides/map.png', binary: true }])), [])
})
