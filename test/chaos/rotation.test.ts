// Rotation of every key, with overlap, and with a crash at every step of it: what was valid before the new key stays so until somebody retires the old one,
// nothing that is sealed is ever without the key that opens it, and the older key is forgotten only when nothing needs it.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { verifyExport } from '../../sdk/verify/index.ts'
import { type OpenedTwinlock, openTwinlock, type Step } from '../../src/app/index.ts'
import { sha256 } from '../../src/host/crypto/system-ports.ts'
import { ed25519Verify, verifyEs256 } from '../../src/host/crypto/verify-signatures.ts'
import { keyPath } from '../../src/host/keys/key-file.ts'
import { openKeys } from '../../src/host/keys/open-keys.ts'
import { rotateKeyFile } from '../../src/host/keys/rotate-key-file.ts'
import { sides } from '../../src/host/keys/sides.ts'
import { freshDatabase } from '../../src/host/postgres/temporary.ts'
import { type Digest, isCoded, newId, type Ports, utf8 } from '../../src/kernel/index.ts'
import { parseVerifierKey } from '../../src/ledger/index.ts'
import { attestationKeys, provenanceType, verifyAttestation } from '../../src/outputs/index.ts'
import { type Act, actWith, asPart, at, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { until } from '../harness/signed-in.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

async function* bytesOf(bodies: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const body of bodies) yield utf8(String(body))
}

/** Whether an export holds under one verifier key line. */
async function holdsUnder(exported: Record<string, unknown>, line: string): Promise<boolean> {
  const key = parseVerifierKey(sha256, line)
  const trust = { origin: key.name, logKeys: [key], witnessKeys: [], witnessQuorum: 0 }
  const input = { checkpoint: textAt(exported, 'checkpoint'), entries: bytesOf(listAt(exported, 'entries')) }
  return (await verifyExport({ sha256, ed25519Verify }, input, trust)).holds
}

