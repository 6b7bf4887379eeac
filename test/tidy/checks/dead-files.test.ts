// Files that nothing reaches.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { pretend } from '../project.ts'
import { noDeadFiles as check, reachReport } from './dead-files.ts'

const main = { 'src/cli/main.ts': "import '../app/index.ts'", 'src/app/index.ts': "const worker = new URL('./worker.ts', import.meta.url)" }

test('a file that nothing reaches is refused, also when dead files import it', () => {
  refuses(check, { ...main, 'src/app/worker.ts': '', 'src/runs/a.ts': '' }, /Nothing imports this file/)
  refuses(check, { ...main, 'src/app/worker.ts': '', 'src/runs/a.ts': "import './a.ts'" }, /Nothing imports this file/)
})
test('imports, workers and tests reach files', () =>
  accepts(check, {
    ...main,
    'src/app/worker.ts': "import type { A } from '../runs/a.ts'",
    'src/runs/a.ts': '',
    'src/runs/b.ts': '',
    'src/runs/b.test.ts': "import './b.ts'",
  }))
test('the report counts what tests alone reach', () =>
  assert.match(
    reachReport(pretend({ ...main, 'src/app/worker.ts': '', 'src/runs/b.ts': '', 'src/runs/b.test.ts': "import './b.ts'" })),
    /^1 source files/,
  ))
