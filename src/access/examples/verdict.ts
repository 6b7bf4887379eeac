// What an example comes to: the door's own decision about somebody who holds what the example says, under the rules of the organization as they are or as they
// would be after a change. Nothing of it is minted, recorded or kept.
import type { Selectable } from 'kysely'
import {
  type EntityRef,
  type OrgId,
  organizationRef,
  type Ports,
  type Principal,
  principalRef,
  sensitivityLevel,
  type Tx,
} from '../../kernel/index.ts'
import { grantPolicy, type Policy } from '../grants.ts'
import { inForce, ownGuardrail } from '../guardrails/in-force.ts'
import type { CustomRoleTable, GuardrailTable, PolicyExampleTable } from '../tables.ts'
import { callerKind, type Question, question } from './question.ts'

/** An organization's own rules: those that are active. */
export interface Rules {
  readonly guardrails: readonly Selectable<GuardrailTable>[]
  readonly roles: readonly Selectable<CustomRoleTable>[]
}

/** An example as it is decided. */
export type Example = Pick<Selectable<PolicyExampleTable>, 'slug' | 'guardrail' | 'role' | 'expected'> & { readonly question: Question }

/** What an example came to. */
export interface Verdict {
  readonly example: string
  readonly expected: 'allowed' | 'denied'
  readonly decided: 'allowed' | 'denied'
  /** What decided: grants as `role/<name>`, guardrails. */
  readonly policies: readonly string[]
  readonly holds: boolean
}

/** The active rules, as this transaction sees them. */
export async function rulesNow(tx: Tx): Promise<Rules> {
  return {
    guardrails: await tx.selectFrom('guardrail').selectAll().where('state', '=', 'active').orderBy('slug').execute(),
    roles: await tx.selectFrom('custom_role').selectAll().where('state', '=', 'active').orderBy('slug').execute(),
  }
}

/** Rules with this guardrail active, whatever it was before. */
export function withGuardrail(rules: Rules, guardrail: Selectable<GuardrailTable>): Rules {
  return { ...rules, guardrails: [...rules.guardrails.filter(({ slug }) => slug !== guardrail.slug), guardrail] }
}

/** Rules without this guardrail. */
export function withoutGuardrail(rules: Rules, slug: string): Rules {
  return { ...rules, guardrails: rules.guardrails.filter((one) => one.slug !== slug) }
}

/** Rules with this role, whatever it was before. */
export function withRole(rules: Rules, role: Selectable<CustomRoleTable>): Rules {
  return { ...rules, roles: [...rules.roles.filter(({ slug }) => slug !== role.slug), role] }
}

/** Rules without this role. */
export function withoutRole(rules: Rules, slug: string): Rules {
  return { ...rules, roles: rules.roles.filter((one) => one.slug !== slug) }
}

/** A stored example. */
export function exampleOf(row: Selectable<PolicyExampleTable>): Example {
  return { ...row, question: question.parse(row.question) }
}

const noTerms = { not_before: null, expires_at: null, given_by: '', created_at: new Date(0), revoked_at: null, environments: [] }

/** What the caller of a question holds: each role as one grant on the whole organization. */
function held(org: OrgId, holder: EntityRef, asked: Question, { roles }: Rules): Policy[] {
  const scope = { org_id: org, principal_type: holder.type, principal_id: holder.id, scope_type: 'Organization', scope_id: org, ...noTerms }
  const own = roles.filter(({ slug }) => asked.customRoles.includes(slug))
  return [
    ...asked.holds.map((role) => grantPolicy({ ...scope, id: `role/${role}`, role })),
    ...own.map(({ slug, actions }) => grantPolicy({ ...scope, id: `role/${slug}`, role: null, actions })),
  ]
}

/** Decides an example under rules. */
export function verdictOn(ports: Ports, org: OrgId, example: Example, rules: Rules): Verdict {
  const { question: asked, expected, guardrail } = example
  const id = asked.principal ?? 'example'
  const clearance = sensitivityLevel(asked.clearance)
  const now = ports.clock.now()
  const principal: Principal = { kind: callerKind(asked), id, org, name: 'example', clearance, chain: [id], authenticatedAt: now }
  const policies = [...held(org, principalRef(principal), asked, rules), ...rules.guardrails.map(inForce)]
  const known = { ...asked.known, ...(asked.sensitivity === undefined ? {} : { sensitivity: sensitivityLevel(asked.sensitivity) }) }
  const { environmentClass } = asked
  const answer = ports.examiner.suppose({ principal, version: 0 }, policies, {
    action: asked.action,
    above: [...(asked.on === undefined ? [] : [asked.on]), organizationRef(org)],
    known,
    context: asked.context,
    ...(environmentClass === undefined ? {} : { environment: { id: 'example', class: environmentClass } }),
  })
  const decided = answer.allowed ? 'allowed' : 'denied'
  // a refusal for another reason would prove nothing about the guardrail
  const isDueToIt = guardrail === null || expected === 'allowed' || answer.policies.includes(`${ownGuardrail}${guardrail}`)
  return { example: example.slug, expected, decided, policies: answer.policies, holds: decided === expected && isDueToIt }
}
