// A key of a workload, made in this browser: its private half is in this page's memory alone until the page is left, and is sent nowhere. The file that it is taken away
// in is the one that the command line makes and acts with.
import type { OutputOf } from '../../../api/call.ts'
import type { PublicKey } from './public-key.ts'

/** A key pair of a workload. */
export interface KeyPair {
  readonly open: PublicKey
  /** Whoever has this acts as the workload. */
  readonly closed: PublicKey & { readonly d: string }
}

/** Makes a key pair on P-256. Throws where a browser knows no keys, as over plain HTTP from elsewhere. */
export async function makeKeyPair(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const { x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  if (x === undefined || y === undefined || d === undefined) throw new Error('A key on P-256 has x, y and d (RFC 7518 section 6.2).')
  const open: PublicKey = { kty: 'EC', crv: 'P-256', x, y }
  return { open, closed: { ...open, d } }
}

interface Registered extends Pick<OutputOf<'workload:create'>, 'kind' | 'slug' | 'environment' | 'spiffeId'> {
  readonly organization: string
}

/** The key file of a workload, as `twinlock --key` reads it. `origin` is where Twinlock is reached. */
export function keyFileOf({ kind, slug, organization, environment, spiffeId }: Registered, { closed }: KeyPair, origin: string): string {
  const tokenEndpoint = `${origin}/o/${organization}/e/${environment}/token`
  return `${JSON.stringify({ kind, slug, organization, environment, spiffeId, tokenEndpoint, audience: origin, jwk: closed }, null, 2)}\n`
}
