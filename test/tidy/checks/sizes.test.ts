// Files and functions that are too long are refused; tests are not measured.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { pretend } from '../project.ts'
import { sizeReport, sizesHold } from './sizes.ts'

const lines = (count: number): string => 'a()\n'.repeat(count)

test('a file over the limit is refused, one at the limit is not', () => {
  refuses(sizesHold, { 'src/runs/a.ts': lines(351) }, /351 lines; at most 350/)
  accepts(sizesHold, { 'src/runs/a.ts': lines(350), 'src/runs/a.test.ts': lines(900), 'sdk/generated/api.ts': lines(900) })
})

test('a function over the limit is refused, whatever its form', () => {
  const body = lines(59)
  for (const text of [`function f() {\n${body}}`, `const f = () => {\n${body}}`, `class A {\n  f() {\n${body}}\n}`]) {
    refuses(sizesHold, { 'src/runs/a.ts': text }, /61 lines; at most 60/)
    accepts(sizesHold, { 'src/runs/a.ts': text.replace('a()\n', '') })
  }
})

test('the report shows the middle, the tail and what is worth a look', () => {
  const report = sizeReport(pretend({ 'src/runs/a.ts': lines(201), 'src/runs/b.ts': lines(10), 'src/runs/c.ts': lines(20) }))
  assert.match(report.join('\n'), /3 files: median 20, 90th percentile 201, longest 201[\s\S]*look: src\/runs\/a\.ts has 201 lines/)
})
