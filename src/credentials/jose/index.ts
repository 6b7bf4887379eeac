// The door of the token formats: ES256 tokens, public keys, SPIFFE IDs. Pure: keys and signatures are behind ports.
export { EcJwk, type Es256Sign, type Es256Verify, thumbprint } from './ec-jwk.ts'
export type { JoseErrorCode } from './error-codes.ts'
export { type JwtSvid, type JwtSvidExpectations, jwtSvidTypes, verifyJwtSvid } from './jwt-svid.ts'
export { type CompactJws, type JwtClaims, type JwtHeader, type ParsedJwt, parseJwt, splitJws, tokenCharactersMax } from './parse-jwt.ts'
export { type JwtOrder, signJwt } from './sign-jwt.ts'
export {
  formatSpiffeId,
  isSpiffeId,
  isTrustDomain,
  parseSpiffeId,
  parseTrustDomain,
  type SpiffeId,
  type SpiffeName,
  type TrustDomain,
} from './spiffe.ts'
export { isJsonObject, type JsonObject, parseStrictJson } from './strict-json.ts'
export { clockSkewSecondsMax, type JwtExpectations, type VerifiedClaims, verifyJwt } from './verify-jwt.ts'
