// Two versions of a scenario: what differs is found, which way it went, and nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, inOrder, type ShownScenario } from './compare.ts'

const outputs = { filesMax: 3, bytesMax: 2_000 }
const version = (
  number: number,
  manifest: Partial<ShownScenario['manifest']> = {},
  assets: ShownScenario['assets'] = [],
): ShownScenario => ({
  ...{ id: `scn_${number}`, twin: 'twn_1', slug: 'settle', version: number, digest: `sha256:${number}`, author: 'per_1', createdAt: '' },
  ...{ twinName: 'payments', authorName: 'Ada', newest: true, assets },
  manifest: { connections: [], assets: [], parameters: {}, outputs, deadlineSeconds: 60, memoryMegabytes: 128, ...manifest },
})
const found = (title: string, before: ShownScenario, after: ShownScenario) => {
  const group = compare(before, after).find((one) => one.title === title)
  assert.ok(group, `no facts are called ${title}`)
  return group
}
const reading = { connection: 'accounts', allow: [{ methods: ['GET'], path: '/a' }] } as const

test('a version differs in nothing from itself', () => {
  const one = version(1, { connections: [reading], parameters: { a: { b: 1, c: [2] } } })
  assert.deepEqual(
    compare(one, one).flatMap(({ changes }) => changes),
    [],
  )
  assert.equal(found('Rules', one, one).same, 1)
})

test('a connection that is named for the first time is more, and one that is named no longer is less', () => {
  const [without, with_] = [version(1), version(2, { connections: [reading] })]
  assert.deepEqual(found('Connections', without, with_).changes, [{ became: 'added', name: 'accounts', after: '', means: 'more' }])
  assert.deepEqual(found('Rules', with_, without).changes, [{ became: 'removed', name: 'accounts /a', before: 'GET', means: 'less' }])
})

test('a method more on a path is more, a method less is less, and an exchange is neither', () => {
  const methods = (number: number, ...all: ('GET' | 'POST')[]) =>
    version(number, { connections: [{ connection: 'accounts', allow: all.map((method) => ({ methods: [method], path: '/a' })) }] })
  const [get, post, both] = [methods(1, 'GET'), methods(2, 'POST'), methods(3, 'POST', 'GET')]
  assert.deepEqual(found('Rules', get, both).changes, [
    { became: 'changed', name: 'accounts /a', before: 'GET', after: 'GET, POST', means: 'more' },
  ])
  assert.equal(found('Rules', both, post).changes[0]?.means, 'less')
  assert.equal(found('Rules', get, post).changes[0]?.means, undefined)
})

test('parameters are compared by value, whatever the order of their names', () => {
  const before = version(1, { parameters: { a: { x: 1, y: 2 }, gone: null } })
  const after = version(2, { parameters: { a: { y: 2, x: 1 }, b: '1' } })
  assert.deepEqual(found('Parameters', before, after), {
    title: 'Parameters',
    changes: [
      { became: 'removed', name: 'gone', before: 'null' },
      { became: 'added', name: 'b', after: '"1"' },
    ],
    same: 1,
  })
})

test('an asset of the same name with other bytes is changed', () => {
  const asset = (digest: string) => [{ name: 'world', id: 'ast_1', digest }]
  assert.deepEqual(found('Assets', version(1, {}, asset('sha256:a')), version(2, {}, asset('sha256:b'))).changes, [
    { became: 'changed', name: 'world', before: 'sha256:a', after: 'sha256:b' },
  ])
})

test('a limit says whether it went up or down', () => {
  const { changes } = found('Limits', version(1), version(2, { deadlineSeconds: 600, memoryMegabytes: 64 }))
  assert.deepEqual(
    changes.map(({ means }) => means),
    ['more', 'less'],
  )
})

test('versions of one scenario are compared from the earlier to the later, whichever was named first', () => {
  const [one, two] = [version(1), version(2)]
  assert.deepEqual(
    inOrder(two, one).map(({ version: number }) => number),
    [1, 2],
  )
  const foreign = { ...version(1), slug: 'other' }
  assert.deepEqual(
    inOrder(two, foreign).map(({ slug }) => slug),
    ['settle', 'other'],
  )
})
