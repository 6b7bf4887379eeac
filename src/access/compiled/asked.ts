// One request as closures see it: the four variables and the entities. Made per request, read-only for policies.
import { type Entities, nodeOf } from './entity-store.ts'
import { EntityUid, type RecordValue, type Value } from './values.ts'

/** What a closure evaluates against. */
export interface Asked {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: RecordValue
  readonly entities: Entities
}

/** A compiled expression. Throws `Fault` when the expression has no value. */
export type Evaluate = (asked: Asked) => Value

/** Names an entity of a request: by the node of the store when it exists there. */
export function asking(entities: Entities, type: string, id: string): EntityUid {
  return entities.find(type, id) ?? new EntityUid(type, id)
}

/** Whether an entity is another or stands below it. */
export function isBelow(asked: Asked, uid: EntityUid, key: string): boolean {
  return uid.key === key || asked.entities.ancestors(uid).has(key)
}

/** The attributes of an entity, when it exists. */
export function attributesOf(asked: Asked, uid: EntityUid): RecordValue | undefined {
  return nodeOf(asked.entities, uid)?.attributes
}

/** The tags of an entity, when it exists. */
export function tagsOf(asked: Asked, uid: EntityUid): RecordValue | undefined {
  return nodeOf(asked.entities, uid)?.tags
}
