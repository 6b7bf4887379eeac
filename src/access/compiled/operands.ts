// What operators are applied to. Most conditions compare an attribute of the principal, the resource or the context with another one or with a constant: such an
// operand is read in place, everything else by a closure of its own. Where an attribute is not found in place, the closure says what that means.
import type { Asked, Evaluate } from './asked.ts'
import { isObject } from './json-values.ts'
import { asName, Slot } from './records.ts'
import type { Value } from './values.ts'

const [elsewhere, constant, thePrincipal, theResource, ofPrincipal, ofResource, ofContext] = [0, 1, 2, 3, 4, 5, 6] as const

const variables: Readonly<Record<string, number>> = { principal: thePrincipal, resource: theResource }
const owners: Readonly<Record<string, number>> = { principal: ofPrincipal, resource: ofResource, context: ofContext }

/** One operand. Where it is an attribute, it is the slot of that too: what is read together lies together. */
export class Operand extends Slot {
  private readonly place: number
  private readonly value: Value | undefined
  private readonly evaluate: Evaluate

  constructor(evaluate: Evaluate, place: number, attribute = '', value?: Value) {
    super(attribute)
    this.place = place
    this.value = value
    this.evaluate = evaluate
  }

  /** Its value. Throws `Fault` when it has none. */
  of(asked: Asked): Value {
    return this.inPlace(asked) ?? this.evaluate(asked)
  }

  private inPlace(asked: Asked): Value | undefined {
    switch (this.place) {
      case constant:
        return this.value
      case thePrincipal:
        return asked.principal
      case theResource:
        return asked.resource
      case ofPrincipal:
        return asked.principal.read(this)
      case ofResource:
        return asked.resource.read(this)
      case ofContext:
        return asked.context.read(this)
      default:
        return undefined
    }
  }
}

const named = (places: Readonly<Record<string, number>>, variable: unknown): number | undefined =>
  typeof variable === 'string' && Object.hasOwn(places, variable) ? places[variable] : undefined

/** An expression as an operand; `evaluate` is what it compiles to, `value` what it comes to for every request, where it does. */
export function operandOf(json: unknown, evaluate: Evaluate, value: Value | undefined): Operand {
  if (value !== undefined) return new Operand(evaluate, constant, '', value)
  if (!isObject(json)) return new Operand(evaluate, elsewhere)
  const variable = named(variables, json.Var)
  if (variable !== undefined) return new Operand(evaluate, variable)
  const { left, attr } = isObject(json['.']) ? json['.'] : {}
  const owner = named(owners, isObject(left) ? left.Var : undefined)
  return owner === undefined || typeof attr !== 'string' ? new Operand(evaluate, elsewhere) : new Operand(evaluate, owner, asName(attr))
}
