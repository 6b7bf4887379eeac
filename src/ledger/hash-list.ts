// Reads leaf hashes one by one from level 0 tiles, whatever pieces they come in. The pieces are attacker-controlled; a piece that ends within a
// hash is refused.
import { LedgerError } from './errors.ts'
import { HASH_BYTES } from './tree-hash.ts'

/** The hashes of a stream of tiles, pulled one at a time. */
export class HashList {
  readonly #pieces: AsyncIterator<Uint8Array>
  #piece = new Uint8Array(0)
  #at = 0

  constructor(tiles: AsyncIterable<Uint8Array>) {
    this.#pieces = tiles[Symbol.asyncIterator]()
  }

  /** The next hash (a copy), or `undefined` at the end; throws `tile-malformed`. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#at === this.#piece.length) {
      const { done, value } = await this.#pieces.next()
      if (done) return undefined
      if (value.length % HASH_BYTES !== 0) throw new LedgerError('tile-malformed', `A tile of ${value.length} bytes ends within a hash.`)
      this.#piece = new Uint8Array(value)
      this.#at = 0
    }
    this.#at += HASH_BYTES
    return this.#piece.slice(this.#at - HASH_BYTES, this.#at)
  }

  /** Lets the source of the tiles go, read to its end or not. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }
}
