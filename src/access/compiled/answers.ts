// From candidates to an answer: every policy whose head fits is evaluated, none stops another, and Cedar's rule makes the decision.
// Source: Cedar language specification, "Authorization": allowed if and only if some permit is satisfied and no forbid is.
import type { Asked } from './asked.ts'
import { Fault } from './faults.ts'
import type { CompiledPolicy } from './policies.ts'
import { headFits } from './scopes.ts'
import { typeFault } from './values.ts'

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

const noErrors: readonly PolicyError[] = []

function isSatisfied(policy: CompiledPolicy, asked: Asked): boolean {
  if (policy.condition === undefined) return true
  const value = policy.condition(asked)
  if (typeof value !== 'boolean') throw typeFault('boolean', value)
  return value
}

const noReasons: readonly string[] = []

/** Collects what policies say and makes the decision. Lists are made when there is something to put into them: most answers are short. */
export class Verdict {
  private permits: string[] | undefined
  private forbids: string[] | undefined
  private errors: PolicyError[] | undefined

  /** Evaluates the condition of a policy whose head fits. */
  hear(policy: CompiledPolicy, asked: Asked): void {
    try {
      if (isSatisfied(policy, asked)) this.satisfied(policy)
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault
      this.errors ??= []
      this.errors.push({ policy: policy.id, effect: policy.effect, fault })
    }
  }

  /** The decision. */
  answer(): Answer {
    const isForbidden = this.forbids !== undefined
    return {
      allowed: !isForbidden && this.permits !== undefined,
      reasons: (isForbidden ? this.forbids : this.permits) ?? noReasons,
      errors: this.errors ?? noErrors,
    }
  }

  private satisfied({ id, effect }: CompiledPolicy): void {
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
