// The door of `twins`: what is simulated. Projects, environments, twins, sealed scenarios and assets, connections.
import { addAsset, listAssets, readAsset, showAsset, useAsset } from './actions/asset.ts'
import { createConnection, listConnections } from './actions/connection.ts'
import { resumeConnection, rotateConnection, suspendConnection } from './actions/connection-standing.ts'
import { createEnvironment, createProject, listEnvironments, listProjects, showProject } from './actions/environment.ts'
import { listScenarios, publishScenario, showScenario } from './actions/scenario.ts'
import { createTwin, listTwins, retireTwin } from './actions/twin.ts'

/** What `twins` can do. */
export const twinsActions = [
  createProject,
  listProjects,
  showProject,
  createEnvironment,
  listEnvironments,
  createTwin,
  listTwins,
  retireTwin,
  addAsset,
  listAssets,
  showAsset,
  readAsset,
  useAsset,
  createConnection,
  listConnections,
  suspendConnection,
  resumeConnection,
  rotateConnection,
  publishScenario,
  listScenarios,
  showScenario,
] as const
export { assetBytesMax, usesOf } from './actions/asset.ts'
export { twinOutput } from './actions/twin.ts'
export type { TwinsErrorCode } from './error-codes.ts'
export {
  connectionBySlug,
  connectionEntity,
  connectionType,
  findAsset,
  findEnvironment,
  findProject,
  findScenario,
  findTwin,
  listType,
  locateList,
  scenarioType,
  type TwinFound,
  twinEntity,
  twinsIn,
  twinType,
} from './find.ts'
export { type CallRule, httpMethods, type Manifest, manifestSchema } from './manifest.ts'
export { type Names, namesOf } from './names.ts'
export type { RetiredTwin, TwinPart } from './ports.ts'
export { refuseSecretsInJson, scenarioDigest } from './seal.ts'
export { maskSecrets, maskSecretsInJson, type SecretFinding, scanBytes, scanJson, scanText } from './secret-scan/index.ts'
export type { AssetTable, ConnectionTable, EnvironmentTable, ProjectTable, ScenarioTable, TwinTable } from './tables.ts'
