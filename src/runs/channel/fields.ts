// The fields that messages on a run's channel are made of, each with its limit. All of them are attacker-controlled when the child sends them.
import { z } from 'zod'
import { bodyTextMax, headersMax, nameCharactersMax } from './limits.ts'

/** Names one request of the child; a reply carries the same number. */
export const requestId = z.int().min(1).max(0x7fff_ffff)

/** A connection's slug: lower case, digits and hyphens. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A slug has 1 to 63 lower-case letters, digits and hyphens.')

/** Base64 with padding of at most `chunkBytesMax` bytes. */
export const base64Body = z
  .string()
  .max(bodyTextMax)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'A body is base64 with padding.')
  .refine((text) => text.length % 4 === 0, 'A body is base64 with padding.')

/** A relative path that stays where it is put: segments of letters, digits, `.`, `_` and `-` that begin with none of `.` and `-`. */
export const safeName = z
  .string()
  .max(nameCharactersMax)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, 'A name is a relative path of plain segments.')
  .refine((name) => !name.includes('..'), 'A name holds no two dots in a row.')

/** A media type without parameters of more than 100 characters (RFC 6838 section 4.2). */
export const mediaType = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(?:; ?charset=utf-8)?$/)

/** Byte position in a file, below one tebibyte. */
export const byteOffset = z
  .int()
  .min(0)
  .max(2 ** 40)

/** A request method (RFC 9110 section 9), upper case. */
export const method = z.string().regex(/^[A-Z]{1,16}$/, 'A method has 1 to 16 upper-case letters.')

/** What follows the authority of a URL, or a whole URL: printable ASCII, decided on by the broker alone. */
export const requestTarget = z
  .string()
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'A path is printable ASCII.')

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'A header name is a token (RFC 9110 section 5.6.2).')
const headerValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'A header value holds no control characters.')

/** Headers by name; no control characters, so nothing splits a request. */
export const headers = z
  .record(headerName, headerValue)
  .refine((all) => Object.keys(all).length <= headersMax, `A message has at most ${headersMax} headers.`)

/** Free text of at most `max` characters, none of them a zero character, which no store holds. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .regex(/^[^\u0000]*$/)
}
