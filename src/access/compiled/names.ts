// The entities that heads name, as small numbers: an index looks those up faster than texts, and remembers them with the entity.
import type { Asked } from './asked.ts'
import { EntityNode } from './entity-store.ts'
import type { EntityUid } from './values.ts'

/** Numbers for the keys of entities. A number is never given twice; it is kept for as long as the index lives. */
export class Names {
  private readonly numbers = new Map<string, number>()

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
    const numbers = this.gather(uid.key, above)
    if (uid instanceof EntityNode) uid.memo = { owner: this, version, above, numbers }
    return numbers
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
