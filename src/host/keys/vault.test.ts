import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Side } from '../../credentials/index.ts'
import { hex, isCoded, utf8 } from '../../kernel/index.ts'
import { sealedBytesMax } from './envelope.ts'
import { openKeys } from './open-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinlock-vault-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const { vault, signers } = openKeys({ folder, mayCreate: true })
const other = openKeys({ folder: join(folder, 'other'), mayCreate: true }).vault

const binding = { org: 'org_a', environment: 'env_a', purpose: 'secret', id: 'sec_a', version: 1 }
const secret = utf8('a secret of the upstream')
const elsewhere = (error: unknown) => isCoded(error, 'sealed_elsewhere')

describe('sealed bytes', () => {
  it('open under the side and binding that they were sealed for', () => {
    for (const side of ['simulation', 'production', 'ledger'] as const) {
      for (const bytes of [secret, new Uint8Array(0), new Uint8Array(sealedBytesMax)]) {
        assert.deepEqual(vault.open(side, binding, vault.seal(side, binding, bytes)), bytes)
      }
    }
  })

  it('open from a Buffer too, as the database hands them out', () => {
    assert.deepEqual(vault.open('simulation', binding, Buffer.from(vault.seal('simulation', binding, secret))), secret)
  })

  it('never look the same twice, and do not show what they hold', () => {
    const first = vault.seal('simulation', binding, secret)
    assert.notDeepEqual(first, vault.seal('simulation', binding, secret))
    assert.equal(Buffer.from(first).includes(Buffer.from('secret')), false)
  })

  it('do not open under another side', () => {
    const all: readonly Side[] = ['simulation', 'production', 'ledger']
    for (const side of all) {
      const sealed = vault.seal(side, binding, secret)
      for (const wrong of all.filter((one) => one !== side)) assert.throws(() => vault.open(wrong, binding, sealed), elsewhere)
    }
  })

  it('do not open under another binding, whichever part of it differs', () => {
    const sealed = vault.seal('production', binding, secret)
    const others = [
      { org: 'org_b' },
      { environment: 'env_b' },
      { environment: '' },
      { purpose: 'identity' },
      { id: 'sec_b' },
      { version: 2 },
    ]
    for (const change of others) assert.throws(() => vault.open('production', { ...binding, ...change }, sealed), elsewhere)
  })

  it('do not open when the parts of a binding are shifted against each other', () => {
    const sealed = vault.seal('production', { ...binding, org: 'a', environment: 'bc' }, secret)
    assert.throws(() => vault.open('production', { ...binding, org: 'ab', environment: 'c' }, sealed), elsewhere)
  })

  it('do not open when any one bit of any byte was changed', () => {
    const sealed = vault.seal('production', binding, secret)
    for (let at = 0; at < sealed.length; at++) {
      const bent = sealed.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte))
      assert.throws(() => vault.open('production', binding, bent), elsewhere, `byte ${at}`)
    }
  })

  it('do not open when they are cut or extended', () => {
    const sealed = vault.seal('production', binding, secret)
    for (let length = 0; length < sealed.length; length++) {
      assert.throws(() => vault.open('production', binding, sealed.slice(0, length)), elsewhere, `${length} bytes`)
    }
    assert.throws(() => vault.open('production', binding, Uint8Array.from([...sealed, 0])), elsewhere)
  })

  it('do not open when the data key of one is put before the bytes of another', () => {
    const first = vault.seal('production', binding, secret)
    const second = vault.seal('production', binding, utf8('another secret thing....'))
    const dataKeyEnds = 1 + 8 + 60
    assert.throws(
      () => vault.open('production', binding, Uint8Array.from([...first.slice(0, dataKeyEnds), ...second.slice(dataKeyEnds)])),
      elsewhere,
    )
  })

  it('are refused above 1 MiB', () => {
    assert.throws(
      () => vault.seal('production', binding, new Uint8Array(sealedBytesMax + 1)),
      (error) => isCoded(error, 'too_large') && /1048576 bytes/.test(error.message),
    )
  })

  it('that hold a signing key do not open here, so that keys never leave the signer', () => {
    const { wrapped } = signers.create('production', 'ES256', binding)
    assert.throws(() => vault.open('production', binding, wrapped), elsewhere)
  })

  it('say nothing of the key or the bytes when they do not open', () => {
    const sealed = vault.seal('production', binding, secret)
    assert.throws(
      () => vault.open('production', { ...binding, id: 'sec_b' }, sealed),
      (error) => elsewhere(error) && !String(error).includes('secret of') && !String(error).includes(hex(sealed.slice(0, 9))),
    )
  })
})

describe('a fingerprint', () => {
  it('is equal for equal secrets of one organization, and 64 hexadecimal digits', () => {
    assert.match(vault.fingerprint('org_a', secret), /^[0-9a-f]{64}$/)
    assert.equal(vault.fingerprint('org_a', secret), vault.fingerprint('org_a', secret.slice()))
  })

  it('differs between secrets, between organizations and between installations', () => {
    const prints = [
      vault.fingerprint('org_a', secret),
      vault.fingerprint('org_a', utf8('x')),
      vault.fingerprint('org_b', secret),
      other.fingerprint('org_a', secret),
    ]
    assert.equal(new Set(prints).size, 4)
  })

  it('stays the same when the keys are read again', () => {
    assert.equal(openKeys({ folder, mayCreate: false }).vault.fingerprint('org_a', secret), vault.fingerprint('org_a', secret))
  })
})
