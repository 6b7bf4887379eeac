// Offering things: the newest offer of each thing stands, and takes nothing from whoever answers for it until it is accepted.
import { sql } from 'kysely'
import type { EntryId, Principal, Tx } from '../../kernel/index.ts'
import { type Thing, typeOfThing } from './things.ts'

/** Whom things are offered to, by whom. */
export interface Offering {
  readonly principal: Principal
  readonly to: string
  readonly at: Date
  readonly entry: EntryId
}

/** Offers things to somebody; an earlier offer of one of them no longer stands. */
export async function offerThings(tx: Tx, things: readonly Thing[], { principal, to, at, entry }: Offering): Promise<void> {
  const column = (of: (thing: Thing) => string) => things.map(of)
  await sql`
    insert into ownership_offer (org_id, thing_id, kind, from_id, to_id, offered_by, offered_at, entry_id, state)
    select current_org(), t.id, t.kind, t.owner, ${to}, ${principal.id}, ${at.toISOString()}::timestamptz, ${entry}, 'open'
    from unnest(${column(({ id }) => id)}::text[], ${column(({ kind }) => kind)}::text[], ${column(({ owner_id }) => owner_id)}::text[]) as t (id, kind, owner)
    on conflict (org_id, thing_id) do update set from_id = excluded.from_id, to_id = excluded.to_id, offered_by = excluded.offered_by,
      offered_at = excluded.offered_at, entry_id = excluded.entry_id, state = 'open', decided_at = null,
      decided_entry_id = null`.execute(tx)
}

/** Things as results name them. */
export function named(things: readonly Thing[]): { id: string; kind: Thing['kind'] }[] {
  return things.map(({ id, kind }) => ({ id, kind }))
}

const relatedMax = 200

/** Things as entries speak of them; of very many, the first. */
export function speakingOf(things: readonly Thing[], rel: string): { rel: string; type: string; id: string }[] {
  return things.slice(0, relatedMax).map(({ id, kind }) => ({ rel, type: typeOfThing(kind), id }))
}