describe('the rotation of signing keys', () => {
  let world: World
  let admin: Act
  before(async () => {
    world = await openWorld({ isIdle: true })
    admin = await world.as('admin')
  })
  after(() => world.close())

  it('lets a token of the old key live on, signs with the new one, and ends the old one’s when it is retired', async () => {
    const { staging } = world.starter.environments
    const old = await world.tokenOf('pipeline')
    const { key, retiring } = await admin('key:rotate', { purpose: 'identity', environment: staging })
    const fresh = await world.tokenOf('pipeline')
    const kid = ({ token }: { readonly token: string }) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
    assert.ok(old.kind === 'token' && fresh.kind === 'token')
    assert.deepEqual([[kid(old)], kid(fresh)], [retiring, key])
    for (const credential of [old, fresh]) await actWith(world.twinlock.door, credential)('session:show')
    const published = (await world.twinlock.publicKeys(world.org, staging)) ?? []
    assert.deepEqual(new Set(published.map((jwk) => jwk.kid)), new Set([kid(old), kid(fresh)]))
    assert.equal(await codeOf(admin('key:retire', { key })), 'conflict')
    await admin('key:retire', { key: kid(old) })
    assert.equal(await codeOf(actWith(world.twinlock.door, old)('session:show')), 'token_key_unknown')
    await actWith(world.twinlock.door, fresh)('session:show')
  })

  it('is refused to everybody but an administrator, and for a key that is not where it is said to be', async () => {
    for (const person of ['author', 'operator', 'reviewer', 'deployer', 'auditor'] as const) {
      const act = await world.as(person)
      assert.equal(await codeOf(act('key:rotate', { purpose: 'checkpoint' })), 'denied', person)
      assert.equal(await codeOf(act('key:retire', { key: 'AAAAAAAAAAAAAAAA' })), 'not_found', person)
    }
    assert.equal(await codeOf(admin('key:rotate', { purpose: 'identity' })), 'invalid')
    assert.equal(await codeOf(admin('key:rotate', { purpose: 'checkpoint', environment: world.starter.environments.staging })), 'invalid')
    assert.equal(await codeOf(admin('key:rewrap')), 'denied')
  })

  it('signs each head with both keys of the log until the old one is retired, and every export names a key that it holds under', async () => {
    const auditor = await world.as('auditor')
    /** An export of everything, after one more entry. */
    const grown = async () => {
      const { retiring: _, ...made } = await asPart(
        world.twinlock.door,
        world.org,
        'starter',
      )('person:create', {
        slug: newId('per', world.twinlock.outside).slice(-20),
        name: 'Some Body',
        email: `${newId('per', world.twinlock.outside)}@people.example`,
      })
      return until('the log has grown', async () => {
        const exported = await auditor('ledger:export', {})
        return listAt(exported, 'entries').some((body) => String(body).includes(textAt(made, 'id'))) && exported
      })
    }
    const before = await grown()
    const oldLine = textAt(before, 'verifierKey')
    const { retiring } = await admin('key:rotate', { purpose: 'checkpoint' })
    const during = await grown()
    const newLine = textAt(during, 'verifierKey')
    assert.notEqual(newLine, oldLine)
    assert.deepEqual([await holdsUnder(during, oldLine), await holdsUnder(during, newLine)], [true, true])
    const earlier = await auditor('ledger:export', { size: before.size })
    assert.equal(textAt(earlier, 'verifierKey'), oldLine, 'a head from before names the key that signed it')
    assert.ok(await holdsUnder(earlier, oldLine))
    await admin('key:retire', { key: at(retiring, 0) })
    const later = await grown()
    assert.deepEqual([await holdsUnder(later, oldLine), await holdsUnder(later, newLine)], [false, true])
    assert.ok(await holdsUnder(await auditor('ledger:export', { size: before.size }), oldLine))
  })

  it('keeps attestations of the old provenance key verifiable until it is retired', async () => {
    const { staging } = world.starter.environments
    const { store } = world.twinlock.outside
    world.twinlock.start()
    const sealed = async (): Promise<{ envelope: unknown; digest: Digest }> => {
      const run = await world.launch()
      await world.ended(run)
      const asked = 'select t.envelope, a.digest from attestation t join artifact a on a.id = t.subject_id where a.run_id = $1'
      const [row] = await world.rows(asked, [run])
      return { envelope: row?.envelope, digest: row?.digest as Digest } // the column holds nothing else
    }
    /** What an attestation is verified by is what the gate verifies it by. */
    const verdictOn = ({ envelope, digest }: Awaited<ReturnType<typeof sealed>>): Promise<string> =>
      store.transact(world.org, async (tx) => {
        const keys = await attestationKeys(tx, staging, { verifyEs256 } as Ports) // it asks for nothing else of its ports
        try {
          return `holds by ${verifyAttestation(envelope, { keys, subjectDigest: digest, predicateType: provenanceType }).keyId}`
        } catch (error) {
          return isCoded(error) ? error.code : String(error)
        }
      })
    const before = await sealed()
    const { key, retiring } = await admin('key:rotate', { purpose: 'provenance', environment: staging })
    const after = await sealed()
    const old = String(at(retiring, 0))
    assert.deepEqual([await verdictOn(before), await verdictOn(after)], [`holds by ${old}`, `holds by ${String(key)}`])
    const { items } = await admin('key:list', { limit: 100 })
    const states = new Map(listAt({ items }, 'items').map((item) => [String(at(item, 'id')), at(item, 'state')]))
    assert.deepEqual([states.get(String(key)), states.get(old)], ['active', 'retiring'])
    await admin('key:retire', { key: old })
    assert.deepEqual([await verdictOn(before), await verdictOn(after)], ['attestation_signature', `holds by ${String(key)}`])
  })
})

