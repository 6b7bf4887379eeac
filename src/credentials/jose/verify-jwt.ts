// Where a token becomes a fact: form, type, key, signature, issuer, audience, time, in this order and all of them. The caller names everything
// that it expects; nothing is taken from the token that the caller did not ask for. Revocation is not looked at here: that is the store's to say.
// A signature can be respelled (s and n - s), so remember a token by its `jti`, never by its text.
import { fail } from '../../kernel/index.ts'
import type { EcJwk, Es256Verify } from './ec-jwk.ts'
import type { JwtClaims, ParsedJwt } from './parse-jwt.ts'
import { malformed, parseJwt } from './parse-jwt.ts'

/** The most that two clocks may differ. */
export const clockSkewSecondsMax = 60

/** What the caller expects of a token. */
export interface JwtExpectations {
  /** The issuer's public keys, by key id. */
  readonly keys: ReadonlyMap<string, EcJwk>
  readonly verify: Es256Verify
  /** The time, in milliseconds since 1970, as `Clock.now()` answers. */
  readonly now: number
  /** The one audience that the token must name. */
  readonly audience: string
  /** The issuer that the token must name; `undefined` where the keys alone say who issued (SPIFFE), and then any `iss` is ignored. */
  readonly issuer: string | undefined
  /** The types that are accepted, compared exactly; `undefined` in the list accepts a token without one. */
  readonly typ: string | readonly (string | undefined)[]
  /** How far the two clocks may differ, 0 to 60 seconds. */
  readonly clockSkewSeconds: number
  /** The longest life that is accepted, from `iat` (where it is given) and from now. */
  readonly maxLifetimeSeconds: number
}

/** The claims of a token that holds: `exp` and `aud` are there. */
export type VerifiedClaims = JwtClaims & { readonly exp: number; readonly aud: string | readonly string[] }

/** Verifies a token (RFC 7519 section 7.2, RFC 8725) and answers its claims. Throws one of the `token_…` codes. */
export function verifyJwt(text: string, expected: JwtExpectations): VerifiedClaims {
  requireLimits(expected)
  const token = parseJwt(text)
  requireType(token, expected)
  requireSignature(token, expected)
  requireIssuer(token.claims, expected)
  const aud = requireAudience(token.claims, expected)
  const exp = requireTime(token.claims, expected)
  return { ...token.claims, exp, aud }
}

function requireLimits({ now, clockSkewSeconds, maxLifetimeSeconds }: JwtExpectations): void {
  if (!Number.isFinite(now)) throw new Error('The clock did not answer with a number.')
  if (!(clockSkewSeconds >= 0 && clockSkewSeconds <= clockSkewSecondsMax)) {
    throw new Error(`The clock skew must lie between 0 and ${clockSkewSecondsMax} seconds.`)
  }
  if (!(maxLifetimeSeconds > 0)) throw new Error('The longest life of a token must be above 0 seconds.')
}

function requireType(token: ParsedJwt, { typ }: JwtExpectations): void {
  const accepted = typeof typ === 'string' ? [typ] : typ
  if (!accepted.includes(token.header.typ)) throw malformed('The token is of another type than is accepted here.')
}

function requireSignature(token: ParsedJwt, { keys, verify }: JwtExpectations): void {
  const key = keys.get(token.header.kid)
  if (key === undefined) throw fail('token_key_unknown', 'The token names a key that its issuer does not have, or no longer has.')
  if (verify(key, token.signed, token.signature) !== true) throw fail('token_signature', 'The signature of the token does not hold.')
}

function requireIssuer(claims: JwtClaims, { issuer }: JwtExpectations): void {
  if (issuer !== undefined && claims.iss !== issuer) throw fail('token_issuer', 'The token was made by another issuer.')
}

function requireAudience(claims: JwtClaims, { audience }: JwtExpectations): string | readonly string[] {
  const { aud } = claims
  if (aud === undefined) throw fail('token_audience', 'The token names no audience.')
  const named = typeof aud === 'string' ? [aud] : aud
  // A token for two parties can be replayed by one of them against the other.
  if (named.length !== 1) throw fail('token_audience', 'The token names more than one audience.')
  if (named[0] !== audience) throw fail('token_audience', 'The token was made for another audience.')
  return aud
}

function requireTime(claims: JwtClaims, { now, clockSkewSeconds, maxLifetimeSeconds }: JwtExpectations): number {
  const { exp, nbf, iat } = claims
  if (exp === undefined) throw malformed('The token does not say when it expires.')
  const seconds = now / 1000
  if (seconds >= exp + clockSkewSeconds) throw fail('token_expired', 'The token has expired.')
  if (seconds + clockSkewSeconds < Math.max(nbf ?? 0, iat ?? 0)) throw fail('token_not_yet_valid', 'The token is not valid yet.')
  if (exp - seconds > maxLifetimeSeconds + clockSkewSeconds || exp - (iat ?? exp) > maxLifetimeSeconds) {
    throw malformed(`The token lives longer than ${maxLifetimeSeconds} seconds.`)
  }
  return exp
}
