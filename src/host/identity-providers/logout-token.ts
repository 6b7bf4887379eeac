// A logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4), which anybody can send: it ends sessions, so nothing in it counts before its signature
// does. Keys are fetched again at most once a minute for a key that is not known, because whoever sends a token chooses its key's name.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { ProviderSignOut } from '../../identity/index.ts'
import { answerRefused } from './provider-failure.ts'

interface KeySet {
  readonly keys: readonly object[]
}

/** What a token must say, at `now` in milliseconds since the epoch. */
export interface WantedSignOut {
  readonly issuer: string
  readonly audience: string
  readonly now: number
}

const event = 'http://schemas.openid.net/event/backchannel-logout'
const tokenBytesMax = 8_192
const skewSeconds = 60
const ageSecondsMax = 180
const fetchedAt = new WeakMap<object, number>()
const refetchMs = 60_000

/** Signature algorithms that are accepted, and how Node verifies each. Symmetric ones and `none` are not among them. */
const algorithms: Readonly<Record<string, (key: KeyObject, data: Uint8Array, signature: Uint8Array) => boolean>> = {
  RS256: (key, data, signature) => key.asymmetricKeyType === 'rsa' && verify('sha256', data, key, signature),
  PS256: (key, data, signature) =>
    key.asymmetricKeyType === 'rsa' && verify('sha256', data, { key, padding: 6, saltLength: 32 }, signature), // RSA_PKCS1_PSS_PADDING
  ES256: (key, data, signature) =>
    key.asymmetricKeyDetails?.namedCurve === 'prime256v1' && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  EdDSA: (key, data, signature) => key.asymmetricKeyType === 'ed25519' && verify(null, data, key, signature),
}

function readJson(part: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw answerRefused('The logout token cannot be read.', error)
  }
  throw answerRefused('The logout token cannot be read.')
}

const member = (key: object, name: string): unknown => Reflect.get(key, name)

function holds(keys: KeySet | undefined, kid: unknown, check: (key: KeyObject) => boolean): boolean {
  const fitting = (keys?.keys ?? []).filter((key) => (kid === undefined || member(key, 'kid') === kid) && member(key, 'use') !== 'enc')
  return fitting.some((jwk) => {
    try {
      return check(createPublicKey({ key: { ...jwk }, format: 'jwk' }))
    } catch {
      return false // a key of a kind that Node does not know signs nothing here
    }
  })
}

async function requireSignature(token: string, known: KeySet | undefined, fetchKeys: () => Promise<KeySet>, now: number): Promise<void> {
  const [header, body, signature] = token.split('.')
  const { alg, kid } = readJson(header)
  const check = typeof alg === 'string' && Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined
  if (check === undefined) throw answerRefused('The logout token is signed in no way that is accepted.')
  const data = Buffer.from(`${header}.${body}`)
  const bytes = Buffer.from(signature ?? '', 'base64url')
  const verified = (keys: KeySet | undefined) => holds(keys, kid, (key) => check(key, data, bytes))
  if (verified(known)) return
  if (known === undefined || now - (fetchedAt.get(known) ?? 0) >= refetchMs) {
    const fetched = await fetchKeys()
    fetchedAt.set(fetched, now)
    if (verified(fetched)) return
  }
  throw answerRefused('The logout token is not signed by the provider.')
}

function requireTimes({ iat, exp }: Readonly<Record<string, unknown>>, now: number): void {
  const seconds = now / 1000
  const isOf = typeof iat === 'number' && iat <= seconds + skewSeconds && iat >= seconds - ageSecondsMax
  if (!isOf || (exp !== undefined && (typeof exp !== 'number' || exp < seconds - skewSeconds))) {
    throw answerRefused('The logout token is of another time.')
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= 255 ? value : undefined

/** Reads and checks a logout token. Throws `sign_in_refused`; `fetchKeys` may throw `provider_failed`. */
export async function readSignOut(
  token: string,
  { issuer, audience, now }: WantedSignOut,
  known: KeySet | undefined,
  fetchKeys: () => Promise<KeySet>,
): Promise<ProviderSignOut> {
  if (token.length > tokenBytesMax || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw answerRefused('The logout token cannot be read.')
  const claims = readJson(token.split('.')[1])
  // Who it is for is looked at first: nothing is fetched for a token that would not count anyway.
  if (claims.iss !== issuer || ![claims.aud].flat().includes(audience)) throw answerRefused('The logout token is of or for somebody else.')
  requireTimes(claims, now)
  await requireSignature(token, known, fetchKeys, now)
  const { events } = claims
  const isLogout = typeof events === 'object' && events !== null && typeof Reflect.get(events, event) === 'object'
  // With a nonce it would be an ID token that somebody passes off as a logout token.
  if (!isLogout || claims.nonce !== undefined) throw answerRefused('This token is no logout token.')
  const said = { subject: text(claims.sub), session: text(claims.sid), tokenId: text(claims.jti) }
  if (said.tokenId === undefined || (said.subject === undefined && said.session === undefined))
    throw answerRefused('The logout token names nobody.')
  return { ...said, tokenId: said.tokenId }
}
