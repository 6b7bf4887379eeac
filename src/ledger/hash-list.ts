// Reads leaf hashes one by one from level 0 tiles, whatever pieces they come in: waiting once per piece, not once per hash, is what keeps a million
// entries quick. The pieces are attacker-controlled; a piece that ends within a hash is refused.
import { LedgerError } from './errors.ts'
import { HASH_BYTES } from './tree-hash.ts'

/** The hashes of a stream of tiles, pulled one at a time. */
export class HashList {
  readonly #pieces: AsyncIterator<Uint8Array>
  #piece = new Uint8Array(0)
  #at = 0
  #hasEnded = false

  constructor(tiles: AsyncIterable<Uint8Array>) {
    this.#pieces = tiles[Symbol.asyncIterator]()
  }

  /** Whether `fill` must come before the next `take`. */
  get isDry(): boolean {
    return this.#at === this.#piece.length && !this.#hasEnded
  }

  /** Whether the end was reached: nothing is left to take, and nothing will come. */
  get isOver(): boolean {
    return this.#at === this.#piece.length && this.#hasEnded
  }

  /** Reads on, unless there are hashes left to take; throws `tile-malformed`. */
  async fill(): Promise<void> {
    while (this.isDry) {
      const { done, value } = await this.#pieces.next()
      this.#hasEnded = done === true
      if (done) return
      if (value.length % HASH_BYTES !== 0) throw new LedgerError('tile-malformed', `A tile of ${value.length} bytes ends within a hash.`)
      this.#piece = new Uint8Array(value)
      this.#at = 0
    }
  }

  /** The next hash, without waiting, or `undefined` at the end. */
  take(): Uint8Array | undefined {
    if (this.#at === this.#piece.length) return undefined
    this.#at += HASH_BYTES
    return this.#piece.subarray(this.#at - HASH_BYTES, this.#at)
  }

  /** Lets the source of the tiles go, read to its end or not. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }
}
