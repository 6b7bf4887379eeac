// What others keep for us between two steps of a sign-in: sealed, so that nobody reads or changes it, with the organization in front that says where to look and is
// bound into the seal. What is shown again is attacker-controlled until it opens; that it opens says that we made it, and not for whom.
import type { z } from 'zod'
import type { SealedPurpose } from '../../identity/index.ts'
import { base64url, fromBase64url, isId, type OrgId, type Ports } from '../../kernel/index.ts'

const keptCharactersMax = 8_000

type Sealing = Pick<Ports, 'signInSeal'>

/** Seals a value for one purpose. */
export function keep(org: OrgId, purpose: SealedPurpose, value: object, { signInSeal }: Sealing): string {
  return `${org}.${base64url(signInSeal.seal(org, purpose, org, JSON.stringify(value)))}`
}

/** Opens what was kept; undefined for what we did not seal for this. */
export function openKept<T>(
  purpose: SealedPurpose,
  kept: string | undefined,
  shape: z.ZodType<T>,
  { signInSeal }: Sealing,
): { readonly org: OrgId; readonly value: T } | undefined {
  const [org, sealed, more] = (kept ?? '').slice(0, keptCharactersMax).split('.')
  if (!isId('org', org) || sealed === undefined || more !== undefined) return undefined
  try {
    return { org, value: shape.parse(JSON.parse(signInSeal.open(org, purpose, org, fromBase64url(sealed)))) }
  } catch {
    return undefined // whoever shows what we did not seal is told no more than that it is nothing
  }
}
