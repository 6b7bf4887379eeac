// Every active policy, filed by what its head asks for, so that a decision looks at those that can apply and at no other: first by action or
// group of actions, then by principal, and where many share a principal also by resource. Sound because a head cannot fail: a policy that is
// skipped would have said nothing. Follows the database like the entity store; whoever writes here decides.
import { type Answer, Verdict } from './answers.ts'
import { type Asked, asking } from './asked.ts'
import type { Entities } from './entity-store.ts'
import { Names } from './names.ts'
import type { CompiledPolicy } from './policies.ts'
import { fits, type Scope } from './scopes.ts'
import { Shelf, type Visitor } from './shelf.ts'
import type { RecordValue } from './values.ts'

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
/** For how many actions the places of their policies are remembered. */
const rememberedActionsMax = 1000

/** A policy in the index. */
interface Filed {
  readonly policy: CompiledPolicy
  /** What the places where it is filed do not already promise about the principal and the action. */
  readonly principal: Scope | undefined
  readonly action: Scope | undefined
  /** The last question that it was heard for: one that is filed in several places speaks once. */
  heard: number
}

/** The part of a scope that being found in its place does not prove: a place below an entity also holds what asks for that very entity. */
function unproven(scope: Scope): Scope | undefined {
  return scope.op === 'equal' || (scope.op === 'is' && scope.within !== undefined) ? scope : undefined
}

function drop(from: Filed[], one: Filed): void {
  const at = from.indexOf(one)
  if (at !== -1) from.splice(at, 1)
}

const noPolicies = (): Filed[] => []

/** Policies that share an action and a principal; filed by resource when they are many. */
class Bucket {
  private readonly all: Filed[] = []
  private byResource: Shelf<Filed[]> | undefined
  private readonly names: Names

  constructor(names: Names) {
    this.names = names
  }

  add(one: Filed): void {
    this.all.push(one)
    if (this.byResource !== undefined) file(this.byResource, one)
    else if (this.all.length > bucketMax) {
      this.byResource = new Shelf(this.names, noPolicies)
      for (const each of this.all) file(this.byResource, each)
    }
  }

  remove(one: Filed): void {
    drop(this.all, one)
    for (const place of this.byResource?.places(one.policy.head.resource) ?? []) drop(place, one)
  }

  /** Shows the lists of policies that can fit the resource. */
  visit(asked: Asked, visitor: Visitor<Filed[]>): void {
    if (this.byResource === undefined) visitor.meet(this.all)
    else this.byResource.visit(asked.resource, asked, visitor)
  }
}

/** One question on its way through the index: evaluates the policies whose heads fit, and none twice. */
class Hearing implements Visitor<Bucket> {
  readonly verdict = new Verdict()
  private readonly asked: Asked
  private readonly question: number
  private readonly lists: Visitor<Filed[]> = { meet: (list) => this.hear(list) }

  constructor(asked: Asked, question: number) {
    this.asked = asked
    this.question = question
  }

  meet(bucket: Bucket): void {
    bucket.visit(this.asked, this.lists)
  }

  private hear(list: readonly Filed[]): void {
    for (const one of list) {
      if (one.heard === this.question) continue
      one.heard = this.question
      if (!isUnfit(one, this.asked)) this.verdict.hear(one.policy, this.asked)
    }
  }
}

function file(shelf: Shelf<Filed[]>, one: Filed): void {
  for (const place of shelf.places(one.policy.head.resource)) place.push(one)
}

type ByPrincipal = Shelf<Bucket>

/** The places for an action, as long as neither the shelf nor what is above the action changes. */
interface Remembered {
  readonly version: number
  readonly above: ReadonlySet<string>
  readonly places: readonly ByPrincipal[]
}

/** All active policies. */
export class PolicyIndex {
  private readonly policies = new Map<string, Filed>()
  private readonly actions = new Names()
  private readonly principals = new Names()
  private readonly resources = new Names()
  private readonly byAction = new Shelf<ByPrincipal>(this.actions, () => new Shelf(this.principals, () => new Bucket(this.resources)))
  private readonly remembered = new Map<string, Remembered>()
  private questions = 0

  /** How many policies there are. */
  get size(): number {
    return this.policies.size
  }

  /** The policy of an id. */
  get(id: string): CompiledPolicy | undefined {
    return this.policies.get(id)?.policy
  }

  /** Adds a policy; one with the same id is replaced. */
  add(policy: CompiledPolicy): void {
    this.remove(policy.id)
    const { principal, action } = policy.head
    const one: Filed = { policy, principal: unproven(principal), action: unproven(action), heard: 0 }
    this.policies.set(policy.id, one)
    for (const bucket of this.bucketsOf(policy)) bucket.add(one)
  }

  /** Takes a policy away; the next decision does not see it. Says whether it was there. */
  remove(id: string): boolean {
    const one = this.policies.get(id)
    if (one === undefined) return false
    this.policies.delete(id)
    for (const bucket of this.bucketsOf(one.policy)) bucket.remove(one)
    return true
  }

  /** The full answer to a question. Never throws because of what policies or requests say. */
  answer(question: Question, entities: Entities): Answer {
    const { principal, action, resource, context } = question
    return this.answerTo({
      principal: asking(entities, principal.type, principal.id),
      action: typeof action === 'string' ? asking(entities, 'Action', action) : asking(entities, action.type, action.id),
      resource: asking(entities, resource.type, resource.id),
      context,
      entities,
    })
  }

  /** The full answer to a request that is already in the form that closures see. */
  answerTo(asked: Asked): Answer {
    const hearing = new Hearing(asked, ++this.questions)
    for (const place of this.placesFor(asked)) place.visit(asked.principal, asked, hearing)
    return hearing.verdict.answer()
  }

  private placesFor(asked: Asked): readonly ByPrincipal[] {
    const { key } = asked.action
    const above = asked.entities.ancestors(asked.action)
    const known = this.remembered.get(key)
    if (known !== undefined && known.version === this.byAction.version && known.above === above) return known.places
    const places: ByPrincipal[] = []
    this.byAction.visit(asked.action, asked, { meet: (place) => places.push(place) })
    if (this.remembered.size >= rememberedActionsMax) this.remembered.clear()
    this.remembered.set(key, { version: this.byAction.version, above, places })
    return places
  }

  private bucketsOf({ head }: CompiledPolicy): Bucket[] {
    return this.byAction.places(head.action).flatMap((byPrincipal) => byPrincipal.places(head.principal))
  }
}

function isUnfit({ policy, principal, action }: Filed, asked: Asked): boolean {
  if (principal !== undefined && !fits(principal, asked.principal, asked)) return true
  if (action !== undefined && !fits(action, asked.action, asked)) return true
  return !fits(policy.head.resource, asked.resource, asked)
}
