// What a change of guardrails comes to: of everything that people and workloads hold, what they could do no more, or again. A guardrail sees the kind of scope that
// a grant is on, and which scope only where it names one; so what is asked once is asked for all grants that are alike.
import { sql } from 'kysely'
import { actionsGiven, givesIn, holdsAt, type Policy } from '../../../access/index.ts'
import {
  type EntityRef,
  type EnvironmentRef,
  organizationRef,
  type Ports,
  type Principal,
  sensitivities,
  type Tx,
} from '../../../kernel/index.ts'
import { type Bounds, boundsHere, narrowed } from './bounds.ts'
import { chainsOf } from './chains.ts'
import type { Foreseeing } from './foresee.ts'
import { type Actor, actorsAmong, type Grant } from './holders.ts'
import { environmentsOf } from './legs.ts'
import { type Look, looksOf } from './look.ts'
import { Open } from './open.ts'
import { scopeOf } from './scope-acts.ts'
import type { Difference } from './shown.ts'

/** How many people and workloads one answer compares. */
export const holdersMax = 2_000
/** How many differences one answer names on each side. */
const differencesMax = 500

/** What a change of guardrails comes to. */
export interface RulesForeseen {
  readonly gains: readonly Difference[]
  readonly loses: readonly Difference[]
  readonly cut: boolean
  /** What the changed guardrails look at of a request: it is foreseen for this moment, for no address, for whoever has just signed in. */
  readonly looksAt: readonly Look[]
}

const above: Readonly<Record<string, readonly string[]>> = {
  Project: ['Project'],
  Twin: ['Twin', 'Project'],
  Scenario: ['Scenario', 'Twin', 'Project'],
  Asset: ['Asset', 'Project'],
  Artifact: ['Artifact', 'Twin', 'Project'],
  Connection: ['Connection'],
  Channel: ['Channel'],
}

/** The policies of two sides that are not on both. */
function changed(before: readonly Policy[], after: readonly Policy[]): readonly Policy[] {
  const has = (all: readonly Policy[], { text }: Policy): boolean => all.some((one) => one.text === text)
  return [...before.filter((one) => !has(after, one)), ...after.filter((one) => !has(before, one))]
}

/** What the changed policies can see. Where that cannot be read off their texts, it is everything. */
class Sight {
  readonly seesSensitivity: boolean
  readonly seesScopes: boolean
  private readonly seesAll: boolean
  private readonly text: string

  constructor(policies: readonly Policy[]) {
    this.text = policies.map(({ text }) => text).join('\n')
    const isPlain = !this.text.includes('\\')
    this.seesSensitivity = this.text.includes('sensitivity')
    this.seesScopes = !isPlain || /::"(?!role:|way-out)[^":]+"/.test(this.text)
    this.seesAll =
      !isPlain || policies.some(({ text }) => !/^forbid\s*\([^,]*,\s*action\s*(==|in)\b/.test(text)) || this.text.includes('"role:')
  }

  /** Whether the changed policies could speak of an action. */
  speaksOf(action: string): boolean {
    return this.seesAll || this.text.includes(`"${action}"`)
  }
}

interface Held {
  readonly actor: Actor
  readonly grants: readonly Grant[]
}

/** How many people and workloads are looked through at once for those who hold something. */
const atOnce = 500

/** Workloads first: there are fewer of them, and rules that speak of them are not lost among people. */
async function idsAfter(tx: Tx, after: string): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`
    select id from (select id from workload where state = 'active' union all select id from person where state = 'active') as one
      where (id like 'per\\_%', id) > (${after.startsWith('per_')}, ${after}) order by id like 'per\\_%', id limit ${atOnce}`.execute(tx)
  return found.rows.map(({ id }) => id)
}

