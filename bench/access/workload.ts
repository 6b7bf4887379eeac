// The workload of the access benchmark: people in groups, resources in environments, 45 policies and distinct requests, the same every time.
// 36 permits (a role in an environment, or everywhere) and 9 forbids (inactive, expired, clearance, two separations of duties, step-up,
// retired, locked, risk), as in a control plane that is in use.
import { seeded } from '../../test/harness/seeded.ts'

/** The name of an entity. */
export interface Ref {
  readonly type: string
  readonly id: string
}

/** A value in Cedar's JSON form. */
export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json }

/** An entity in Cedar's JSON form. */
export interface JsonEntity {
  readonly uid: Ref
  readonly attrs: Readonly<Record<string, Json>>
  readonly parents: readonly Ref[]
}

/** A request. */
export interface Request {
  readonly principal: Ref
  readonly action: string
  readonly resource: Ref
  readonly context: Readonly<Record<string, Json>>
}

/** Everything that is decided on. */
export interface Workload {
  readonly entities: readonly JsonEntity[]
  readonly policies: Readonly<Record<string, string>>
  readonly requests: readonly Request[]
}

const environments = ['sandbox', 'staging', 'preproduction', 'production'] as const
const actions = ['read', 'watch', 'list', 'launch', 'stop', 'edit', 'export', 'approve', 'reject', 'deploy', 'grant', 'retire'] as const
/** The actions that change something. */
export const changing: readonly string[] = ['launch', 'stop', 'edit', 'deploy', 'retire']
const roles = 12
const people = 1000
const resources = 5000
const requestCount = 20_000
const now = 1_800_000_000

const quote = JSON.stringify
const list = (names: readonly string[]): string => names.map((name) => `Action::${quote(name)}`).join(', ')
const group = (role: number, environment: string): string => `role-${role}-${environment}`

/** The actions of a role: three that change something, or the reading ones. */
function actionsOf(role: number): string[] {
  return [0, 3, 5].map((step) => actions[(role + step) % actions.length] ?? 'read')
}

function permits(): Record<string, string> {
  const places = Array.from({ length: roles }, (_, role) => environments.map((environment) => ({ role, environment }))).flat()
  const scoped = places
    .slice(0, 34)
    .map(({ role, environment }): [string, string] => [
      `permit/${role}/${environment}`,
      `permit(principal in Group::${quote(group(role, environment))}, action in [${list(actionsOf(role))}], resource in Environment::${quote(environment)});`,
    ])
  return {
    ...Object.fromEntries(scoped),
    'permit/everywhere': `permit(principal in Group::"readers", action in [${list(['read', 'watch', 'list'])}], resource);`,
    'permit/administrators': 'permit(principal in Group::"administrators", action, resource) when { context.mfa };',
  }
}

const forbids: Readonly<Record<string, string>> = {
  'forbid/inactive': 'forbid(principal, action, resource) unless { principal.active };',
  'forbid/expired': 'forbid(principal, action, resource) when { principal.expires <= context.now };',
  'forbid/clearance': 'forbid(principal, action, resource) when { principal.clearance < resource.sensitivity };',
  'forbid/author-approves': `forbid(principal, action in [${list(['approve', 'reject'])}], resource) when { resource.author == principal };`,
  'forbid/reviewer-deploys': `forbid(principal, action == Action::"deploy", resource) when { resource.reviewers.contains(principal) };`,
  'forbid/step-up': `forbid(principal, action in [${list(changing)}], resource in Environment::"production") unless { context.mfa };`,
  'forbid/retired': 'forbid(principal, action, resource) when { resource has retired && resource.retired <= context.now };',
  'forbid/locked': `forbid(principal, action in [${list(changing)}], resource) when { resource.locked && !(principal in Group::"administrators") };`,
  'forbid/risk': 'forbid(principal, action, resource) when { context.risk > 90 };',
}

/** Makes the workload, as it comes over the wire: a text that was put together here stays in pieces for the runtime, one that was read is whole. */
export function makeWorkload(): Workload {
  return JSON.parse(JSON.stringify(composeWorkload()))
}

function composeWorkload(): Workload {
  const chance = seeded(1)
  const person = (): Ref => ({ type: 'Person', id: `person-${chance.below(people)}` })
  const groups = [
    ...Array.from({ length: roles }, (_, role) => environments.map((environment) => group(role, environment))).flat(),
    'readers',
    'administrators',
  ].map((id): Ref => ({ type: 'Group', id }))
  const scopedGroups = groups.slice(0, -2)
  const peopleEntities = Array.from(
    { length: people },
    (_, at): JsonEntity => ({
      uid: { type: 'Person', id: `person-${at}` },
      attrs: { active: chance.below(100) >= 3, expires: now + chance.below(1_000_000) - 30_000, clearance: chance.below(2) + 2 },
      parents: [...Array.from({ length: 12 }, () => chance.pick(scopedGroups)), ...groups.slice(-2).filter(() => chance.below(100) < 30)],
    }),
  )
  const resourceEntities = Array.from(
    { length: resources },
    (_, at): JsonEntity => ({
      uid: { type: 'Resource', id: `resource-${at}` },
      attrs: {
        sensitivity: chance.below(3),
        locked: chance.below(100) < 3,
        author: { __entity: { ...person() } },
        reviewers: [{ __entity: { ...person() } }, { __entity: { ...person() } }],
        ...(chance.below(100) < 4 ? { retired: now + chance.below(2000) - 1000 } : {}),
      },
      parents: [{ type: 'Environment', id: chance.pick(environments) }],
    }),
  )
  const context = (): Request['context'] => ({ now, mfa: chance.below(100) < 70, risk: chance.below(93) })
  return {
    entities: [
      ...actions.map((id) => ({ uid: { type: 'Action', id }, attrs: {}, parents: [] })),
      ...environments.map((id) => ({ uid: { type: 'Environment', id }, attrs: {}, parents: [] })),
      ...groups.map((uid) => ({ uid, attrs: {}, parents: [] })),
      ...peopleEntities,
      ...resourceEntities,
    ],
    policies: { ...permits(), ...forbids },
    requests: Array.from({ length: requestCount }, () => ({
      principal: person(),
      action: chance.pick(actions),
      resource: { type: 'Resource', id: `resource-${chance.below(resources)}` },
      context: context(),
    })),
  }
}
