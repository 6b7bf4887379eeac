// A shelf of the policy index: things filed under what a scope asks for, found again for an entity without looking at the rest.
import type { Asked } from './asked.ts'
import type { Names } from './names.ts'
import type { Scope } from './scopes.ts'
import type { EntityUid } from './values.ts'

/** Who is shown places. */
export interface Visitor<T> {
  meet(place: T): void
}

/** Things filed for anything, for a type, and for an entity with all that is below it. */
export class Shelf<T> {
  /** How often a new place was made: whoever remembers places looks again when this has moved. */
  version = 0
  private any: T | undefined
  private readonly byType = new Map<string, T>()
  /** By the number of the entity. */
  private readonly byEntity: (T | undefined)[] = []
  private readonly names: Names
  private readonly make: () => T

  constructor(names: Names, make: () => T) {
    this.names = names
    this.make = make
  }

  /** The places where a scope is filed; missing ones are made. */
  places(scope: Scope): T[] {
    switch (scope.op) {
      case 'all':
        this.any ??= this.made()
        return [this.any]
      case 'equal':
        return [this.below(scope.entity.key)]
      case 'in':
        return [...new Set(scope.entities.map((entity) => entity.key))].map((key) => this.below(key))
      case 'is':
        return [scope.within === undefined ? this.ofType(scope.type) : this.below(scope.within.key)]
    }
  }

  /** Shows a visitor every place that can hold what fits an entity. */
  visit(uid: EntityUid, asked: Asked, visitor: Visitor<T>): void {
    if (this.any !== undefined) visitor.meet(this.any)
    if (this.byType.size > 0) {
      const place = this.byType.get(uid.type)
      if (place !== undefined) visitor.meet(place)
    }
    const places = this.byEntity
    if (places.length === 0) return
    for (const number of this.names.of(uid, asked)) {
      const place = number < places.length ? places[number] : undefined
      if (place !== undefined) visitor.meet(place)
    }
  }

  private below(key: string): T {
    const number = this.names.numberOf(key)
    const place = this.byEntity[number] ?? this.made()
    this.byEntity[number] = place
    return place
  }

  private ofType(type: string): T {
    const place = this.byType.get(type) ?? this.made()
    this.byType.set(type, place)
    return place
  }

  private made(): T {
    this.version++
    return this.make()
  }
}
