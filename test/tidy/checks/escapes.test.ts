// Ways out of the type checker, and forms that are not erasable.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { pretend } from '../project.ts'
import { castReport, noEscapes as check } from './escapes.ts'

const house = (text: string) => ({ 'src/runs/a.ts': text })

test('`any` is refused wherever a type may stand', () => {
  for (const text of ['const a: any = 1', 'const a = b as any', 'type A = Map<string, any>']) refuses(check, house(text), /Write `unknown`/)
  accepts(check, house("const any = 'any' // any"))
})
test('a cast through unknown needs its reason above', () => {
  refuses(check, house('const a = 1\nconst b = a as unknown as B'), /why this cast holds/)
  accepts(check, house('// B is a branded number and a was checked.\nconst b = a as unknown as B'))
})
test('default exports, enums and namespaces are refused', () => {
  refuses(check, house('export default 1'), /Export by name/)
  refuses(check, house('enum A { B }'), /union of literals/)
  refuses(check, house('namespace A { export const b = 1 }'), /Use a file/)
  accepts(check, {
    'console/vite.config.ts': 'export default {}',
    'src/runs/a.ts': "declare module '../kernel/action.ts' { interface Tables {} }\ndeclare global { interface A {} }",
  })
})
test('the report counts casts without a reason, apart from `as const`', () => {
  const text = 'const a = b as C\n\n\n\n// A reason.\nconst d = e as F\nconst g = [1] as const'
  assert.match(castReport(pretend(house(text))), /^2 casts, 1 without/)
})
