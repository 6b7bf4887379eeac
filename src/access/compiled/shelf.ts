// A shelf of the policy index: things filed under what a scope asks for, found again for an entity without looking at the rest.
import type { Asked } from './asked.ts'
import type { Scope } from './scopes.ts'
import type { EntityUid } from './values.ts'

/** Things filed for anything, for a type, and for an entity with all that is below it. */
export class Shelf<T> {
  /** How often a new place was made: whoever remembers places looks again when this has moved. */
  version = 0
  private any: T | undefined
  private readonly byType = new Map<string, T>()
  private readonly byEntity = new Map<string, T>()
  /** The keys of `byEntity` and what is there, side by side: a short list is faster to walk than a map. */
  private readonly keys: string[] = []
  private readonly filed: T[] = []
  private readonly make: () => T

  constructor(make: () => T) {
    this.make = make
  }

  /** The places where a scope is filed; missing ones are made. */
  places(scope: Scope): T[] {
    switch (scope.op) {
      case 'all':
        this.any ??= this.made()
        return [this.any]
      case 'equal':
        return [this.under(this.byEntity, scope.entity.key)]
      case 'in':
        return [...new Set(scope.entities.map((entity) => entity.key))].map((key) => this.under(this.byEntity, key))
      case 'is':
        return [scope.within === undefined ? this.under(this.byType, scope.type) : this.under(this.byEntity, scope.within.key)]
    }
  }

  /** Adds every place that can hold what fits an entity. */
  collect(uid: EntityUid, asked: Asked, into: T[]): void {
    if (this.any !== undefined) into.push(this.any)
    if (this.byType.size > 0) add(this.byType.get(uid.type), into)
    if (this.byEntity.size === 0) return
    const above = asked.entities.ancestors(uid)
    add(this.byEntity.get(uid.key), into)
    if (above.size === 0) return
    if (above.size * 4 <= this.keys.length) for (const key of above) add(this.byEntity.get(key), into)
    else this.walk(above, into)
  }

  private walk(above: ReadonlySet<string>, into: T[]): void {
    for (let at = 0; at < this.keys.length; at++) {
      const key = this.keys[at]
      const place = this.filed[at]
      if (key !== undefined && place !== undefined && above.has(key)) into.push(place)
    }
  }

  private under(map: Map<string, T>, key: string): T {
    const found = map.get(key)
    if (found !== undefined) return found
    const made = this.made()
    map.set(key, made)
    if (map === this.byEntity) {
      this.keys.push(key)
      this.filed.push(made)
    }
    return made
  }

  private made(): T {
    this.version++
    return this.make()
  }
}

function add<T>(place: T | undefined, into: T[]): void {
  if (place !== undefined) into.push(place)
}
