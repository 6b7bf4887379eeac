// The one rule from `noun:verb` to a route; docs/guides/routes-and-verbs.md says it in prose. The command line uses the same rule.
// A capability has exactly one route, or a reason why it has none.
import type { Capability } from '../kernel/index.ts'

/** Where a capability is served: method, path with `{parameter}` in it, and the input's field that the path holds. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly parameter: string | undefined
}

const irregular: Readonly<Record<string, string>> = { person: 'people', ledger: 'ledger', access: 'access' }

/** The collection that a noun's routes live in: its plural. */
export function pluralOf(noun: string): string {
  const known = irregular[noun]
  if (known !== undefined) return known
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}

/** Why a capability has no route of its own; undefined when it has one. */
export function whyNoRoute(capability: Capability): string | undefined {
  if (capability.servedBy === 'broker')
    return 'The broker serves it: a run asks through its own channel, a workload at /v1/c/{connection}/….'
  if (capability.servedBy === 'stream') return 'It is served as a stream of events at /v1/runs/{run}/events.'
  if (capability.servedBy === 'scim') return 'A directory does it, over SCIM at /scim/v2.'
  if (capability.servedBy === 'within') return 'It is decided within what takes it: nobody does it alone.'
  if (capability.servedBy === 'oauth') return 'A wire protocol serves it, with a private-key JWT as the credential.'
  if (capability.roles.length === 0 && capability.by.length === 0)
    return `Only parts of the product do it: ${capability.system.join(', ')}.`
  return undefined
}

/** What a noun's things are called, where it is not like the noun: a ledger's things are its entries. */
const things: Readonly<Record<string, string>> = { ledger: 'entry' }

/** The field of the input that names the thing itself: the one called like the noun, or like what it holds. */
export function idFieldOf(capability: Pick<Capability, 'noun' | 'input'>): string | undefined {
  const thing = things[capability.noun] ?? capability.noun
  return Object.hasOwn(capability.input.shape, thing) ? thing : undefined
}

/** The same where the thing must be named: what may be left out is no part of a path. */
function neededIdOf(capability: Pick<Capability, 'noun' | 'input'>): string | undefined {
  const field = idFieldOf(capability)
  return field === undefined || capability.input.shape[field]?.safeParse(undefined).success ? undefined : field
}

const withoutSuffix = new Set(['list', 'show', 'create'])

/** The route of a capability, or undefined where `whyNoRoute` says why. */
export function routeOf(capability: Capability): Route | undefined {
  if (whyNoRoute(capability) !== undefined) return undefined
  const { noun, verb, effect } = capability
  const parameter = neededIdOf(capability)
  const thing = parameter === undefined ? '' : `/{${parameter}}`
  const suffix = withoutSuffix.has(verb) ? '' : `/${verb}`
  // A read that declares how large its body may be has one: what it asks does not fit into a query.
  const reads = (effect === 'read' || effect === 'content') && capability.bodyBytesMax === undefined
  return { method: reads ? 'GET' : 'POST', path: `/v1/${pluralOf(noun)}${thing}${suffix}`, parameter }
}
