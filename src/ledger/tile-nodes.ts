// Hashes of any subtree, from stored tiles: each tile is read once, all at the same time, and the levels inside it are hashed again. The tiles are
// not trusted; what comes out of here is only worth something once it leads to a root that someone signed.

import { foldFrontier } from './frontier.ts'
import type { Sha256, TileReader } from './ports.ts'
import { type LeafRange, type NodePlace, perfectSubtrees } from './subtree.ts'
import { assertTile, TILE_HEIGHT, TILE_WIDTH, tileWidth } from './tile.ts'
import { HASH_BYTES, hashNode } from './tree-hash.ts'
import { assertTreeSize, type TreeState } from './tree-state.ts'

/** The hash of each range of leaves in a tree of `size` leaves, in the same order; throws `tile-malformed`, or what the reader rejects with. */
export async function readSubtrees(sha256: Sha256, tiles: TileReader, size: number, ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
  const parts = ranges.map(perfectSubtrees)
  const read = tilesOnce(tiles, size)
  const hashes = await Promise.all(parts.map((places) => Promise.all(places.map((place) => readNode(sha256, read, place)))))
  return hashes.map((frontier) => foldFrontier(sha256, frontier))
}

/**
 * The state of a log of `size` leaves, rebuilt from its tiles: what a restarted sequencer compares with the one it stored.
 * Throws `tree-state-malformed`, `tile-malformed`, or what the reader rejects with.
 */
export async function readTreeState(sha256: Sha256, tiles: TileReader, size: number): Promise<TreeState> {
  assertTreeSize(size)
  const read = tilesOnce(tiles, size)
  const frontier = await Promise.all(perfectSubtrees({ begin: 0, end: size }).map((place) => readNode(sha256, read, place)))
  return { size, frontier }
}

type ReadTile = (level: number, index: number) => Promise<Uint8Array>

function tilesOnce(tiles: TileReader, size: number): ReadTile {
  const pending = new Map<string, Promise<Uint8Array>>()
  return (level, index) => {
    const key = `${level}/${index}`
    const known = pending.get(key)
    if (known !== undefined) return known
    const tile = readChecked(tiles, level, index, tileWidth(size, level, index))
    pending.set(key, tile)
    return tile
  }
}

async function readChecked(tiles: TileReader, level: number, index: number, width: number): Promise<Uint8Array> {
  const bytes = await tiles.readTile(level, index, width)
  assertTile(bytes, level, index, width)
  return bytes
}

async function readNode(sha256: Sha256, read: ReadTile, { height, index }: NodePlace): Promise<Uint8Array> {
  const level = Math.floor(height / TILE_HEIGHT)
  const count = 2 ** (height % TILE_HEIGHT)
  const position = index * count
  const tile = await read(level, Math.floor(position / TILE_WIDTH))
  return hashPerfect(sha256, tile, position % TILE_WIDTH, count)
}

function hashPerfect(sha256: Sha256, tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return new Uint8Array(tile.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES))
  const half = count / 2
  return hashNode(sha256, hashPerfect(sha256, tile, from, half), hashPerfect(sha256, tile, from + half, half))
}
