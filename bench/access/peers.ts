// The peers of the access benchmark, each built as its own documentation does it: the same workload, the same answers, and none of them says why.
// Conditions that a peer's language cannot say are plain functions here, which only makes it faster.
import { createMongoAbility, type MongoAbility, type RawRuleOf, subject } from '@casl/ability'
import { newEnforcer, newModelFromString } from 'casbin'
import { changing, type JsonEntity, type Request, type Workload } from './workload.ts'

/** Whether a request is allowed. */
export type Peer = (request: Request) => boolean

interface Person {
  readonly id: string
  readonly active: boolean
  readonly expires: number
  readonly clearance: number
  readonly groups: ReadonlySet<string>
}

interface Resource {
  readonly id: string
  readonly environment: string
  readonly sensitivity: number
  readonly locked: boolean
  readonly author: string
  readonly reviewers: readonly string[]
  readonly retired: number | undefined
}

interface Context {
  readonly now: number
  readonly mfa: boolean
  readonly risk: number
}

// reason: the workload makes these attributes itself, a few lines away, always of these types
const idOf = (value: unknown): string => (value as { readonly __entity: { readonly id: string } }).__entity.id
const contextOf = ({ context: { now, mfa, risk } }: Request): Context => ({ now: Number(now), mfa: mfa === true, risk: Number(risk) })

function personOf({ uid, attrs, parents }: JsonEntity): Person {
  const { active, expires, clearance } = attrs
  return {
    id: uid.id,
    active: active === true,
    expires: Number(expires),
    clearance: Number(clearance),
    groups: new Set(parents.map(({ id }) => id)),
  }
}

function resourceOf({ uid, attrs, parents }: JsonEntity): Resource {
  const { sensitivity, locked, author, reviewers, retired } = attrs
  return {
    id: uid.id,
    environment: parents[0]?.id ?? '',
    sensitivity: Number(sensitivity),
    locked: locked === true,
    author: idOf(author),
    reviewers: Array.isArray(reviewers) ? reviewers.map(idOf) : [],
    retired: retired === undefined ? undefined : Number(retired),
  }
}

interface Known {
  person(request: Request): Person
  resource(request: Request): Resource
}

function known({ entities }: Workload): Known {
  const of = <T>(type: string, read: (entity: JsonEntity) => T) =>
    new Map(entities.filter(({ uid }) => uid.type === type).map((entity) => [entity.uid.id, read(entity)]))
  const people = of('Person', personOf)
  const resources = of('Resource', resourceOf)
  const found = <T>(map: ReadonlyMap<string, T>, id: string): T => {
    const one = map.get(id)
    if (one === undefined) throw new Error(`The workload knows no ${id}.`)
    return one
  }
  return { person: ({ principal }) => found(people, principal.id), resource: ({ resource }) => found(resources, resource.id) }
}

/** What a permit of the workload says, and in which groups it holds. */
interface Permit {
  readonly group: string
  readonly environment: string | undefined
  readonly actions: readonly string[] | undefined
  readonly mfa: boolean
}

function permitsOf({ policies }: Workload): Permit[] {
  return Object.values(policies)
    .filter((text) => text.startsWith('permit'))
    .map((text) => {
      const actions = [...text.matchAll(/Action::"([^"]+)"/g)].map(([, name]) => name ?? '')
      return {
        group: /Group::"([^"]+)"/.exec(text)?.[1] ?? '',
        environment: /Environment::"([^"]+)"/.exec(text)?.[1],
        actions: actions.length === 0 ? undefined : actions,
        mfa: text.includes('context.mfa'),
      }
    })
}

type Rule = RawRuleOf<MongoAbility>

