import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manifestSchema, pathPattern } from './manifest.ts'

const asset = `ast_${'0'.repeat(26)}`
const sound = {
  connections: [{ connection: 'accounts', allow: [{ methods: ['GET', 'POST'], path: '/accounts/*' }] }],
  assets: [{ name: 'map', asset }],
  parameters: { speed: 1.5, nested: { list: [1, null, 'x'] } },
  outputs: { filesMax: 3, bytesMax: 1000 },
  deadlineSeconds: 60,
  memoryMegabytes: 128,
}

/** Where the first fault of a manifest lies. */
function pointer(manifest: unknown): string | undefined {
  const parsed = manifestSchema.safeParse(manifest)
  const issue = parsed.success ? undefined : parsed.error.issues[0]
  return issue === undefined
    ? undefined
    : [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])].map((part) => `/${String(part)}`).join('')
}

const withConnection = (change: object) => ({ ...sound, connections: [{ ...sound.connections[0], ...change }] })
const withRule = (change: object) => withConnection({ allow: [{ methods: ['GET'], path: '/a', ...change }] })
const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

describe('a manifest', () => {
  it('that is sound is read as it is; what it leaves out has a default', () => {
    assert.deepEqual(manifestSchema.parse(sound), sound)
    assert.deepEqual(manifestSchema.parse({}), {
      connections: [],
      assets: [],
      parameters: {},
      outputs: { filesMax: 100, bytesMax: 67_108_864 },
      deadlineSeconds: 300,
      memoryMegabytes: 512,
    })
  })

  it('has a limit on each part, and a fault is pointed at', () => {
    const faults: [unknown, string][] = [
      [{ ...sound, network: 'all' }, '/network'],
      [{ ...sound, connections: many(21, sound.connections[0]) }, '/connections'],
      [{ ...sound, connections: 'all' }, '/connections'],
      [withConnection({ connection: 'Accounts' }), '/connections/0/connection'],
      [withConnection({ connection: 'a'.repeat(41) }), '/connections/0/connection'],
      [withConnection({ secret: 'x' }), '/connections/0/secret'],
      [withConnection({ allow: [] }), '/connections/0/allow'],
      [withConnection({ allow: many(21, { methods: ['GET'], path: '/a' }) }), '/connections/0/allow'],
      [withRule({ methods: [] }), '/connections/0/allow/0/methods'],
      [withRule({ methods: many(7, 'GET') }), '/connections/0/allow/0/methods'],
      [withRule({ methods: ['GET', 'CONNECT'] }), '/connections/0/allow/0/methods/1'],
      [withRule({ methods: ['get'] }), '/connections/0/allow/0/methods/0'],
      [withRule({ path: 'a' }), '/connections/0/allow/0/path'],
      [withRule({ path: `/${'a'.repeat(200)}` }), '/connections/0/allow/0/path'],
      [withRule({ host: 'other' }), '/connections/0/allow/0/host'],
      [{ ...sound, assets: many(21, sound.assets[0]) }, '/assets'],
      [{ ...sound, assets: [{ name: 'map', asset: 'ast_1' }] }, '/assets/0/asset'],
      [{ ...sound, assets: [{ name: '../map', asset }] }, '/assets/0/name'],
      [{ ...sound, parameters: { [`${'p'.repeat(65)}`]: 1 } }, `/parameters/${'p'.repeat(65)}`],
      [{ ...sound, parameters: [] }, '/parameters'],
      [{ ...sound, outputs: { filesMax: 0, bytesMax: 1 } }, '/outputs/filesMax'],
      [{ ...sound, outputs: { filesMax: 1001, bytesMax: 1 } }, '/outputs/filesMax'],
      [{ ...sound, outputs: { filesMax: 1, bytesMax: 1_073_741_825 } }, '/outputs/bytesMax'],
      [{ ...sound, outputs: { filesMax: 1 } }, '/outputs/bytesMax'],
      [{ ...sound, deadlineSeconds: 0 }, '/deadlineSeconds'],
      [{ ...sound, deadlineSeconds: 86_401 }, '/deadlineSeconds'],
      [{ ...sound, deadlineSeconds: 1.5 }, '/deadlineSeconds'],
      [{ ...sound, memoryMegabytes: 63 }, '/memoryMegabytes'],
      [{ ...sound, memoryMegabytes: 8193 }, '/memoryMegabytes'],
      [{ ...sound, memoryMegabytes: '128' }, '/memoryMegabytes'],
      [null, ''],
      ['{}', ''],
    ]
    for (const [manifest, at] of faults) assert.equal(pointer(manifest), at, JSON.stringify(manifest)?.slice(0, 200))
  })

  it('names paths as patterns with one kind of wildcard: `*` inside a segment, `{id}` for one, or `/**` at the end', () => {
    for (const path of ['/', '/a', '/a/*', '/a/*/b', '/a-*.json', '/a/**', '/**', '/a.b/~c', '/caf%C3%A9', '/a/{id}', '/{id}/b/{id}']) {
      assert.ok(pathPattern.safeParse(path).success, path)
    }
    const plain = ['', 'a', '/a/../b', '/..', '/./a', '/a/.', '/a?b', '/a b', '/a"b', '/a\\b', '/é', '/a\n', '/a#b']
    const wild = [
      '/a**',
      '/**/a',
      '/a/**/b',
      '/***',
      '/*/**',
      '/a*/b/**',
      '/{id}/**',
      '/{id}/*',
      '/{ID}',
      '/{id',
      '/x{id}',
      '/{id}x',
      '/{}',
    ]
    for (const path of [...plain, ...wild]) assert.equal(pathPattern.safeParse(path).success, false, path)
  })
})
