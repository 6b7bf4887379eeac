import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../src/app/index.ts'
import { environmentClasses, roles } from '../../src/kernel/index.ts'
import { accessMatrix, syntheticLocated } from './access-matrix.ts'

const lines = accessMatrix(catalogue).split('\n')

function cellsOf(action: string): Record<string, string> {
  const row = lines.find((line) => line.startsWith(`${action} `)) ?? ''
  const cells = row.slice(action.length).trim().split(/\s+/)
  return Object.fromEntries(roles.map((role, at) => [role, cells[at] ?? '']))
}

test('every action that a role can do has a row, and every place in it was decided', () => {
  for (const { name } of catalogue.filter((one) => one.roles.length > 0)) {
    const cells = Object.values(cellsOf(name))
    assert.equal(cells.length, roles.length, name)
    for (const cell of cells) assert.match(cell, new RegExp(`^[✓·]{${environmentClasses.length}}$`), name)
  }
})

test('what the matrix shows is the decision, not the declaration: no simulation runs in production', () => {
  assert.equal(cellsOf('run:launch').operator, '✓✓✓·')
})

test('no shipped role has two of author, run, export and hand off', () => {
  const four = ['scenario:publish', 'run:launch', 'artifact:export', 'promotion:cross'].map(cellsOf)
  for (const role of roles) assert.ok(four.filter((cells) => cells[role]?.includes('✓')).length <= 1, role)
})

test('a synthetic thing stands below everything that a grant could be given on', () => {
  for (const capability of catalogue) {
    const { resource, others = [] } = syntheticLocated(capability, 'staging', catalogue)
    const known = new Set([resource, ...others].map((one) => one.type))
    for (const parent of [resource, ...others].flatMap((one) => one.parents))
      assert.ok(known.has(parent.type), `${capability.name}: ${parent.type}`)
  }
})
