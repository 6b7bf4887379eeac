// Reading a token before anything in it is believed. One form is accepted: compact JWS, ES256 with a key id, canonical base64url, JSON with unique
// members. Everything here is attacker-controlled, also the header: it can only name a key that we hold, never bring one.
// INVARIANT: nothing from `ParsedJwt` is acted on except by `verifyJwt`, which is where trust begins.
import { z } from 'zod'
import { CodedError, fail, fromBase64url, fromUtf8, utf8 } from '../../kernel/index.ts'
import type { JsonObject } from './strict-json.ts'
import { isJsonObject, parseStrictJson } from './strict-json.ts'

/** The longest token that is looked at, in characters. */
export const tokenCharactersMax = 8192
const signatureBytes = 64
const audiencesMax = 16

/** The header members that are accepted, and no other: no `jwk`, `jku`, `x5c`, `crit`, `b64` or `zip` (RFC 8725 sections 3.1 and 3.10). */
export const JwtHeader = z.strictObject({
  alg: z.literal('ES256'),
  kid: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  typ: z
    .string()
    .regex(/^[\x21-\x7e]{1,64}$/)
    .optional(),
})

const numericDate = z.int().min(0)
const name = z.string().min(1).max(2048)

/** Registered claims in their accepted forms (RFC 7519 section 4.1); dates are whole seconds. Other claims pass as they are. */
export const JwtClaims = z.looseObject({
  iss: name.optional(),
  sub: name.optional(),
  aud: z.union([name, z.array(name).min(1).max(audiencesMax)]).optional(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
  iat: numericDate.optional(),
  jti: z.string().min(1).max(256).optional(),
})

/** The header of a token. */
export type JwtHeader = z.output<typeof JwtHeader>
/** The claims of a token: registered ones typed, all others as JSON. */
export type JwtClaims = JsonObject & {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly jti?: string
}

/** The parts of a compact JWS, decoded and not yet believed. `signed` is what the signature covers. */
export interface CompactJws {
  readonly header: JsonObject
  readonly payload: JsonObject
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** A token that has the accepted form. Says nothing about who made it. */
export interface ParsedJwt {
  readonly header: JwtHeader
  readonly claims: JwtClaims
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** Splits and decodes a compact JWS of JSON objects with a 64-byte signature (RFC 7515 section 7.1). Throws `token_malformed`. */
export function splitJws(text: string): CompactJws {
  if (text.length > tokenCharactersMax) throw malformed(`The token is longer than ${tokenCharactersMax} characters.`)
  const [header, payload, signature, ...rest] = text.split('.', 4)
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw malformed('The token does not have three parts.')
  }
  const signatureRead = decode('signature', signature, fromBase64url)
  if (signatureRead.length !== signatureBytes) throw malformed(`The signature does not have ${signatureBytes} bytes.`)
  return {
    header: decode('header', header, objectFrom),
    payload: decode('payload', payload, objectFrom),
    signed: utf8(`${header}.${payload}`),
    signature: signatureRead,
  }
}

/** Reads a token strictly, without believing it (RFC 7519 section 7.2, steps 1 to 10). Throws `token_malformed`. */
export function parseJwt(text: string): ParsedJwt {
  const { header, payload, signed, signature } = splitJws(text)
  return { header: readHeader(header), claims: readClaims(payload), signed, signature }
}

/** Checks a header against the accepted form. Throws `token_malformed`. */
export function readHeader(header: JsonObject): JwtHeader {
  return read('header', JwtHeader, header)
}

/** Checks claims against the accepted form. Throws `token_malformed`. */
export function readClaims(payload: JsonObject): JwtClaims {
  read('claims', JwtClaims, payload)
  return payload as JwtClaims // the schema has just held every registered claim to its form and changes none
}

/** The failure of a token that does not have the accepted form. */
export function malformed(detail: string, cause?: unknown): CodedError {
  return fail('token_malformed', detail, cause === undefined ? {} : { cause })
}

function objectFrom(part: string): JsonObject {
  const value = parseStrictJson(fromUtf8(fromBase64url(part)))
  if (!isJsonObject(value)) throw fail('malformed', 'The value is not a JSON object.')
  return value
}

function decode<T>(what: string, part: string, decoder: (part: string) => T): T {
  try {
    return decoder(part)
  } catch (error) {
    if (error instanceof CodedError) throw malformed(`The token's ${what} cannot be read. ${error.message}`, error)
    throw error
  }
}

function read<T>(what: string, schema: z.ZodType<T>, value: JsonObject): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const places = result.error.issues.map((issue) => issue.path.join('.') || 'members').join(', ')
  throw malformed(`The token's ${what} are not acceptable: ${places.slice(0, 200)}.`, result.error)
}
