// Hash tiles: 256 consecutive hashes of every eighth level of the tree (C2SP tlog-tiles, "Merkle Tree"). A tile only grows at its end, so
// the partial tile `.p/W` is the first W hashes of the full one. Tile bytes are untrusted until a root is recomputed from them.
import { concatBytes } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { HASH_BYTES } from './tree-hash.ts'

/** Levels of the tree that one tile spans. */
export const TILE_HEIGHT = 8

/** Hashes in a full tile. */
export const TILE_WIDTH = 256

/** Bytes of a full tile. */
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/**
 * The hashes that one append adds to one tile.
 *
 * `hashes` holds the hashes from position `start` (what the tile already had; 0 for a new tile) up to `width` (what it has afterwards; 256 when
 * it is full), 32 bytes each. A store appends them to what it holds, and must refuse if it does not hold exactly `start` hashes.
 */
export interface TileWrite {
  readonly level: number
  readonly index: number
  readonly start: number
  readonly width: number
  readonly hashes: Uint8Array
}

/** How many hashes tile `index` of `level` has in a tree of `size` leaves: 0 (no such tile) to 256. */
export function tileWidth(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level)
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH))
}

/** The whole tile after a write, given what was stored of it before (empty for a new one); throws `tile-write-misfit`. */
export function joinTile(stored: Uint8Array, write: TileWrite): Uint8Array {
  if (stored.length !== write.start * HASH_BYTES) {
    const tile = `Tile ${write.index} of level ${write.level}`
    throw new LedgerError('tile-write-misfit', `${tile} holds ${stored.length} bytes; the write expects ${write.start} hashes.`)
  }
  return concatBytes([stored, write.hashes])
}

/** Checks that a reader answered with exactly `width` hashes; throws `tile-malformed`. */
export function assertTile(bytes: Uint8Array, level: number, index: number, width: number): void {
  if (bytes.length === width * HASH_BYTES) return
  throw new LedgerError('tile-malformed', `Tile ${index} of level ${level} has ${bytes.length} bytes; ${width} hashes were asked for.`)
}
