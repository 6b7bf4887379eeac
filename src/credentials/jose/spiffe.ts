// SPIFFE IDs: `spiffe://<trust domain>/<path>`. One identity has one spelling, so ids are compared as texts.
// The text is attacker-controlled (it comes out of tokens and certificates); every rule of the standard is checked, and nothing is normalised.
import { fail } from '../../kernel/index.ts'

/** A well-formed SPIFFE ID. */
export type SpiffeId = `spiffe://${string}` & { readonly __spiffe: true }
/** A well-formed trust domain name. */
export type TrustDomain = string & { readonly __trustDomain: true }

/** A SPIFFE ID, taken apart. A trust domain's own id has no segments. */
export interface SpiffeName {
  readonly id: SpiffeId
  readonly trustDomain: TrustDomain
  readonly segments: readonly string[]
}

const scheme = 'spiffe://'
const idBytesMax = 2048 // SPIFFE-ID section 2.3; every accepted character is one byte
const trustDomainBytesMax = 255

/** Whether a text is a trust domain name: lower-case letters, digits, `.`, `-`, `_`, at most 255 (SPIFFE-ID section 2.1). */
export function isTrustDomain(text: string): text is TrustDomain {
  return text.length <= trustDomainBytesMax && /^[a-z0-9._-]+$/.test(text)
}

/** Parses a trust domain name. Throws `malformed`. */
export function parseTrustDomain(text: string): TrustDomain {
  if (isTrustDomain(text)) return text
  throw fail('malformed', `A trust domain is 1 to ${trustDomainBytesMax} of a-z, 0-9, \`.\`, \`-\` and \`_\`.`)
}

/** Takes a SPIFFE ID apart (SPIFFE-ID section 2). Throws `malformed`, or `too_large` over 2048 bytes. */
export function parseSpiffeId(text: string): SpiffeName {
  if (text.length > idBytesMax) throw fail('too_large', `A SPIFFE ID has at most ${idBytesMax} bytes.`)
  if (!text.startsWith(scheme)) throw fail('malformed', 'A SPIFFE ID begins with `spiffe://`.')
  const [name = '', ...segments] = text.slice(scheme.length).split('/')
  const trustDomain = parseTrustDomain(name)
  if (!segments.every(isSegment)) throw fail('malformed', 'A SPIFFE ID has a path of segments of a-z, A-Z, 0-9, `.`, `-` and `_`.')
  return { id: text as SpiffeId, trustDomain, segments } // the checks above are the brand's only maker
}

/** Builds a SPIFFE ID from its parts. Throws as `parseSpiffeId` does. */
export function formatSpiffeId(trustDomain: string, segments: readonly string[]): SpiffeId {
  const { id, segments: read } = parseSpiffeId(`${scheme}${trustDomain}${segments.map((segment) => `/${segment}`).join('')}`)
  // A slash inside of a part would move the border between parts.
  if (read.length !== segments.length) throw fail('malformed', 'A part of a SPIFFE ID holds a slash.')
  return id
}

/** Whether a text is a SPIFFE ID. */
export function isSpiffeId(text: string): text is SpiffeId {
  try {
    return parseSpiffeId(text).id === text
  } catch {
    return false // the only failures are `malformed` and `too_large`
  }
}

function isSegment(segment: string): boolean {
  return /^[a-zA-Z0-9._-]+$/.test(segment) && segment !== '.' && segment !== '..'
}
