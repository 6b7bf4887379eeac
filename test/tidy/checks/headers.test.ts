// The opening comment: there, not too long, after a shebang.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { headersArePresent as check } from './headers.ts'

test('a file without an opening comment is refused', () => {
  refuses(check, { 'src/runs/a.ts': 'const a = 1 // late' }, /Open this file with a comment/)
  refuses(check, { 'scripts/a.mjs': '#!/usr/bin/env node\n\n// late' }, /Open this file with a comment/)
})
test('an opening comment that goes on and on is refused', () =>
  refuses(check, { 'engine/a.ts': '// more\n'.repeat(13) }, /13 lines; at most 12/))
test('line and block comments open a file, after a shebang as well', () =>
  accepts(check, {
    'src/runs/a.ts': '// One.\n// Two.\nconst a = 1',
    'sdk/a.ts': '/**\n * One.\n */',
    'scripts/a.mjs': '#!/usr/bin/env node\n// One.',
  }))
test('tests and generated files need none', () => accepts(check, { 'src/runs/a.test.ts': 'a()', 'sdk/generated/api.ts': 'a()' }))
