import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { EcJwk, type KeyToUse, type OkpJwk, type ProductionWarrant } from '../../credentials/index.ts'
import { isCoded, utf8 } from '../../kernel/index.ts'
import { ed25519Verify, rawEd25519Key, verifyEs256 } from '../crypto/verify-signatures.ts'
import { openKeys } from './open-keys.ts'
import { issueWarrant } from './warrant.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinlock-signers-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const { vault, signers } = openKeys({ folder, mayCreate: true })

const message = utf8('what is signed')
const binding = { org: 'org_a', environment: 'env_a', purpose: 'identity', id: 'key_a', version: 1 }
const elsewhere = (error: unknown) => isCoded(error, 'sealed_elsewhere')
const notPromoted = (error: unknown) => isCoded(error, 'not_promoted')
const warrant = issueWarrant({ promotion: 'prm_a', workload: 'svc_a' })

function keyOf(side: KeyToUse['side'], change: Partial<KeyToUse['binding']> = {}) {
  const use = { ...binding, ...change }
  const made = signers.create(side, 'ES256', use)
  return { publicJwk: EcJwk.parse(made.publicJwk), key: { side, binding: use, wrapped: made.wrapped } }
}

describe('a signing key', () => {
  it('signs ES256 as raw r and s that its public half verifies, opened or remembered', () => {
    const { publicJwk, key } = keyOf('simulation')
    for (let turn = 0; turn < 3; turn++) {
      const signature = signers.sign(key, 'ES256', message)
      assert.equal(signature.length, 64)
      assert.equal(verifyEs256(publicJwk, message, signature), true)
    }
  })

  it('signs Ed25519 that its public half verifies', () => {
    const use = { ...binding, purpose: 'checkpoint' }
    const { publicJwk, wrapped } = signers.create('ledger', 'Ed25519', use)
    const signature = signers.sign({ side: 'ledger', binding: use, wrapped }, 'Ed25519', message)
    // An Ed25519 key was asked for.
    assert.equal(ed25519Verify(rawEd25519Key(publicJwk as OkpJwk), message, signature), true)
  })

  it('shows its public half alone', () => {
    assert.deepEqual(Object.keys(signers.create('simulation', 'ES256', binding).publicJwk).sort(), ['crv', 'kty', 'x', 'y'])
    assert.deepEqual(Object.keys(signers.create('simulation', 'Ed25519', binding).publicJwk).sort(), ['crv', 'kty', 'x'])
  })

  it('is another one each time', () => {
    assert.notDeepEqual(keyOf('simulation').publicJwk, keyOf('simulation').publicJwk)
  })

  it('signs with its own algorithm alone', () => {
    const { key } = keyOf('simulation')
    assert.throws(() => signers.sign(key, 'Ed25519', message), /does not sign with Ed25519/)
  })

  it('does not sign under another binding or side, not even after it was opened under its own', () => {
    const { key } = keyOf('simulation')
    signers.sign(key, 'ES256', message)
    const changes = [{ org: 'org_b' }, { environment: 'env_b' }, { purpose: 'provenance' }, { id: 'key_b' }, { version: 2 }]
    for (const change of changes)
      assert.throws(() => signers.sign({ ...key, binding: { ...binding, ...change } }, 'ES256', message), elsewhere)
    assert.throws(() => signers.sign({ ...key, side: 'production' }, 'ES256', message, warrant), elsewhere)
    assert.throws(() => signers.sign({ ...key, side: 'ledger' }, 'ES256', message), elsewhere)
  })

  it('does not sign when its sealed bytes were changed, not even after it was opened unchanged', () => {
    const { key } = keyOf('simulation')
    signers.sign(key, 'ES256', message)
    for (const at of [0, 5, 12, 30, 60, 75, 100, key.wrapped.length - 1]) {
      const wrapped = key.wrapped.map((byte, index) => (index === at ? byte ^ 1 : byte))
      assert.throws(() => signers.sign({ ...key, wrapped }, 'ES256', message), elsewhere)
    }
  })

  it('is not one that was sealed as a secret', () => {
    const wrapped = vault.seal('simulation', binding, utf8('no key'))
    assert.throws(() => signers.sign({ side: 'simulation', binding, wrapped }, 'ES256', message), elsewhere)
  })

  it('still signs after more keys were used than are remembered', () => {
    const first = keyOf('simulation')
    signers.sign(first.key, 'ES256', message)
    for (let at = 0; at < 300; at++) signers.sign(keyOf('simulation').key, 'ES256', message)
    assert.equal(verifyEs256(first.publicJwk, message, signers.sign(first.key, 'ES256', message)), true)
  })
})

describe('production', () => {
  it('signs an identity with a warrant', () => {
    const { publicJwk, key } = keyOf('production')
    assert.equal(verifyEs256(publicJwk, message, signers.sign(key, 'ES256', message, warrant)), true)
  })

  it('signs no identity without a warrant, not even after it signed with one', () => {
    const { key } = keyOf('production')
    signers.sign(key, 'ES256', message, warrant)
    assert.throws(() => signers.sign(key, 'ES256', message), notPromoted)
  })

  it('accepts no warrant but the very object that was issued', () => {
    const { key } = keyOf('production')
    const forged: readonly unknown[] = [
      { ...warrant },
      { promotion: 'prm_a', workload: 'svc_a' },
      Object.create(warrant),
      structuredClone(warrant),
      {},
    ]
    // The type keeps a caller from writing this; the test stands for one that got around it.
    for (const one of forged) assert.throws(() => signers.sign(key, 'ES256', message, one as ProductionWarrant), notPromoted)
  })

  it('does not sign an identity under the name of another purpose', () => {
    const { key } = keyOf('production')
    assert.throws(() => signers.sign({ ...key, binding: { ...binding, purpose: 'provenance' } }, 'ES256', message), elsewhere)
  })

  it('signs provenance without a warrant', () => {
    const { publicJwk, key } = keyOf('production', { purpose: 'provenance' })
    assert.equal(verifyEs256(publicJwk, message, signers.sign(key, 'ES256', message)), true)
  })
})

describe('a warrant', () => {
  it('names its promotion and workload, and cannot be changed', () => {
    assert.deepEqual({ promotion: warrant.promotion, workload: warrant.workload }, { promotion: 'prm_a', workload: 'svc_a' })
    assert.equal(Object.isFrozen(warrant), true)
  })

  it('is not issued for nothing', () => {
    assert.throws(() => issueWarrant({ promotion: '', workload: 'svc_a' }), /names a promotion/)
    assert.throws(() => issueWarrant({ promotion: 'prm_a', workload: '' }), /names a promotion/)
  })
})
