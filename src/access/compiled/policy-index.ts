// Every active policy, filed by what its head asks for, so that a decision looks at those that can apply and at no other: first by action or
// group of actions, then by principal, and where many share a principal also by resource. Sound because a head cannot fail: a policy that is
// skipped would have said nothing. Follows the database like the entity store; whoever writes here decides.
import { type Answer, Verdict } from './answers.ts'
import { type Asked, asking } from './asked.ts'
import type { Entities } from './entity-store.ts'
import type { CompiledPolicy } from './policies.ts'
import type { Scope } from './scopes.ts'
import type { EntityUid, RecordValue } from './values.ts'

/** One question. */
export interface Question {
  readonly principal: { readonly type: string; readonly id: string }
  /** The id of an entity of type `Action`, or the whole name of one of another type. */
  readonly action: string | { readonly type: string; readonly id: string }
  readonly resource: { readonly type: string; readonly id: string }
  readonly context: RecordValue
}

/** A bucket is filed by resource as well when it holds more policies than this. */
const bucketMax = 16

/** Things filed under a scope: for anything, for a type, for an entity with all below it. */
class Shelf<T> {
  any: T | undefined
  readonly byType = new Map<string, T>()
  readonly byEntity = new Map<string, T>()
  private readonly make: () => T

  constructor(make: () => T) {
    this.make = make
  }

  /** The places where a scope is filed; missing ones are made. */
  places(scope: Scope): T[] {
    switch (scope.op) {
      case 'all':
        this.any ??= this.make()
        return [this.any]
      case 'equal':
        return [this.under(this.byEntity, scope.entity.key)]
      case 'in':
        return [...new Set(scope.entities.map((entity) => entity.key))].map((key) => this.under(this.byEntity, key))
      case 'is':
        return [scope.within === undefined ? this.under(this.byType, scope.type) : this.under(this.byEntity, scope.within.key)]
    }
  }

  /** Calls back with every place that can hold what fits an entity. */
  visit(uid: EntityUid, asked: Asked, visitor: (place: T) => void): void {
    if (this.any !== undefined) visitor(this.any)
    if (this.byType.size > 0) this.visitOne(this.byType, uid.type, visitor)
    if (this.byEntity.size === 0) return
    const above = asked.entities.ancestors(uid)
    this.visitOne(this.byEntity, uid.key, visitor)
    if (above.size <= this.byEntity.size) for (const key of above) this.visitOne(this.byEntity, key, visitor)
    else for (const [key, place] of this.byEntity) if (above.has(key)) visitor(place)
  }

  private visitOne(from: ReadonlyMap<string, T>, key: string, visitor: (place: T) => void): void {
    const place = from.get(key)
    if (place !== undefined) visitor(place)
  }

  private under(map: Map<string, T>, key: string): T {
    const found = map.get(key)
    if (found !== undefined) return found
    const made = this.make()
    map.set(key, made)
    return made
  }
}

const noPolicies = (): CompiledPolicy[] => []

/** Policies that share an action and a principal; filed by resource when they are many. */
class Bucket {
  private readonly all: CompiledPolicy[] = []
  private byResource: Shelf<CompiledPolicy[]> | undefined

  add(policy: CompiledPolicy): void {
    this.all.push(policy)
    if (this.byResource !== undefined) this.file(this.byResource, policy)
    else if (this.all.length > bucketMax) {
      const shelf = new Shelf(noPolicies)
      for (const one of this.all) this.file(shelf, one)
      this.byResource = shelf
    }
  }

  remove(policy: CompiledPolicy): void {
    drop(this.all, policy)
    for (const place of this.byResource?.places(policy.head.resource) ?? []) drop(place, policy)
  }

  visit(asked: Asked, visitor: (policies: readonly CompiledPolicy[]) => void): void {
    if (this.byResource === undefined) visitor(this.all)
    else this.byResource.visit(asked.resource, asked, visitor)
  }

  private file(shelf: Shelf<CompiledPolicy[]>, policy: CompiledPolicy): void {
    for (const place of shelf.places(policy.head.resource)) place.push(policy)
  }
}

function drop(from: CompiledPolicy[], policy: CompiledPolicy): void {
  const at = from.indexOf(policy)
  if (at !== -1) from.splice(at, 1)
}

/** Whether a policy can be met in several places for one request, and so must be told from itself. */
function isFiledTwice({ head }: CompiledPolicy): boolean {
  return [head.principal, head.action, head.resource].some((scope) => scope.op === 'in' && scope.entities.length > 1)
}

/** All active policies. */
export class PolicyIndex {
  private readonly policies = new Map<string, CompiledPolicy>()
  private readonly byAction = new Shelf(() => new Shelf(() => new Bucket()))

  /** How many policies there are. */
  get size(): number {
    return this.policies.size
  }

  /** The policy of an id. */
  get(id: string): CompiledPolicy | undefined {
    return this.policies.get(id)
  }

  /** Adds a policy; one with the same id is replaced. */
  add(policy: CompiledPolicy): void {
    this.remove(policy.id)
    this.policies.set(policy.id, policy)
    for (const bucket of this.bucketsOf(policy)) bucket.add(policy)
  }

  /** Takes a policy away; the next decision does not see it. Says whether it was there. */
  remove(id: string): boolean {
    const policy = this.policies.get(id)
    if (policy === undefined) return false
    this.policies.delete(id)
    for (const bucket of this.bucketsOf(policy)) bucket.remove(policy)
    return true
  }

  /** The full answer to a question. Never throws because of what policies or requests say. */
  answer(question: Question, entities: Entities): Answer {
    const { principal, action, resource, context } = question
    const asked: Asked = {
      principal: asking(entities, principal.type, principal.id),
      action: typeof action === 'string' ? asking(entities, 'Action', action) : asking(entities, action.type, action.id),
      resource: asking(entities, resource.type, resource.id),
      context,
      entities,
    }
    return this.answerTo(asked)
  }

  /** The full answer to a request that is already in the form that closures see. */
  answerTo(asked: Asked): Answer {
    const verdict = new Verdict()
    const heard = new Set<CompiledPolicy>()
    this.visit(asked, (policies) => {
      for (const policy of policies) {
        if (isFiledTwice(policy)) {
          if (heard.has(policy)) continue
          heard.add(policy)
        }
        verdict.hear(policy, asked)
      }
    })
    return verdict.answer()
  }

  private visit(asked: Asked, visitor: (policies: readonly CompiledPolicy[]) => void): void {
    this.byAction.visit(asked.action, asked, (byPrincipal) =>
      byPrincipal.visit(asked.principal, asked, (bucket) => bucket.visit(asked, visitor)),
    )
  }

  private bucketsOf({ head }: CompiledPolicy): Bucket[] {
    return this.byAction.places(head.action).flatMap((byPrincipal) => byPrincipal.places(head.principal))
  }
}
