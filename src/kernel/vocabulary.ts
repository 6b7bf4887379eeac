// The words of a decision: entities, their types and attributes. The Cedar schema is generated from these declarations.
// Attribute values come from the store, never from a request, unless the declaring room says otherwise.
import type { Json } from './canonical.ts'

/** The attribute types that policies may use, named as in Cedar. */
export type AttributeType = 'String' | 'Long' | 'Boolean' | 'Set<String>'

/** Attribute names and types of an entity or of a request's context. */
export type Attributes = Readonly<Record<string, AttributeType>>

/** A value of an attribute; longs are safe integers. */
export type AttributeValue = string | number | boolean | readonly string[]

/** A kind of thing that decisions are about. */
export interface ResourceType {
  readonly name: string
  readonly attributes: Attributes
  /** The types that may stand above it; a grant on one of those covers it. */
  readonly parents: readonly string[]
}

/** Names one thing: its type and id. */
export interface EntityRef {
  readonly type: string
  readonly id: string
}

/** A thing with what policies may know of it. */
export interface Entity extends EntityRef {
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly parents: readonly EntityRef[]
}

/** The classes of environments, weakest first. */
export const environmentClasses = ['sandbox', 'staging', 'preproduction', 'production'] as const

/** One of `sandbox`, `staging`, `preproduction`, `production`. */
export type EnvironmentClass = (typeof environmentClasses)[number]

/** The environment that an action happens in. */
export interface EnvironmentRef {
  readonly id: string
  readonly class: EnvironmentClass
}

/** Sensitivities and clearances, lowest first; policies compare their index. */
export const sensitivities = ['public', 'internal', 'confidential', 'restricted'] as const

/** One of `public`, `internal`, `confidential`, `restricted`. */
export type Sensitivity = (typeof sensitivities)[number]

/** The index of a sensitivity, 0 to 3, as policies see it. */
export function sensitivityLevel(sensitivity: Sensitivity): number {
  return sensitivities.indexOf(sensitivity)
}

/** The highest of several sensitivities; `public` for none. */
export function highestSensitivity(all: Iterable<Sensitivity>): Sensitivity {
  let highest: Sensitivity = 'public'
  for (const one of all) if (sensitivityLevel(one) > sensitivityLevel(highest)) highest = one
  return highest
}

/** A public fact of an entry: JSON without free text or personal data. */
export type Facts = Readonly<Record<string, Json>>
