// Who answers for what: the list of standing things, and the group that answers where an owner is gone. Everybody sees his own without a role.
import { z } from 'zod'
import { findGroup } from '../../identity/index.ts'
import {
  action,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationRef,
  organizationType,
  type Principal,
  pageOf,
  projectEntity,
  type ResourceType,
  reasonText,
  toPage,
} from '../../kernel/index.ts'
import { findProject } from '../../twins/index.ts'
import { ownedThing, ownedThings } from '../ownership/shown.ts'
import { thingKinds } from '../ownership/things.ts'

/** What people answer for, as a resource; whoever `self` names may do it without a role. */
export const ownershipType = {
  name: 'Ownership',
  attributes: { self: 'String' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** The resource of an act on ownership; `self` is whom it is his own of, or nobody. */
export function ownershipOf({ org }: Principal, id: string, self: string) {
  return {
    resource: { type: ownershipType.name, id, attributes: { self }, parents: [organizationRef(org)] },
    others: [organizationEntity(org)],
  }
}

/** Lists standing things with who answers for them. */
export const listOwnership = action({
  name: 'ownership:list',
  summary:
    'List standing things with their owners: of a person, offered to a person, or those whose owner has left. One’s own without a role.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: ownershipType,
  input: z.strictObject({
    person: idOf('per').optional().meta({ description: 'Only what this person owns.' }),
    offeredTo: idOf('per').optional().meta({ description: 'Only what was offered to this person and is not decided.' }),
    orphans: z.stringbool().or(z.boolean()).optional().meta({ description: 'Only what nobody answers for.', type: 'boolean' }),
    kind: z.enum(thingKinds).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'At most so many items.' }),
    after: z.string().max(120).optional().meta({ description: 'Go on after this id: the `next` of the page before.' }),
  }),
  output: pageOf(ownedThing),
  locate: async ({ input: { person, offeredTo }, principal }) => {
    const whose = person ?? offeredTo
    const isOwn = whose === principal.id && (offeredTo === undefined || offeredTo === principal.id)
    return { ...ownershipOf(principal, whose ?? principal.org, isOwn ? principal.id : ''), found: undefined }
  },
  async perform({ input, tx, ports, principal }) {
    const items = await ownedThings(tx, ports, principal.org, { ...input, limit: input.limit + 1 })
    return { result: toPage(items, input.limit) }
  },
})

/** Says which group answers where an owner is gone. */
export const setFallback = action({
  name: 'ownership:set-fallback',
  summary:
    'Say which group answers for what lies in a project, or in the organization, when its owner is gone; without one, the administrators do.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    project: idOf('prj').optional().meta({ description: 'Only for what lies in this project; the organization where it is left out.' }),
    group: idOf('grp').nullable().meta({ description: 'Null for the usual one again.' }),
    reason: reasonText,
  }),
  output: z.object({ scope: z.enum(['project', 'organization']), project: idOf('prj').nullable(), group: idOf('grp').nullable() }),
  locate: async ({ input, tx, principal }) => {
    if (input.group !== null) await findGroup(tx, input.group)
    const organization = organizationEntity(principal.org)
    if (input.project === undefined) return { resource: organization, found: undefined }
    await findProject(tx, input.project)
    return { resource: organization, others: [projectEntity(principal.org, input.project)], found: undefined }
  },
  async perform({ input, tx, principal }) {
    const { project = null, group, reason } = input
    const scope = project ?? principal.org
    await tx.deleteFrom('ownership_fallback').where('scope_id', '=', scope).execute()
    if (group !== null)
      await tx.insertInto('ownership_fallback').values({ org_id: principal.org, scope_id: scope, group_id: group }).execute()
    return {
      result: { scope: project === null ? ('organization' as const) : ('project' as const), project, group },
      facts: { scope, group },
      related: [
        ...(project === null ? [] : [{ rel: 'project', type: 'Project', id: project }]),
        ...(group === null ? [] : [{ rel: 'group', type: 'Group', id: group }]),
      ],
      texts: { reason },
    }
  },
})

/** Lists the groups that answer where owners are gone. */
export const listFallbacks = action({
  name: 'ownership:fallbacks',
  summary: 'List the groups that answer where owners are gone, of the organization and of its projects.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({
    items: z.array(
      z.object({
        scope: z.enum(['project', 'organization']),
        project: z.object({ id: idOf('prj'), name: z.string() }).nullable(),
        group: z.object({ id: idOf('grp'), name: z.string() }),
      }),
    ),
  }),
  locate: locateOrganization,
  async perform({ tx }) {
    const rows = await tx
      .selectFrom('ownership_fallback as f')
      .innerJoin('group as g', 'g.id', 'f.group_id')
      .leftJoin('project as p', 'p.id', 'f.scope_id')
      .select(['g.id', 'g.name', 'p.id as project', 'p.name as project_name'])
      .orderBy('f.scope_id')
      .limit(1000)
      .execute()
    return {
      result: {
        items: rows.map(({ id, name, project, project_name }) => ({
          scope: project === null ? ('organization' as const) : ('project' as const),
          project: project === null ? null : { id: project, name: project_name ?? project },
          group: { id, name },
        })),
      },
    }
  },
})
