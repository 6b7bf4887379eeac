// The growing tree against the published Certificate Transparency vectors and against the definition of RFC 6962, batch by batch.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appendLeaves } from './append-leaves.ts'
import { MemoryTiles } from './fixtures/memory-tiles.ts'
import { naiveRoot } from './fixtures/naive-tree.ts'
import { sha256, unhex, utf8 } from './fixtures/node-crypto.test.ts'
import { SeededRandom } from './fixtures/seeded-random.ts'
import { joinTile, tileWidth } from './tile.ts'
import { readTreeState } from './tile-nodes.ts'
import { emptyRoot, hashLeaf, hashNode } from './tree-hash.ts'
import { decodeTreeState, EMPTY_TREE, encodeTreeState, type TreeState, treeRoot } from './tree-state.ts'

const seed = Number(process.env.TWINLOCK_TEST_SEED ?? 20260901)

// certificate-transparency, merkle_tree_test.cc: the leaves, and the root after each of them.
const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ctRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const leafHashes = (count: number): Uint8Array[] => Array.from({ length: count }, (_, at) => hashLeaf(sha256, utf8(`entry ${at}`)))

test('the roots of 0 to 8 leaves are the published ones', () => {
  const leaves = ctLeaves.map((hex) => hashLeaf(sha256, unhex(hex)))
  ctRoots.forEach((root, size) => {
    assert.equal(treeRoot(sha256, appendLeaves(sha256, EMPTY_TREE, leaves.slice(0, size)).state).toHex(), root, `size ${size}`)
  })
  assert.equal(emptyRoot(sha256).toHex(), ctRoots[0])
})

test('one leaf at a time, every root from 0 to 600 is the one of the definition', () => {
  const leaves = leafHashes(600)
  let state: TreeState = EMPTY_TREE
  for (let size = 0; size <= leaves.length; size++) {
    assert.deepEqual(treeRoot(sha256, state), naiveRoot(sha256, leaves.slice(0, size)), `size ${size}`)
    state = appendLeaves(sha256, state, leaves.slice(size, size + 1)).state
  }
})

test('batches of any size lead to the same roots and tiles, across every tile boundary', async () => {
  const random = new SeededRandom(seed)
  const leaves = leafHashes(65_793)
  const stops = [1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793]
  const tiles = new MemoryTiles()
  let state: TreeState = EMPTY_TREE
  for (const stop of stops) {
    while (state.size < stop) {
      const batch = Math.min(stop - state.size, 1 + random.below(1500))
      const appended = appendLeaves(sha256, state, leaves.slice(state.size, state.size + batch))
      tiles.write(appended.tiles)
      state = appended.state
    }
    const where = `size ${stop}, seed ${seed}`
    assert.deepEqual(treeRoot(sha256, state), naiveRoot(sha256, leaves.slice(0, stop)), where)
    assert.deepEqual(await readTreeState(sha256, tiles, stop), state, where)
  }
  for (const name of tiles.names) {
    const [level = 0, index = 0] = name.split('/').map(Number)
    assert.equal(tiles.get(level, index).length, 32 * tileWidth(state.size, level, index), `${name}, seed ${seed}`)
  }
})

test('a tree of 70,000 leaves has the tiles that the specification counts', () => {
  const tiles = new MemoryTiles()
  tiles.write(appendLeaves(sha256, EMPTY_TREE, leafHashes(70_000)).tiles)
  const widths = (level: number): number[] =>
    tiles.names.filter((name) => name.startsWith(`${level}/`)).map((name) => tiles.get(level, Number(name.split('/')[1])).length / 32)
  assert.deepEqual(widths(0), [...Array<number>(273).fill(256), 112])
  assert.deepEqual(widths(1), [256, 17])
  assert.deepEqual(widths(2), [1])
  assert.equal(tiles.names.length, 277)
})

