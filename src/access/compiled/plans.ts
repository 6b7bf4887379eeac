// What has to be heard when a principal asks for an action: gathered once and remembered with the principal, until a policy or what is above either
// of them changes. A plan leaves the resource open. Plans are bounded in number; when there are too many, all are gathered anew.
import type { Asked } from './asked.ts'
import type { EntityNode, Memo } from './entity-store.ts'
import { type Bucket, type Filed, isAskedOf } from './filed.ts'
import type { Shelf } from './shelf.ts'

/** How many plans of one index are remembered. */
const plansMax = 100_000
/** How many actions have a number. */
export const numberedActionsMax = 1000

/** The policies to hear: each once; principal and action are what they ask for. */
export interface Plan extends ReadonlyArray<Filed> {
  /** More of them, filed by resource, for whoever holds a great many. */
  readonly shelves?: readonly Shelf<Filed[]>[]
}

/** Where the policies of a principal are found, by the entities that are above the action. */
export type ByPrincipal = Shelf<Bucket>

/** The number of an action, with what was above it when it got that. */
class ActionNumber implements Memo {
  readonly owner: object
  readonly epoch: number
  readonly above: ReadonlySet<string>
  readonly number: number

  constructor(owner: object, epoch: number, above: ReadonlySet<string>, number: number) {
    this.owner = owner
    this.epoch = epoch
    this.above = above
    this.number = number
  }
}

/** The plans of one principal, by the number of the action. */
class PrincipalPlans implements Memo {
  readonly owner: object
  readonly epoch: number
  readonly above: ReadonlySet<string>
  readonly byAction: (Plan | undefined)[] = []

  constructor(owner: object, epoch: number, above: ReadonlySet<string>) {
    this.owner = owner
    this.epoch = epoch
    this.above = above
  }
}

function gather(byAction: Shelf<ByPrincipal>, asked: Asked): Plan {
  const policies = new Set<Filed>()
  const shelves: Shelf<Filed[]>[] = []
  const meetBucket = (bucket: Bucket): void => {
    if (bucket.byResource !== undefined) shelves.push(bucket.byResource)
    else for (const one of bucket.all) if (isAskedOf(one, asked)) policies.add(one)
  }
  byAction.visit(asked.action, asked, { meet: (place) => place.visit(asked.principal, asked, { meet: meetBucket }) })
  return shelves.length === 0 ? [...policies] : Object.assign([...policies], { shelves })
}

/** The plans of one index. */
export class Plans {
  private readonly byAction: Shelf<ByPrincipal>
  /** Everything that was remembered in an earlier one counts no more. */
  private epoch = 0
  private made = 0
  private numbered = 0
  /** Those without shelves, by what they hold: members of the same groups share them. */
  private readonly same = new Map<string, Plan>()

  constructor(byAction: Shelf<ByPrincipal>) {
    this.byAction = byAction
  }

  /** Forgets all of them: a policy came or went. */
  forget(): void {
    this.epoch++
    this.made = 0
    this.numbered = 0
    this.same.clear()
  }

  /** The plan for a request whose principal and action exist; it is remembered. */
  of(principal: EntityNode, action: EntityNode, asked: Asked): Plan {
    const number = this.numberOf(action, asked.entities.ancestors(action))
    const plans = this.plansOf(principal, asked.entities.ancestors(principal))
    const known = plans.byAction[number]
    if (known !== undefined) return known
    if (++this.made > plansMax) {
      this.forget()
      return this.of(principal, action, asked)
    }
    const plan = this.shared(gather(this.byAction, asked))
    plans.byAction[number] = plan
    return plan
  }

  /** The plan for any request. */
  once(asked: Asked): Plan {
    return gather(this.byAction, asked)
  }

  private shared(plan: Plan): Plan {
    if (plan.shelves !== undefined) return plan
    const key = plan.map(({ serial }) => serial).join()
    const known = this.same.get(key) ?? plan
    this.same.set(key, known)
    return known
  }

  private numberOf(action: EntityNode, above: ReadonlySet<string>): number {
    const { indexed } = action
    if (indexed instanceof ActionNumber && indexed.owner === this && indexed.epoch === this.epoch && indexed.above === above)
      return indexed.number
    if (++this.numbered > numberedActionsMax) this.forget()
    action.indexed = new ActionNumber(this, this.epoch, above, this.numbered)
    return this.numbered
  }

  private plansOf(principal: EntityNode, above: ReadonlySet<string>): PrincipalPlans {
    const { indexed } = principal
    if (indexed instanceof PrincipalPlans && indexed.owner === this && indexed.epoch === this.epoch && indexed.above === above)
      return indexed
    const made = new PrincipalPlans(this, this.epoch, above)
    principal.indexed = made
    return made
  }
}
