// The digest of a run: a chain of SHA-256 over the bytes of every moving pose and of the robot's inner state at each decision.
// Two runs with the same digest were the same run, bit for bit.

import { createHash } from 'node:crypto'

/** A chained digest; its state is the last link. */
export class DigestChain {
  #link: Uint8Array = new Uint8Array(32)

  /** Adds numbers, bit for bit. Doubles are hashed as this machine stores them: little-endian on all that Node supports. */
  add(numbers: Float64Array): void {
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
    this.#link = createHash('sha256').update(this.#link).update(bytes).digest()
  }

  /** The digest so far, as `sha256:<hex>`. */
  text(): string {
    return `sha256:${Array.from(this.#link, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }

  /** The last link. */
  state(): Uint8Array {
    return Uint8Array.from(this.#link)
  }

  /** Continues a chain. */
  restore(state: Uint8Array): void {
    this.#link = Uint8Array.from(state)
  }
}
