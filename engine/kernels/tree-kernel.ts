// Walks a tree of boxes along a ray, near child first, from one leaf to the next: the host tests what is in a leaf and asks for the one after it.
// Both children of a node are measured at once, one per lane. Trusts the tree that the host has written (ray-tree.ts).

import { advance, type Code, either, f64, f64x2, get, i32, type Local, leave, repeat, seq, set, vector, when } from './code.ts'
import { compileKernels, instantiate, KernelFunction, type KernelModule, type Kernels } from './module.ts'

/** Places of the walk's head, in bytes. */
export const treeHead = {
  /** The ray: origin and reciprocal direction, three floats each. */
  origin: 0,
  inverse: 24,
  /** Per axis, where in a record the side is that the ray meets first: 0, or `treeRecord.high` where it runs down the axis. */
  firstSide: 48,
  /** Per axis 1 where the second child is the nearer one. */
  swapped: 60,
  /** Nodes that are put off. */
  waiting: 72,
  /** What the walk stopped at: the leaf's first shape, and how many; 0 shapes at the end. */
  found: 76,
  foundCount: 80,
  /** Where both children are entered. */
  entries: 96,
  /** Nodes put off: the entry, then the node's number. */
  stack: 112,
} as const

/** Bytes of a node that is put off, and most of them: a level of the tree puts off one, and the last one two. */
const waitingNode = { bytes: 16, node: 8, most: 128 } as const

/**
 * Bytes of a node: the low corner of both children, each number of one beside that of the other, the high corner likewise; then the first child
 * or first shape, and the number of shapes or -1 - axis for an inner node.
 */
export const treeRecord = { bytes: 112, high: 48, first: 96, count: 100 } as const

/** Where the nodes begin. */
export const treeNodesAt: number = treeHead.stack + waitingNode.bytes * waitingNode.most

const zero = i32.const(0)

/** Tells the host of a leaf, and what is still put off. */
const stopAt = (node: Local, count: Local, top: Local): Code =>
  seq(
    i32.store(zero, i32.load(get(node), treeRecord.first), treeHead.found),
    i32.store(zero, get(count), treeHead.foundCount),
    i32.store(zero, i32.shr(i32.sub(get(top), i32.const(treeHead.stack)), i32.const(4)), treeHead.waiting),
    leave,
  )

/** `leaf(best)`: goes on to the next leaf that the ray enters no farther than `best`. */
function leafKernel(): KernelFunction {
  const f = new KernelFunction('leaf')
  const best = f.parameter('f64')
  const [top, node, count, bits, nearer] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')]
  const [near, far] = [f.local('v128'), f.local('v128')]
  const axes = [0, 1, 2].map((axis) => ({ axis, origin: f.local('v128'), inverse: f.local('v128'), side: f.local('i32') }))
  const met = (record: Code, { axis, origin, inverse }: (typeof axes)[number]): Code =>
    f64x2.mul(f64x2.sub(vector.load(record, axis * 16), get(origin)), get(inverse))
  const putOff = (child: Code): Code =>
    when(
      i32.and(i32.shr(get(bits), child), i32.const(1)),
      seq(
        f64.store(get(top), f64.load(i32.shl(child, i32.const(3)), treeHead.entries)),
        i32.store(get(top), i32.add(i32.load(get(node), treeRecord.first), child), waitingNode.node),
        advance(top, i32.const(waitingNode.bytes)),
      ),
    )
  const open = seq(
    set(near, vector.ofFloats([0, 0])),
    set(far, vector.ofFloats([Infinity, Infinity])),
    // A ray in the plane of a face is no number there, and that axis is left out.
    ...axes.flatMap((it) => [
      set(near, f64x2.larger(get(near), met(i32.add(get(node), get(it.side)), it))),
      set(far, f64x2.smaller(get(far), met(i32.sub(i32.add(get(node), i32.const(treeRecord.high)), get(it.side)), it))),
    ]),
    set(bits, f64x2.bits(vector.and(f64x2.le(get(near), get(far)), f64x2.le(get(near), f64x2.splat(get(best)))))),
    vector.store(zero, get(near), treeHead.entries),
    set(nearer, i32.load(i32.shl(i32.sub(i32.const(-1), get(count)), i32.const(2)), treeHead.swapped)),
    putOff(i32.sub(i32.const(1), get(nearer))),
    putOff(get(nearer)),
  )
  return f.does(
    set(top, i32.add(i32.const(treeHead.stack), i32.shl(i32.load(zero, treeHead.waiting), i32.const(4)))),
    ...axes.flatMap(({ axis, origin, inverse, side }) => [
      set(origin, f64x2.splat(f64.load(zero, treeHead.origin + axis * 8))),
      set(inverse, f64x2.splat(f64.load(zero, treeHead.inverse + axis * 8))),
      set(side, i32.load(zero, treeHead.firstSide + axis * 4)),
    ]),
    repeat(
      i32.gt(get(top), i32.const(treeHead.stack)),
      seq(
        advance(top, i32.const(-waitingNode.bytes)),
        when(
          i32.eqz(f64.gt(f64.load(get(top)), get(best))),
          seq(
            set(node, i32.add(i32.const(treeNodesAt), i32.mul(i32.load(get(top), waitingNode.node), i32.const(treeRecord.bytes)))),
            set(count, i32.load(get(node), treeRecord.count)),
            either(i32.gt(get(count), zero), stopAt(node, count, top), open),
          ),
        ),
      ),
    ),
    i32.store(zero, zero, treeHead.foundCount),
    i32.store(zero, zero, treeHead.waiting),
  )
}

const modules: { walk?: KernelModule } = {}

/** The walk over a memory for so many nodes. */
export function treeKernels(nodes: number): Kernels {
  modules.walk ??= compileKernels([leafKernel()])
  return instantiate(modules.walk, treeNodesAt + nodes * treeRecord.bytes)
}
