// Every proof of small trees, proofs at tile boundaries and in huge trees, and that nothing but the true one verifies.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appendLeaves } from './append-leaves.ts'
import { MemoryTiles } from './fixtures/memory-tiles.ts'
import { naiveConsistency, naiveInclusion, naiveRoot } from './fixtures/naive-tree.ts'
import { sha256, unhex, utf8 } from './fixtures/node-crypto.test.ts'
import { flipBit, SeededRandom } from './fixtures/seeded-random.ts'
import { proveConsistency, proveInclusion } from './prove.ts'
import { hashLeaf, hashNode } from './tree-hash.ts'
import { EMPTY_TREE } from './tree-state.ts'
import { type InclusionClaim, verifyConsistency, verifyInclusion } from './verify-proof.ts'

const seed = Number(process.env.TWINLOCK_TEST_SEED ?? 20260901)

const leafHashes = (count: number): Uint8Array[] => Array.from({ length: count }, (_, at) => hashLeaf(sha256, utf8(`entry ${at}`)))

const treeOf = (leaves: readonly Uint8Array[]): MemoryTiles => {
  const tiles = new MemoryTiles()
  tiles.write(appendLeaves(sha256, EMPTY_TREE, leaves).tiles)
  return tiles
}

const leafOf = (leaves: readonly Uint8Array[], index: number): Uint8Array => {
  const leaf = leaves[index]
  assert.ok(leaf)
  return leaf
}