describe('the rotation of a key-encryption key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-rotation-'))
  const folders = { blobs: join(folder, 'blobs'), keys: join(folder, 'keys') }
  let connection: Awaited<ReturnType<typeof freshDatabase>>
  let failing: Step | undefined
  /** Those that a failure leaves open: each would hold this process. */
  const opened = new Set<OpenedTwinlock>()
  const open = async () => {
    const twinlock = await openTwinlock({
      connection,
      folders,
      baseUrl,
      log: () => undefined,
      replace: {
        watch: (step) => {
          if (step === failing) throw new Error(`cut off at ${step}`)
        },
      },
    })
    opened.add(twinlock)
    return twinlock
  }
  const close = async (twinlock: OpenedTwinlock) => {
    opened.delete(twinlock)
    await twinlock.close()
  }

  before(async () => {
    connection = await freshDatabase()
  })
  after(async () => {
    for (const twinlock of opened) await close(twinlock)
    rmSync(folder, { recursive: true, force: true })
  })

  it('can be cut off at every step of the files, and done again: what was sealed before opens with what is there', () => {
    const keys = join(folder, 'files')
    const binding = { org: 'org', environment: 'env', purpose: 'secret', id: 'con', version: 1 }
    const sealed = openKeys({ folder: keys, mayCreate: true }).vault.seal('production', binding, utf8('kept'))
    for (const cut of ['made', 'kept', 'replaced'] as const) {
      const cutOff = (step: string) => {
        if (step === cut) throw new Error('cut off')
      }
      assert.throws(() => rotateKeyFile(keys, 'production', cutOff), { code: 'key_file_unusable' })
      const { vault, rotating } = openKeys({ folder: keys, mayCreate: false })
      assert.equal(Buffer.from(vault.open('production', binding, sealed)).toString(), 'kept', cut)
      assert.deepEqual([rotating, vault.isCurrent('production', sealed)], cut === 'replaced' ? [['production'], false] : [[], true], cut)
    }
    assert.throws(() => rotateKeyFile(keys, 'production'), { code: 'key_rotation_unfinished' })
    openKeys({ folder: keys, mayCreate: false }).finishRotation()
    const { vault } = openKeys({ folder: keys, mayCreate: false })
    assert.throws(() => vault.open('production', binding, sealed), { code: 'sealed_elsewhere' })
  })

  it('leaves everything usable, wherever sealing again is cut off, and forgets the older key only when nothing needs it', async () => {
    const first = await open()
    const org = newId('org', first.outside)
    const part = asPart(first.door, org, 'starter')
    await part('organization:create', { slug: 'main', name: 'Main' })
    const owner = textAt(await part('person:create', { slug: 'admin', name: 'Admin', email: 'admin@main.example' }), 'id')
    await part('grant:create', { principal: owner, role: 'admin', reason: 'Somebody has to.' })
    await part('grant:create', { principal: owner, role: 'auditor', reason: 'Somebody has to.' })
    const values = new Map<string, string>()
    for (const side of ['sandbox', 'production'] as const) {
      const environment = textAt(await part('environment:create', { slug: side, class: side, owner }), 'id')
      const secret = { header: 'x-key', value: `the-very-secret-of-an-upstream-in-${side}` }
      values.set(environment, secret.value)
      const connected = {
        environment,
        slug: 'api',
        access: 'read',
        baseUrl: 'http://127.0.0.1:2901',
        sensitivity: 'internal',
        owner,
        secret,
      }
      await part('connection:create', connected)
    }
    const session = await sessionOf(first.door, org, owner)
    await close(first)

    /** Every secret opens to what it was, both sides' fingerprints are equal, and the log goes on being signed. */
    const usable = async (when: string) => {
      const twinlock = await open()
      const { vault, store } = twinlock.outside
      const rows = await store.transact(org, (tx) => tx.selectFrom('secret').selectAll().execute())
      for (const row of rows) {
        const binding = { org, environment: row.environment_id, purpose: 'secret', id: row.id, version: row.version }
        const opened = vault.open(row.side, binding, row.wrapped)
        assert.equal(Buffer.from(opened).toString(), values.get(row.environment_id), when)
        assert.ok(vault.isCurrent(row.side, row.wrapped), `${when}: sealed under the newest key`)
        assert.equal(row.fingerprint, vault.fingerprint(org, opened), `${when}: told by the newest fingerprint`)
      }
      const exported = await until(when, () => actWith(twinlock.door, session)('ledger:export').catch(() => undefined))
      assert.ok(await holdsUnder(exported, textAt(exported, 'verifierKey')), when)
      await close(twinlock)
    }

    const cuts = { simulation: 'key:rewrap/recorded', production: 'key:rewrap/committed', ledger: undefined } as const
    for (const side of sides) {
      rotateKeyFile(folders.keys, side)
      failing = cuts[side]
      if (failing !== undefined) {
        await assert.rejects(open())
        assert.ok(existsSync(keyPath(folders.keys, side, 'older')), 'the older key is still there')
        assert.throws(() => rotateKeyFile(folders.keys, side), { code: 'key_rotation_unfinished' })
        failing = undefined
      }
      await usable(`${side} rotated`)
      assert.equal(existsSync(keyPath(folders.keys, side, 'older')), false, 'the older key is forgotten')
    }
  })
})
