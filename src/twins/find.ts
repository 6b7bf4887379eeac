// Finding twins and what they are made of, with the entities that decisions need. Ids come from outside; row-level security keeps them at home.
import type { Selectable } from 'kysely'
import {
  type Entity,
  type EnvironmentRef,
  fail,
  type Located,
  organizationEntity,
  organizationRef,
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
