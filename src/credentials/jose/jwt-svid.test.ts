import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import { describe, it } from 'node:test'
import { isCoded } from '../../kernel/index.ts'
import { EcJwk } from './ec-jwk.ts'
import type { JoseErrorCode } from './error-codes.ts'
import type { JwtSvidExpectations } from './jwt-svid.ts'
import { verifyJwtSvid } from './jwt-svid.ts'
import type { JwtClaims } from './parse-jwt.ts'
import { signJwt } from './sign-jwt.ts'
import { parseTrustDomain } from './spiffe.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const nowSeconds = 1_790_000_000
const sub = 'spiffe://sandbox.acme/twin/robot/run/run_01'
const claims = { sub, aud: 'spiffe://sandbox.acme/service/broker', exp: nowSeconds + 60 }

const expected: JwtSvidExpectations = {
  keys: new Map([['k1', EcJwk.parse(pair.publicKey.export({ format: 'jwk' }))]]),
  verify: (key, bytes, signature) =>
    nodeVerify('sha256', bytes, { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, signature),
  now: nowSeconds * 1000,
  audience: claims.aud,
  clockSkewSeconds: 5,
  maxLifetimeSeconds: 60,
  trustDomain: parseTrustDomain('sandbox.acme'),
}

function mint(over: Partial<JwtClaims> = {}, typ?: string): Promise<string> {
  const sign = (bytes: Uint8Array) => nodeSign('sha256', bytes, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  return signJwt({ header: { kid: 'k1', ...(typ === undefined ? {} : { typ }) }, claims: { ...claims, ...over }, sign })
}

async function refuses(token: Promise<string>, code: JoseErrorCode): Promise<void> {
  const text = await token
  assert.throws(
    () => verifyJwtSvid(text, expected),
    (error: unknown) => isCoded(error, code),
  )
}

describe('a JWT-SVID', () => {
  it('says which workload it is, with no type, as JWT and as JOSE', async () => {
    for (const typ of [undefined, 'JWT', 'JOSE']) {
      const { name, claims: read } = verifyJwtSvid(await mint({}, typ), expected)
      assert.equal(name.id, sub)
      assert.deepEqual(name.segments, ['twin', 'robot', 'run', 'run_01'])
      assert.equal(read.sub, sub)
    }
  })

  it('is refused as another type', () => refuses(mint({}, 'at+jwt'), 'token_malformed'))
  it('is refused without a SPIFFE ID', () => refuses(mint({ sub: 'robot' }), 'token_malformed'))
  it('is refused for a trust domain itself', () => refuses(mint({ sub: 'spiffe://sandbox.acme' }), 'token_malformed'))
  it('is refused when it speaks for another trust domain', () =>
    refuses(mint({ sub: 'spiffe://production.acme/service/a' }), 'token_issuer'))
  it('is refused when it speaks for a trust domain that only begins alike', () =>
    refuses(mint({ sub: 'spiffe://sandbox.acme.evil/a' }), 'token_issuer'))
  it('is refused for two audiences', () => refuses(mint({ aud: [claims.aud, 'b'] }), 'token_audience'))
  it('is refused for another audience', () => refuses(mint({ aud: 'spiffe://sandbox.acme/service/other' }), 'token_audience'))
  it('is refused when it lives longer than a minute', () => refuses(mint({ exp: nowSeconds + 66 }), 'token_malformed'))
})
