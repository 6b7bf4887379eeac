// Evidence of one project, for somebody who may see that and no more, a guest auditor above all: entries about what lies in it, and about what its runs did. What
// an entry names beside its resource does not count: it may be of another project.
import { type RawBuilder, sql } from 'kysely'
import { organizationEntity, organizationRef, type Principal, projectEntity, type ResourceType, type Tx } from '../kernel/index.ts'

/** Entries of the ledger as a resource: those of a project, or of the whole organization. */
export const evidenceType = { name: 'Evidence', attributes: {}, parents: ['Project', 'Organization'] } as const satisfies ResourceType

const inProjects: RawBuilder<unknown> = sql`(
  select id, id as project_id from project union all select id, project_id from twin union all select id, project_id from asset
  union all select s.id, t.project_id from scenario s join twin t on t.org_id = s.org_id and t.id = s.twin_id
  union all select r.id, t.project_id from run r join twin t on t.org_id = r.org_id and t.id = r.twin_id
  union all select b.id, t.project_id from batch b join twin t on t.org_id = b.org_id and t.id = b.twin_id
  union all select p.id, t.project_id from promotion p join twin t on t.org_id = p.org_id and t.id = p.twin_id
  union all select a.id, t.project_id from artifact a join run r on r.org_id = a.org_id and r.id = a.run_id
    join twin t on t.org_id = r.org_id and t.id = r.twin_id)`

/** A condition on entries: about something in a project, or done by a run of it. */
export function isOfProject(project: string): RawBuilder<boolean> {
  const inside = sql`(select id from ${inProjects} as inside where project_id = ${project})`
  return sql<boolean>`(entry.resource_id in ${inside} or entry.actor_id in ${inside})`
}

/** Who acted in an entry, and on what. */
interface About {
  readonly actor: { readonly id: string }
  readonly resource: { readonly id: string }
}

/** The projects that an entry is evidence of: what it is on lies in one, and a run of one may have done it; none for one of the organization alone. */
export async function projectsOfEntry(tx: Tx, { actor, resource }: About): Promise<string[]> {
  const { rows } = await sql<{ project_id: string }>`
    select distinct project_id from ${inProjects} as inside where id in (${resource.id}, ${actor.id}) order by project_id`.execute(tx)
  return rows.map(({ project_id }) => project_id)
}

/** Evidence as the resource of an act: in the projects that it is of, where it is of any. */
export function evidenceOf({ org }: Principal, projects: readonly string[]) {
  const parents = [...projects.map((id) => ({ type: 'Project', id })), organizationRef(org)]
  const others = [...projects.map((id) => projectEntity(org, id)), organizationEntity(org)]
  return { resource: { type: evidenceType.name, id: projects[0] ?? org, attributes: {}, parents }, others }
}
