// Finding what nobody answers for: in the moment in which somebody leaves, and by a sweep in case anything was missed. Whether an owner is here is asked again
// whenever a run begins; this only says so earlier, and to people.
import { sql } from 'kysely'
import { isHereAt } from '../../identity/index.ts'
import type { Tx } from '../../kernel/index.ts'
import { standingThings } from './things.ts'

/** A thing that was found to have no owner, or to have one again. */
export interface OrphanMoved {
  readonly id: string
  readonly kind: string
}

/** Notes the things whose owner has left, or is a guest whose time is over or for whom nobody answers; of one person alone where he is named. Answers those that were not noted before. */
export async function noteOrphans(tx: Tx, at: Date, person: string | null = null): Promise<readonly OrphanMoved[]> {
  const { rows } = await sql<OrphanMoved>`
    insert into orphan (org_id, thing_id, kind, owner_id, found_at)
    select current_org(), t.id, t.kind, t.owner_id, ${at.toISOString()}::timestamptz from ${standingThings} t
    where t.through is null and (${person}::text is null or t.owner_id = ${person})
      and not exists (select from person p where p.id = t.owner_id and ${isHereAt(at)})
    on conflict (org_id, thing_id) do nothing returning thing_id as id, kind`.execute(tx)
  return rows
}

/** Forgets those that have an owner who is here, or stand no more. */
export async function forgetOrphans(tx: Tx, at: Date): Promise<readonly OrphanMoved[]> {
  const { rows } = await sql<OrphanMoved>`
    delete from orphan o where not exists (
      select from ${standingThings} t where t.id = o.thing_id and not exists (select from person p where p.id = t.owner_id and ${isHereAt(at)})
    ) returning o.thing_id as id, o.kind`.execute(tx)
  return rows
}
