// Exports that nobody takes.
import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { noDeadExports as check } from './dead-exports.ts'

const made = 'export const one = 1\nexport function two(): void {}\nexport class Three {}'

test('a constant, a function or a class that nobody imports is refused, also where others of the file are imported', () => {
  refuses(check, { 'src/runs/a.ts': 'export const one = 1' }, /Nobody imports `one`/)
  refuses(check, { 'src/runs/a.ts': made, 'src/runs/b.ts': "import { one, Three } from './a.ts'" }, /Nobody imports `two`/)
  refuses(check, { 'src/runs/a.ts': made, 'src/runs/b.ts': "import { one as Three, two } from './a.ts'" }, /Nobody imports `Three`/)
})
test('to import itself, or something else of the same name, takes nothing', () =>
  refuses(
    check,
    { 'src/runs/a.ts': 'export const one = 1', 'src/runs/c.ts': '', 'src/runs/b.ts': "import { one } from './c.ts'" },
    /Nobody imports `one`/,
  ))
test('other files, doors, tests and whole imports take what is exported; types need no taker', () => {
  accepts(check, { 'src/runs/a.ts': made, 'src/runs/a.test.ts': "import { one, two, Three } from './a.ts'" })
  accepts(check, { 'src/runs/a.ts': made, 'src/runs/index.ts': "export { one, two, Three } from './a.ts'" })
  accepts(check, { 'src/runs/a.ts': made, 'src/runs/b.ts': "import * as all from './a.ts'" })
  accepts(check, { 'src/runs/a.ts': made, 'src/runs/b.ts': "const { one } = await import('./a.ts')" })
  accepts(check, { 'src/runs/a.ts': 'export interface A {}\nexport type B = string\nconst inside = 1' })
  accepts(check, { 'console/src/screens/runs/acts.ts': 'export const acts = []' })
})
