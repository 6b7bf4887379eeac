// Doors pass exports on; nothing else does.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { noBarrels as check } from './barrels.ts'

test('a file of re-exports that is no door is refused', () => {
  for (const text of ["export * from './a.ts'", "export { a } from './a.ts'", "import { a } from './a.ts'\nexport { a }"])
    refuses(check, { 'src/runs/actions/all.ts': text }, /Import from the files themselves/)
})
test('doors, and files with something of their own, are accepted', () =>
  accepts(check, {
    'src/runs/index.ts': "export { a } from './a.ts'",
    'sdk/verify/index.ts': "export { a } from './a.ts'",
    'src/runs/a.ts': "export { b } from './b.ts'\nexport const a = 1",
    'src/cli/main.ts': "import './start.ts'",
    'src/runs/empty.ts': '',
  }))
