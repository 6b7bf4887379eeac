import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import { describe, it } from 'node:test'
import { jwtVerify, SignJWT } from 'jose'
import { base64url, isCoded, utf8 } from '../../kernel/index.ts'
import { EcJwk } from './ec-jwk.ts'
import type { JoseErrorCode } from './error-codes.ts'
import { parseJwt, splitJws } from './parse-jwt.ts'
import { signJwt } from './sign-jwt.ts'
import type { JwtExpectations } from './verify-jwt.ts'
import { verifyJwt } from './verify-jwt.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicJwk = EcJwk.parse(pair.publicKey.export({ format: 'jwk' }))
const nowSeconds = 1_790_000_000

const sign = (bytes: Uint8Array) => nodeSign('sha256', bytes, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
const verify = (key: EcJwk, bytes: Uint8Array, signature: Uint8Array) =>
  nodeVerify('sha256', bytes, { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, signature)

const expected: JwtExpectations = {
  keys: new Map([['k1', publicJwk]]),
  verify,
  now: nowSeconds * 1000,
  audience: 'https://broker.example',
  issuer: 'https://sim.example',
  typ: 'at+jwt',
  clockSkewSeconds: 5,
  maxLifetimeSeconds: 60,
}
const claims = { iss: 'https://sim.example', aud: 'https://broker.example', sub: 'a', jti: 'j1', iat: nowSeconds, exp: nowSeconds + 60 }
const header = { alg: 'ES256', kid: 'k1', typ: 'at+jwt' }
const make = () => signJwt({ header: { kid: 'k1', typ: 'at+jwt' }, claims, sign })

/** A token signed by the right key over any header and payload, which `signJwt` itself would refuse to make. */
function forge(headerText: unknown, payloadText: unknown): string {
  const text = (value: unknown) => base64url(utf8(typeof value === 'string' ? value : JSON.stringify(value)))
  const input = `${text(headerText)}.${text(payloadText)}`
  return `${input}.${base64url(sign(utf8(input)))}`
}

function refuses(token: string, code: JoseErrorCode, expectations: Partial<JwtExpectations> = {}): void {
  assert.throws(
    () => verifyJwt(token, { ...expected, ...expectations }),
    (error: unknown) => {
      assert.ok(isCoded(error, code), `expected ${code}, got ${String(error)}`)
      return true
    },
  )
}

describe('a token that holds', () => {
  it('gives its claims to the one it was made for', async () => {
    assert.deepEqual(verifyJwt(await make(), expected), claims)
  })

  it('is read by the jose package', async () => {
    const { payload, protectedHeader } = await jwtVerify(await make(), pair.publicKey, {
      issuer: claims.iss,
      audience: claims.aud,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(expected.now),
    })
    assert.deepEqual({ ...payload }, claims)
    assert.deepEqual({ ...protectedHeader }, header)
  })

  it('may be made by the jose package', async () => {
    const token = await new SignJWT({ ...claims, act: { sub: 'b' } }).setProtectedHeader(header).sign(pair.privateKey)
    assert.deepEqual(verifyJwt(token, expected).act, { sub: 'b' })
  })

  it('may name its one audience in a list', () => {
    assert.deepEqual(verifyJwt(forge(header, { ...claims, aud: [claims.aud] }), expected).aud, [claims.aud])
  })

  it('may carry no type where the verifier accepts that, and only there', () => {
    const token = forge({ alg: 'ES256', kid: 'k1' }, claims)
    assert.equal(verifyJwt(token, { ...expected, typ: [undefined, 'JWT'] }).jti, 'j1')
    refuses(token, 'token_malformed')
  })

  it('is accepted within the skew and refused one second later', async () => {
    const token = await make()
    assert.equal(verifyJwt(token, { ...expected, now: (claims.exp + 4) * 1000 }).jti, 'j1')
    refuses(token, 'token_expired', { now: (claims.exp + 5) * 1000 })
  })
})

describe('a token is refused', () => {
  const forms: Record<string, unknown> = {
    'that is not signed': { ...header, alg: 'none' },
    'that names RS256': { ...header, alg: 'RS256' },
    'that names EdDSA': { ...header, alg: 'EdDSA' },
    'that names ES384': { ...header, alg: 'ES384' },
    'whose algorithm is spelled otherwise': { ...header, alg: 'es256' },
    'without a key id': { alg: 'ES256', typ: 'at+jwt' },
    'whose key id is not text': { ...header, kid: 1 },
    'that brings its own key': { ...header, jwk: publicJwk },
    'that points to its own keys': { ...header, jku: 'https://attacker.example/jwks' },
    'that brings its own certificate': { ...header, x5c: ['AAAA'] },
    'that has critical extensions': { ...header, crit: ['exp'] },
    'whose payload is not encoded': { ...header, b64: false },
    'of another type': { ...header, typ: 'dpop+jwt' },
    'whose type is spelled otherwise': { ...header, typ: 'AT+JWT' },
    'whose header names a member twice': '{"alg":"none","alg":"ES256","kid":"k1","typ":"at+jwt"}',
    'whose header names a member twice, once escaped': '{"alg":"ES256","\\u0061lg":"ES256","kid":"k1","typ":"at+jwt"}',
    'whose header is a list': '[]',
    'whose header is not JSON': 'ES256',
    'whose header has a byte order mark': `\uFEFF${JSON.stringify(header)}`,
  }
  for (const [title, form] of Object.entries(forms)) it(title, () => refuses(forge(form, claims), 'token_malformed'))

  const payloads: Record<string, [unknown, JoseErrorCode]> = {
    'whose payload names a member twice': [`{"sub":"b",${JSON.stringify(claims).slice(1)}`, 'token_malformed'],
    'whose payload names a member of a member twice': [
      `{"act":{"sub":"a","sub":"b"},${JSON.stringify(claims).slice(1)}`,
      'token_malformed',
    ],
    'whose payload sets a prototype': [`{"__proto__":{},${JSON.stringify(claims).slice(1)}`, 'token_malformed'],
    'whose payload is nested deeply': [`{"a":${'['.repeat(40)}${']'.repeat(40)},${JSON.stringify(claims).slice(1)}`, 'token_malformed'],
    'whose payload is a list': [[claims], 'token_malformed'],
    'whose payload is null': ['null', 'token_malformed'],
    'whose subject is not text': [{ ...claims, sub: { id: 'a' } }, 'token_malformed'],
    'that never expires': [{ ...claims, exp: undefined }, 'token_malformed'],
    'whose expiry is a fraction': [{ ...claims, exp: claims.exp - 0.5 }, 'token_malformed'],
    'whose expiry is text': [{ ...claims, exp: String(claims.exp) }, 'token_malformed'],
    'whose expiry is beyond exact numbers': [{ ...claims, exp: 2 ** 53 }, 'token_malformed'],
    'whose expiry is infinite': [JSON.stringify(claims).replace(`"exp":${claims.exp}`, '"exp":1e999'), 'token_malformed'],
    'whose expiry is negative': [{ ...claims, exp: -1 }, 'token_malformed'],
    'that lives too long by its own words': [{ ...claims, iat: nowSeconds - 10, exp: nowSeconds + 51 }, 'token_malformed'],
    'that lives too long and does not say since when': [{ ...claims, iat: undefined, exp: nowSeconds + 66 }, 'token_malformed'],
    'that has expired': [{ ...claims, iat: nowSeconds - 60, exp: nowSeconds - 5 }, 'token_expired'],
    'that is for later': [{ ...claims, nbf: nowSeconds + 6 }, 'token_not_yet_valid'],
    'that was made in the future': [{ ...claims, iat: nowSeconds + 6 }, 'token_not_yet_valid'],
    'by another issuer': [{ ...claims, iss: 'https://prod.example' }, 'token_issuer'],
    'by nobody': [{ ...claims, iss: undefined }, 'token_issuer'],
    'for another audience': [{ ...claims, aud: 'https://other.example' }, 'token_audience'],
    'for two audiences': [{ ...claims, aud: [claims.aud, 'https://other.example'] }, 'token_audience'],
    'for nobody': [{ ...claims, aud: undefined }, 'token_audience'],
    'for an empty list': [{ ...claims, aud: [] }, 'token_malformed'],
  }
  for (const [title, [payload, code]] of Object.entries(payloads)) it(title, () => refuses(forge(header, payload), code))

  it('in any other spelling of the same bytes', async () => {
    const token = await make()
    const [head = '', body = '', tail = ''] = token.split('.')
    const loose = tail.slice(0, -1) + String.fromCharCode(tail.charCodeAt(tail.length - 1) + 1)
    const spellings = [
      ` ${token}`,
      `${token}\n`,
      `${head} .${body}.${tail}`,
      `${token}=`,
      `${token}==`,
      `${head}=.${body}.${tail}`,
      `${token}.`,
    ]
    spellings.push(
      `.${token}`,
      `${head}.${body}`,
      `${head}..${tail}`,
      `${head}.${body}.`,
      `${token}.${tail}`,
      '',
      '..',
      `${head}.${body}.${loose}`,
    )
    spellings.push(`${head}.${body}.${tail}+`, `${head}.${body}.${tail}/`, `${head}.${body}.${tail.slice(0, 4)}\n${tail.slice(4)}`)
    for (const spelling of spellings) refuses(spelling, 'token_malformed')
  })

  it('above 8192 characters, whatever it holds', () => {
    refuses('a'.repeat(8193), 'token_malformed')
    refuses(forge(header, { ...claims, pad: 'x'.repeat(6200) }), 'token_malformed')
    refuses('.'.repeat(8192), 'token_malformed')
  })

  it('that is signed with the public key as a shared secret', async () => {
    const secret = utf8(pair.publicKey.export({ format: 'pem', type: 'spki' }).toString())
    refuses(await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(secret), 'token_malformed')
  })

  it('that is signed by RSA under a known key id', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    refuses(await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'RS256' }).sign(rsa.privateKey), 'token_malformed')
  })

  it('under a key id that the issuer does not have', () => {
    refuses(forge({ ...header, kid: 'k2' }, claims), 'token_key_unknown')
    refuses(forge({ ...header, kid: 'constructor' }, claims), 'token_key_unknown')
  })

  it('that another key signed under this key id', async () => {
    refuses(await new SignJWT(claims).setProtectedHeader(header).sign(other.privateKey), 'token_signature')
  })

  it('whose claims were changed after signing', async () => {
    const [head, , tail] = (await make()).split('.')
    refuses(`${head}.${base64url(utf8(JSON.stringify({ ...claims, sub: 'b' })))}.${tail}`, 'token_signature')
  })

  it('whose signature is all zeros, or in DER', async () => {
    const [head, body] = (await make()).split('.')
    refuses(`${head}.${body}.${base64url(new Uint8Array(64))}`, 'token_signature')
    const der = nodeSign('sha256', utf8(`${head}.${body}`), createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' })))
    refuses(`${head}.${body}.${base64url(der)}`, 'token_malformed')
  })
})

