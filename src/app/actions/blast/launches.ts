// The twins of which somebody could launch anything that is there: a scenario whose assets he may use as well. What he may launch on a whole project or organization
// says less than that.
import { breaksGlass, glassAction } from '../../../access/index.ts'
import { organizationRef } from '../../../kernel/index.ts'
import type { Grant } from '../paths/holders.ts'
import { environmentsOf, launchAction, whereOf } from '../paths/legs.ts'
import { Open } from '../paths/open.ts'
import { Reach } from '../paths/reach.ts'
import { namedOfTwins, Using } from '../paths/uses.ts'
import type { Reaching } from './reaches.ts'
import type { Wielded } from './stolen.ts'

/** A twin that launching is asked about. */
export interface Launchable {
  readonly id: string
  readonly project: string
  /** 0 to 3. */
  readonly level: number
}

/** Of which twins something can be launched: by what is held, and by breaking the glass as well. */
export interface Launches {
  readonly held: ReadonlySet<string>
  readonly byGlass: ReadonlySet<string>
}

/** Finds the twins among these of which somebody could launch a scenario that is there. */
export async function launchesOf(
  { tx, ports, org, version }: Reaching,
  wielded: readonly Wielded[],
  { twins, grantsOf }: { readonly twins: readonly Launchable[]; readonly grantsOf: (holder: string) => readonly Grant[] },
): Promise<Launches> {
  const named = await namedOfTwins(
    tx,
    twins.map(({ id }) => id),
  )
  const places = whereOf(launchAction, await environmentsOf(tx))
  const acts = twins.flatMap(({ id, project, level }) =>
    (named.get(id) ?? [[]]).flatMap((assets) =>
      places.map((environment) => ({
        action: launchAction,
        twin: id,
        above: [{ type: 'Twin', id }, { type: 'Project', id: project }, organizationRef(org)],
        known: { sensitivity: level },
        assets,
        ...(environment === undefined ? {} : { environment }),
      })),
    ),
  )
  const open = await Open.now(tx, { ports, version, acts })
  const using = await Using.of(acts, { tx, org, ports, open })
  const breaking = acts.map((act) => ({ ...act, action: glassAction }))
  const mayBreak = open.about(breaking)
  const [reach, reachByGlass] = [new Reach(acts, ports), new Reach(breaking, ports)]
  const [held, byGlass] = [new Set<string>(), new Set<string>()]
  for (const { principal } of wielded) {
    const grants = grantsOf(principal.id)
    const [isOpen, mayUse, mayUseByGlass] = [open.for(principal), using.for(principal, grants), using.for(principal, grants, true)]
    const twinsOf = (numbers: readonly number[]) => numbers.flatMap((at) => acts[at]?.twin ?? [])
    const given = grants.flatMap((grant) => reach.of(grant)).filter(isOpen)
    const broken = grants
      .filter((grant) => breaksGlass(grant, ports.grantable))
      .flatMap((grant) => reachByGlass.of(grant))
      .filter((at) => isOpen(at) && mayBreak.to(principal, at))
    for (const twin of twinsOf(given.filter(mayUse))) held.add(twin)
    for (const twin of twinsOf(broken.filter(mayUseByGlass))) byGlass.add(twin)
  }
  return { held, byGlass }
}
