// What proves who is calling: tokens, headers, issuers, SPIFFE IDs, keys. A spoilt token is never one that holds.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { readBearer } from '../../../src/app/index.ts'
import { EcJwk, formatSpiffeId, parseJwt, parseSpiffeId, readIssuer, verifyJwt } from '../../../src/credentials/index.ts'
import { verifyEs256 } from '../../../src/host/crypto/verify-signatures.ts'
import { hostileValue, spoilJsonText, spoilText, spoilValue } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
const jwk = { kty: 'EC', crv: 'P-256', x, y } as const
const org = 'org_01j0zq7y3f8k9m2n4p5q6r7s8t'
const issuer = `http://twinlock.test/o/${org}/e/env_01j0zq7y3f8k9m2n4p5q6r7s8t`
const spiffe = 'spiffe://staging.org.twinlock.internal/twin/payments/run/run_01j0zq7y3f8k9m2n4p5q6r7s8t'
const header = { alg: 'ES256', kid: 'own', typ: 'JWT' }
const claims = { iss: issuer, sub: spiffe, aud: 'http://twinlock.test', iat: 1_800_000_000, exp: 1_800_000_060, jti: 'once' }
const now = 1_800_000_010_000

const part = (text: string): string => Buffer.from(text).toString('base64url')

function signed(head: string, body: string): string {
  const text = `${part(head)}.${part(body)}`
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

const sound = signed(JSON.stringify(header), JSON.stringify(claims))
const expected = {
  keys: new Map([['own', jwk]]),
  verify: verifyEs256,
  now,
  audience: 'http://twinlock.test',
  issuer,
  typ: 'JWT',
  clockSkewSeconds: 30,
  maxLifetimeSeconds: 300,
}

/** Readers of credentials. */
export const tokenTargets: readonly Target[] = [
  target<string>({
    name: 'jwt',
    share: 40,
    draw: (random) => {
      const [head = '', body = '', tail = ''] = sound.split('.')
      return random.pick<() => string>([
        () => spoilText(random, sound),
        () => `${part(spoilJsonText(random, header))}.${body}.${tail}`,
        () => `${head}.${part(spoilJsonText(random, claims))}.${tail}`,
        () => `${head}.${body}.${spoilText(random, tail)}`,
      ])()
    },
    put(text) {
      parseJwt(text)
      if (text !== sound) assert.throws(() => verifyJwt(text, expected), { name: 'CodedError' })
    },
  }),
  // Signed by the right key: what its holder may write into it is judged by the claims alone.
  target<{ head: unknown; body: unknown }>({
    name: 'signed-jwt',
    share: 6,
    draw: (random) => ({ head: random.once(3) ? spoilValue(random, header) : header, body: spoilValue(random, claims) }),
    put({ head, body }) {
      const held = verifyJwt(signed(JSON.stringify(head) ?? '', JSON.stringify(body) ?? ''), expected)
      assert.equal(held.iss, issuer)
      assert.deepEqual([held.aud].flat(), ['http://twinlock.test'])
      assert.ok(held.exp > now / 1000 - 30 && held.exp <= now / 1000 + 330)
    },
  }),
  target<string>({
    name: 'bearer',
    share: 50,
    draw: (random) => spoilText(random, random.pick([`Bearer ${sound}`, `Bearer tws_${org}.${'A'.repeat(43)}`, 'Bearer twl_x'])),
    put(text) {
      const read = readBearer(text)
      if (read !== undefined) assert.match('token' in read ? read.token : '', /^[\x21-\x7e]{1,8192}$/)
    },
  }),
  target<string>({
    name: 'spiffe-id',
    share: 60,
    draw: (random) => spoilText(random, spiffe),
    put(text) {
      const { trustDomain, segments, id } = parseSpiffeId(text)
      assert.equal(formatSpiffeId(trustDomain, segments), text)
      assert.equal(id, text)
      // What no log, certificate or URL could read in another way.
      assert.match(text, /^spiffe:\/\/[a-z0-9._-]+(\/[a-zA-Z0-9._-]+)*$/)
    },
  }),
  target<string>({
    name: 'issuer',
    share: 40,
    draw: (random) => spoilText(random, issuer),
    put(text) {
      const found = readIssuer('http://twinlock.test', text)
      if (found !== undefined) assert.equal(text, `http://twinlock.test/o/${found.org}/e/${found.environment}`)
    },
  }),
  target<unknown>({
    name: 'jwk',
    share: 25,
    draw: (random) => (random.once(10) ? hostileValue(random) : spoilValue(random, { ...jwk, d: random.once(2) ? 'secret' : undefined })),
    put(value) {
      const read = EcJwk.safeParse(value)
      if (!read.success) return
      assert.equal(Object.hasOwn(read.data, 'd'), false)
      verifyEs256(read.data, new Uint8Array(3), new Uint8Array(64))
    },
  }),
]
