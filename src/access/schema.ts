// The Cedar schema, generated from the catalogue: every action with its principal types, resource type and context; every role as a group of actions.
// Deterministic: the same catalogue gives the same text, which is checked in and compared. Beside the text stands what cedar-wasm reads in it, because
// reading it takes cedar-wasm most of a second in a process that has just begun; a test holds the one to the other.
import type { Attributes, AttributeType, Capability, ResourceType } from '../kernel/index.ts'
import { principalAttributes, principalKinds, principalType, roles } from '../kernel/index.ts'
import { isWayOut, wayOut } from './guardrails/way-out.ts'

/** The context that every request carries. */
export const requestContext = {
  /** Seconds since the epoch, from the server's clock. */
  now: 'Long',
  /** The id of the environment, or an empty text. */
  environment: 'String',
  /** The class of the environment, or an empty text. */
  environmentClass: 'String',
  /** The day of the week in UTC, 1 for Monday to 7 for Sunday. */
  weekday: 'Long',
  /** Minutes since midnight, UTC. */
  minute: 'Long',
  /** Seconds since the caller signed in; for one who did not, or at an unknown time, more than any limit. */
  signedInSecondsAgo: 'Long',
  /** For how many seconds a sign-in counts as fresh in the organization; 0 for whoever did not sign in. */
  stepUpSeconds: 'Long',
  /** By what means the caller signed in, as his provider names them; an empty text where none said. */
  acr: 'String',
  /** The address that the request came from, IPv4 without a prefix; an empty text for what comes from within. */
  address: 'String',
} as const satisfies Attributes

function attributeText(attributes: Attributes): string {
  const lines = Object.keys(attributes)
    .sort()
    .map((name) => `${name}: ${String(attributes[name]).replace('Boolean', 'Bool')}`)
  return `{ ${lines.join(', ')} }`
}

function entityText(type: ResourceType): string {
  const above = type.parents.length === 0 ? '' : ` in [${[...type.parents].sort().join(', ')}]`
  return `entity ${type.name}${above} = ${attributeText(type.attributes)};`
}

function principalsOf(capability: Capability): string[] {
  const kinds = new Set<string>(capability.by)
  if (capability.roles.length > 0) for (const kind of ['person', 'pipeline', 'agent', 'service'] as const) kinds.add(kind)
  if (capability.system.length > 0) kinds.add('system')
  return principalKinds.filter((kind) => kinds.has(kind)).map(principalType)
}

function groupsOf(capability: Capability): string[] {
  const held = [...capability.roles.map((role) => `role:${role}`), ...capability.system.map((part) => `system:${part}`)]
  return isWayOut(capability.name) ? [...held, wayOut] : held
}

function actionText(capability: Capability): string {
  const groups = groupsOf(capability)
  const within = groups.length === 0 ? '' : ` in [${groups.map((group) => JSON.stringify(group)).join(', ')}]`
  const context = attributeText({ ...requestContext, ...capability.context })
  return `action ${JSON.stringify(capability.name)}${within} appliesTo { principal: [${principalsOf(capability).join(', ')}], resource: [${capability.resource.name}], context: ${context} };`
}

/** Every resource type that the catalogue speaks of, by name. Throws when two declarations share a name. */
export function resourceTypes(catalogue: readonly Capability[]): ResourceType[] {
  const found = new Map<string, ResourceType>()
  for (const { resource } of catalogue) {
    const before = found.get(resource.name)
    if (before !== undefined && before !== resource) throw new Error(`Two resource types are called ${resource.name}.`)
    found.set(resource.name, resource)
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/** The principal types that no resource type is, and the groups of actions: what a schema holds beside the catalogue's own words. */
function besides(catalogue: readonly Capability[], types: readonly ResourceType[]) {
  const named = new Set(types.map((type) => type.name))
  const groups = new Set<string>([...roles.map((role) => `role:${role}`), wayOut])
  for (const capability of catalogue) for (const part of capability.system) groups.add(`system:${part}`)
  return { principals: principalKinds.map(principalType).filter((type) => !named.has(type)), groups }
}

/** The schema as Cedar text. */
export function cedarSchema(catalogue: readonly Capability[]): string {
  const types = resourceTypes(catalogue)
  const { principals, groups } = besides(catalogue, types)
  return [
    ...principals.map((type) => `entity ${type} = ${attributeText(principalAttributes)};`),
    ...types.map(entityText),
    ...[...groups].map((group) => `action ${JSON.stringify(group)};`),
    ...[...catalogue].sort((a, b) => a.name.localeCompare(b.name)).map(actionText),
    '',
  ].join('\n')
}

/** A schema with what cedar-wasm reads in its text, in its JSON form with every type resolved. */
export interface ReadSchema {
  readonly text: string
  readonly json: unknown
}

function typeJson(type: AttributeType): object {
  if (type === 'Set<String>') return { type: 'Set', element: { type: 'String' } }
  return { type: type === 'Boolean' ? 'Bool' : type }
}

function recordJson(attributes: Attributes): object {
  return { type: 'Record', attributes: Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, typeJson(type)])) }
}

function entityJson({ attributes, parents }: Pick<ResourceType, 'attributes' | 'parents'>): object {
  return {
    ...(parents.length === 0 ? {} : { memberOfTypes: [...parents].sort() }),
    ...(Object.keys(attributes).length === 0 ? {} : { shape: recordJson(attributes) }),
  }
}

function actionJson(capability: Capability): object {
  const groups = groupsOf(capability)
  const context = recordJson({ ...requestContext, ...capability.context })
  return {
    appliesTo: { principalTypes: principalsOf(capability), resourceTypes: [capability.resource.name], context },
    ...(groups.length === 0 ? {} : { memberOf: groups.map((id) => ({ id, type: 'Action' })) }),
  }
}

// What a group of actions is as an action: nobody does it to anything.
const ofNothing = { appliesTo: { principalTypes: [], resourceTypes: [] } }

/** The schema as text and as cedar-wasm reads it. */
export function readSchema(catalogue: readonly Capability[]): ReadSchema {
  const types = resourceTypes(catalogue)
  const { principals, groups } = besides(catalogue, types)
  const entityTypes = Object.fromEntries([
    ...principals.map((type) => [type, entityJson({ attributes: principalAttributes, parents: [] })]),
    ...types.map((type) => [type.name, entityJson(type)]),
  ])
  const actions = Object.fromEntries([
    ...[...groups].map((group) => [group, ofNothing]),
    ...catalogue.map((capability) => [capability.name, actionJson(capability)]),
  ])
  return { text: cedarSchema(catalogue), json: { '': { entityTypes, actions } } }
}
