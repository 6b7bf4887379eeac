import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import { verifyEs256 } from '../host/crypto/verify-signatures.ts'
import { isCoded, type OrgId, type Ports, type Tx } from '../kernel/index.ts'
import { issuerUrl, readIssuer, sideOf } from './issuer.ts'
import { EcJwk, verifyJwt } from './jose/index.ts'
import { mintToken, runTokenSecondsMax, type TokenOrder, workloadTokenSecondsMax } from './mint.ts'
import type { ProductionWarrant } from './ports.ts'

const baseUrl = 'http://twinlock.test'
const org = `org_${'0'.repeat(26)}` as OrgId // its form is an id's
const env = `env_${'1'.repeat(26)}`
const now = 1_767_323_045_678

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = EcJwk.parse(publicKey.export({ format: 'jwk' }))
const keyRow = {
  org_id: org,
  environment_id: env,
  id: 'key-1',
  purpose: 'identity',
  side: 'simulation',
  public_jwk: jwk,
  wrapped: new Uint8Array(),
  state: 'active',
  created_at: new Date(0),
}

/** A transaction that finds one key and remembers what is inserted; it knows the few calls that minting makes. */
function fakeTx(kept: Record<string, unknown>[], key: typeof keyRow | 'none' = keyRow): Tx {
  const query: Record<string, unknown> = {}
  for (const step of ['select', 'selectAll', 'where', 'orderBy']) query[step] = () => query
  query.executeTakeFirst = async () => (key === 'none' ? undefined : key)
  const insert = (row: Record<string, unknown>) => ({ execute: async () => void kept.push(row) })
  // What stands here answers like the store in every call that `mintToken` makes, and in no other.
  return { selectFrom: () => query, insertInto: () => ({ values: insert }) } as unknown as Tx
}

const signed: unknown[] = []
const ports = {
  baseUrl,
  clock: { now: () => now, monotonic: () => 0 },
  random: { bytes: (count: number) => new Uint8Array(randomBytes(count)) },
  signers: {
    create: () => assert.fail('No key is made here.'),
    rewrap: () => assert.fail('No key is sealed again here.'),
    sign: (_key: unknown, _algorithm: string, bytes: Uint8Array, warrant?: ProductionWarrant) => {
      signed.push(warrant)
      return new Uint8Array(sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }))
    },
  },
} as Partial<Ports> as Ports // minting asks for these alone

const order: TokenOrder = {
  org,
  environment: { id: env, class: 'staging', slug: 'staging', trustDomain: 'staging.test.invalid' },
  holder: 'run_1',
  spiffeId: 'spiffe://staging.test.invalid/twin/payments/run/run_1',
  audience: 'payments-api',
  ttlSeconds: 60,
  typ: 'JWT',
}

const expectations = {
  keys: new Map([['key-1', jwk]]),
  verify: verifyEs256,
  now,
  audience: 'payments-api',
  issuer: issuerUrl(baseUrl, org, env),
  typ: 'JWT',
  clockSkewSeconds: 0,
  maxLifetimeSeconds: 60,
}

describe('the URL of an issuer', () => {
  it('says which organization and environment to look in, and is read back', () => {
    assert.equal(issuerUrl(baseUrl, org, env), `http://twinlock.test/o/${org}/e/${env}`)
    assert.deepEqual(readIssuer(baseUrl, issuerUrl(baseUrl, org, env)), { org, environment: env })
  })

  it('of anybody else, or in another spelling, is none of ours', () => {
    const own = issuerUrl(baseUrl, org, env)
    for (const other of [
      '',
      'x',
      `${own}/`,
      `${own}?x`,
      ` ${own}`,
      own.toUpperCase(),
      own.replace('http:', 'https:'),
      own.replace('twinlock.test', 'twinlock.test.evil'),
      own.replace('/o/', '/o//'),
      own.replace('org_', 'env_'),
      `${own}\n`,
      own.replace('/e/', '/e/../e/'),
      own.replace('0', '%30'),
    ]) {
      assert.equal(readIssuer(baseUrl, other), undefined, other)
    }
  })

  it('tells production from every kind of simulation', () => {
    assert.deepEqual(
      (['sandbox', 'staging', 'preproduction', 'production'] as const).map((one) => sideOf({ class: one })),
      ['simulation', 'simulation', 'simulation', 'production'],
    )
  })
})

