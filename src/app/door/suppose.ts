// A thing that need not be there yet, laid out for a decision as the door would find it: of the type that an action is decided on, under a real twin, project
// and organization, with what is known of it and blanks for the rest. Deciding on it says what somebody could do to the next one of its kind.

import { type Decider, type Policy, resourceTypes, type Supposed, type Supposing, wouldAllow } from '../../access/index.ts'
import type { Attributes, AttributeType, AttributeValue, Capability, Entity, EntityRef, Located, Ports } from '../../kernel/index.ts'

/** What an examiner stands on; ports are asked for late, because the examiner is one of them. */
export interface ExaminerParts {
  readonly catalogue: readonly Capability[]
  readonly decider: Decider
  ports(): Ports
}

const blank: Readonly<Record<AttributeType, AttributeValue>> = { String: '', Long: 0, Boolean: false, 'Set<String>': [] }

function filled(attributes: Attributes, known: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, known[name] ?? blank[type]]))
}

interface Type {
  readonly attributes: Attributes
  readonly parents: readonly string[]
}
type Types = ReadonlyMap<string, Type>

const noType: Type = { attributes: {}, parents: [] }

/** What stands above a thing of a type, nearest first: what is really there, and below that, where it is too far up, things as made up as the thing itself. */
function lineOf(types: Types, type: string, above: readonly EntityRef[]): readonly EntityRef[] {
  const { parents } = types.get(type) ?? noType
  const at = above.findIndex((one) => parents.includes(one.type))
  if (at !== -1) return above.slice(at)
  const [parent] = parents
  return parent === undefined || parent === type ? [] : [{ type: parent, id: 'supposed' }, ...lineOf(types, parent, above)]
}

function entityOf(types: Types, ref: EntityRef, above: readonly EntityRef[], known: Readonly<Record<string, AttributeValue>>): Entity {
  const [parent] = lineOf(types, ref.type, above)
  return {
    type: ref.type,
    id: ref.id,
    attributes: filled((types.get(ref.type) ?? noType).attributes, known),
    parents: parent === undefined ? [] : [parent],
  }
}

function layOut(types: Types, { resource: { name }, context }: Capability, supposed: Supposed): Located<undefined> {
  const at = supposed.above.findIndex(({ type }) => type === name)
  const ref = supposed.above[at] ?? { type: name, id: 'supposed' }
  const above = lineOf(types, name, supposed.above.slice(at + 1))
  return {
    resource: entityOf(types, ref, above, supposed.known),
    others: above.map((one, place) => entityOf(types, one, above.slice(place + 1), {})),
    ...(supposed.environment === undefined ? {} : { environment: supposed.environment }),
    context: filled(context, supposed.context ?? {}),
    found: undefined,
  }
}

/** Makes what answers suppositions over a catalogue. */
export function createSupposing(parts: ExaminerParts): Supposing['suppose'] {
  const types = new Map(resourceTypes(parts.catalogue).map((type) => [type.name, type]))
  const byName = new Map(parts.catalogue.map((one) => [one.name, one]))
  return ({ principal, version, now = parts.ports().clock.now() }, policies: readonly Policy[], supposed) => {
    const capability = byName.get(supposed.action)
    if (capability === undefined) return { allowed: false, policies: [] }
    return wouldAllow(parts.decider, { capability, principal, version, policies, now, located: layOut(types, capability, supposed) })
  }
}