/** CASL's rules of one person: what his groups allow, then what is forbidden to him. */
function rulesOf(person: Person, permits: readonly Permit[]): Rule[] {
  if (!person.active) return []
  const can = permits
    .filter(({ group }) => person.groups.has(group))
    .map(({ environment, actions, mfa }): Rule => {
      const conditions = { ...(environment === undefined ? {} : { environment }), ...(mfa ? { mfa: true } : {}) }
      const where = Object.keys(conditions).length === 0 ? {} : { conditions }
      return { action: actions === undefined ? 'manage' : [...actions], subject: 'Resource', ...where }
    })
  const cannot = (action: string | string[], conditions: object): Rule => ({
    action,
    subject: 'Resource',
    inverted: true,
    conditions: { ...conditions },
  })
  const unlocked = person.groups.has('administrators') ? [] : [cannot([...changing], { locked: true })]
  return [
    ...can,
    cannot('manage', { now: { $gte: person.expires } }),
    cannot('manage', { sensitivity: { $gt: person.clearance } }),
    cannot(['approve', 'reject'], { author: person.id }),
    cannot('deploy', { reviewers: person.id }),
    cannot([...changing], { environment: 'production', mfa: false }),
    cannot('manage', { isRetired: true }),
    ...unlocked,
    cannot('manage', { risk: { $gt: 90 } }),
  ]
}

/** CASL with an ability for each person, made before anything is timed: as fast as it gets. */
export function casl(workload: Workload): Peer {
  const { person, resource } = known(workload)
  const permits = permitsOf(workload)
  const abilities = new Map<string, MongoAbility>()
  for (const { uid } of workload.entities.filter((entity) => entity.uid.type === 'Person')) {
    const asked = { principal: uid, action: '', resource: uid, context: {} }
    abilities.set(uid.id, createMongoAbility(rulesOf(person(asked), permits)))
  }
  return (request) => {
    const { now, mfa, risk } = contextOf(request)
    const it = resource(request)
    const isRetired = it.retired !== undefined && it.retired <= now
    return abilities.get(request.principal.id)?.can(request.action, subject('Resource', { ...it, now, mfa, risk, isRetired })) ?? false
  }
}

const forbids: Readonly<Record<string, (person: Person, action: string, resource: Resource, context: Context) => boolean>> = {
  inactive: (person) => !person.active,
  expired: (person, _, __, context) => person.expires <= context.now,
  clearance: (person, _, resource) => person.clearance < resource.sensitivity,
  'author-approves': (person, action, resource) => (action === 'approve' || action === 'reject') && resource.author === person.id,
  'reviewer-deploys': (person, action, resource) => action === 'deploy' && resource.reviewers.includes(person.id),
  'step-up': (_, action, resource, context) => changing.includes(action) && resource.environment === 'production' && !context.mfa,
  retired: (_, __, resource, context) => resource.retired !== undefined && resource.retired <= context.now,
  locked: (person, action, resource) => changing.includes(action) && resource.locked && !person.groups.has('administrators'),
  risk: (_, __, ___, context) => context.risk > 90,
}

const model = `
[request_definition]
r = sub, act, obj, ctx
[policy_definition]
p = group, environment, actions, mfa, forbid, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = matches(r.sub, r.act, r.obj, r.ctx, p.group, p.environment, p.actions, p.mfa, p.forbid)
`

/** casbin with one policy line for each of the workload's, matched by a function of ours: its own expressions are slower. */
export async function casbin(workload: Workload): Promise<Peer> {
  const { person, resource } = known(workload)
  const enforcer = await newEnforcer(newModelFromString(model))
  await enforcer.addFunction(
    'matches',
    (
      who: Person,
      action: string,
      what: Resource,
      context: Context,
      ...[group, environment, actions, mfa, forbid]: [string, string, string, string, string]
    ) => {
      if (forbid !== '-') return forbids[forbid]?.(who, action, what, context) ?? true
      if (!who.groups.has(group) || (environment !== '*' && what.environment !== environment)) return false
      return (actions === '*' || actions.split(' ').includes(action)) && (mfa !== 'mfa' || context.mfa)
    },
  )
  const allows = permitsOf(workload).map(({ group, environment = '*', actions, mfa }) => [
    group,
    environment,
    actions?.join(' ') ?? '*',
    mfa ? 'mfa' : '-',
    '-',
    'allow',
  ])
  await enforcer.addPolicies([...allows, ...Object.keys(forbids).map((name) => ['-', '-', '-', '-', name, 'deny'])])
  return (request) => enforcer.enforceSync(person(request), request.action, resource(request), contextOf(request))
}
