// The entities that heads name, as small numbers: an index looks those up faster than texts, and remembers them with the entity.
import type { Asked } from './asked.ts'
import { EntityNode, type NameMemo } from './entity-store.ts'
import type { EntityUid } from './values.ts'

/** Numbers for the keys of entities. A number is never given twice; it is kept for as long as the index lives. */
export class Names {
  private readonly numbers = new Map<string, number>()
  private readonly shared = new WeakMap<ReadonlySet<string>, NameMemo>()

  /** The number of a key; a new one when it has none. */
  numberOf(key: string): number {
    const known = this.numbers.get(key)
    if (known !== undefined) return known
    const next = this.numbers.size
    this.numbers.set(key, next)
    return next
  }

  /** The numbers of an entity and of everything above it, as far as some head names them. */
  of(uid: EntityUid, asked: Asked): readonly number[] {
    const above = asked.entities.ancestors(uid)
    const version = this.numbers.size
    const memo = uid instanceof EntityNode ? uid.memo : undefined
    if (memo !== undefined && memo.owner === this && memo.version === version && memo.above === above) return memo.numbers
    const made = this.memoOf(uid.key, above, version)
    if (uid instanceof EntityNode) uid.memo = made
    return made.numbers
  }

  /** Entities that no head names share what follows from what is above them. */
  private memoOf(own: string, above: ReadonlySet<string>, version: number): NameMemo {
    if (this.numbers.has(own)) return { owner: this, version, above, numbers: this.gather(own, above) }
    const known = this.shared.get(above)
    if (known !== undefined && known.version === version) return known
    const made = { owner: this, version, above, numbers: this.gather(own, above) }
    this.shared.set(above, made)
    return made
  }

  private gather(own: string, above: ReadonlySet<string>): readonly number[] {
    const found: number[] = []
    const self = this.numbers.get(own)
    if (self !== undefined) found.push(self)
    for (const key of above) {
      const number = this.numbers.get(key)
      if (number !== undefined) found.push(number)
    }
    return found
  }
}