/** Those among these who hold anything that gives one of these actions, with such grants. */
async function holdersAmong(
  { tx, ports }: Foreseeing,
  ids: readonly string[],
  actions: readonly string[],
  bounds: Bounds,
): Promise<readonly Held[]> {
  const given = [...new Set(actions.flatMap((name) => ports.grantable.get(name) ?? []))]
  const found = await sql<{ holder: string; held: string }>`
    with recursive up (holder, at) as (
      select id, id from unnest(${[...ids]}::text[]) as own (id) union select up.holder, m.group_id from group_member m join up on m.member_id = up.at
    ) select holder, string_agg(g.id, ' ' order by g.id) as held from up join "grant" g on g.principal_id = up.at
      where g.revoked_at is null and (g.role = any(${given}::text[]) or g.actions && ${[...actions]}::text[])
      group by holder order by holder`.execute(tx)
  const held = new Map(found.rows.map((row) => [row.holder, row.held.split(' ')]))
  const wanted = [...new Set([...held.values()].flat())]
  const rows = await tx.selectFrom('grant').selectAll().where('id', '=', sql<string>`any(${wanted}::text[])`).execute()
  const now = ports.clock.now()
  const byId = new Map(rows.filter((row) => holdsAt(row, now)).map((row) => [row.id, row]))
  return (await actorsAmong(tx, ports, [...held.keys()])).map((actor) => {
    const { id } = actor.principal
    return {
      actor,
      grants: narrowed(
        (held.get(id) ?? []).flatMap((one) => byId.get(one) ?? []),
        bounds.get(id),
      ),
    }
  })
}

interface Act {
  readonly action: string
  readonly above: readonly EntityRef[]
  readonly known: Readonly<Record<string, number>>
  readonly environment?: EnvironmentRef
  readonly level: number
}

/** Everything that could be asked, made when it is first met. */
class Acts {
  readonly all: Act[] = []
  private readonly known = new Map<string, readonly number[]>()

  /** The numbers of the acts of one action on one kind of scope: one for each place and level. */
  of(key: string, make: () => readonly Act[]): readonly number[] {
    const known = this.known.get(key)
    if (known !== undefined) return known
    const first = this.all.length
    this.all.push(...make())
    const numbers = Array.from({ length: this.all.length - first }, (_, at) => first + at)
    this.known.set(key, numbers)
    return numbers
  }
}

/** What stands above scopes: made up, where neither the rules nor what bounds their holders tell one from another. */
async function scopesSeen(
  tx: Tx,
  org: string,
  { held, bounds }: { readonly held: readonly Held[]; readonly bounds: Bounds },
  sight: Sight,
): Promise<(scope: EntityRef) => readonly EntityRef[]> {
  const standIn = ({ type }: EntityRef) => [...(above[type] ?? []).map((one) => ({ type: one, id: 'supposed' })), organizationRef(org)]
  const seen = sight.seesScopes ? held : held.filter(({ actor }) => bounds.has(actor.principal.id))
  if (seen.length === 0) return standIn
  const chains = await chainsOf(
    tx,
    org,
    seen.flatMap(({ grants }) => grants.map(scopeOf)),
  )
  return (scope) => chains.get(`${scope.type} ${scope.id}`) ?? standIn(scope)
}

interface Comparing {
  readonly ports: Ports
  readonly sight: Sight
  readonly environments: readonly EnvironmentRef[]
  readonly acts: Acts
  readonly before: Open
  readonly after: Open
}

/** Everything that one action on a scope could be: in each place, and at each level where the rules look at it. */
function variants({ ports, sight, environments }: Comparing, action: string, above: readonly EntityRef[]): readonly Act[] {
  const isSensitive = sight.seesSensitivity && ports.guardrails.words.get(action)?.attributes.sensitivity === 'Long'
  return (isSensitive ? [...sensitivities.keys()] : [0]).flatMap((level) =>
    [undefined, ...environments].map((environment) => ({
      action,
      above,
      known: isSensitive ? { sensitivity: level } : {},
      level,
      ...(environment === undefined ? {} : { environment }),
    })),
  )
}

interface Found {
  readonly gains: Map<string, Difference>
  readonly loses: Map<string, Difference>
}

type ChainOf = (scope: EntityRef) => readonly EntityRef[]

/** Compares holder by holder what one set of rules leaves open and the other does not. All have signed in at the same moment: a moment ago. */
class Comparison {
  readonly #it: Comparing
  readonly #found: Found = { gains: new Map(), loses: new Map() }
  readonly #signedInAt: number
  /** By whoever is alike to both sets of rules, the acts that differ, by what grants are alike in. */
  readonly #differing = new Map<string, Map<string, readonly Differing[]>>()

  constructor(it: Comparing) {
    this.#it = it
    this.#signedInAt = it.ports.clock.now()
  }

  /** Whether there is as much as is shown. */
  get isFull(): boolean {
    return this.#found.gains.size > differencesMax || this.#found.loses.size > differencesMax
  }

