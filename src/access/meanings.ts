// What guardrails say, as sentences for people: why somebody may not. They explain a decision and decide nothing; the policies' own text does that.
import type { Capability } from '../kernel/index.ts'
import { ownGuardrail } from './guardrails/in-force.ts'
import { ofEngagement } from './guests/bounded-policies.ts'

const meanings: Readonly<Record<string, string>> = {
  'guardrail/no-simulation-in-production': 'simulation never runs in a production environment',
  'guardrail/maker-is-not-reviewer': 'whoever had a hand in making something does not review it',
  'guardrail/people-review': 'only people review',
  'guardrail/maker-does-not-cross': 'whoever had a hand in making something does not carry it across',
  'guardrail/reviewer-is-not-deployer': 'whoever decided its review does not carry it across',
  'guardrail/maker-does-not-export': 'whoever had a hand in making something does not take it out',
  'guardrail/read-connection-is-only-read': 'a connection for reading is only read',
  'guardrail/granter-is-not-grantee': 'nobody grants something to himself',
  'guardrail/asker-does-not-confirm': 'whoever asked for the end of an organization does not confirm it',
  'guardrail/one-approval-each': 'whoever approved a step of a request does not approve the next',
  'guardrail/people-break-glass': 'only people break the glass',
  'guardrail/people-make-admin-links': 'only people make and accept links for administrators',
  'guardrail/proposed-directory-says-nothing': 'a directory that is only proposed says nothing yet',
  'guardrail/break-glass-is-reviewed': 'a use of break-glass waits for its review for more than a day',
  'guardrail/holder-does-not-review': 'nobody reviews his own use of break-glass',
  'guardrail/restricted-stays-in-the-sandbox': 'what is restricted does not leave a sandbox',
  'guardrail/restricted-leaves-by-people': 'what is restricted leaves by people alone',
  'guardrail/confidential-leaves-by-people': 'what is confidential leaves this environment by people alone',
  'guardrail/confidential-crosses-by-people': 'what is confidential is carried into production by people alone',
  'guardrail/fresh-sign-in': 'it takes having signed in lately',
  'guardrail/fresh-sign-in-for-data': 'what is this sensitive leaves by whoever signed in lately',
  'guardrail/clearance': 'it is more sensitive than this clearance reaches',
}

/** What a guardrail says, without its name; nothing for what is no guardrail. */
export function meaningOf(policy: string): string | undefined {
  if (policy.startsWith(ofEngagement)) return 'nobody confirms that the engagement needs to know this, or it is over'
  return meanings[policy]
}

/** What a guardrail says, be it shipped or the organization's own. */
function said(policy: string): string | undefined {
  return meaningOf(policy) ?? (policy.startsWith(ownGuardrail) ? 'a guardrail of this organization forbids it' : undefined)
}

const alone: Readonly<Record<string, string>> = {
  'guest:accept': 'Only whoever was asked to answer for the guest accepts that.',
  'guest:extend': 'Only the sponsor of the guest prolongs his time. Another sponsor can be asked to answer for him: `guest sponsor`.',
  'engagement:confirm': 'Only the sponsor of the engagement confirms what it needs to know.',
  'engagement:extend': 'Only the sponsor of the engagement prolongs it.',
  'ownership:accept': 'Only whoever it was offered to takes it over.',
  'ownership:decline': 'Only whoever it was offered to declines it.',
  'request:withdraw': 'Only whoever asked withdraws it.',
  'workload:rotate': 'Only the workload itself, or its owner, brings its next key.',
}

/** What is known of an action whose refusal is explained. */
type Named = Pick<Capability, 'roles'> & Partial<Pick<Capability, 'name' | 'by'>>

/** Who does what no role gives; an action without a role is done by whoever it is the own of, or by parts of the product. */
export function whoAlone({ name = '', by = [] }: Named): string {
  return (
    alone[name] ??
    (by.includes('person') ? 'Nobody can be granted this: everybody does it with what is his own.' : 'Nobody can be granted this.')
  )
}

/** What was found about a decision, to be explained. */
export interface Explained {
  readonly allowed: boolean
  readonly policies: readonly string[]
}

/** Why a decision came out as it did, in one sentence: the role that allows it, the guardrail that forbids it, or the role that is missing. */
export function because(capability: Named, decision: Explained, held: readonly string[]): string {
  const roles = capability.roles.filter((role) => held.includes(role))
  if (decision.allowed) return roles.length > 0 ? `Holds the role ${roles.join(' and ')} here.` : 'It is its own.'
  const guardrails = decision.policies.flatMap((policy) => (said(policy) === undefined ? [] : [`${policy}: ${said(policy)}`]))
  if (guardrails.length > 0) return `${guardrails.join('; ')}.`
  if (roles.length > 0) return `Holds the role ${roles.join(' and ')}, which does not reach this: another scope, environment or time.`
  return capability.roles.length > 0 ? `Does not hold the role ${capability.roles.join(' or ')}.` : whoAlone(capability)
}
