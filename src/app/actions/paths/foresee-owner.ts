// What another owner comes to. Whoever owns a workload can what it can. Whoever owns a twin has had a hand in what comes of it, and so neither reviews it, nor carries it
// across, nor takes it out; whoever owned it before may again. What else has an owner is answered for by him, and gives him nothing.
import { decidedAs } from '../../../credentials/index.ts'
import { type EntityRef, fail, isId } from '../../../kernel/index.ts'
import { grantsHeldNow } from '../blast/reaches.ts'
import { chainsOf } from './chains.ts'
import type { Foreseeing, Foreseen } from './foresee.ts'
import { type Actor, actorsAmong, type Grant } from './holders.ts'
import { actsFor, environmentsOf, findTarget } from './legs.ts'
import { Open } from './open.ts'
import { Reach } from './reach.ts'
import { actsOf, differencesOf, type ScopeAct, scopeOf } from './scope-acts.ts'
import { namedByScenarios, namedOfTwins, Using } from './uses.ts'

/** Another owner. */
export interface OwnerChange {
  readonly of: string
  readonly to: string
}

const nothing: Foreseen = { gains: [], loses: [], touched: 0, cut: false }
const scopesMax = 200

/** What a workload could do that its owner cannot himself: he loses it, or gains it. */
async function ofWorkload(it: Foreseeing, { of, to }: OwnerChange): Promise<Foreseen> {
  const { tx, ports, org, version } = it
  const row = await tx.selectFrom('workload').selectAll().where('id', '=', of).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no workload with this id.', { pointer: '/change/of' })
  if (row.owner_id === to || row.state !== 'active') return nothing
  const held = await grantsHeldNow(tx, ports, [of, row.owner_id, to])
  const grants = held.get(of) ?? []
  const scopes = grants.map(scopeOf).slice(0, scopesMax)
  const namedBy = await namedByScenarios(
    tx,
    scopes.flatMap(({ type, id }) => (type === 'Scenario' ? [id] : [])),
  )
  const acts = actsOf(grants.slice(0, scopesMax), await chainsOf(tx, org, scopes), {
    ports,
    environments: await environmentsOf(tx),
    namedBy,
  })
  const open = await Open.now(tx, { ports, version, acts })
  const using = await Using.of(acts, { tx, org, ports, open })
  const reach = new Reach(acts, ports)
  const can = ({ principal }: Actor, own: readonly Grant[]) => {
    const mayUse = using.for(principal, own)
    return new Set(own.flatMap((grant) => reach.of(grant)).filter((at) => open.to(principal, at) && mayUse(at)))
  }
  const beyond = (person: Actor, owner: string): ScopeAct[] => {
    const workload = { principal: { ...decidedAs(row), chain: [of, owner] }, owner }
    const own = can(person, held.get(person.principal.id) ?? [])
    return [...can(workload, grants)].filter((at) => !own.has(at)).flatMap((at) => acts[at] ?? [])
  }
  const people = await actorsAmong(tx, ports, [row.owner_id, to])
  const told = (id: string) =>
    people.filter(({ principal }) => principal.id === id).flatMap((person) => differencesOf(person, beyond(person, id), of))
  return { gains: told(to), loses: told(row.owner_id), touched: people.length, cut: grants.length > scopesMax }
}

/** What old and new owner, and the workloads that they own, may do to what comes of a twin. */
async function ofTwin(it: Foreseeing, { of, to }: OwnerChange): Promise<Foreseen> {
  const { tx, ports, org, version } = it
  const target = await findTarget(tx, { id: of, clearance: 3 }, async () => ({ makers: undefined }))
  const { owner_id: from } = await tx.selectFrom('twin').select('owner_id').where('id', '=', of).executeTakeFirstOrThrow()
  if (from === to) return nothing
  const workloads = await tx.selectFrom('workload').select('id').where('owner_id', 'in', [from, to]).execute()
  const actors = await actorsAmong(tx, ports, [from, to, ...workloads.map(({ id }) => id)])
  const held = await grantsHeldNow(
    tx,
    ports,
    actors.map(({ principal }) => principal.id),
  )
  const chain = (await ports.scopes.above(tx, target.ref)) ?? []
  const named = (await namedOfTwins(tx, [of])).get(of) ?? []
  const isPrivileged = await ports.scopes.isPrivileged(tx, target.ref)
  const acts = await actsFor(tx, { target, twin: of, chain, narrow: [], named, namedBy: new Map(), isPrivileged })
  const ownedBy = (owner: string) => acts.map((act) => ({ ...act, known: { ...act.known, makers: [owner], owner } }))
  const before = await Open.now(tx, { ports, version, acts: ownedBy(from) })
  const after = await Open.now(tx, { ports, version, acts: ownedBy(to) })
  const using = await Using.of(acts, { tx, org, ports, open: after })
  const reach = new Reach(acts, ports)
  const scope: EntityRef = target.ref
  const differing = (actor: Actor, more: Open, less: Open) => {
    const grants = held.get(actor.principal.id) ?? []
    const mayUse = using.for(actor.principal, grants)
    const own = new Set(grants.flatMap((grant) => reach.of(grant)))
    const found = [...own].filter((at) => mayUse(at) && more.to(actor.principal, at) && !less.to(actor.principal, at))
    return differencesOf(
      actor,
      found
        .flatMap((at) => acts[at] ?? [])
        .map(({ action, above, environment }) => ({
          action,
          scope,
          above,
          known: {},
          ...(environment === undefined ? {} : { environment }),
        })),
    )
  }
  return {
    gains: actors.flatMap((actor) => differing(actor, after, before)),
    loses: actors.flatMap((actor) => differing(actor, before, after)),
    touched: actors.length,
    cut: false,
  }
}

/** Foresees another owner of a workload or a twin. */
export async function foreseeOwner(it: Foreseeing, change: OwnerChange): Promise<Foreseen> {
  const person = await it.tx.selectFrom('person').select('id').where('id', '=', change.to).where('state', '=', 'active').executeTakeFirst()
  if (person === undefined) throw fail('not_found', 'There is no active person with this id.', { pointer: '/change/to' })
  return isId('twn', change.of) ? ofTwin(it, change) : ofWorkload(it, change)
}
