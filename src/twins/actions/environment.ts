// Actions on projects and environments. An environment is born with its own trust domain and its own keys, under its side's key-encryption key.
import { sql } from 'kysely'
import { z } from 'zod'
import { createEnvironmentKeys } from '../../credentials/index.ts'
import { requireActivePerson } from '../../identity/index.ts'
import {
  action,
  environmentClass,
  fail,
  type Id,
  idOf,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type PersonId,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  projectEntity,
  projectType,
  slugText,
  type Tx,
  titleText,
  toPage,
} from '../../kernel/index.ts'
import { findProject, listType, locateList } from '../find.ts'

const environmentOutput = z.object({
  id: idOf('env'),
  slug: z.string(),
  class: environmentClass,
  trustDomain: z.string(),
  owner: idOf('per'),
  state: z.enum(['active', 'retired']),
})

/** Creates a project, the folder of twins that grants are scoped to. */
export const createProject = action({
  name: 'project:create',
  summary: 'Create a project: a folder of twins that grants are scoped to.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, name: titleText, owner: idOf('per') }),
  output: z.object({ id: idOf('prj'), slug: z.string(), name: z.string(), owner: idOf('per') }),
  locate: async ({ input, tx, principal }) => {
    await requireActivePerson(tx, input.owner, '/owner')
    return { resource: organizationEntity(principal.org), found: undefined }
  },
  async perform({ input, tx, ports, principal }) {
    const id = newId('prj', ports)
    const made = await tx
      .insertInto('project')
      .values({
        org_id: principal.org,
        id,
        slug: input.slug,
        name: input.name,
        owner_id: input.owner,
        created_at: new Date(ports.clock.now()),
      })
      .onConflict((conflict) => conflict.columns(['org_id', 'slug']).doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) throw fail('conflict', 'A project has this slug already.', { pointer: '/slug' })
    const related = [
      { rel: 'project', type: 'Project', id },
      { rel: 'owner', type: 'Person', id: input.owner },
    ]
    return { result: { id, slug: input.slug, name: input.name, owner: input.owner }, facts: { slug: input.slug }, related }
  },
})

/** Lists projects. */
export const listProjects = action({
  name: 'project:list',
  summary: 'List projects.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(z.object({ id: idOf('prj'), slug: z.string(), name: z.string(), owner: z.string() })),
  locate: locateOrganization,
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('project')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { items: page.items.map(({ id, slug, name, owner_id }) => ({ id, slug, name, owner: owner_id })), next: page.next } }
  },
})

/** Shows a project and how many twins it holds. */
export const showProject = action({
  name: 'project:show',
  summary: 'Show a project: its owner and how many twins it holds.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: projectType,
  input: z.strictObject({ project: idOf('prj') }),
  output: z.object({ id: idOf('prj'), slug: z.string(), name: z.string(), owner: idOf('per'), twins: z.number() }),
  locate: async ({ input, tx }) => {
    const project = await findProject(tx, input.project)
    return { resource: projectEntity(project.org_id, project.id), others: [organizationEntity(project.org_id)], found: project }
  },
  async perform({ found: { id, slug, name, owner_id }, tx }) {
    const counted = await tx
      .selectFrom('twin')
      .select((eb) => eb.fn.countAll<number>().as('twins'))
      .where('project_id', '=', id)
      .executeTakeFirstOrThrow()
    const [project, owner] = [id as Id<'prj'>, owner_id as PersonId] // the columns hold nothing else
    return { result: { id: project, slug, name, owner, twins: counted.twins } }
  },
})

/** Creates an environment with its own trust domain, issuer and keys. */
export const createEnvironment = action({
  name: 'environment:create',
  summary: 'Create an environment with a trust domain, an issuer and keys of its own.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, class: environmentClass, owner: idOf('per') }),
  output: environmentOutput,
  locate: async ({ input, tx, principal }) => {
    await requireActivePerson(tx, input.owner, '/owner')
    return { resource: organizationEntity(principal.org), found: undefined }
  },
  async perform({ input, tx, ports, principal }) {
    const org = await tx.selectFrom('organization').select(['slug', 'label']).executeTakeFirstOrThrow()
    const taken = await tx.selectFrom('environment').select('id').where('slug', '=', input.slug).executeTakeFirst()
    if (taken !== undefined) {
      throw fail('conflict', 'An environment has, or had, this slug. Trust domains are never used again.', {
        pointer: '/slug',
        next: 'Choose another slug.',
      })
    }
    const id = newId('env', ports)
    const trustDomain = `${input.slug}.${org.slug}.${org.label}.twinlock.internal`
    await tx
      .insertInto('environment')
      .values({
        org_id: principal.org,
        id,
        slug: input.slug,
        class: input.class,
        trust_domain: trustDomain,
        owner_id: input.owner,
        version: 1,
        state: 'active',
        created_at: new Date(ports.clock.now()),
      })
      .execute()
    await createEnvironmentKeys(tx, principal.org, { id, class: input.class, slug: input.slug, trustDomain }, ports)
    return {
      result: { id, slug: input.slug, class: input.class, trustDomain, owner: input.owner, state: 'active' as const },
      facts: { slug: input.slug, class: input.class, trustDomain },
      related: [
        { rel: 'environment', type: 'Environment', id },
        { rel: 'owner', type: 'Person', id: input.owner },
      ],
    }
  },
})

/** The environments that something was given to somebody in; undefined where something was given to him everywhere. */
async function givenIn(tx: Tx, { id }: Principal, ports: Ports): Promise<readonly string[] | undefined> {
  const given = await ports.entitlements.of(tx, id, ports.clock.now())
  return given.some(({ environments }) => environments.length === 0) ? undefined : given.flatMap(({ environments }) => environments)
}

/** Lists environments. */
export const listEnvironments = action({
  name: 'environment:list',
  summary: 'List environments with their trust domains.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: listType,
  input: z.strictObject({
    project: idOf('prj')
      .optional()
      .meta({ description: 'For whoever holds a role on this project alone: those environments in which something was given to him.' }),
    twin: idOf('twn').optional().meta({ description: 'The same, for whoever holds a role on this twin alone.' }),
    ...pageInput,
  }),
  output: pageOf(environmentOutput),
  async locate({ input, tx, principal }) {
    const list = await locateList(tx, principal, input)
    const named = [input.project, input.twin].filter((id) => id !== undefined)
    const isThere = named.every((id) => list.others.some((other) => other.id === id))
    return { ...list, found: { isOfPlace: named.length > 0, isThere } }
  },
  async perform({ input, found: { isOfPlace, isThere }, tx, ports, principal }) {
    if (!isThere) return { result: { items: [], next: null } }
    const only = isOfPlace ? await givenIn(tx, principal, ports) : undefined
    let query = tx
      .selectFrom('environment')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (only !== undefined) query = query.where(sql<boolean>`id = any(${only})`)
    const page = toPage(await query.execute(), input.limit)
    const items = page.items.map((row) => ({
      id: row.id,
      slug: row.slug,
      class: row.class,
      trustDomain: row.trust_domain,
      owner: row.owner_id,
      state: row.state,
    }))
    return { result: { items, next: page.next } }
  },
})
