// A policy in its place: what that place already promises about a request, and what is left to be tested. A place below an entity also holds what
// asks for that very entity, and nothing is promised about the resource.
import type { Asked } from './asked.ts'
import type { Names } from './names.ts'
import type { CompiledPolicy } from './policies.ts'
import { fits, type Scope } from './scopes.ts'
import { Shelf } from './shelf.ts'

/** A policy in an index. */
export interface Filed {
  readonly policy: CompiledPolicy
  /** No other policy of any index has it. */
  readonly serial: number
  /** What its places do not already promise about the principal and the action. */
  readonly principal: Scope | undefined
  readonly action: Scope | undefined
  /** What the resource must be, as far as numbers do not say it. */
  readonly resource: Scope | undefined
  /** The number of the entity that the resource must be or stand below; undefined when it need not. */
  readonly below: number | undefined
  /** The last question that it was heard for: one that is found in several places speaks once. */
  heard: number
}

function unproven(scope: Scope): Scope | undefined {
  return scope.op === 'equal' || (scope.op === 'is' && scope.within !== undefined) ? scope : undefined
}

function numberBelow(scope: Scope, resources: Names): number | undefined {
  const [only, ...more] = scope.op === 'in' ? scope.entities : []
  return only === undefined || more.length > 0 ? undefined : resources.numberOf(only.key)
}

let serial = 0

/** Makes a policy ready to be filed. */
export function toFile(policy: CompiledPolicy, resources: Names): Filed {
  const { principal, action, resource } = policy.head
  const below = numberBelow(resource, resources)
  const left = resource.op === 'all' || below !== undefined ? undefined : resource
  return { policy, serial: ++serial, principal: unproven(principal), action: unproven(action), resource: left, below, heard: 0 }
}

/** Whether principal and action are what the policy asks for, given that it was found in one of its places. */
export function isAskedOf({ principal, action }: Filed, asked: Asked): boolean {
  return (principal === undefined || fits(principal, asked.principal, asked)) && (action === undefined || fits(action, asked.action, asked))
}

/** Whether the resource is what the policy asks for. `numbers` are those of the resource and of everything above it. */
export function isAbout({ below, resource }: Filed, asked: Asked, numbers: readonly number[]): boolean {
  if (below !== undefined) {
    for (let at = 0; at < numbers.length; at++) if (numbers[at] === below) return true
    return false
  }
  return resource === undefined || fits(resource, asked.resource, asked)
}

/** A bucket is filed by resource as well when it holds more policies than this. */
const bucketMax = 16

function drop(from: Filed[], one: Filed): void {
  const at = from.indexOf(one)
  if (at !== -1) from.splice(at, 1)
}

function file(shelf: Shelf<Filed[]>, one: Filed): void {
  for (const place of shelf.places(one.policy.head.resource)) place.push(one)
}

/** Policies that share an action and a principal; filed by resource when they are many. */
export class Bucket {
  readonly all: Filed[] = []
  byResource: Shelf<Filed[]> | undefined
  private readonly names: Names

  constructor(names: Names) {
    this.names = names
  }

  /** Puts a policy in. */
  add(one: Filed): void {
    this.all.push(one)
    if (this.byResource !== undefined) file(this.byResource, one)
    else if (this.all.length > bucketMax) {
      this.byResource = new Shelf(this.names, () => [])
      for (const each of this.all) file(this.byResource, each)
    }
  }

  /** Takes a policy out. */
  remove(one: Filed): void {
    drop(this.all, one)
    for (const place of this.byResource?.places(one.policy.head.resource) ?? []) drop(place, one)
  }
}
