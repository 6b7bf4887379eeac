// The live grants of an organization's own role. They hold its actions themselves, so that deciding, bounds, duties and explanations need to know no role; here
// they follow it: what a role gains its holders gain, what it loses they lose, and with its end they end. All in the transaction that changes the role.
import { type Selectable, sql } from 'kysely'
import { selfAndMembers, selvesAndBelow, standingBehind } from '../../identity/index.ts'
import { fail, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { requireHeld } from '../bounds.ts'
import { conflictsMet, holdersBeside, requireApart } from '../duties.ts'
import { requireOtherHand } from '../other-hands.ts'
import type { GrantTable } from '../tables.ts'

/** How many live grants of a role gain what it gains; a role that was given more often loses actions and ends, and gains none. */
const liveGrantsMax = 500

/** The live grants of a role. Throws `too_large`. */
async function liveGrantsOf(tx: Tx, role: string): Promise<Selectable<GrantTable>[]> {
  const rows = await tx
    .selectFrom('grant')
    .selectAll()
    .where('custom_role', '=', role)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .limit(liveGrantsMax + 1)
    .execute()
  if (rows.length > liveGrantsMax)
    throw fail('too_large', `A role that is given more than ${liveGrantsMax} times cannot gain actions.`, { next: 'Make another role.' })
  return rows
}

/** The people and workloads who hold a role now, directly or through groups, however many they are. */
export async function losersOf(tx: Tx, role: string): Promise<readonly string[]> {
  const given = sql`select principal_id from "grant" where custom_role = ${role} and revoked_at is null`
  const found = await sql<{
    id: string
  }>`select id from ${selvesAndBelow(given)} as below (id) where id not like 'grp\\_%' order by id`.execute(tx)
  return found.rows.map(({ id }) => id)
}

/** Everybody who holds a role now, directly or through groups, and whoever stands behind them. Throws `too_large`. */
export async function holdersOf(tx: Tx, role: string): Promise<readonly string[]> {
  const found = new Set<string>()
  const holders = new Set((await liveGrantsOf(tx, role)).map((row) => row.principal_id))
  for (const holder of holders) for (const id of await standingBehind(tx, await selfAndMembers(tx, holder))) found.add(id)
  return [...found]
}

/** Whoever adds to a role gives that to all who hold it: it must be his to give on every one of their scopes, and bring no duties together. */
export async function requireMayAdd(
  it: { readonly tx: Tx; readonly ports: Ports; readonly giver: Principal },
  role: string,
  added: readonly string[],
): Promise<void> {
  const { tx, ports } = it
  for (const grant of await liveGrantsOf(tx, role)) {
    const given = { ...grant, actions: [...added] }
    await requireHeld({ ...it, given })
    await requireOtherHand({ ...it, given, to: grant.principal_id })
    requireApart(await conflictsMet({ tx, ports, holders: await holdersBeside(tx, grant.principal_id), given }))
  }
}

/** Lets the live grants of a role hold these actions. */
export async function follow(tx: Tx, role: string, actions: readonly string[]): Promise<void> {
  await tx
    .updateTable('grant')
    .set({ actions: [...actions] })
    .where('custom_role', '=', role)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Ends the live grants of a role; answers their ids. */
export async function endGrantsOf(tx: Tx, role: string, at: Date): Promise<readonly string[]> {
  const ended = await tx
    .updateTable('grant')
    .set({ revoked_at: at })
    .where('custom_role', '=', role)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return ended.map(({ id }) => id).sort()
}
