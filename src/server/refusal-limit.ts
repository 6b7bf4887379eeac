// Slows down addresses whose requests keep being refused as unauthenticated. A credential that was accepted lately goes through all the same,
// so that a neighbour behind the same address cannot lock anybody out. Memory is bounded; forgetting favours the caller.
import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/index.ts'
import type { Limits } from './door.ts'

const addressesMax = 10_000
const acceptedMax = 10_000
const acceptedMs = 600_000

interface Bucket {
  left: number
  at: number
}

/** The part of an address that one holder has to himself: an IPv6 network of 64 bits, an IPv4 address. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address.replace(/^::ffff:/i, '')
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter((part) => part !== '')
  const after = (tail ?? '').split(':').filter((part) => part !== '')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return `${[...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':')}::/64`
}

function forgetOldest(kept: Map<string, unknown>, max: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= max) return
    kept.delete(key)
  }
}

/** Counts refusals by address. */
export class RefusalLimit {
  readonly #limits: Pick<Limits, 'refusalsBurst' | 'refusalsPerMinute'>
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()
  readonly #accepted = new Map<string, number>()

  constructor(limits: Pick<Limits, 'refusalsBurst' | 'refusalsPerMinute'>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  #refill(address: string): Bucket {
    const now = this.#clock.monotonic()
    const bucket = this.#buckets.get(networkOf(address)) ?? { left: this.#limits.refusalsBurst, at: now }
    const gained = ((now - bucket.at) / 60_000) * this.#limits.refusalsPerMinute
    return { left: Math.min(this.#limits.refusalsBurst, bucket.left + gained), at: now }
  }

  /** Seconds that a request has to wait; 0 when it may go on. */
  waitSeconds(address: string, credential: string | undefined): number {
    if (credential !== undefined && this.wasAccepted(credential)) return 0
    const { left } = this.#refill(address)
    return left >= 1 ? 0 : Math.max(1, Math.ceil(((1 - left) / this.#limits.refusalsPerMinute) * 60))
  }

  /** Whether a request with this credential was answered lately. */
  wasAccepted(credential: string): boolean {
    const at = this.#accepted.get(keyOf(credential))
    return at !== undefined && this.#clock.monotonic() - at < acceptedMs
  }

  /** A request of this address was refused as unauthenticated. */
  refused(address: string): void {
    const bucket = this.#refill(address)
    const network = networkOf(address)
    this.#buckets.delete(network)
    this.#buckets.set(network, { left: Math.max(0, bucket.left - 1), at: bucket.at })
    forgetOldest(this.#buckets, addressesMax)
  }

  /** A request with this credential was answered. */
  accepted(credential: string): void {
    const key = keyOf(credential)
    this.#accepted.delete(key)
    this.#accepted.set(key, this.#clock.monotonic())
    forgetOldest(this.#accepted, acceptedMax)
  }
}

/** Credentials are not kept in memory, only their digests. */
function keyOf(credential: string): string {
  return createHash('sha256').update(credential).digest('base64')
}
