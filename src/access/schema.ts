// The Cedar schema, generated from the catalogue: every action with its principal types, resource type and context; every role as a group of actions.
// Deterministic: the same catalogue gives the same text, which is checked in and compared.
import type { Attributes, Capability, ResourceType } from '../kernel/index.ts'
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

function actionText(capability: Capability): string {
  const held = [...capability.roles.map((role) => `role:${role}`), ...capability.system.map((part) => `system:${part}`)]
  const groups = isWayOut(capability.name) ? [...held, wayOut] : held
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

/** The schema as Cedar text. */
export function cedarSchema(catalogue: readonly Capability[]): string {
  const types = resourceTypes(catalogue)
  const named = new Set(types.map((type) => type.name))
  const principals = principalKinds.filter((kind) => !named.has(principalType(kind)))
  const groups = new Set<string>([...roles.map((role) => `role:${role}`), wayOut])
  for (const capability of catalogue) for (const part of capability.system) groups.add(`system:${part}`)
  return [
    ...principals.map((kind) => `entity ${principalType(kind)} = ${attributeText(principalAttributes)};`),
    ...types.map(entityText),
    ...[...groups].map((group) => `action ${JSON.stringify(group)};`),
    ...[...catalogue].sort((a, b) => a.name.localeCompare(b.name)).map(actionText),
    '',
  ].join('\n')
}
