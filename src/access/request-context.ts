// What every request carries besides its own words: time, environment, how fresh the sign-in is, where the request came from. Clock, store and server say
// this, never the caller. Unknown is never good: a sign-in at an unknown time, or in the future, is as stale as can be.
import type { AttributeValue, EnvironmentRef, Principal } from '../kernel/index.ts'
import type { requestContext } from './schema.ts'

const dayMs = 86_400_000

/** Staler than any limit. */
export const neverSignedIn = Number.MAX_SAFE_INTEGER

function signedInSecondsAgo({ authenticatedAt }: Principal, now: number): number {
  if (authenticatedAt === undefined || authenticatedAt > now) return neverSignedIn
  return Math.ceil((now - authenticatedAt) / 1000)
}

/** An IPv4 address that a socket for both families shows in IPv6 form is one address under two names. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')
}

/** The context of a request before its action adds its own. `now` in milliseconds since the epoch. */
export function contextOf(
  principal: Principal,
  environment: EnvironmentRef | undefined,
  now: number,
): Record<keyof typeof requestContext, AttributeValue> {
  const day = Math.floor(now / dayMs)
  return {
    now: Math.floor(now / 1000),
    environment: environment?.id ?? '',
    environmentClass: environment?.class ?? '',
    // day 0 was a Thursday
    weekday: ((day + 3) % 7) + 1,
    minute: Math.floor((now - day * dayMs) / 60_000),
    signedInSecondsAgo: signedInSecondsAgo(principal, now),
    stepUpSeconds: principal.stepUpSeconds ?? 0,
    acr: principal.acr ?? '',
    address: plainAddress(principal.address ?? ''),
  }
}
