// Every active policy, filed by what its head asks for, so that a decision looks at those that can apply and at no other: first by action or
// group of actions, then by principal, and where many share a principal also by resource. Sound because a head cannot fail: a policy that is
// skipped would have said nothing. Follows the database like the entity store; whoever writes here decides.
import { type Answer, Verdict } from './answers.ts'
import { type Asked, asking } from './asked.ts'
import { type Entities, EntityNode } from './entity-store.ts'
import { Bucket, type Filed, isAbout, isAskedOf, toFile } from './filed.ts'
import { Masks, maskedPoliciesMax } from './masks.ts'
import { Names } from './names.ts'
import { type ByPrincipal, type Plan, Plans } from './plans.ts'
import type { CompiledPolicy } from './policies.ts'
import { Shelf } from './shelf.ts'
import type { RecordValue } from './values.ts'

/** One question. */
export interface Question {
  readonly principal: { readonly type: string; readonly id: string }
  /** The id of an entity of type `Action`, or the whole name of one of another type. */
  readonly action: string | { readonly type: string; readonly id: string }
  readonly resource: { readonly type: string; readonly id: string }
  readonly context: RecordValue
}

/** All active policies. */
export class PolicyIndex {
  private readonly policies = new Map<string, Filed>()
  private readonly actions = new Names()
  private readonly principals = new Names()
  private readonly resources = new Names()
  private readonly byAction = new Shelf<ByPrincipal>(this.actions, () => new Shelf(this.principals, () => new Bucket(this.resources)))
  private readonly plans = new Plans(this.byAction)
  /** Made when it is first asked for, where there are few enough policies for it. */
  private masks: Masks | undefined
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
    const one = toFile(policy, this.resources)
    this.policies.set(policy.id, one)
    for (const bucket of this.bucketsOf(policy)) bucket.add(one)
    this.forget()
  }

  /** Takes a policy away; the next decision does not see it. Says whether it was there. */
  remove(id: string): boolean {
    const one = this.policies.get(id)
    if (one === undefined) return false
    this.policies.delete(id)
    for (const bucket of this.bucketsOf(one.policy)) bucket.remove(one)
    this.forget()
    return true
  }

  private forget(): void {
    this.plans.forget()
    this.masks = undefined
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
    if (this.policies.size > maskedPoliciesMax) return this.answerByPlan(asked)
    this.masks ??= new Masks([...this.policies.values()].map(({ policy }) => policy))
    return this.masks.answer(asked)
  }

  private answerByPlan(asked: Asked): Answer {
    const verdict = new Verdict()
    this.hearPlan(this.planFor(asked), asked, verdict)
    return verdict.answer()
  }

  /** Has everything speak that is here about a request whose principal will not be met again, beside what else is heard. */
  hear(asked: Asked, verdict: Verdict): void {
    this.hearPlan(this.plans.once(asked), asked, verdict)
  }

  private hearPlan(plan: Plan, asked: Asked, verdict: Verdict): void {
    const numbers = this.resources.of(asked.resource, asked)
    for (const one of plan) if (isAbout(one, asked, numbers)) verdict.hear(one.policy, asked)
    if (plan.shelves !== undefined) this.hearShelves(plan, plan.shelves, asked, verdict)
  }

  private planFor(asked: Asked): Plan {
    const { principal, action } = asked
    return principal instanceof EntityNode && action instanceof EntityNode
      ? this.plans.of(principal, action, asked)
      : this.plans.once(asked)
  }

  /** Policies that are filed by resource: some may stand on several shelves, or have been heard before. */
  private hearShelves(before: readonly Filed[], shelves: readonly Shelf<Filed[]>[], asked: Asked, verdict: Verdict): void {
    const question = ++this.questions
    const numbers = this.resources.of(asked.resource, asked)
    for (const one of before) one.heard = question
    const meet = (list: readonly Filed[]): void => {
      for (const one of list) {
        if (one.heard === question) continue
        one.heard = question
        if (isAskedOf(one, asked) && isAbout(one, asked, numbers)) verdict.hear(one.policy, asked)
      }
    }
    for (const shelf of shelves) shelf.visit(asked.resource, asked, { meet })
  }

  private bucketsOf({ head }: CompiledPolicy): Bucket[] {
    return this.byAction.places(head.action).flatMap((byPrincipal) => byPrincipal.places(head.principal))
  }
}
