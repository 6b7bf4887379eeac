// Names instead of ids, where a person types: a name is looked up with the person's own rights, in what he may list and in what is his own to know. Only the
// command line does this; the API takes ids alone, so that a name that is given to something else later cannot redirect a script.
import { type Capability, systemParts } from '../kernel/index.ts'
import type { Answer } from './api.ts'
import type { Context } from './context.ts'
import { type Field, fieldsOf } from './fields.ts'
import { lookups } from './names/lookups.ts'
import { resolveName } from './names/resolve-name.ts'
import { type ScopeNaming, scopeIn } from './names/scopes.ts'

/** Fields that take an id of several kinds as a text, by their action: their schemas do not say it. */
const idsAsText: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'grant:list': { scope: ['prj', 'twn', 'con', 'ast', 'scn'] },
  'ledger:list': { principal: ['per', 'pip', 'agt', 'svc'] },
}

/** Parts of the product act under these names themselves. */
const parts: ReadonlySet<unknown> = new Set(systemParts)

/** Fields whose names the verb, or the type beside them, makes ids of. */
const namedOtherwise = new Set(['scope', 'things'])

/** Whether a name may be typed for a field of an action, too. */
export function isNameable(action: string, { name, prefixes }: Field): boolean {
  const all = idsAsText[action]?.[name] ?? prefixes
  return namedOtherwise.has(name) || all.some((prefix) => lookups.has(prefix))
}

interface Typed {
  readonly context: Context
  /** The flag that a field was typed by, or in. */
  readonly at: (field: Field) => ScopeNaming
}

async function idsFor({ context, at }: Typed, field: Field, prefixes: readonly string[], input: Answer): Promise<unknown> {
  const value = input[field.name]
  const taking = { ...at(field), prefixes }
  if (field.name === 'principal' && parts.has(value)) return value
  if (typeof value === 'string') return resolveName(context, taking, value, input)
  if (!Array.isArray(value) || !field.many) return value
  const ids: string[] = []
  for (const one of value) ids.push(await resolveName(context, taking, String(one), input))
  return ids
}

const isThing = (value: unknown): value is Answer => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is given by JSON, a role on a scope in environments each, with the names in it replaced. */
async function namedTerms(context: Context, flag: string, terms: unknown): Promise<unknown> {
  if (!Array.isArray(terms)) return terms
  const named: unknown[] = []
  for (const term of terms) {
    if (!isThing(term)) {
      named.push(term)
      continue
    }
    const environments: unknown[] = []
    const naming = { flag, isWithin: true }
    for (const one of Array.isArray(term.environments) ? term.environments : [])
      environments.push(typeof one === 'string' ? await resolveName(context, { ...naming, prefixes: ['env'] }, one) : one)
    const scope = await scopeIn(context, naming, term)
    named.push({ ...term, ...scope, ...(Array.isArray(term.environments) ? { environments } : {}) })
  }
  return named
}

/** An input with the names in it replaced by ids; `under` is the flag that all of it was typed by, where that is one. */
export async function resolveNames(
  context: Context,
  capability: Capability,
  input: Readonly<Record<string, unknown>>,
  under?: string,
): Promise<Record<string, unknown>> {
  const typed: Typed = { context, at: ({ flag }) => (under === undefined ? { flag } : { flag: under, isWithin: true }) }
  const fields = fieldsOf(capability)
  const resolved: Record<string, unknown> = { ...input }
  for (const field of fields) {
    const prefixes = idsAsText[capability.name]?.[field.name] ?? field.prefixes
    if (resolved[field.name] === undefined) continue
    if (prefixes.length > 0) resolved[field.name] = await idsFor(typed, field, prefixes, resolved)
    if (field.name === 'gives') resolved.gives = await namedTerms(context, typed.at(field).flag, resolved.gives)
  }
  const scope = fields.find(({ name }) => name === 'scope')
  if (scope === undefined || !fields.some(({ name }) => name === 'scopeType')) return resolved
  return { ...resolved, ...(await scopeIn(context, typed.at(scope), resolved)) }
}
