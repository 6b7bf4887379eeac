// The one way a log grows: a batch of leaf hashes goes in, the new head and the hashes to add to its tiles come out. Pure, so that the caller can
// store all of it in one transaction or none of it. It trusts the state it is given; the leaf hashes may be of any entries.
import { concatBytes } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { pushLeaf, TREE_SIZE_MAX } from './frontier.ts'
import type { Sha256 } from './ports.ts'
import { TILE_HEIGHT, TILE_WIDTH, type TileWrite } from './tile.ts'
import { assertHash } from './tree-hash.ts'
import { assertTreeState, type TreeState } from './tree-state.ts'

/** What an append leads to: the head to store, and what to add to which tiles, each tile once. */
export interface Appended {
  readonly state: TreeState
  readonly tiles: readonly TileWrite[]
}

interface TileGrowth {
  readonly level: number
  readonly index: number
  readonly start: number
  readonly hashes: Uint8Array[]
}

/**
 * Appends leaf hashes (of `hashLeaf`) to a tree, in order, without touching `state`.
 * Errors: `tree-state-malformed`, `hash-length`, `tree-full`. Source: RFC 6962 section 2.1, C2SP tlog-tiles.
 */
export function appendLeaves(sha256: Sha256, state: TreeState, leaves: readonly Uint8Array[]): Appended {
  assertTreeState(state)
  if (leaves.length > TREE_SIZE_MAX - state.size) throw new LedgerError('tree-full', `A log holds at most ${TREE_SIZE_MAX} entries.`)
  const frontier = [...state.frontier]
  const growths = new Map<string, TileGrowth>()
  let size = state.size
  for (const leaf of leaves) {
    assertHash(leaf)
    pushLeaf(sha256, frontier, size, leaf, (height, index, hash) => {
      if (height % TILE_HEIGHT === 0) grow(growths, height / TILE_HEIGHT, index, hash)
    })
    size += 1
  }
  return { state: { size, frontier }, tiles: [...growths.values()].map(tileWrite) }
}

function grow(growths: Map<string, TileGrowth>, level: number, position: number, hash: Uint8Array): void {
  const index = Math.floor(position / TILE_WIDTH)
  const key = `${level}/${index}`
  const growth = growths.get(key)
  if (growth === undefined) growths.set(key, { level, index, start: position % TILE_WIDTH, hashes: [hash] })
  else growth.hashes.push(hash)
}

function tileWrite({ level, index, start, hashes }: TileGrowth): TileWrite {
  return { level, index, start, width: start + hashes.length, hashes: concatBytes(hashes) }
}
