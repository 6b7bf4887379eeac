// Name resolution for calls: every address of a name is judged, and the connection is made to the judged addresses themselves, so that a name
// that changes between the look and the connect (DNS rebinding) gains nothing. One bad address refuses the whole name.
import { lookup as resolveName } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { fail } from '../../kernel/index.ts'
import { mayConnect } from './addresses.ts'

/** An address that a name resolved to. */
export interface Resolved {
  readonly address: string
  readonly family: number
}

/** Resolves a name to all of its addresses, as the operating system does. Rejects when there is none. */
export type Resolver = (name: string) => Promise<readonly Resolved[]>

/** The operating system's resolver (getaddrinfo). */
export const systemResolver: Resolver = (name) => resolveName(name, { all: true })

const addressesMax = 64

/** The failure of a call to an address that the broker does not connect to; the address is in its private cause alone. */
export function addressRefused(host: string, addresses: readonly string[]): Error {
  return fail('upstream_refused', 'The upstream of this connection lives at an address that the broker does not connect to.', {
    next: 'Have its base URL corrected, or have it declared as living on this machine if it does.',
    cause: new Error(`${host} is ${addresses.join(', ')}`),
  })
}

function requireAllowed(host: string, found: readonly Resolved[], loopback: boolean): void {
  const addresses = found.map((one) => one.address)
  if (found.length === 0 || found.length > addressesMax || !addresses.every((address) => mayConnect(address, loopback))) {
    throw addressRefused(host, addresses.slice(0, addressesMax))
  }
}

/** A lookup for sockets that answers judged addresses only. Fails with `upstream_refused`, or as the resolver does. */
export function checkedLookup(resolve: Resolver, loopback: boolean): LookupFunction {
  return (host, options, callback) => {
    const answer = async () => {
      const found = await resolve(host)
      requireAllowed(host, found, loopback)
      return found.map(({ address, family }) => ({ address, family }))
    }
    answer().then(
      (found) => {
        if (options.all === true) callback(null, found)
        else callback(null, found[0]?.address ?? '', found[0]?.family ?? 0)
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
    )
  }
}
