// The walk from a node of the tree up to its root, which says on which side the next hash of a proof belongs (RFC 9162, sections 2.1.3.2 and
// 2.1.4.2: `fn` and `sn`). Numbers only, in exact arithmetic up to 2^53, so that sizes above 2^31 climb like the small ones.

/** On which side of the climbing node the next sibling is; `none` when the node is the root already. */
export type SiblingSide = 'left' | 'right' | 'none'

/** A position on the way up: index of the node and of the last node, at the same height. */
export class Climb {
  #node: number
  #last: number

  constructor(node: number, last: number) {
    this.#node = node
    this.#last = last
  }

  /** Whether the node is the root. */
  get isAtRoot(): boolean {
    return this.#last === 0
  }

  /** Whether the node is the first of its height. */
  get isLeftmost(): boolean {
    return this.#node === 0
  }

  /** Goes up past the next sibling and says on which side of the node it was. */
  step(): SiblingSide {
    if (this.isAtRoot) return 'none'
    const side = this.#node % 2 === 1 || this.#node === this.#last ? 'left' : 'right'
    // A last node without a right sibling is carried up as it is, until it is a right child.
    if (side === 'left') while (this.#node % 2 === 0 && this.#node !== 0) this.#up()
    this.#up()
    return side
  }

  /** Goes up for as long as the node is a right child: to the root of the largest perfect subtree that ends here. */
  skipRightChildren(): void {
    while (this.#node % 2 === 1) this.#up()
  }

  #up(): void {
    this.#node = Math.floor(this.#node / 2)
    this.#last = Math.floor(this.#last / 2)
  }
}
