// What `when` and `unless` say, as data: two operands with what they are compared by, or one that must be true, or must not. One function evaluates all of them, and
// each operator has a place of its own in it: so the runtime sees through every call. Closures that differ it would jump into, one after the other, at each decision.
import type { Asked } from './asked.ts'
import { type Operand, operandOf } from './operands.ts'
import type { Operators } from './operators.ts'
import { typeFault } from './values.ts'

const [isTrue, isNotTrue, isEqual, isOther, isLess, isLessOrEqual, isMore, isMoreOrEqual, contains] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const

/** What compares two operands. */
export type Comparing =
  | typeof isEqual
  | typeof isOther
  | typeof isLess
  | typeof isLessOrEqual
  | typeof isMore
  | typeof isMoreOrEqual
  | typeof contains

/** The kinds of expressions that compare two operands, by their names in Cedar's JSON. */
export const comparisons: ReadonlyMap<string, Comparing> = new Map([
  ['==', isEqual],
  ['!=', isOther],
  ['<', isLess],
  ['<=', isLessOrEqual],
  ['>', isMore],
  ['>=', isMoreOrEqual],
  ['contains', contains],
])

/** A condition. */
export class Condition {
  private readonly by: Comparing | typeof isTrue | typeof isNotTrue
  private readonly left: Operand
  private readonly right: Operand
  private readonly operators: Operators

  private constructor(by: Condition['by'], left: Operand, right: Operand, operators: Operators) {
    this.by = by
    this.left = left
    this.right = right
    this.operators = operators
  }

  /** That two operands compare. */
  static that(left: Operand, by: Comparing, right: Operand, operators: Operators): Condition {
    return new Condition(by, left, right, operators)
  }

  /** That an operand is true. */
  static when(operand: Operand, operators: Operators): Condition {
    return new Condition(isTrue, operand, operand, operators)
  }

  /** That an operand is not true. */
  static unless(operand: Operand, operators: Operators): Condition {
    return new Condition(isNotTrue, operand, operand, operators)
  }

  /** That several are met; those after the first that is not are not looked at. */
  static all(conditions: readonly Condition[], operators: Operators): Condition {
    const evaluate = operators.and(conditions.map((one) => (asked: Asked) => one.isMet(asked)))
    return Condition.when(operandOf(undefined, evaluate, undefined), operators)
  }

  /** Whether it is met. Throws `Fault`. */
  isMet(asked: Asked): boolean {
    const { by, operators } = this
    const left = this.left.of(asked)
    if (by === isTrue) {
      if (typeof left === 'boolean') return left
      throw typeFault('boolean', left)
    }
    if (by === isNotTrue) return operators.not(left)
    const right = this.right.of(asked)
    switch (by) {
      case isEqual:
        return operators.equal(left, right)
      case isOther:
        return !operators.equal(left, right)
      case isLess:
        return operators.less(left, right)
      case isLessOrEqual:
        return operators.lessOrEqual(left, right)
      case isMore:
        return !operators.lessOrEqual(left, right)
      case isMoreOrEqual:
        return !operators.less(left, right)
      case contains:
        return operators.contains(left, right)
    }
  }
}
