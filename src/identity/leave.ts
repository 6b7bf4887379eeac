// How a person's time here ends, whoever says so: an administrator or the directory that he came from. The store alone is touched; whoever calls it says that
// something was taken away, and then nothing is admitted for him any more.
import type { OrgId, Ports, Tx } from '../kernel/index.ts'

/** How many sessions, links and things in later rooms ended. */
export interface Left {
  readonly sessions: number
  readonly links: number
  readonly ended: Readonly<Record<string, number>>
}

/** Marks a person as left and ends his sessions, his links and what every later room keeps for him. Idempotent. */
export async function endPerson(tx: Tx, ports: Ports, { org, person }: { readonly org: OrgId; readonly person: string }): Promise<Left> {
  const now = new Date(ports.clock.now())
  await tx.updateTable('person').set({ state: 'left' }).where('id', '=', person).execute()
  const sessions = await tx
    .updateTable('session')
    .set({ ended_at: now })
    .where('person_id', '=', person)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  const links = await tx
    .updateTable('one_time_link')
    .set({ used_at: now })
    .where('person_id', '=', person)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  const ended: Record<string, number> = {}
  for (const holder of ports.holders) ended[holder.what] = await holder.endFor(tx, { org, person, at: now, ports })
  return { sessions: Number(sessions.numUpdatedRows), links: Number(links.numUpdatedRows), ended }
}
