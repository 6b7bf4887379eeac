// Circles of imports, of any length, by types as well.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { noCycles } from './cycles.ts'

test('files that import each other in a circle are refused once', () =>
  refuses(
    noCycles,
    {
      'src/runs/a.ts': "import './b.ts'",
      'src/runs/b.ts': "import type { C } from './c.ts'",
      'src/runs/c.ts': "type A = import('./a.ts').A",
    },
    /circle: src\/runs\/a\.ts, src\/runs\/b\.ts, src\/runs\/c\.ts/,
  ))

test('two ways to the same file are no circle', () =>
  accepts(noCycles, { 'src/runs/a.ts': "import './b.ts'\nimport './c.ts'", 'src/runs/b.ts': "import './c.ts'", 'src/runs/c.ts': '' }))
