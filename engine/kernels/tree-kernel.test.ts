// The walk against the same in plain JavaScript, on random trees and rays: the same leaves, in the same order.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { treeHead, treeKernels, treeNodesAt, treeRecord } from './tree-kernel.ts'

const levels = 6
const nodeCount = 2 ** levels - 1
const infinity = Number.POSITIVE_INFINITY

/** A whole binary tree: the children of node n are 2n + 1 and 2n + 2; the last level are leaves of one to three shapes. */
interface Tree {
  /** Low and high corner per node. */
  readonly boxes: readonly (readonly number[])[]
  readonly axes: readonly number[]
}

function randomTree(random: Random): Tree {
  const boxes = Array.from({ length: nodeCount }, () => {
    const low = [0, 1, 2].map(() => random.between(-7, 0))
    return [...low, ...low.map((side) => side + random.between(3, 11))]
  })
  return { boxes, axes: boxes.map(() => random.integer(0, 2)) }
}

interface Ray {
  readonly origin: readonly number[]
  readonly direction: readonly number[]
}

/** Where a ray enters a box: 0 from inside, Infinity if it misses it. */
function entry(box: readonly number[], { origin, direction }: Ray): number {
  let near = 0
  let far = infinity
  for (let axis = 0; axis < 3; axis++) {
    const inverse = 1 / (direction[axis] ?? 0)
    const [low, high] = inverse < 0 ? [3, 0] : [0, 3]
    const a = ((box[axis + low] ?? 0) - (origin[axis] ?? 0)) * inverse
    const b = ((box[axis + high] ?? 0) - (origin[axis] ?? 0)) * inverse
    if (a > near) near = a
    if (b < far) far = b
  }
  return near > far ? infinity : near
}

const isLeaf = (node: number): boolean => node >= 2 ** (levels - 1) - 1
const shapesOf = (node: number): number => 1 + (node % 3)

/** The leaves that a ray opens while each leaf met takes a tenth off the farthest that counts. */
function walk({ boxes, axes }: Tree, ray: Ray): number[] {
  const waiting = [{ node: 0, at: 0 }]
  const met: number[] = []
  let best = 12
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at } = next
    if (at > best) continue
    if (isLeaf(node)) {
      met.push(node)
      best *= 0.9
      continue
    }
    const first = 2 * node + 1
    const near = (ray.direction[axes[node] ?? 0] ?? 0) >= 0 ? first : first + 1
    for (const child of [2 * first + 1 - near, near]) {
      const entered = entry(boxes[child] ?? [], ray)
      if (entered <= best) waiting.push({ node: child, at: entered })
    }
  }
  return met
}

class KernelWalk {
  readonly #floats: Float64Array
  readonly #wholes: Int32Array
  readonly #leaf: (best: number) => void

  constructor({ boxes, axes }: Tree) {
    const { buffer, find } = treeKernels(nodeCount)
    this.#floats = new Float64Array(buffer)
    this.#wholes = new Int32Array(buffer)
    this.#leaf = find('leaf')
    for (let node = 0; node < nodeCount; node++) {
      const at = treeNodesAt + node * treeRecord.bytes
      this.#wholes[(at + treeRecord.first) / 4] = isLeaf(node) ? node : 2 * node + 1
      this.#wholes[(at + treeRecord.count) / 4] = isLeaf(node) ? shapesOf(node) : -1 - (axes[node] ?? 0)
      for (let side = 0; side < 12; side++) this.#floats[at / 8 + side] = boxes[2 * node + 1 + (side & 1)]?.[side >> 1] ?? 0
    }
  }

  walk({ origin, direction }: Ray): number[] {
    for (const [axis, d] of direction.entries()) {
      this.#floats[treeHead.origin / 8 + axis] = origin[axis] ?? 0
      this.#floats[treeHead.inverse / 8 + axis] = 1 / d
      this.#wholes[treeHead.firstSide / 4 + axis] = 1 / d < 0 ? treeRecord.high : 0
      this.#wholes[treeHead.swapped / 4 + axis] = d >= 0 ? 0 : 1
    }
    this.#wholes[treeHead.waiting / 4] = 1
    this.#floats[treeHead.stack / 8] = 0
    this.#wholes[treeHead.stack / 4 + 2] = 0
    const met: number[] = []
    for (let best = 12; ; best *= 0.9) {
      this.#leaf(best)
      const count = this.#wholes[treeHead.foundCount / 4] ?? 0
      if (count === 0) return met
      const node = this.#wholes[treeHead.found / 4] ?? 0
      assert.equal(count, shapesOf(node))
      met.push(node)
    }
  }
}

test('a ray opens the leaves that it opens in plain JavaScript, in the same order', () => {
  const random = createRandom(3)
  let opened = 0
  for (let round = 0; round < 12; round++) {
    const tree = randomTree(random)
    const kernel = new KernelWalk(tree)
    for (let i = 0; i < 60; i++) {
      const origin = [0, 1, 2].map(() => random.between(-6, 6))
      // Some rays run along an axis, some in the plane of a face: there a number is divided by 0.
      const direction = [0, 1, 2].map(() => (random.uniform() < 0.2 ? 0 : random.between(-1, 1)))
      if (i % 4 === 0) origin[0] = tree.boxes[i]?.[0] ?? 0
      const expected = walk(tree, { origin, direction })
      assert.deepEqual(kernel.walk({ origin, direction }), expected)
      opened += expected.length
    }
  }
  assert.ok(opened > 300, `${opened} leaves were opened`)
})
