// The shortest ways from a variable of a request to an attribute, which is what most conditions ask for: a slot of the entity, or of the context. Where nothing is found
// by it, the operator says what that means.
import type { Evaluate } from './asked.ts'
import { EntityNode } from './entity-store.ts'
import { isObject } from './json-values.ts'
import type { Operators } from './operators.ts'
import { Slot } from './records.ts'

/** An attribute of a variable; undefined for any other expression. */
export function attributeOfVariable(json: unknown, name: string, getAttribute: Operators['getAttribute']): Evaluate | undefined {
  const slot = new Slot(name)
  switch (isObject(json) ? json.Var : undefined) {
    case 'principal':
      return (asked) => asked.principal.read(slot) ?? getAttribute(asked, asked.principal, name)
    case 'resource':
      return (asked) => asked.resource.read(slot) ?? getAttribute(asked, asked.resource, name)
    case 'context':
      return (asked) => asked.context.read(slot) ?? getAttribute(asked, asked.context, name)
    default:
      return undefined
  }
}

/** The shortest way to whether the principal or the resource has an attribute; of one that does not exist, the operator says it. */
export function presenceOnVariable(json: unknown, name: string, { hasAttribute }: Operators): Evaluate | undefined {
  const slot = new Slot(name)
  switch (isObject(json) ? json.Var : undefined) {
    case 'principal':
      return (asked) =>
        asked.principal.read(slot) !== undefined || (!(asked.principal instanceof EntityNode) && hasAttribute(asked, asked.principal, name))
    case 'resource':
      return (asked) =>
        asked.resource.read(slot) !== undefined || (!(asked.resource instanceof EntityNode) && hasAttribute(asked, asked.resource, name))
    default:
      return undefined
  }
}
