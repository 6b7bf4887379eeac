// Whose time and reach are bounded whatever was granted, all at once: guests, and everything of an engagement. The same as is read at each decision of theirs.
import { sql } from 'kysely'
import type { Bound } from '../../../identity/index.ts'
import { organizationType, type Tx } from '../../../kernel/index.ts'
import type { Grant } from './holders.ts'

/** What bounds somebody, by his id. */
export type Bounds = ReadonlyMap<string, readonly Bound[]>

/** Everything that bounds anybody in the organization. */
export async function boundsHere(tx: Tx): Promise<Bounds> {
  const found = await sql<Bound & { readonly holder: string }>`
    select person_id as holder, 'guest' as kind, id, state = 'active' as "isOn", until, projects from guest
    union all select m.member_id, 'engagement', e.id, e.state = 'active', e.until, e.projects
      from engagement_member m join engagement e on e.org_id = m.org_id and e.id = m.engagement_id
    order by id`.execute(tx)
  const bounds = new Map<string, Bound[]>()
  for (const { holder, ...bound } of found.rows) bounds.set(holder, [...(bounds.get(holder) ?? []), bound])
  return bounds
}

/** Grants as they count for their holder: what is given on the whole organization counts for whoever is bounded on each of the projects that he is here for. */
export function narrowed(grants: readonly Grant[], bounds: readonly Bound[] = []): readonly Grant[] {
  if (bounds.length === 0) return grants
  const projects = [...new Set(bounds.flatMap((bound) => bound.projects))]
  return grants.flatMap((grant) =>
    grant.scope_type === organizationType.name ? projects.map((id) => ({ ...grant, scope_type: 'Project', scope_id: id })) : [grant],
  )
}
