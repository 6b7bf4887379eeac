// Finding twins and what they are made of, with the entities that decisions need. Ids come from outside; row-level security keeps them at home.
import type { Selectable } from 'kysely'
import {
  type Entity,
  type EnvironmentRef,
  fail,
  type Located,
  organizationEntity,
  organizationRef,
  type Principal,
  projectEntity,
  type ResourceType,
  sensitivityLevel,
  type Tx,
} from '../kernel/index.ts'
import type { AssetTable, ConnectionTable, EnvironmentTable, ProjectTable, ScenarioTable, TwinTable } from './tables.ts'

/** A twin as a resource: who owns it, how sensitive it is. */
export const twinType = {
  name: 'Twin',
  attributes: { owner: 'String', sensitivity: 'Long' },
  parents: ['Project'],
} as const satisfies ResourceType
/** A sealed scenario version as a resource. */
export const scenarioType = {
  name: 'Scenario',
  attributes: { author: 'String', sensitivity: 'Long' },
  parents: ['Twin'],
} as const satisfies ResourceType
/** A sealed world, model or data set as a resource. */
export const assetType = {
  name: 'Asset',
  attributes: { owner: 'String', sensitivity: 'Long' },
  parents: ['Project'],
} as const satisfies ResourceType
/** A connection as a resource; the broker decides each call on it. */
export const connectionType = {
  name: 'Connection',
  attributes: { access: 'String', sensitivity: 'Long' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** A list of what lies in one place: in a twin, in a project, in the whole organization. Whoever may list it in a place may list it in what lies in that. */
export const listType = { name: 'List', attributes: {}, parents: ['Twin', 'Project', 'Organization'] } as const satisfies ResourceType

/** A twin and the entities above it. */
export interface TwinFound {
  readonly twin: Selectable<TwinTable>
  readonly entity: Entity
  readonly above: readonly Entity[]
}

/** The entity of a twin. */
export function twinEntity(twin: Pick<Selectable<TwinTable>, 'id' | 'owner_id' | 'project_id' | 'sensitivity'>): Entity {
  return {
    type: 'Twin',
    id: twin.id,
    attributes: { owner: twin.owner_id, sensitivity: sensitivityLevel(twin.sensitivity) },
    parents: [{ type: 'Project', id: twin.project_id }],
  }
}

/** Finds a twin with what stands above it. Throws `not_found`. */
export async function findTwin(tx: Tx, id: string): Promise<TwinFound> {
  const twin = await tx.selectFrom('twin').selectAll().where('id', '=', id).executeTakeFirst()
  if (twin === undefined) throw fail('not_found', 'There is no twin with this id.')
  return { twin, entity: twinEntity(twin), above: [projectEntity(twin.org_id, twin.project_id)] }
}

/** Finds a project. Throws `not_found`. */
export async function findProject(tx: Tx, id: string): Promise<Selectable<ProjectTable>> {
  const project = await tx.selectFrom('project').selectAll().where('id', '=', id).executeTakeFirst()
  if (project === undefined) throw fail('not_found', 'There is no project with this id.')
  return project
}

interface Place {
  readonly twin?: string | undefined
  readonly project?: string | undefined
}

/**
 * The list of what lies in a twin, or in a project; of the whole organization where neither is named. A place that is not there has nothing in it, for whoever may
 * list the whole: nobody else learns whether it is there.
 */
export async function locateList(tx: Tx, { org }: Principal, place: Place) {
  const others = [...(await placesOf(tx, place)), organizationEntity(org)]
  const parents = others.map(({ type, id }) => ({ type, id }))
  return { resource: { type: listType.name, id: parents[0]?.id ?? org, attributes: {}, parents }, others, found: undefined }
}

/** What lies between a list and the organization, the innermost first. */
async function placesOf(tx: Tx, { twin, project }: Place): Promise<Entity[]> {
  if (twin !== undefined) {
    const row = await tx.selectFrom('twin').selectAll().where('id', '=', twin).executeTakeFirst()
    return row === undefined ? [] : [twinEntity(row), projectEntity(row.org_id, row.project_id)]
  }
  if (project === undefined) return []
  const row = await tx.selectFrom('project').select('org_id').where('id', '=', project).executeTakeFirst()
  return row === undefined ? [] : [projectEntity(row.org_id, project)]
}

/** The ids of the twins of a project: what lies in it is known by its twin. */
export const twinsIn = (tx: Tx, project: string) => tx.selectFrom('twin').select('id').where('project_id', '=', project)

/** Finds an environment. Throws `not_found`. */
export async function findEnvironment(tx: Tx, id: string): Promise<Selectable<EnvironmentTable>> {
  const environment = await tx.selectFrom('environment').selectAll().where('id', '=', id).executeTakeFirst()
  if (environment === undefined) throw fail('not_found', 'There is no environment with this id.')
  return environment
}

/** Finds a scenario version. Throws `not_found`. */
export async function findScenario(tx: Tx, id: string): Promise<Selectable<ScenarioTable>> {
  const scenario = await tx.selectFrom('scenario').selectAll().where('id', '=', id).executeTakeFirst()
  if (scenario === undefined) throw fail('not_found', 'There is no scenario with this id.')
  return scenario
}

/** Finds an asset. Throws `not_found`. */
export async function findAsset(tx: Tx, id: string): Promise<Selectable<AssetTable>> {
  const asset = await tx.selectFrom('asset').selectAll().where('id', '=', id).executeTakeFirst()
  if (asset === undefined) throw fail('not_found', 'There is no asset with this id.')
  return asset
}

/** An asset as it is decided on, under its project and organization. */
export function locatedAsset(
  asset: Selectable<AssetTable>,
  environment?: EnvironmentRef,
): Pick<Located<Selectable<AssetTable>>, 'resource' | 'others' | 'environment' | 'found'> {
  const { id, org_id, project_id, owner_id, sensitivity } = asset
  return {
    resource: {
      type: 'Asset',
      id,
      attributes: { owner: owner_id, sensitivity: sensitivityLevel(sensitivity) },
      parents: [{ type: 'Project', id: project_id }],
    },
    others: [projectEntity(org_id, project_id), organizationEntity(org_id)],
    ...(environment === undefined ? {} : { environment }),
    found: asset,
  }
}

/** A connection as an entity. */
export function connectionEntity(connection: Selectable<ConnectionTable>): Entity {
  return {
    type: 'Connection',
    id: connection.id,
    attributes: { access: connection.access, sensitivity: sensitivityLevel(connection.sensitivity) },
    parents: [organizationRef(connection.org_id)],
  }
}

/** A connection of an environment by its slug, if there is one. */
export async function connectionBySlug(tx: Tx, environment: string, slug: string): Promise<Selectable<ConnectionTable> | undefined> {
  return tx.selectFrom('connection').selectAll().where('environment_id', '=', environment).where('slug', '=', slug).executeTakeFirst()
}
