// Finds the first place where the entries of an export part from the leaf hashes listed beside them, while both are read once, in step and in
// constant memory. Until they part they are the same tree, so an honest export costs nothing more. Both streams are attacker-controlled; the list
// counts for something only if it leads to the signed root itself.
import { foldFrontier, pushLeaf } from './frontier.ts'
import type { HashList } from './hash-list.ts'
import type { Sha256 } from './ports.ts'
import { hashesEqual } from './tree-hash.ts'

/** Where entries and list differ first: whether the entry there is listed further on, and whether the one listed there is found further on. */
export interface Parting {
  readonly at: number
  readonly isListedLater: boolean
  readonly isFoundLater: boolean
}

interface Fork {
  readonly at: number
  readonly found: Uint8Array | undefined
  readonly listed: Uint8Array | undefined
  readonly frontier: Uint8Array[]
  isListedLater: boolean
  isFoundLater: boolean
}

/** The list of leaf hashes beside the entries of an export. */
export class ExportComparison {
  readonly #sha256: Sha256
  readonly #list: HashList
  #at = 0
  #fork: Fork | undefined

  constructor(sha256: Sha256, list: HashList) {
    this.#sha256 = sha256
    this.#list = list
  }

  /** Whether `fill` must come before the next `observe`. */
  get isDry(): boolean {
    return this.#list.isDry
  }

  /** Reads the next piece of the list, unless there are hashes left of the last; throws `tile-malformed`. */
  async fill(): Promise<void> {
    await this.#list.fill()
  }

  /**
   * Compares the next entry's leaf hash, or `undefined` at the end of the entries, with the next of the list.
   * `frontier` is that of the entries before.
   */
  observe(found: Uint8Array | undefined, frontier: readonly Uint8Array[]): void {
    const listed = this.#list.take()
    if (this.#fork === undefined) {
      if (isSame(found, listed) || (found === undefined && listed === undefined)) {
        this.#at += 1
        return
      }
      this.#fork = { at: this.#at, found, listed, frontier: [...frontier], isListedLater: false, isFoundLater: false }
    } else {
      this.#fork.isListedLater ||= isSame(this.#fork.found, listed)
      this.#fork.isFoundLater ||= isSame(this.#fork.listed, found)
    }
    if (listed !== undefined) pushLeaf(this.#sha256, this.#fork.frontier, this.#at, listed)
    this.#at += 1
  }

  /** Reads what is left of the list after the entries ended, at most one hash above the signed size. */
  async finish(size: number): Promise<void> {
    while (this.#fork !== undefined && this.#at <= size) {
      await this.fill()
      if (this.#list.isOver) return
      this.observe(undefined, [])
    }
  }

  /** Where the streams parted first, or `undefined` if they never did. */
  get parting(): Parting | undefined {
    return this.#fork
  }

  /** Whether the list itself leads to `root`, which makes it the truth about which entry is wrong. */
  leadsTo(root: Uint8Array): boolean {
    return this.#fork !== undefined && hashesEqual(foldFrontier(this.#sha256, this.#fork.frontier), root)
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && hashesEqual(a, b)
}