  add({ actor, grants }: Held, chainOf: ChainOf): void {
    const { before, after } = this.#it
    const principal = { ...actor.principal, authenticatedAt: this.#signedInAt }
    const alike = `${before.likenessOf(principal)} | ${after.likenessOf(principal)}`
    const known = this.#differing.get(alike) ?? new Map<string, readonly Differing[]>()
    this.#differing.set(alike, known)
    for (const grant of grants) {
      const scope = scopeOf(grant)
      const chain = chainOf(scope)
      const key = [grant.role, ...grant.actions, ...grant.environments, ...chain.map(({ type, id }) => `${type} ${id}`)].join(' ')
      const differing = known.get(key) ?? this.#differingIn(principal, grant, chain)
      known.set(key, differing)
      for (const { act, isOpen } of differing) note(isOpen ? this.#found.gains : this.#found.loses, actor, { scope, act })
    }
  }

  told(cut: boolean): Omit<RulesForeseen, 'looksAt'> {
    const [gains, loses] = [[...this.#found.gains.values()], [...this.#found.loses.values()]]
    return { gains: gains.slice(0, differencesMax), loses: loses.slice(0, differencesMax), cut: cut || this.isFull }
  }

  /** What a grant gives whoever is alike by one set of rules and not by the other. */
  #differingIn(principal: Principal, grant: Grant, chain: readonly EntityRef[]): readonly Differing[] {
    const { ports, sight, acts, before, after } = this.#it
    const key = chain.map(({ type, id }) => `${type} ${id}`).join(' ')
    const [could, can] = [before.for(principal), after.for(principal)]
    const actions = actionsGiven(grant, ports.grantable).filter((name) => sight.speaksOf(name))
    const numbers = actions.flatMap((action) => acts.of(`${action} ${key}`, () => variants(this.#it, action, chain)))
    return numbers.flatMap((at) => {
      const act = acts.all[at]
      if (act === undefined || !givesIn(grant, act.environment?.id) || could(at) === can(at)) return []
      return [{ act, isOpen: can(at) }]
    })
  }
}

/** An act that one set of rules leaves open and the other does not. */
interface Differing {
  readonly act: Act
  /** Whether it would be open. */
  readonly isOpen: boolean
}

/** Foresees a change of the organization's guardrails, of people who have just signed in. */
export async function foreseeRules(
  it: Foreseeing,
  rules: { readonly before: readonly Policy[]; readonly after: readonly Policy[] },
): Promise<RulesForeseen> {
  const { tx, ports, org, version } = it
  const different = changed(rules.before, rules.after)
  if (different.length === 0) return { gains: [], loses: [], cut: false, looksAt: [] }
  const sight = new Sight(different)
  const looksAt = looksOf(different)
  const bounds = await boundsHere(tx)
  const actions = [...ports.grantable.keys()].filter((name) => sight.speaksOf(name))
  const acts = new Acts()
  const parts = { ports, version, bounds, acts: acts.all }
  const comparison = new Comparison({
    ports,
    sight,
    environments: await environmentsOf(tx),
    acts,
    before: new Open({ ...parts, guardrails: rules.before }),
    after: new Open({ ...parts, guardrails: rules.after }),
  })
  let room = holdersMax
  for (let ids = await idsAfter(tx, ''); ids.length > 0; ids = await idsAfter(tx, ids.at(-1) ?? '')) {
    const held = await holdersAmong(it, ids, actions, bounds)
    const compared = held.slice(0, room)
    const chainOf = await scopesSeen(tx, org, { held: compared, bounds }, sight)
    for (const one of compared) if (!comparison.isFull) comparison.add(one, chainOf)
    if (held.length > room || comparison.isFull) return { ...comparison.told(true), looksAt }
    room -= held.length
  }
  return { ...comparison.told(false), looksAt }
}

function note(found: Map<string, Difference>, actor: Actor, { scope, act }: { readonly scope: EntityRef; readonly act: Act }): void {
  const { action } = act
  const key = `${actor.principal.id} ${action} ${scope.type} ${scope.id}`
  const level = sensitivities[act.level] ?? 'public'
  const one = found.get(key) ?? {
    principal: actor.principal.id,
    name: actor.principal.name,
    action,
    scope,
    environments: [] as string[],
    from: level,
    through: null,
  }
  const place = act.environment?.id
  if (place !== undefined && one.from === level && !one.environments.includes(place)) one.environments.push(place)
  found.set(key, one)
}
