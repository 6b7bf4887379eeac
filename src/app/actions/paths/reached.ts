// What holders of grants can do on the three legs of a target, before any of it is told: each holder's acts, with the grants that give them, as far as nothing stands
// in the way. The decision is the door's; only the thing is supposed. Breaking the glass is a way of its own: what somebody could take by it, marked as such.
import { breaksGlass, glassAction, rolesByGlass } from '../../../access/index.ts'
import type { Ports } from '../../../kernel/index.ts'
import { type Asking, actsAndGrants } from './acts-and-grants.ts'
import { type Grant, type Holder, holdersOf } from './holders.ts'
import type { Act, Leg } from './legs.ts'
import { Open } from './open.ts'
import { Reach } from './reach.ts'
import { Using } from './uses.ts'

/** What one holder can do by his grants, or by breaking the glass that they let him break. */
export interface Reached {
  readonly holder: Holder
  readonly kind: 'grant' | 'break-glass'
  readonly leg: Leg
  readonly action: string
  readonly environments: Set<string>
  readonly grants: Set<Grant>
  /** The grants by which he may use what it names. */
  readonly uses: Set<Grant>
}

/** How somebody comes to an act: by which of his grants, where those reach, and whether anything stands in the way; and by which he uses what it names. */
interface By {
  readonly kind: Reached['kind']
  grantsOf(holder: Holder): readonly Grant[]
  readonly reach: Reach
  openTo(holder: Holder): (act: number) => boolean
  usesBehind(act: number, holder: Holder): readonly Grant[]
}

function reachedBy(holder: Holder, acts: readonly Act[], { kind, grantsOf, reach, openTo, usesBehind }: By): Reached[] {
  const found = new Map<string, Reached>()
  const grants = grantsOf(holder)
  if (grants.length === 0) return []
  const isOpen = openTo(holder)
  for (const grant of grants)
    for (const at of reach.of(grant)) {
      const act = acts[at]
      if (act === undefined || !isOpen(at)) continue
      const key = `${act.leg} ${act.action}`
      const one = found.get(key) ?? newlyReached(holder, kind, act)
      if (act.environment !== undefined) one.environments.add(act.environment.id)
      one.grants.add(grant)
      for (const use of usesBehind(at, holder)) one.uses.add(use)
      found.set(key, one)
    }
  return [...found.values()]
}

const newlyReached = (holder: Holder, kind: Reached['kind'], { leg, action }: Act): Reached => ({
  holder,
  kind,
  leg,
  action,
  environments: new Set(),
  grants: new Set(),
  uses: new Set(),
})

/** Everything that anybody can by grants, over all three legs. */
export async function allReached(it: Asking): Promise<Reached[]> {
  const { tx, ports, version, org } = it
  const { acts, grants } = await actsAndGrants(it)
  const open = await Open.now(tx, { ports, version, acts })
  const using = await Using.of(acts, { tx, org, ports, open })
  const standing: By = {
    kind: 'grant',
    grantsOf: (holder) => holder.grants,
    reach: new Reach(acts, ports),
    openTo({ principal, grants: held }) {
      const [mayDo, mayUse] = [open.for(principal), using.for(principal, held)]
      return (at) => mayDo(at) && mayUse(at)
    },
    usesBehind: (act, holder) => using.behind(act, holder.grants),
  }
  const breaking = byGlass(acts, { open, using, ports })
  return (await holdersOf(tx, ports, grants)).flatMap((holder) => [
    ...reachedBy(holder, acts, standing),
    ...reachedBy(holder, acts, breaking),
  ])
}

interface Deciding {
  readonly open: Open
  readonly using: Using
  readonly ports: Ports
}

/** Breaking the glass where each act would be done, and then doing it. */
function byGlass(acts: readonly Act[], { open, using, ports }: Deciding): By {
  const breaking = acts.map((act) => ({ ...act, action: glassAction }))
  const mayBreak = open.about(breaking)
  const isTaken = acts.map(({ action }) => rolesByGlass(action, ports.grantable).length > 0)
  return {
    kind: 'break-glass',
    grantsOf: ({ grants }) => grants.filter((grant) => breaksGlass(grant, ports.grantable)),
    reach: new Reach(breaking, ports),
    openTo({ principal, grants }) {
      const [mayDo, may, mayUse] = [open.for(principal), mayBreak.for(principal), using.for(principal, grants, true)]
      return (at) => isTaken[at] === true && may(at) && mayDo(at) && mayUse(at)
    },
    usesBehind: () => [],
  }
}