// certificate-transparency, merkle_tree_test.cc: index, size, audit path.
const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ctPaths: readonly [number, number, readonly string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
]
const ctConsistency: readonly [number, number, readonly string[]][] = [
  [1, 1, []],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

test('the proofs of the Certificate Transparency vectors are made as published', async () => {
  const tiles = treeOf(ctLeaves.map((hex) => hashLeaf(sha256, unhex(hex))))
  for (const [index, size, path] of ctPaths) {
    assert.deepEqual(
      (await proveInclusion(sha256, { tiles, size }, index)).map((hash) => hash.toHex()),
      path,
      `leaf ${index} of ${size}`,
    )
  }
  for (const [oldSize, size, path] of ctConsistency) {
    assert.deepEqual(
      (await proveConsistency(sha256, { tiles, size }, oldSize)).map((hash) => hash.toHex()),
      path,
      `${oldSize} to ${size}`,
    )
  }
})

test('every inclusion proof of trees up to 70 leaves is the one of the definition, and verifies', async () => {
  const leaves = leafHashes(70)
  const tiles = treeOf(leaves)
  for (let size = 1; size <= leaves.length; size++) {
    const some = leaves.slice(0, size)
    const root = naiveRoot(sha256, some)
    for (const [index, leafHash] of some.entries()) {
      const proof = await proveInclusion(sha256, { tiles, size }, index)
      assert.deepEqual(proof, naiveInclusion(sha256, index, some), `leaf ${index} of ${size}`)
      verifyInclusion(sha256, { index, size, leafHash, proof, root })
    }
  }
})

test('every consistency proof of trees up to 70 leaves is the one of the definition, and verifies', async () => {
  const leaves = leafHashes(70)
  const tiles = treeOf(leaves)
  const roots = Array.from({ length: 71 }, (_, size) => naiveRoot(sha256, leaves.slice(0, size)))
  for (const [newSize, newRoot] of roots.entries()) {
    for (const [oldSize, oldRoot] of roots.slice(0, newSize + 1).entries()) {
      const proof = await proveConsistency(sha256, { tiles, size: newSize }, oldSize)
      const wanted = oldSize === 0 ? [] : naiveConsistency(sha256, oldSize, leaves.slice(0, newSize))
      assert.deepEqual(proof, wanted, `${oldSize} to ${newSize}`)
      verifyConsistency(sha256, { oldSize, newSize, proof, oldRoot, newRoot })
    }
  }
})

test('proofs hold at and around tile boundaries, and read each tile once', async () => {
  const random = new SeededRandom(seed)
  const leaves = leafHashes(65_537)
  const tiles = treeOf(leaves)
  let oldSize = 1
  let oldRoot = leafOf(leaves, 0)
  for (const size of [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537]) {
    const some = leaves.slice(0, size)
    const root = naiveRoot(sha256, some)
    for (const index of [0, 1, 254, 255, 256, 257, size - 1, random.below(size), random.below(size)].filter((at) => at < size)) {
      tiles.reads.length = 0
      const proof = await proveInclusion(sha256, { tiles, size }, index)
      assert.equal(new Set(tiles.reads).size, tiles.reads.length, `leaf ${index} of ${size}, seed ${seed}`)
      verifyInclusion(sha256, { index, size, leafHash: leafOf(leaves, index), proof, root })
    }
    const proof = await proveConsistency(sha256, { tiles, size }, oldSize)
    verifyConsistency(sha256, { oldSize, newSize: size, proof, oldRoot, newRoot: root })
    oldSize = size
    oldRoot = root
  }
})

// The root that a path leads to, by the recursion of RFC 6962 from the root downwards: independent of the climb that verification makes.
const rootOfPath = (leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Uint8Array => {
  const sibling = path.at(-1)
  if (size === 1 || sibling === undefined) return leaf
  let k = 1
  while (k * 2 < size) k *= 2
  const rest = path.slice(0, -1)
  return index < k
    ? hashNode(sha256, rootOfPath(leaf, index, k, rest), sibling)
    : hashNode(sha256, sibling, rootOfPath(leaf, index - k, size - k, rest))
}

const pathLength = (index: number, size: number): number => {
  if (size === 1) return 0
  let k = 1
  while (k * 2 < size) k *= 2
  return 1 + (index < k ? pathLength(index, k) : pathLength(index - k, size - k))
}

test('inclusion in trees far beyond 2^31 leaves is verified in exact numbers', () => {
  const random = new SeededRandom(seed)
  for (const size of [2 ** 31, 2 ** 31 + 1, 2 ** 32 + 77, 2 ** 40 - 1, 2 ** 52 + 3, Number.MAX_SAFE_INTEGER]) {
    for (const index of [0, 1, 2 ** 30, 2 ** 31 - 1, size - 2, size - 1, Math.floor(size / 3)]) {
      const leafHash = sha256(random.bytes(8))
      const proof = Array.from({ length: pathLength(index, size) }, () => sha256(random.bytes(8)))
      verifyInclusion(sha256, { index, size, leafHash, proof, root: rootOfPath(leafHash, index, size, proof) })
    }
  }
})

const claimOf = async (index: number, size: number): Promise<InclusionClaim> => {
  const leaves = leafHashes(size)
  const proof = await proveInclusion(sha256, { tiles: treeOf(leaves), size }, index)
  return { index, size, leafHash: leafOf(leaves, index), proof, root: naiveRoot(sha256, leaves) }
}

test('an inclusion claim with any single bit changed is refused', async () => {
  for (const [index, size] of [
    [0, 1],
    [3, 7],
    [6, 7],
    [12, 13],
    [5, 8],
  ] as const) {
    const claim = await claimOf(index, size)
    for (let bit = 0; bit < 256; bit++) {
      const changed = [
        { ...claim, leafHash: flipBit(claim.leafHash, bit) },
        { ...claim, root: flipBit(claim.root, bit) },
        ...claim.proof.map((hash, at) => ({ ...claim, proof: claim.proof.with(at, flipBit(hash, bit)) })),
      ]
      for (const each of changed)
        assert.throws(() => verifyInclusion(sha256, each), { code: 'inclusion-mismatch' }, `leaf ${index} of ${size}, bit ${bit}`)
    }
  }
})

test('a leaf is not believed at another index, nor in a tree of another shape, nor with a proof too short or too long', async () => {
  const claim = await claimOf(5, 11)
  for (let index = 0; index < 11; index++) {
    if (index !== 5)
      assert.throws(
        () => verifyInclusion(sha256, { ...claim, index }),
        { code: /^(inclusion-mismatch|proof-malformed)$/ },
        `index ${index}`,
      )
  }
  assert.throws(() => verifyInclusion(sha256, { ...claim, proof: claim.proof.slice(1) }), { code: 'inclusion-mismatch' })
  assert.throws(() => verifyInclusion(sha256, { ...claim, proof: claim.proof.slice(0, -1) }), { code: 'inclusion-mismatch' })
  assert.throws(() => verifyInclusion(sha256, { ...claim, proof: [...claim.proof, claim.root] }), { code: 'proof-malformed' })
  assert.throws(() => verifyInclusion(sha256, { ...claim, proof: [new Uint8Array(31), ...claim.proof.slice(1)] }), { code: 'hash-length' })
  for (const index of [-1, 11, 0.5, Number.NaN]) assert.throws(() => verifyInclusion(sha256, { ...claim, index }), { code: 'proof-range' })
})

test('the root of a smaller tree is not believed to be that of a larger one', async () => {
  const claim = await claimOf(0, 2)
  assert.throws(() => verifyInclusion(sha256, { ...claim, size: 4 }), { code: 'inclusion-mismatch' })
  const leaves = leafHashes(2)
  const proof = await proveConsistency(sha256, { tiles: treeOf(leaves), size: 2 }, 1)
  const growth = { oldSize: 1, newSize: 2, proof, oldRoot: naiveRoot(sha256, leaves.slice(0, 1)), newRoot: naiveRoot(sha256, leaves) }
  verifyConsistency(sha256, growth)
  assert.throws(() => verifyConsistency(sha256, { ...growth, newSize: 4 }), { code: 'consistency-mismatch' })
})

test('a consistency claim with any single bit changed is refused', async () => {
  const leaves = leafHashes(13)
  const tiles = treeOf(leaves)
  for (const [oldSize, newSize] of [
    [1, 2],
    [3, 7],
    [4, 8],
    [6, 13],
    [8, 13],
    [12, 13],
    [13, 13],
  ] as const) {
    const proof = await proveConsistency(sha256, { tiles, size: newSize }, oldSize)
    const oldRoot = naiveRoot(sha256, leaves.slice(0, oldSize))
    const claim = { oldSize, newSize, proof, oldRoot, newRoot: naiveRoot(sha256, leaves.slice(0, newSize)) }
    for (let bit = 0; bit < 256; bit++) {
      const changed = [
        { ...claim, oldRoot: flipBit(oldRoot, bit) },
        { ...claim, newRoot: flipBit(claim.newRoot, bit) },
        ...proof.map((hash, at) => ({ ...claim, proof: proof.with(at, flipBit(hash, bit)) })),
      ]
      for (const each of changed) {
        assert.throws(() => verifyConsistency(sha256, each), { code: 'consistency-mismatch' }, `${oldSize} to ${newSize}, bit ${bit}`)
      }
    }
  }
})

test('a rewritten, shrunk or empty-handed history is not consistent', async () => {
  const leaves = leafHashes(9)
  const tiles = treeOf(leaves)
  const proof = await proveConsistency(sha256, { tiles, size: 9 }, 6)
  const claim = { oldSize: 6, newSize: 9, proof, oldRoot: naiveRoot(sha256, leaves.slice(0, 6)), newRoot: naiveRoot(sha256, leaves) }
  const refused = (changed: object, code: string): void =>
    assert.throws(() => verifyConsistency(sha256, { ...claim, ...changed }), { code })
  refused({ proof: [] }, 'consistency-mismatch')
  refused({ proof: proof.slice(0, -1) }, 'consistency-mismatch')
  refused({ proof: [...proof, claim.newRoot] }, 'proof-malformed')
  refused({ oldSize: 10 }, 'proof-range')
  refused({ oldSize: 9, proof: [] }, 'consistency-mismatch')
  refused({ oldSize: 0, proof: [] }, 'consistency-mismatch')
  refused({ oldSize: 5 }, 'consistency-mismatch')
})

test('proofs beyond the tree are not made', async () => {
  const tiles = treeOf(leafHashes(5))
  for (const index of [-1, 5, 1.5]) await assert.rejects(proveInclusion(sha256, { tiles, size: 5 }, index), { code: 'proof-range' })
  for (const oldSize of [-1, 6, Number.NaN])
    await assert.rejects(proveConsistency(sha256, { tiles, size: 5 }, oldSize), { code: 'proof-range' })
})

test('a store that answers short is refused, and one that lies only makes proofs that do not verify', async () => {
  const leaves = leafHashes(300)
  const tiles = treeOf(leaves)
  const short = { readTile: async () => new Uint8Array(32) }
  await assert.rejects(proveInclusion(sha256, { tiles: short, size: 300 }, 3), { code: 'tile-malformed' })
  tiles.put(0, 0, flipBit(tiles.get(0, 0), 8 * 32 * 200))
  const proof = await proveInclusion(sha256, { tiles, size: 300 }, 3)
  const claim = { index: 3, size: 300, leafHash: leafOf(leaves, 3), proof, root: naiveRoot(sha256, leaves) }
  assert.throws(() => verifyInclusion(sha256, claim), { code: 'inclusion-mismatch' })
})
