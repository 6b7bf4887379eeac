import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'

/** What IEEE 754 or the language itself fixes to the last bit. */
const exact = new Set([
  'sqrt',
  'floor',
  'ceil',
  'round',
  'trunc',
  'abs',
  'min',
  'max',
  'sign',
  'imul',
  'fround',
  'clz32',
  'PI',
  'SQRT2',
  'SQRT1_2',
  'LOG2E',
])
const folders = ['control', 'math', 'physics', 'robot', 'run', 'scene', 'worlds', 'formats', 'scenarios', 'sweep']
const engine = fileURLToPath(new URL('..', import.meta.url))

function offences(source: string, file: string): string[] {
  const found: string[] = []
  const { program } = parseSync(file, source)
  new Visitor({
    MemberExpression(node) {
      const isMath = node.object.type === 'Identifier' && node.object.name === 'Math'
      const name = node.property.type === 'Identifier' ? node.property.name : '?'
      if (isMath && !exact.has(name)) found.push(`${file}: Math.${name} differs between engines: take it from engine/math/trig.ts`)
    },
    BinaryExpression(node) {
      if (node.operator === '**') found.push(`${file}: ** is Math.pow: write the product, or take pow from engine/math/trig.ts`)
    },
  }).visit(program)
  return found
}

test('nothing that is hashed calls Math that differs between engines', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(`${engine}${folder}`)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => `${folder}/${name}`),
  )
  assert.ok(files.length > 20)
  assert.deepEqual(
    files.flatMap((file) => offences(readFileSync(`${engine}${file}`, 'utf8'), file)),
    [],
  )
})

test('the guard finds what it forbids', () => {
  assert.equal(offences('const a = Math.sin(1) + Math.hypot(1, 2) + 2 ** x + Math.sqrt(2)', 'a.ts').length, 3)
})
