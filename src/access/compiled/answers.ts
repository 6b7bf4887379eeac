// From candidates to an answer: every policy whose head fits is evaluated, none stops another, and Cedar's rule makes the decision.
// Source: Cedar language specification, "Authorization": allowed if and only if some permit is satisfied and no forbid is.
import type { Asked } from './asked.ts'
import { Fault } from './faults.ts'
import type { CompiledPolicy } from './policies.ts'
import { headFits } from './scopes.ts'

/** A policy that erred, and why. */
export interface PolicyError {
  readonly policy: string
  readonly effect: 'permit' | 'forbid'
  readonly fault: Fault
}

/** A full answer. */
export interface Answer {
  readonly allowed: boolean
  /** The policies that decided: the satisfied forbids, or else the satisfied permits. */
  readonly reasons: readonly string[]
  readonly errors: readonly PolicyError[]
}

/** The ids of policies that are satisfied. */
export interface Said {
  readonly permits: readonly string[]
  readonly forbids: readonly string[]
}

const noErrors: readonly PolicyError[] = Object.freeze([])

/** Whether what a policy says of a request whose head fits is true. Throws `Fault`. */
function isSatisfied({ condition }: CompiledPolicy, asked: Asked): boolean {
  return condition === undefined || condition.isMet(asked)
}

const nothing: readonly string[] = Object.freeze([])
const nothingSaid: Said = { permits: nothing, forbids: nothing }

const joined = (before: readonly string[], more: readonly string[] | undefined): readonly string[] =>
  more === undefined ? before : before.length === 0 ? more : [...before, ...more]

/** Collects what policies say and makes the decision. Lists are made when there is something to put into them: most answers are short. */
export class Verdict {
  private permits: string[] | undefined
  private forbids: string[] | undefined
  private errors: PolicyError[] | undefined

  /** Evaluates the condition of a policy whose head fits. */
  hear(policy: CompiledPolicy, asked: Asked): void {
    try {
      if (isSatisfied(policy, asked)) this.agree(policy)
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      this.errors ??= []
      this.errors.push({ policy: policy.id, effect: policy.effect, fault })
    }
  }

  /** The decision, by what was heard and by what had been said before. */
  answer(before: Said = nothingSaid): Answer {
    const errors = this.errors ?? noErrors
    const forbids = joined(before.forbids, this.forbids)
    if (forbids.length > 0) return { allowed: false, reasons: forbids, errors }
    const permits = joined(before.permits, this.permits)
    return { allowed: permits.length > 0, reasons: permits, errors }
  }

  /** Counts a policy that is satisfied. */
  agree({ id, effect }: CompiledPolicy): void {
    if (effect === 'permit') {
      if (this.permits === undefined) this.permits = [id]
      else this.permits.push(id)
    } else if (this.forbids === undefined) this.forbids = [id]
    else this.forbids.push(id)
  }
}

/** The answer of these policies alone. */
export function answerOf(policies: Iterable<CompiledPolicy>, asked: Asked): Answer {
  const verdict = new Verdict()
  for (const policy of policies) if (headFits(policy.head, asked)) verdict.hear(policy, asked)
  return verdict.answer()
}
