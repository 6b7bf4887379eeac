// Whoever brings a workload's key can act as it: what it is given, he has. What would take two people, if one of them asked for it, is therefore given to it by another
// hand than his, where there is one: an organization with one administrator has nobody to ask. Anything less he may give to what he sets up.
import { selfAndMembers, workloadsBroughtBy } from '../identity/index.ts'
import { fail, type Ports, type Principal, type Tx } from '../kernel/index.ts'
import type { Given } from './bounds.ts'
import { stakesOf } from './requests/stakes.ts'

/** Refuses what is at stake to whoever brought the key of a workload that would hold it. Throws `denied`. */
export async function requireOtherHand(it: {
  readonly tx: Tx
  readonly ports: Ports
  readonly giver: Principal
  readonly given: Given
  /** A person, a workload or a group. */
  readonly to: string
}): Promise<void> {
  const { tx, ports, giver, given, to } = it
  if (giver.kind === 'system') return
  const brought = await workloadsBroughtBy(tx, await selfAndMembers(tx, to), giver.chain)
  if (brought.length === 0) return
  const stakes = await stakesOf(tx, ports, given)
  if (stakes.length === 0) return
  if (!(await ports.administrators.others(tx, ports.clock.now(), giver.chain))) return
  throw fail(
    'denied',
    `You brought the key of ${brought[0]}: what reaches this far (${stakes.join(', ')}) is given to it by somebody else.`,
    {
      facts: { workloads: brought.slice(0, 20), stakes },
      next: 'Have another administrator give it, or narrow it to a scope and environments where less is at stake.',
    },
  )
}
