// A thing that need not be there yet, laid out for a decision as the door would find it: of the type that an action is decided on, under a real twin, project
// and organization, with what is known of it and blanks for the rest. Deciding on it says what somebody could do to the next one of its kind.

import type { Supposed, Supposing } from '../../access/index.ts'
import { type Policy, resourceTypes, wouldAllow } from '../../access/index.ts'
import type { Attributes, AttributeType, AttributeValue, Capability, Entity, EntityRef, Located } from '../../kernel/index.ts'
import type { ExaminerParts } from './examine.ts'

const blank: Readonly<Record<AttributeType, AttributeValue>> = { String: '', Long: 0, Boolean: false, 'Set<String>': [] }

function filled(attributes: Attributes, known: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, known[name] ?? blank[type]]))
}

type Types = ReadonlyMap<string, { readonly attributes: Attributes; readonly parents: readonly string[] }>

function entityOf(types: Types, ref: EntityRef, above: readonly EntityRef[], known: Readonly<Record<string, AttributeValue>>): Entity {
  const type = types.get(ref.type) ?? { attributes: {}, parents: [] }
  const parent = above.find((one) => type.parents.includes(one.type))
  return { type: ref.type, id: ref.id, attributes: filled(type.attributes, known), parents: parent === undefined ? [] : [parent] }
}

function layOut(types: Types, { resource: { name }, context }: Capability, supposed: Supposed): Located<undefined> {
  const at = supposed.above.findIndex(({ type }) => type === name)
  const ref = supposed.above[at] ?? { type: name, id: 'supposed' }
  const above = supposed.above.slice(at + 1)
  return {
    resource: entityOf(types, ref, above, supposed.known),
    others: above.map((one, place) => entityOf(types, one, above.slice(place + 1), {})),
    ...(supposed.environment === undefined ? {} : { environment: supposed.environment }),
    context: filled(context, {}),
    found: undefined,
  }
}

/** Makes what answers suppositions over a catalogue. */
export function createSupposing(parts: ExaminerParts): Supposing['suppose'] {
  const types = new Map(resourceTypes(parts.catalogue).map((type) => [type.name, type]))
  const byName = new Map(parts.catalogue.map((one) => [one.name, one]))
  return ({ principal, version }, policies: readonly Policy[], supposed) => {
    const capability = byName.get(supposed.action)
    if (capability === undefined) return { allowed: false, policies: [] }
    const now = parts.ports().clock.now()
    return wouldAllow(parts.decider, { capability, principal, version, policies, now, located: layOut(types, capability, supposed) })
  }
}