describe('a minted token', () => {
  it('verifies under its environment’s key, for its audience, and is kept by its jti without its text', async () => {
    const kept: Record<string, unknown>[] = []
    const minted = await mintToken(fakeTx(kept), order, ports)
    const claims = verifyJwt(minted.token, expectations)
    assert.deepEqual([claims.sub, claims.aud, claims.iss, claims.jti], [order.spiffeId, 'payments-api', expectations.issuer, minted.jti])
    assert.deepEqual([claims.iat, claims.exp], [Math.floor(now / 1000), Math.floor(now / 1000) + 60])
    assert.partialDeepStrictEqual(kept, [
      { id: minted.jti, holder_id: 'run_1', environment_id: env, audience: 'payments-api', revoked_at: null },
    ])
    assert.equal(JSON.stringify(kept).includes(minted.token.slice(-40)), false)
  })

  it('does not verify for another audience, another issuer, another key, or later', async () => {
    const { token } = await mintToken(fakeTx([]), order, ports)
    const other = EcJwk.parse(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }))
    for (const [change, code] of [
      [{ audience: 'other' }, 'token_audience'],
      [{ issuer: issuerUrl(baseUrl, org, `env_${'2'.repeat(26)}`) }, 'token_issuer'],
      [{ keys: new Map([['key-1', other]]) }, 'token_signature'],
      [{ keys: new Map([['key-2', jwk]]) }, 'token_key_unknown'],
      [{ now: now + 60_000 }, 'token_expired'],
      [{ typ: 'at+jwt' }, 'token_malformed'],
    ] as const) {
      assert.throws(
        () => verifyJwt(token, { ...expectations, ...change }),
        (error) => isCoded(error, code),
        code,
      )
    }
  })

  it('cannot be given the registered claims of somebody else', async () => {
    const claims = { iss: 'http://other', sub: 'spiffe://other/x', aud: 'other', exp: 9_999_999_999, iat: 1, jti: 'mine', extra: 'kept' }
    const { token, jti } = await mintToken(fakeTx([]), { ...order, claims }, ports)
    const verified = verifyJwt(token, expectations)
    assert.deepEqual([verified.sub, verified.jti, verified.extra], [order.spiffeId, jti, 'kept'])
  })

  it('never has the same jti twice', async () => {
    const all = new Set<string>()
    for (let at = 0; at < 50; at++) all.add((await mintToken(fakeTx([]), order, ports)).jti)
    assert.equal(all.size, 50)
  })

  it('lives at most 60 seconds for a run and 300 for a workload', () => {
    assert.deepEqual([runTokenSecondsMax, workloadTokenSecondsMax], [60, 300])
  })

  it('of production needs a warrant that names its holder; without one nothing is signed', async () => {
    const production = { ...order, environment: { ...order.environment, class: 'production' as const }, holder: 'svc_1' }
    const warrantFor = (workload: string) => ({ promotion: 'prm_1', workload }) as ProductionWarrant // its brand exists for the compiler alone
    const before = signed.length
    for (const warrant of [undefined, warrantFor('svc_2')]) {
      const kept: Record<string, unknown>[] = []
      await assert.rejects(mintToken(fakeTx(kept), { ...production, ...(warrant === undefined ? {} : { warrant }) }, ports), (error) =>
        isCoded(error, 'not_promoted'),
      )
      assert.deepEqual(kept, [])
    }
    assert.equal(signed.length, before)
    const warrant = warrantFor('svc_1')
    await mintToken(fakeTx([]), { ...production, warrant }, ports)
    assert.equal(signed.at(-1), warrant, 'the signer sees the warrant too')
  })

  it('is not made where there is no key', async () => {
    await assert.rejects(mintToken(fakeTx([], 'none'), order, ports), (error) => isCoded(error, 'internal'))
  })
})
