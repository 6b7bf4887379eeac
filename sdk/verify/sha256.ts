// SHA-256 (FIPS 180-4) in plain TypeScript, for where the platform's own can only be awaited: a proof is walked hash by hash.
// It is written to be read next to the standard; a proof is a few dozen hashes, so that speed does not matter.
import type { Sha256 } from '../../src/ledger/index.ts'

const first = (count: number): number[] => {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

/** The first 32 bits of the fractional part of a root (FIPS 180-4 sections 4.2.2 and 5.3.3); doubles are exact enough for them, as the vectors show. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) >>> 0

const constants = first(64).map((prime) => fraction(Math.cbrt(prime)))
const initial = first(8).map((prime) => fraction(Math.sqrt(prime)))

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** Section 5.1.1: a one bit, zeros, and the length in bits as 64 bits. */
function padded(bytes: Uint8Array): DataView {
  const length = (Math.floor((bytes.length + 8) / 64) + 1) * 64
  const whole = new Uint8Array(length)
  whole.set(bytes)
  whole[bytes.length] = 0x80
  const view = new DataView(whole.buffer)
  view.setUint32(length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(length - 4, (bytes.length * 8) >>> 0)
  return view
}

/** Section 6.2.2, step 1: the message schedule of one block. */
function scheduleOf(view: DataView, offset: number): Uint32Array {
  const words = new Uint32Array(64)
  for (let t = 0; t < 16; t++) words[t] = view.getUint32(offset + t * 4)
  for (let t = 16; t < 64; t++) {
    const [a = 0, b = 0, c = 0, d = 0] = [words[t - 2], words[t - 7], words[t - 15], words[t - 16]]
    const s1 = rotate(a, 17) ^ rotate(a, 19) ^ (a >>> 10)
    const s0 = rotate(c, 7) ^ rotate(c, 18) ^ (c >>> 3)
    words[t] = s1 + b + s0 + d
  }
  return words
}

/** Section 6.2.2, steps 2 to 4: one block into the state. */
function compress(state: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[t] ?? 0) + (words[t] ?? 0)) >>> 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0]
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] = (state[at] ?? 0) + word
}

/** SHA-256 of some bytes, at once. */
export const sha256: Sha256 = (bytes) => {
  const view = padded(bytes)
  const state = Uint32Array.from(initial)
  for (let offset = 0; offset < view.byteLength; offset += 64) compress(state, scheduleOf(view, offset))
  const digest = new Uint8Array(32)
  const out = new DataView(digest.buffer)
  for (const [at, word] of state.entries()) out.setUint32(at * 4, word)
  return digest
}
