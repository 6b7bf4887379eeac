// May they: the only place where an `Allowed` is minted. A decision is a value; a refusal says which policy forbade, or that nothing permitted.
// Law 11: a forbid that errs denies; a permit that errs does not permit; an engine that fails denies.
import type { Allowed, Also, Capability, Entity, Located, Principal, PrincipalKind } from '../kernel/index.ts'
import { principalRef } from '../kernel/index.ts'
import type { CedarAnswer, CedarEngine } from './cedar.ts'
import type { DecisionFindings } from './decision-findings.ts'
import type { Policy } from './grants.ts'
import { contextOf } from './request-context.ts'

/** One request for a decision: the caller's own policies were read at `version` in the deciding transaction. */
export interface DecisionRequest {
  readonly capability: Capability
  readonly principal: Principal
  readonly located: Located<unknown>
  readonly policies: readonly Policy[]
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A decision with its reasons. */
export type Decision =
  | { readonly kind: 'allowed'; readonly allowed: Allowed<string> }
  | {
      readonly kind: 'denied'
      readonly policies: readonly string[]
      readonly erred: readonly string[]
      readonly detail: string
      /** What was refused, where it is not the act itself but something that it takes besides. */
      readonly besides?: Also
    }

/** What decides: an engine and the shipped policies, made once from the catalogue. */
export interface Decider {
  readonly engine: CedarEngine
  readonly shipped: readonly Policy[]
  /** Where what is found out about policies is counted. */
  readonly findings?: DecisionFindings
}

const mintedHere = new WeakSet<object>()

/** Whether this value was minted by `decide` in this process. What only looks like an `Allowed` is not. */
export function isMinted(allowed: object): boolean {
  return mintedHere.has(allowed)
}

function principalEntity(principal: Principal): Entity {
  return { ...principalRef(principal), attributes: { clearance: principal.clearance, chain: [...principal.chain] }, parents: [] }
}

function ask(decider: Decider, request: DecisionRequest): CedarAnswer {
  const { located, principal } = request
  return decider.engine.ask({
    principal: principalRef(principal),
    action: request.capability.name,
    resource: located.resource,
    // the request's own words come first: no action can speak in place of clock, store or server
    context: { ...located.context, ...contextOf(principal, located.environment, request.now) },
    entities: [principalEntity(principal), located.resource, ...(located.others ?? [])],
    standing: decider.shipped,
    policies: request.policies,
    handedOver: (uncompiled) => noteHandedOver(decider, request, uncompiled),
  })
}

function outsideItsEnvironment(request: DecisionRequest): boolean {
  const bound = request.principal.environment
  const here = request.located.environment?.id
  return bound !== undefined && here !== undefined && bound !== here
}

/** Whether a policy forbids, for all that is known: what does not plainly permit counts as one that does. */
function isForbid(decider: Decider, request: DecisionRequest, id: string): boolean {
  const text = [...decider.shipped, ...request.policies].find((policy) => policy.id === id)?.text
  return text === undefined || !/^permit\b/.test(text)
}

function noteErrors(decider: Decider, request: DecisionRequest, erred: readonly string[]): void {
  for (const id of erred) decider.findings?.note(request.principal.org, isForbid(decider, request, id) ? 'forbid-errs' : 'permit-errs', id)
}

function noteHandedOver({ findings }: Decider, { principal, capability }: DecisionRequest, uncompiled: readonly string[]): void {
  if (uncompiled.length === 0) findings?.note(principal.org, 'request-not-compiled', capability.name)
  for (const id of uncompiled) findings?.note(principal.org, 'policy-not-compiled', id)
}

function deny(answer: CedarAnswer, detail: string): Decision {
  return { kind: 'denied', policies: answer.policies, erred: answer.erred, detail }
}

/** The kinds of principals that roles are granted to; what the others may do is their own. */
const granted: ReadonlySet<PrincipalKind> = new Set(['person', 'pipeline', 'agent', 'service'])

/** Whether a principal kind is known to an action at all; asking the engine about others would be a request that no schema allows. */
function appliesTo({ capability, principal }: DecisionRequest): boolean {
  if (principal.kind === 'system') return capability.system.length > 0
  return capability.by.includes(principal.kind) || (capability.roles.length > 0 && granted.has(principal.kind))
}

/** Decides one request, with everything that it takes besides. Never throws: what cannot be decided is denied. */
export function decide(decider: Decider, request: DecisionRequest): Decision {
  const decision = decideAlone(decider, request)
  const besides = request.located.also ?? []
  if (decision.kind === 'denied' || besides.length === 0) return decision
  mintedHere.delete(decision.allowed) // INVARIANT: what is not allowed with all that it takes is not minted
  const also: Allowed<string>[] = []
  for (const one of besides) {
    const other = decide(decider, { ...request, ...one })
    if (other.kind === 'denied') {
      for (const allowed of also) unmint(allowed)
      return { besides: one, ...other, detail: `It takes ${one.capability.name} as well. ${other.detail}` }
    }
    also.push(other.allowed)
  }
  return { kind: 'allowed', allowed: mint(request, decision.allowed.policies, also) }
}

function decideAlone(decider: Decider, request: DecisionRequest): Decision {
  const none: CedarAnswer = { allowed: false, policies: [], erred: [] }
  if (!appliesTo(request)) return deny(none, `A ${request.principal.kind} can never do ${request.capability.name}.`)
  let answer: CedarAnswer
  try {
    answer = ask(decider, request)
  } catch (error) {
    return deny(none, `The decision could not be made: ${error instanceof Error ? error.message : 'unknown'}`)
  }
  noteErrors(decider, request, answer.erred)
  if (answer.erred.some((id) => isForbid(decider, request, id))) return deny(answer, 'A policy that forbids could not be evaluated.')
  if (!answer.allowed)
    return deny(answer, answer.policies.length > 0 ? `Forbidden by ${answer.policies.join(', ')}.` : 'Nothing permits this.')
  if (outsideItsEnvironment(request)) return deny(none, 'This credential is good for another environment.')
  return { kind: 'allowed', allowed: mint(request, answer.policies) }
}

function mint(request: DecisionRequest, policies: readonly string[], also?: readonly Allowed<string>[]): Allowed<string> {
  const { principal, located, version, capability } = request
  // reason: the brand exists in the type alone; the WeakSet is its counterpart at run time
  const allowed = Object.freeze({
    action: capability.name,
    principal,
    resource: { type: located.resource.type, id: located.resource.id },
    policies: [...policies],
    version,
    ...(also === undefined ? {} : { also: Object.freeze(also) }),
  }) as unknown as Allowed<string>
  mintedHere.add(allowed)
  return allowed
}

/** Everything that allowed an act, and what it took besides: each policy once. */
export function policiesBehind({ policies, also = [] }: Allowed<string>): readonly string[] {
  return also.length === 0 ? policies : [...new Set([...policies, ...also.flatMap(policiesBehind)])]
}

/** Asks what would be decided, without minting anything: for replay, explanations and the access matrix. */
export function wouldAllow(
  decider: Decider,
  request: DecisionRequest,
): { readonly allowed: boolean; readonly policies: readonly string[]; readonly detail?: string; readonly besides?: Also } {
  const decision = decide(decider, request)
  if (decision.kind === 'denied') {
    const { policies, detail, besides } = decision
    return { allowed: false, policies, detail, ...(besides === undefined ? {} : { besides }) }
  }
  unmint(decision.allowed)
  return { allowed: true, policies: policiesBehind(decision.allowed) }
}

function unmint(allowed: Allowed<string>): void {
  mintedHere.delete(allowed)
  for (const one of allowed.also ?? []) unmint(one)
}

/** The shipped roles that would permit an action: what a refused person can ask for. */
export function rolesFor(capability: Capability): readonly string[] {
  return capability.roles
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** Decides hypothetical requests: replay at the gate. */
    readonly decider: Decider
  }
}
