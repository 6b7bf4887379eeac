// The guardrails of an organization that are active, as policies. Kept in memory by the take-away version: the set of active guardrails moves only together
// with that counter, in one transaction, so whoever decides at a version decides by a set that is at least as new; and what is recorded is admitted only
// while the counter stands. Also here: the words of the catalogue that policies and examples are checked against.
import type { Attributes, Capability, OrgId, Tx } from '../../kernel/index.ts'
import type { Policy } from '../grants.ts'
import { readSchema } from '../schema.ts'
import { inForce } from './in-force.ts'

/** What an action knows of its resource and its request, and what it does to the world. */
export interface ActionWords {
  readonly attributes: Attributes
  readonly context: Attributes
  readonly effect: Capability['effect']
  /** The kinds of things that a grant of it reaches from: its resource's own, and those that may stand above that. */
  readonly reachedFrom: ReadonlySet<string>
}

/** The guardrails of organizations. */
export interface Guardrails {
  /** The Cedar schema as cedar-wasm reads it, which it checks a policy against in half the time that the text takes; made when it is first asked for. */
  readonly schema: unknown
  /** What is known of every action, by its name. */
  readonly words: ReadonlyMap<string, ActionWords>
  /** The active guardrails at a take-away version that was read in this transaction. */
  at(tx: Tx, org: OrgId, version: number): Promise<readonly Policy[]>
}

/** How many organizations are kept in memory; the one that was met first makes room. */
const organizationsMax = 1000

/** The active guardrails, read from the store. */
export async function guardrailsInForce(tx: Tx): Promise<Policy[]> {
  const rows = await tx.selectFrom('guardrail').selectAll().where('state', '=', 'active').orderBy('slug').execute()
  return rows.map(inForce)
}

/** A type and every type that may stand above it. */
function upFrom(type: string, parents: ReadonlyMap<string, readonly string[]>, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(type)) return found
  found.add(type)
  for (const parent of parents.get(type) ?? []) upFrom(parent, parents, found)
  return found
}

/** Makes the guardrails of a process. */
export function createGuardrails(catalogue: readonly Capability[]): Guardrails {
  const known = new Map<OrgId, { readonly version: number; readonly policies: readonly Policy[] }>()
  const parents = new Map(catalogue.map(({ resource }) => [resource.name, resource.parents]))
  const words = new Map(
    catalogue.map(({ name, resource, context, effect }) => {
      const { attributes } = resource
      return [name, { attributes, context, effect, reachedFrom: upFrom(resource.name, parents) }]
    }),
  )
  let schema: unknown
  return {
    get schema() {
      schema ??= readSchema(catalogue).json
      return schema
    },
    words,
    async at(tx, org, version) {
      const kept = known.get(org)
      if (kept?.version === version) return kept.policies
      const policies = await guardrailsInForce(tx)
      if (known.size >= organizationsMax && kept === undefined) for (const oldest of known.keys()) if (known.delete(oldest)) break
      known.set(org, { version, policies })
      return policies
    },
  }
}

declare module '../../kernel/action.ts' {
  interface Ports {
    readonly guardrails: Guardrails
  }
}
