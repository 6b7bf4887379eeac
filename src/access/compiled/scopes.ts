// The head of a policy: which principal, action and resource it speaks of. Scope tests cannot fail, so an index may skip what they would refuse.
import { type Asked, isBelow } from './asked.ts'
import { Unsupported } from './faults.ts'
import { isObject, uidFromJson, wellFormed } from './json-values.ts'
import type { EntityUid } from './values.ts'

/** What one place of a head asks for: anything; an entity; an entity or what is below it; one of several of those; a type, maybe below an entity. */
export type Scope =
  | { readonly op: 'all' }
  | { readonly op: 'equal'; readonly entity: EntityUid }
  | { readonly op: 'in'; readonly entities: readonly EntityUid[] }
  | { readonly op: 'is'; readonly type: string; readonly within: EntityUid | undefined }

/** The entities that slots of a template stand for: `?principal`, `?resource`. */
export type Slots = Readonly<Record<string, EntityUid>>

/** The three places of a head. */
export interface Head {
  readonly principal: Scope
  readonly action: Scope
  readonly resource: Scope
}

function entityOf(json: Readonly<Record<string, unknown>>, slots: Slots): EntityUid {
  if (json.entity !== undefined) return uidFromJson(json.entity)
  const slot = typeof json.slot === 'string' && Object.hasOwn(slots, json.slot) ? slots[json.slot] : undefined
  if (slot === undefined) throw new Unsupported('A head names neither an entity nor a linked slot.')
  return slot
}

function scopeFrom(json: unknown, slots: Slots): Scope {
  if (!isObject(json)) throw new Unsupported('A policy lacks a part of its head.')
  switch (json.op) {
    case 'All':
      return { op: 'all' }
    case '==':
      return { op: 'equal', entity: entityOf(json, slots) }
    case 'in':
      return { op: 'in', entities: Array.isArray(json.entities) ? json.entities.map(uidFromJson) : [entityOf(json, slots)] }
    case 'is':
      return { op: 'is', type: wellFormed(json.entity_type), within: isObject(json.in) ? entityOf(json.in, slots) : undefined }
    default:
      throw new Unsupported('A head has an unknown operator.')
  }
}

/** The head of a policy's JSON. Throws `Unsupported`. */
export function headFrom(json: Readonly<Record<string, unknown>>, slots: Slots): Head {
  return { principal: scopeFrom(json.principal, slots), action: scopeFrom(json.action, slots), resource: scopeFrom(json.resource, slots) }
}

function isBelowAny(entities: readonly EntityUid[], uid: EntityUid, asked: Asked): boolean {
  for (const { key } of entities) if (isBelow(asked, uid, key)) return true
  return false
}

/** Whether an entity is what a scope asks for. */
export function fits(scope: Scope, uid: EntityUid, asked: Asked): boolean {
  switch (scope.op) {
    case 'all':
      return true
    case 'equal':
      return uid.id === scope.entity.id && uid.type === scope.entity.type
    case 'in':
      return isBelowAny(scope.entities, uid, asked)
    case 'is':
      return uid.type === scope.type && (scope.within === undefined || isBelow(asked, uid, scope.within.key))
  }
}

/** Whether the principal and the resource of a request are what a head asks for. */
export function endsFit(head: Head, asked: Asked): boolean {
  return fits(head.principal, asked.principal, asked) && fits(head.resource, asked.resource, asked)
}

/** Whether a request is what a head asks for. */
export function headFits(head: Head, asked: Asked): boolean {
  return fits(head.action, asked.action, asked) && endsFit(head, asked)
}
