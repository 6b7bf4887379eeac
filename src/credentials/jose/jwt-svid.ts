// JWT-SVIDs: the token by which a workload says which SPIFFE ID it is (SPIFFE JWT-SVID profile). The keys of a trust domain speak for that
// trust domain alone, so whoever verifies names the domain and passes its keys, and no other domain's name is accepted under them.
import { fail } from '../../kernel/index.ts'
import { malformed } from './parse-jwt.ts'
import type { SpiffeName, TrustDomain } from './spiffe.ts'
import { isSpiffeId, parseSpiffeId } from './spiffe.ts'
import type { JwtExpectations, VerifiedClaims } from './verify-jwt.ts'
import { verifyJwt } from './verify-jwt.ts'

/** The types that a JWT-SVID may carry (JWT-SVID section 2.3); no type at all is one of them. */
export const jwtSvidTypes = [undefined, 'JWT', 'JOSE'] as const

/** What is expected of a JWT-SVID: as of any token, and the trust domain whose keys these are. */
export type JwtSvidExpectations = Omit<JwtExpectations, 'issuer' | 'typ'> & { readonly trustDomain: TrustDomain }

/** A JWT-SVID that holds: who, and the claims. */
export interface JwtSvid {
  readonly name: SpiffeName
  readonly claims: VerifiedClaims & { readonly sub: string }
}

/** Verifies a JWT-SVID: `sub` is a workload's SPIFFE ID in the trust domain, one audience, `exp`. Throws one of the `token_…` codes. */
export function verifyJwtSvid(text: string, { trustDomain, ...expected }: JwtSvidExpectations): JwtSvid {
  const claims = verifyJwt(text, { ...expected, issuer: undefined, typ: jwtSvidTypes })
  const { sub } = claims
  if (sub === undefined || !isSpiffeId(sub)) throw malformed('The subject of the token is not a SPIFFE ID.')
  const name = parseSpiffeId(sub)
  if (name.segments.length === 0) throw malformed('The subject of the token is a trust domain, not a workload.')
  if (name.trustDomain !== trustDomain) throw fail('token_issuer', 'The token speaks for another trust domain than its keys do.')
  return { name, claims: { ...claims, sub } }
}
