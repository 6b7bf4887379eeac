// The kernel's ports for time, chance and digests, as this machine has them. Trusts the operating system's clock and random source.
// All bytes are plain Uint8Arrays: a Buffer's `slice` shares memory, and rooms do not know Buffers.
import { hash, randomFillSync } from 'node:crypto'
import type { Clock, Random, Sha256 } from '../../kernel/index.ts'

/** This machine's clocks: the wall clock, and the time since this process started. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/** Ids and salts, of which there are many, take this many bytes at most. Secrets are longer: each of those is drawn when it is asked for. */
const fewBytes = 16
const drawn = new Uint8Array(256 * fewBytes)
let left = 0

/** Few bytes of many that were drawn at once, each handed out once and kept no longer: to draw them costs more than all else about an id. */
function fewOf(count: number): Uint8Array<ArrayBuffer> {
  if (left < count) {
    randomFillSync(drawn)
    left = drawn.length
  }
  left -= count
  const bytes = drawn.slice(left, left + count)
  drawn.fill(0, left, left + count)
  return bytes
}

/** The operating system's cryptographically secure random source. */
export const systemRandom: Random = {
  bytes: (count) => (count <= fewBytes ? fewOf(count) : randomFillSync(new Uint8Array(count))),
}

/** SHA-256 (FIPS 180-4) by OpenSSL in one call; a fresh array of 32 bytes each time. */
export const sha256: Sha256 = (bytes) => new Uint8Array(hash('sha256', bytes, 'buffer'))