describe('verification', () => {
  it('refuses a clock that is not one, a skew beyond 60 seconds and a lifetime of nothing', async () => {
    const token = await make()
    for (const bad of [{ now: Number.NaN }, { clockSkewSeconds: 61 }, { clockSkewSeconds: -1 }, { maxLifetimeSeconds: 0 }]) {
      assert.throws(() => verifyJwt(token, { ...expected, ...bad }), Error)
    }
    assert.throws(() => verifyJwt(token, { ...expected, clockSkewSeconds: Number.NaN }), /skew/)
  })

  it('never says in a failure what the token holds', () => {
    const token = forge({ ...header, kid: 'k1', 'x-secret-name': 'hunter2-value' }, { ...claims, exp: 'hunter2-value' })
    assert.throws(
      () => parseJwt(token),
      (error: unknown) => !String(error).includes('hunter2'),
    )
  })

  it('ignores the issuer claim only where it is told that the keys alone speak', () => {
    const token = forge(header, { ...claims, iss: 'https://anyone.example' })
    assert.equal(verifyJwt(token, { ...expected, issuer: undefined }).jti, 'j1')
    refuses(token, 'token_issuer')
  })
})

describe('signing', () => {
  it('makes nothing that would be refused', async () => {
    const tries = [
      { ...claims, exp: claims.exp + 0.5 },
      { ...claims, aud: [] },
      { ...claims, jti: '' },
      { ...claims, iat: -1 },
    ]
    for (const bad of tries) {
      await assert.rejects(signJwt({ header: { kid: 'k1' }, claims: bad, sign }), (error: unknown) => isCoded(error, 'token_malformed'))
    }
    await assert.rejects(signJwt({ header: { kid: '' }, claims, sign }), (error: unknown) => isCoded(error, 'token_malformed'))
  })

  it('refuses to make a token that is too long, and a signer that does not answer with 64 bytes', async () => {
    const long = { ...claims, pad: 'x'.repeat(8192) }
    await assert.rejects(signJwt({ header: { kid: 'k1' }, claims: long, sign }), (error: unknown) => isCoded(error, 'too_large'))
    await assert.rejects(signJwt({ header: { kid: 'k1' }, claims, sign: () => new Uint8Array(71) }), /64 bytes/)
  })

  it('writes one text for one set of claims, whatever their order', async () => {
    const first = splitJws(await signJwt({ header: { kid: 'k1' }, claims, sign }))
    const { exp, ...rest } = claims
    const second = splitJws(await signJwt({ header: { kid: 'k1' }, claims: { exp, ...rest }, sign }))
    assert.deepEqual(first.signed, second.signed)
  })
})
