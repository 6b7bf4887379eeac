// Sets the starter up: one organization with people, environments, a pipeline and a production service, and the twins with their connections.
// Everything goes through the door, as the part or person whose business it is.
import { newId, type OrgId, type Ports } from '../../kernel/index.ts'
import type { Outside } from '../compose.ts'
import type { Door } from '../door/govern.ts'
import { connect, type StarterUpstream } from './connect.ts'
import { type Act, addPerson, asPerson, asStarter, type StarterPerson, starterPeople, text } from './people.ts'
import { addWarehouse, type StarterWarehouse, type WarehousePlan } from './warehouse.ts'

/** The upstreams of the starter's twins. */
export interface StarterUpstreams {
  readonly staging: { readonly accounts: StarterUpstream; readonly payments: StarterUpstream; readonly historian: StarterUpstream }
  readonly production: { readonly accounts: StarterUpstream; readonly payments: StarterUpstream; readonly historian: StarterUpstream }
}

/** The public keys of the starter's workloads, P-256 JWKs. The private halves stay with whoever made them. */
export interface StarterKeys {
  readonly pipeline: Readonly<Record<string, string>>
  readonly payments: Readonly<Record<string, string>>
  readonly assembly: Readonly<Record<string, string>>
}

/** What the starter needs to be set up. */
export interface StarterPlan {
  readonly upstreams: StarterUpstreams
  readonly keys: StarterKeys
  /** Manifest templates of the ready-made twins, by name. */
  readonly manifests: { readonly payments: unknown }
  /** The warehouse robot; without it, the starter has none. */
  readonly warehouse?: WarehousePlan
}

/** What was set up, by name. */
export interface Starter {
  readonly org: OrgId
  readonly people: Readonly<Record<StarterPerson, string>>
  readonly environments: Readonly<Record<'sandbox' | 'staging' | 'production', string>>
  readonly project: string
  readonly twins: { readonly payments: string; readonly assembly: string }
  readonly scenario: string
  readonly pipeline: { readonly id: string; readonly spiffeId: string }
  readonly services: {
    readonly payments: { readonly id: string; readonly spiffeId: string }
    readonly assembly: { readonly id: string; readonly spiffeId: string }
  }
  readonly warehouse?: StarterWarehouse
}

type People = Record<StarterPerson, string>

async function addPeople(act: Act): Promise<People> {
  const ids: Partial<People> = {}
  for (const one of starterPeople) ids[one.slug] = await addPerson(act, one)
  return ids as People // every slug of the list has just been filled
}

async function addEnvironments(act: Act, owner: string): Promise<Starter['environments']> {
  const make = async (slug: 'sandbox' | 'staging' | 'production') =>
    text((await act('environment:create', { slug, class: slug, owner })).id)
  return { sandbox: await make('sandbox'), staging: await make('staging'), production: await make('production') }
}

async function grantRoles(
  act: Act,
  people: People,
  pipeline: string,
  scope: { project: string; environments: Starter['environments'] },
): Promise<void> {
  const { project, environments } = scope
  const reason = 'The starter shows one person for each role.'
  for (const { slug, role } of starterPeople) {
    if (role === null) continue
    const only = role === 'operator' ? { environments: [environments.sandbox, environments.staging] } : {}
    await act('grant:create', { principal: people[slug], role, reason, ...only })
  }
  await act('grant:create', {
    principal: pipeline,
    role: 'operator',
    scopeType: 'Project',
    scope: project,
    environments: [environments.staging],
    reason: 'The pipeline runs scenarios in staging.',
  })
}

async function addWorkloads(act: Act, people: People, environments: Starter['environments'], keys: StarterKeys) {
  const make = async (kind: 'pipeline' | 'service', slug: string, environment: string, owner: string, jwk: unknown) => {
    const made = await act('workload:create', { kind, slug, environment, owner, clearance: 'confidential', jwk })
    return { id: text(made.id), spiffeId: text(made.spiffeId) }
  }
  return {
    pipeline: await make('pipeline', 'ci', environments.staging, people.operator, keys.pipeline),
    payments: await make('service', 'payments-settler', environments.production, people.owner, keys.payments),
    assembly: await make('service', 'line-guard', environments.production, people.owner, keys.assembly),
  }
}

