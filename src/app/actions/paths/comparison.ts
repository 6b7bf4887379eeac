// What people and workloads could do before a change and afterwards, side by side: the acts that their grants reach on one side alone, as far as nothing stands in
// the way of them.
import { givesAction, givesIn } from '../../../access/index.ts'
import type { Ports } from '../../../kernel/index.ts'
import { ActionSets } from './action-sets.ts'
import type { Actor, Grant } from './holders.ts'
import { launchAction } from './legs.ts'
import type { Open } from './open.ts'
import { Reach } from './reach.ts'
import { differencesOf, keyOf, type ScopeAct, scopeOf } from './scope-acts.ts'
import type { Difference } from './shown.ts'
import { type Using, useAction } from './uses.ts'

/** How many differences one answer names on each side. */
export const differencesMax = 2_000

interface Sides {
  readonly before: readonly Grant[]
  readonly after: readonly Grant[]
}

interface Comparing {
  /** What differing grants give on their own scopes. */
  readonly acts: readonly ScopeAct[]
  /** Launches that uses of assets make possible, numbered after the acts. */
  readonly launches: readonly ScopeAct[]
  readonly ports: Ports
  readonly open: Open
  readonly using: Using
}

/** Gathers what differs, one after the other. */
export class Comparison {
  readonly gains: Difference[] = []
  readonly loses: Difference[] = []
  private readonly it: Comparing
  private readonly launchesOf: Reach
  private readonly sets: ActionSets
  private readonly on = new Map<string, number[]>()

  constructor(it: Comparing) {
    this.it = it
    this.launchesOf = new Reach(it.launches, it.ports)
    this.sets = new ActionSets(it.ports)
    for (const [at, { scope }] of it.acts.entries()) {
      const list = this.on.get(keyOf(scope))
      if (list === undefined) this.on.set(keyOf(scope), [at])
      else list.push(at)
    }
  }

  /** Whether there is as much as is shown. */
  get isFull(): boolean {
    return this.gains.length > differencesMax || this.loses.length > differencesMax
  }

  /** The acts that grants give on their own scopes and none of the others gives there. */
  private given(grants: readonly Grant[], others: readonly Grant[]): Set<number> {
    const more = new Set<number>()
    for (const grant of grants) {
      const on = this.on.get(keyOf(scopeOf(grant))) ?? []
      // All acts on one scope have the same above them.
      const above = this.it.acts[on[0] ?? -1]?.above ?? []
      const there = others.filter(({ scope_type: type, scope_id: id }) => above.some((one) => one.id === id && one.type === type))
      const [own, theirs] = [this.sets.of(grant), there.map((one) => ({ one, actions: this.sets.of(one) }))]
      for (const at of on) {
        const act = this.it.acts[at]
        if (act === undefined || !own.has(act.action) || !givesIn(grant, act.environment?.id)) continue
        if (!theirs.some(({ one, actions }) => actions.has(act.action) && givesIn(one, act.environment?.id))) more.add(at)
      }
    }
    return more
  }

  /** The launches that somebody could do by these grants, numbered after the acts. */
  private launchable({ principal }: Actor, grants: readonly Grant[]): Set<number> {
    const mayUse = this.it.using.for(principal, grants)
    const reached = grants.flatMap((grant) => this.launchesOf.of(grant)).map((at) => this.it.acts.length + at)
    return new Set(reached.filter(mayUse))
  }

  /** What grants give that the others do not. */
  private beyond(actor: Actor, grants: readonly Grant[], others: readonly Grant[]): Difference[] {
    const { open, using, launches, ports } = this.it
    const same = new Set(others)
    const differing = grants.filter((grant) => !same.has(grant))
    const more = [...this.given(differing, others)].filter(using.for(actor.principal, grants))
    if (launches.length > 0 && differing.some((grant) => givesAction(grant, useAction, ports.grantable)))
      more.push(...this.launchable(actor, grants).difference(this.launchable(actor, others)))
    return differencesOf(actor, this.saidOnce(more.filter((at) => open.to(actor.principal, at))))
  }

  /** Without the launches of scenarios where launching anything that is above them makes the same difference. */
  private saidOnce(more: readonly number[]): ScopeAct[] {
    const { acts, launches } = this.it
    const own = more.flatMap((at) => (at < acts.length ? (acts[at] ?? []) : []))
    const launchable = new Set(own.flatMap((one) => (one.action === launchAction ? [`${keyOf(one.scope)} ${one.environment?.id}`] : [])))
    const isSaid = ({ above, environment }: ScopeAct): boolean => above.some((one) => launchable.has(`${keyOf(one)} ${environment?.id}`))
    return [...own, ...more.flatMap((at) => (at < acts.length ? [] : (launches[at - acts.length] ?? []))).filter((one) => !isSaid(one))]
  }

  /** Compares what one of them holds. */
  add(actor: Actor, { before, after }: Sides): void {
    this.gains.push(...this.beyond(actor, after, before))
    this.loses.push(...this.beyond(actor, before, after))
  }
}