test('a tree of 256 leaves is one full tile, and one hash in the tile above', () => {
  const { tiles } = appendLeaves(sha256, EMPTY_TREE, leafHashes(256))
  assert.deepEqual(
    tiles.map(({ level, index, start, width }) => ({ level, index, start, width })),
    [
      { level: 0, index: 0, start: 0, width: 256 },
      { level: 1, index: 0, start: 0, width: 1 },
    ],
  )
})

test('an append leaves the state that it was given as it was, and the empty batch changes nothing', () => {
  const before = appendLeaves(sha256, EMPTY_TREE, leafHashes(7)).state
  const copy = structuredClone(before)
  appendLeaves(sha256, before, leafHashes(20))
  assert.deepEqual(before, copy)
  assert.deepEqual(appendLeaves(sha256, before, []), { state: before, tiles: [] })
})

test('a tree beyond 2^31 leaves goes on growing in exact numbers', () => {
  const size = 2 ** 40 + 255
  const frontier = [40, 7, 6, 5, 4, 3, 2, 1, 0].map((height) => sha256(Uint8Array.of(height)))
  const { state, tiles } = appendLeaves(sha256, { size, frontier }, leafHashes(1))
  assert.equal(state.size, 2 ** 40 + 256)
  assert.equal(state.frontier.length, 2)
  assert.deepEqual(
    tiles.map(({ level, index, start, width }) => [level, index, start, width]),
    [
      [0, 2 ** 32, 255, 256],
      [1, 2 ** 24, 0, 1],
    ],
  )
})

test('a state survives being stored, and a stored form that does not fit its size is refused', () => {
  const { state } = appendLeaves(sha256, EMPTY_TREE, leafHashes(300))
  const stored = encodeTreeState(state)
  assert.deepEqual(decodeTreeState(stored), state)
  assert.deepEqual(decodeTreeState(encodeTreeState(EMPTY_TREE)), EMPTY_TREE)
  const beyond = new Uint8Array(stored)
  beyond[0] = 0xff
  for (const bytes of [
    new Uint8Array(0),
    stored.slice(0, 7),
    stored.slice(0, -1),
    stored.slice(0, -32),
    new Uint8Array([...stored, 0]),
    beyond,
  ]) {
    assert.throws(() => decodeTreeState(bytes), { code: 'tree-state-malformed' })
  }
})

test('a state that does not fit its size, a hash that is none and a full tree are refused', async () => {
  for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 3]) {
    assert.throws(() => appendLeaves(sha256, { size, frontier: [] }, []), { code: 'tree-state-malformed' }, `size ${size}`)
  }
  await assert.rejects(readTreeState(sha256, new MemoryTiles(), Number.POSITIVE_INFINITY), { code: 'tree-state-malformed' })
  assert.throws(() => appendLeaves(sha256, EMPTY_TREE, [new Uint8Array(31)]), { code: 'hash-length' })
  const full = { size: Number.MAX_SAFE_INTEGER, frontier: Array<Uint8Array>(53).fill(new Uint8Array(32)) }
  assert.throws(() => appendLeaves(sha256, full, leafHashes(1)), { code: 'tree-full' })
})

test('an entry of 65,535 bytes is hashed, one byte more is refused', () => {
  assert.equal(hashLeaf(sha256, new Uint8Array(65_535)).length, 32)
  assert.throws(() => hashLeaf(sha256, new Uint8Array(65_536)), { code: 'entry-too-large' })
})

test('a node is made of two whole hashes only', () => {
  const [hash = assert.fail()] = leafHashes(1)
  for (const wrong of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33)]) {
    assert.throws(() => hashNode(sha256, wrong, hash), { code: 'hash-length' })
    assert.throws(() => hashNode(sha256, hash, wrong), { code: 'hash-length' })
  }
})

test('a tile that is not where the write expects it is not written over', () => {
  const { tiles } = appendLeaves(sha256, EMPTY_TREE, leafHashes(3))
  const [write] = tiles
  assert.ok(write)
  assert.throws(() => joinTile(new Uint8Array(32), write), { code: 'tile-write-misfit' })
})
