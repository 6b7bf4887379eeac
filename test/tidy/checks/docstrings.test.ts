// A sentence above every exported name; doors repeat nothing.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { exportsAreDocumented as check } from './docstrings.ts'

const house = (text: string) => ({ 'src/runs/a.ts': text })

test('an exported name of any kind without a docstring is refused', () => {
  for (const text of [
    'export const a = 1',
    'export function a() {}',
    'export class a {}',
    'export interface a {}',
    'export type a = 1',
    'const a = 1\nexport { a }',
  ])
    refuses(check, house(text), /docstring .* for `a`/)
})
test('a line comment, an empty docstring or one further up does not count', () => {
  refuses(check, house('// A number that counts.\nexport const a = 1'), /`a`/)
  refuses(check, house('/** */\nexport const a = 1'), /`a`/)
  refuses(check, house('/** A number that counts. */\nconst b = 1\nexport const a = b'), /`a`/)
})
test('one sentence is enough, also above a suppression, overloads and a list at the end', () => {
  accepts(check, house('/** A number that counts. */\nexport const a = 1'))
  accepts(check, house('/** Tables of rooms. */\n// biome-ignore lint/x: merged\nexport interface A {}'))
  accepts(
    check,
    house('/** Doubles a value. */\nexport function a(x: 1): 2\nexport function a(x: 2): 4\nexport function a(x: number) { return x }'),
  )
  accepts(check, house('/** A number that counts. */\nconst a = 1\nexport { a }'))
})
test('doors, tests and what is not exported need none', () =>
  accepts(check, {
    'src/runs/index.ts': "export { a } from './a.ts'\nexport * from './b.ts'",
    'src/runs/a.test.ts': 'export const a = 1',
    'src/runs/b.ts': 'const b = 1',
  }))
