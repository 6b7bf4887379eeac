// Steps two and three of the door, up to the decision: what is asked is parsed, found, and laid out for `decide` with the policies that the caller holds.
// Whoever acts and whoever only asks whether he might come through here, so that an answer about an act is what the act itself would meet.
import {
  type Decision,
  type DecisionRequest,
  isFreshSignIn,
  ofEngagement,
  type Policy,
  policiesOf,
  rolesFor,
  scopeTypes,
  whoAlone,
} from '../../access/index.ts'
import {
  type Capability,
  type CodedError,
  fail,
  type Located,
  type Ports,
  type Principal,
  principalRef,
  type Tx,
} from '../../kernel/index.ts'
import { parseInput } from './parse-input.ts'

/** What is asked, by whom. `input` is attacker-controlled. */
export interface Asked {
  readonly capability: Capability
  readonly principal: Principal
  readonly input: unknown
  /** The take-away version that is decided at: asked for before anything else, so that what it does not count is noticed. */
  readonly version: number | Promise<number>
  /** The policies that the caller holds, where they are read apart in this transaction. */
  readonly policies?: readonly Policy[] | Promise<readonly Policy[]>
  /** Finds the thing for several who ask the same at once; the action’s own `locate` where it is left out. */
  readonly locate?: Capability['locate']
}

/** What has been found out so far; it stays readable when a later step throws. */
export interface Heard {
  input: unknown
  located: Located<unknown> | undefined
}

/**
 * The policies that a caller is decided by: as they were kept while nobody changed any, or read. A part of the product holds none of its own, and no guardrail of an
 * organization is in its way.
 */
export async function policiesHeld(tx: Tx, ports: Ports, principal: Principal, at: Asked['version']): Promise<readonly Policy[]> {
  if (principal.kind === 'system') return []
  // Whether what was kept counts is known with the version.
  const version = await at
  const read = async (): Promise<readonly Policy[]> => {
    const [own, bounding] = await Promise.all([
      policiesOf(tx, principalRef(principal), []),
      ports.guardrails.at(tx, principal.org, version),
    ])
    return [...own, ...bounding]
  }
  return ports.held === undefined ? read() : ports.held.of(tx, principal, read)
}

/** Parses and locates; answers what there is to decide. Throws what the action itself throws: `invalid`, `not_found`, or a code of its room. */
export async function hear(tx: Tx, ports: Ports, asked: Asked, heard: Heard): Promise<DecisionRequest & { readonly input: unknown }> {
  const { capability, principal } = asked
  const input = parseInput(capability, asked.input)
  heard.input = input
  const locate = async (): Promise<Located<unknown>> => {
    heard.located = await (asked.locate ?? capability.locate)({ input, tx, ports, principal })
    return heard.located
  }
  const policiesNow = asked.policies ?? policiesHeld(tx, ports, principal, asked.version)
  const [version, located, policies] = await Promise.all([asked.version, locate(), policiesNow])
  return { capability, principal, located, policies, version, now: ports.clock.now(), input }
}

/** What was decided against. */
type Refused = Pick<DecisionRequest, 'capability' | 'principal' | 'located'> & { readonly input: unknown }

/** The failure of a request that was decided against. */
export function denial(heard: Refused, decision: Extract<Decision, { kind: 'denied' }>): CodedError {
  const refused = { ...heard, ...decision.besides }
  const { capability } = refused
  if (decision.policies.length > 0 && decision.policies.every(isFreshSignIn)) {
    return fail('step_up_required', 'You signed in too long ago, or not strongly enough, for this.', {
      facts: { action: capability.name, policies: decision.policies },
      next: 'Sign in again, then repeat it.',
    })
  }
  return fail('denied', decision.detail, {
    facts: { action: capability.name, policies: decision.policies, roles: rolesFor(capability) },
    next: nextStep(refused, heard.capability, decision.policies),
  })
}

/**
 * What a refused caller can do about it; `asked` is what he tried, where something that it takes besides was refused. A guardrail holds over every grant, so
 * asking for a role would not help.
 */
function nextStep({ capability, principal, located, input }: Refused, asked: Capability, policies: readonly string[]): string {
  if (policies.some((id) => id.startsWith(ofEngagement)))
    return 'It is let through when the sponsor confirms that the engagement needs to know: `twinlock engagement confirm`; never again when it is over.'
  if (policies.length > 0) return 'No grant changes that: it takes somebody, or something, that the guardrail does not hold back.'
  const [role] = [...capability.roles.filter((one) => one !== 'admin'), ...capability.roles]
  if (role === undefined) return whoAlone(capability)
  const named = textsIn(input)
  const isBesides = capability !== asked
  const needed = `It takes the role ${capability.roles.join(' or ')} ${isBesides ? 'on what it names' : 'here'}`
  if (principal.kind !== 'person' || (isBesides && !named.has(located.resource.id))) return `${needed}; an administrator can grant it.`
  return `${needed}. Ask for it: \`twinlock request create --role ${role}${placeOf(located, named)} "<why>"\`; or an administrator grants it.`
}

/** Every text in an input, however deep: the door has bounded how deep that is. */
function textsIn(input: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof input === 'string') found.add(input)
  else if (typeof input === 'object' && input !== null) for (const one of Object.values(input)) textsIn(one, found)
  return found
}

const scopes: ReadonlySet<string> = new Set(scopeTypes)

/** Where to ask for it: on the thing itself and in its environment, as far as the caller named them. What he did not name is not his to learn here. */
function placeOf({ resource: { type, id }, environment }: Located<unknown>, named: ReadonlySet<string>): string {
  const scope = scopes.has(type) && named.has(id) ? ` --scope-type ${type} --scope ${id}` : ''
  const where = environment !== undefined && named.has(environment.id) ? ` --environments ${environment.id}` : ''
  return `${scope}${where}`
}
