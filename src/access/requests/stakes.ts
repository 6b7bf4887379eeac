// What is at stake in a request, and so how many people must approve it: what reaches production, a privileged twin, or the managing of the platform takes two.
// What is asked for everywhere is asked for in production too, so that leaving something out is no way around the second pair of eyes.
import type { Selectable } from 'kysely'
import type { Ports, Tx } from '../../kernel/index.ts'
import type { GrantTable } from '../tables.ts'

/** Why two people must approve. */
export const stakes = ['production', 'privileged', 'admin'] as const
/** One of `production`, `privileged`, `admin`. */
export type Stake = (typeof stakes)[number]

type Asked = Pick<Selectable<GrantTable>, 'role' | 'actions' | 'scope_type' | 'scope_id' | 'environments'>

/** Whether it is something that administrators alone hold. */
function managesThePlatform({ role, actions }: Asked, grantable: Ports['grantable']): boolean {
  return role === 'admin' || actions.some((name) => grantable.get(name)?.join() === 'admin')
}

/** What is at stake; empty where one approval is enough. */
export async function stakesOf(tx: Tx, ports: Ports, asked: Asked): Promise<Stake[]> {
  const scope = { type: asked.scope_type, id: asked.scope_id }
  const there = await ports.scopes.stakes(tx, scope, asked.environments)
  return stakes.filter((one) => (one === 'admin' ? managesThePlatform(asked, ports.grantable) : there.includes(one)))
}

/** How many different people must approve. */
export function approvalsFor(at: readonly Stake[]): 1 | 2 {
  return at.length === 0 ? 1 : 2
}
