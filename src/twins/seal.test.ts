import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { isCoded, type Json } from '../kernel/index.ts'
import { refuseSecretsInJson, type SealedScenario, scenarioDigest } from './seal.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const sealed: SealedScenario = {
  twin: 'twn_1',
  program: 'payments',
  slug: 'settle',
  version: 1,
  manifest: { connections: [{ connection: 'a', allow: [{ methods: ['GET'], path: '/a' }] }], parameters: { x: 1 }, deadlineSeconds: 5 },
  assets: ['sha256:a', 'sha256:b'],
}

/** Every value that differs from this one in exactly one place. */
function changed(value: Json): Json[] {
  if (Array.isArray(value)) return changedList(value)
  if (typeof value !== 'object' || value === null) return [typeof value === 'number' ? value + 1 : `${String(value)}x`]
  const inside = Object.entries(value).flatMap(([name, member]) =>
    changed(member ?? null).map((other): Json => ({ ...value, [name]: other })),
  )
  return [...inside, { ...value, added: null }]
}

function changedList(list: readonly Json[]): Json[] {
  const inside = list.flatMap((item, at) => changed(item).map((other): Json => list.with(at, other)))
  return [...inside, [...list, null], ...(list.length > 1 ? [[...list].reverse()] : [])]
}

describe('the digest of a scenario', () => {
  it('changes with every single thing that decides what a run of it does', () => {
    const digests = new Set([scenarioDigest(sealed, sha256)])
    let count = 1
    const members: Record<string, Json> = { ...sealed }
    for (const [name, member] of Object.entries(members)) {
      for (const other of changed(member)) {
        digests.add(scenarioDigest({ ...sealed, [name]: other }, sha256))
        count++
      }
    }
    assert.ok(count > 20, `${count} changes`)
    assert.equal(digests.size, count)
  })

  it('does not depend on the order in which a manifest was written', () => {
    const manifest = {
      deadlineSeconds: 5,
      parameters: { x: 1 },
      connections: [{ allow: [{ path: '/a', methods: ['GET'] }], connection: 'a' }],
    }
    assert.equal(scenarioDigest({ ...sealed, manifest }, sha256), scenarioDigest(sealed, sha256))
    assert.match(scenarioDigest(sealed, sha256), /^sha256:[0-9a-f]{64}$/)
  })
})

describe('a manifest with a secret in it', () => {
  it('is refused with the place and without the secret', () => {
    const secret = ['ghp', `${'a1B2c3D4e5'.repeat(3)}f6G7h8`].join('_')
    const aws = ['wJalrXUtnFEMI/K7MDENG', 'bPxRfiCYzzzzKEYzz9'].join('/')
    for (const value of [secret, aws]) {
      const manifest: Json = { parameters: { deep: [{ aws_secret_access_key: value }] } }
      assert.throws(
        () => refuseSecretsInJson('manifest', manifest, { sha256 }),
        (error) =>
          isCoded(error, 'secret_found') &&
          error.notes.pointer === '/parameters/deep/0/aws_secret_access_key' &&
          !JSON.stringify([error.message, error.notes]).includes(value),
        value,
      )
    }
    refuseSecretsInJson('manifest', { parameters: { aws_secret_access_key: '{{ vault.key }}' } }, { sha256 })
  })
})
