// Making a token. The caller has decided who it is for and for how long; here it gets its one canonical form and a signature from a port,
// so that the key stays where it is. What is made here is held to the same form as what is read: nothing is minted that we would refuse.
import type { Json } from '../../kernel/index.ts'
import { base64url, canonicalBytes, fail, utf8 } from '../../kernel/index.ts'
import type { Es256Sign } from './ec-jwk.ts'
import type { JwtClaims } from './parse-jwt.ts'
import { readClaims, readHeader, tokenCharactersMax } from './parse-jwt.ts'

/** What a token is made of: the signing key's id, the token's type (RFC 8725 section 3.11), its claims, and the signer. */
export interface JwtOrder {
  readonly header: { readonly kid: string; readonly typ?: string }
  readonly claims: JwtClaims & { readonly exp: number }
  readonly sign: Es256Sign
}

/** Makes a compact ES256 token; `exp` is required. Throws `token_malformed` for claims that we would not accept, `too_large` over 8192 characters. */
export async function signJwt({ header, claims, sign }: JwtOrder): Promise<string> {
  const full = readHeader({ alg: 'ES256', ...header })
  const input = `${part(full)}.${part(readClaims(claims))}`
  const signature = await sign(utf8(input))
  if (signature.length !== 64) throw new Error('The signer did not answer with 64 bytes.')
  const token = `${input}.${base64url(signature)}`
  if (token.length > tokenCharactersMax) throw fail('too_large', `The token would be longer than ${tokenCharactersMax} characters.`)
  return token
}

function part(value: Json): string {
  return base64url(canonicalBytes(value))
}
