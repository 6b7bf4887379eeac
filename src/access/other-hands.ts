// Whoever brings a workload's key can act as it: what it is given, he has. What would take two people, if one of them asked for it, is therefore given to it by another
// hand than his, where there is one: an organization with one administrator has nobody to ask. Anything less he may give to what he sets up.
import { selfAndMembers, workloadsBroughtBy } from '../identity/index.ts'
import { fail, type Ports, type Principal, type Tx } from '../kernel/index.ts'
import type { Given } from './bounds.ts'
import { grantsHeld } from './grants.ts'
import { type Stake, stakesOf } from './requests/stakes.ts'

/** What somebody is to give, and to whom. */
interface GivingTo {
  readonly tx: Tx
  readonly ports: Ports
  readonly giver: Principal
  readonly given: Given
  /** A person, a workload or a group. */
  readonly to: string
}

/** The workloads whose key the giver brought and that would hold it, and what is at stake; nothing where he may give it himself. */
export async function otherHandNeeded({
  tx,
  ports,
  giver,
  given,
  to,
}: GivingTo): Promise<{ readonly workloads: readonly string[]; readonly stakes: readonly Stake[] } | undefined> {
  if (giver.kind === 'system') return undefined
  const workloads = await workloadsBroughtBy(tx, await selfAndMembers(tx, to), giver.chain)
  if (workloads.length === 0) return undefined
  const stakes = await stakesOf(tx, ports, given)
  if (stakes.length === 0) return undefined
  if (!(await ports.administrators.others(tx, ports.clock.now(), giver.chain))) return undefined
  return { workloads: workloads.slice(0, 20), stakes }
}

/** Refuses what is at stake to whoever brought the key of a workload that would hold it. Throws `denied`. */
export async function requireOtherHand(it: GivingTo): Promise<void> {
  const needed = await otherHandNeeded(it)
  if (needed === undefined) return
  const { workloads, stakes } = needed
  throw fail(
    'denied',
    `You brought the key of ${workloads[0]}: what reaches this far (${stakes.join(', ')}) is given to it by somebody else.`,
    {
      facts: { workloads, stakes },
      next: 'Have another administrator give it, or narrow it to a scope and environments where less is at stake.',
    },
  )
}

/**
 * Refuses to bring the key of a workload that holds what would take two people: by the key he would have it, and nobody else would have given it to him. Throws
 * `denied`.
 */
export async function requireNothingAtStake({
  tx,
  ports,
  workload,
}: {
  readonly tx: Tx
  readonly ports: Ports
  readonly workload: string
}): Promise<void> {
  const found = new Set<Stake>()
  for (const grant of await grantsHeld(tx, workload)) for (const stake of await stakesOf(tx, ports, grant)) found.add(stake)
  if (found.size === 0) return
  throw fail(
    'denied',
    `Whoever brings its key has what it holds, and that reaches far (${[...found].join(', ')}): only the workload itself, or whoever brought the key that it has, brings the next.`,
    { facts: { stakes: [...found] }, next: 'Rotate it as the workload, with the key that it has.' },
  )
}
