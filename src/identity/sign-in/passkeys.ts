// Passkeys as a way to sign in without a provider: where they belong, whose they are, and what a browser is asked for. A device shows the name of its holder
// with a passkey that it found by itself; that name only says where to look, and the signature says whether it is he.
import { z } from 'zod'
import { base64url, fail, fromBase64url, fromUtf8, isId, type OrgId, type PersonId, utf8 } from '../../kernel/index.ts'
import type { PasskeyPlace } from './ports.ts'

/** How long a challenge may be answered. */
export const challengeSeconds = 300

/** How many passkeys a person may have. */
export const passkeysMax = 20

const bytesText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+$/)

/** An authenticator's id of a passkey. */
const credentialIdText = bytesText(1_364)

/** A new passkey as it comes in. */
export const newPasskeyShape = z.strictObject({
  id: credentialIdText,
  clientDataJSON: bytesText(4_000),
  attestationObject: bytesText(16_000),
  transports: z
    .array(
      z
        .string()
        .max(20)
        .regex(/^[a-z-]+$/),
    )
    .max(8)
    .default([]),
})

/** Where the passkeys of a deployment belong: the name in its base URL, and that origin alone (WebAuthn level 3 section 5.1.2). */
export function passkeyPlace(baseUrl: string): PasskeyPlace {
  const { hostname, origin } = new URL(baseUrl)
  return { rpId: hostname, origin }
}

/** Refuses a place that no passkey can belong to: an address instead of a name (WebAuthn level 3, RP ID). */
export function requireNamedPlace({ rpId }: PasskeyPlace): void {
  if (!/^\[|^[\d.]+$/.test(rpId)) return
  throw fail('conflict', 'Passkeys belong to a name, and this Twinlock is reached by an address.', {
    next: 'Reach it by a name: start it with `--base-url http://localhost:8484`, or with the name that it has behind TLS.',
  })
}

/** The name of a holder as devices keep it: 61 bytes of at most 64, and nothing that tells who he is. */
export function holderName(org: OrgId, person: string): string {
  return base64url(utf8(`${org}.${person}`))
}

/** Whose passkey a device says that it used. It proves nothing yet; undefined for what was not named by us. */
export function holderIn(userHandle: string): { readonly org: OrgId; readonly person: PersonId } | undefined {
  if (!/^[\w-]{80,84}$/.test(userHandle)) return undefined
  const [org, person] = fromUtf8(fromBase64url(userHandle)).split('.')
  return isId('org', org) && isId('per', person) ? { org, person } : undefined
}