/** Sets the starter up in an empty deployment. */
export async function setUpStarter(door: Door, ports: Pick<Ports, 'clock' | 'random'>, plan: StarterPlan): Promise<Starter> {
  const org: OrgId = newId('org', ports)
  const act = asStarter(door, org)
  await act('organization:create', { slug: 'starter', name: 'The starter' })
  const people = await addPeople(act)
  const environments = await addEnvironments(act, people.owner)
  const project = text((await act('project:create', { slug: 'starter', name: 'The starter’s twins', owner: people.owner })).id)
  const { pipeline, payments, assembly } = await addWorkloads(act, people, environments, plan.keys)
  await grantRoles(act, people, pipeline.id, { project, environments })
  const { staging, production } = plan.upstreams
  const at = { owner: people.owner, environments }
  await connect(act, { slug: 'accounts-data', access: 'read', ...at }, { staging: staging.accounts, production: production.accounts })
  await connect(act, { slug: 'payments-api', access: 'write', ...at }, { staging: staging.payments, production: production.payments })
  await connect(act, { slug: 'line-historian', access: 'read', ...at }, { staging: staging.historian, production: production.historian })
  const twin = async (slug: string, kind: string, program: string) =>
    text((await act('twin:create', { project, slug, kind, program, owner: people.owner, sensitivity: 'internal' })).id)
  const twins = {
    payments: await twin('payments', 'process', 'payments'),
    assembly: await twin('assembly-line', 'machine', 'assembly-line'),
  }
  const scenario = await asPerson(door, org, people.author, (author) =>
    author('scenario:publish', { twin: twins.payments, slug: 'settle', manifest: plan.manifests.payments }),
  )
  const starter = { org, people, environments, project, twins, scenario: text(scenario.id), pipeline, services: { payments, assembly } }
  return plan.warehouse === undefined ? starter : { ...starter, warehouse: await addWarehouse(door, starter, plan.warehouse) }
}

const bareAdmin = 'admin'

/** An organization with nothing in it but somebody who can administer it. */
export interface BareOrganization {
  readonly org: OrgId
  readonly people: { readonly admin: string }
}

/** What is there already of an empty deployment that was interrupted while it was set up. */
async function bareSoFar(
  { store }: Pick<Outside, 'store'>,
  org: OrgId,
): Promise<{ organization: boolean; admin: string | undefined; granted: boolean }> {
  return store.transact(org, async (tx) => {
    const organization = await tx.selectFrom('organization').select('org_id').executeTakeFirst()
    const admin = await tx.selectFrom('person').select('id').where('slug', '=', bareAdmin).executeTakeFirst()
    const grant = admin && (await tx.selectFrom('grant').select('id').where('principal_id', '=', admin.id).executeTakeFirst())
    return { organization: organization !== undefined, admin: admin?.id, granted: grant !== undefined }
  })
}

/**
 * Sets up what an empty deployment needs so that anybody can begin: one organization and its first administrator. Done again for the same
 * organization after an interruption, it does what is left.
 */
export async function setUpBare(
  door: Door,
  outside: Pick<Outside, 'store'>,
  org: OrgId,
  called: { readonly slug: string; readonly name: string } = { slug: 'main', name: 'The first organization' },
): Promise<BareOrganization> {
  const act = asStarter(door, org)
  const before = await bareSoFar(outside, org)
  if (!before.organization) await act('organization:create', called)
  const admin =
    before.admin ??
    text((await act('person:create', { slug: bareAdmin, name: 'First administrator', email: `admin@${called.slug}.example` })).id)
  if (!before.granted) await act('grant:create', { principal: admin, role: 'admin', reason: 'Somebody has to begin.' })
  return { org, people: { admin } }
}

/** The organization of this short name, and whether anybody has ever signed in to it. */
async function organizationCalled({ store }: Pick<Outside, 'store'>, slug: string): Promise<{ org: OrgId; isInUse: boolean } | undefined> {
  for (const org of await store.organizations()) {
    const found = await store.glance(org, async (tx) => {
      const row = await tx.selectFrom('organization').select('org_id').where('slug', '=', slug).executeTakeFirst()
      if (row === undefined) return undefined
      return { org, isInUse: (await tx.selectFrom('session').select('id').limit(1).executeTakeFirst()) !== undefined }
    })
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Sets up another organization beside those that there are, for whoever has the machine. Answers it until somebody has signed in to it; from then on, and where an
 * organization was called so before, it is its own administrators' and nothing is done.
 */
export async function setUpAnother(
  door: Door,
  outside: Pick<Outside, 'store' | 'clock' | 'random'>,
  slug: string,
): Promise<BareOrganization | undefined> {
  const there = await organizationCalled(outside, slug)
  if (there?.isInUse === true) return undefined
  return setUpBare(door, outside, there?.org ?? newId('org', outside), { slug, name: slug })
}
