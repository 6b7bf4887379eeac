// The catalogue: everything that the product can do, room by room. Route, verb, policy name, matrix and documents follow from it.
import { accessActions } from '../access/index.ts'
import { credentialsActions } from '../credentials/index.ts'
import { egressActions } from '../egress/index.ts'
import { identityActions } from '../identity/index.ts'
import type { Capability } from '../kernel/index.ts'
import { outputsActions } from '../outputs/index.ts'
import { postureActions } from '../posture/index.ts'
import { promotionActions } from '../promotion/index.ts'
import { runsActions } from '../runs/index.ts'
import { twinsActions } from '../twins/index.ts'
import { checkAccess } from './actions/access.ts'
import { createArchive, deleteArchive, expireArchives, fetchArchive, listArchives } from './actions/archive.ts'
import { showBlast } from './actions/blast.ts'
import { evaluateAccess } from './actions/evaluate.ts'
import { explainAccess } from './actions/explain.ts'
import { tryGuardrail } from './actions/guardrail-try.ts'
import { showMatrix } from './actions/matrix.ts'
import { createOrganization } from './actions/organization.ts'
import { exportOrganization } from './actions/organization-data.ts'
import { confirmDeletion, deleteOrganization, destroyOrganization, keepOrganization } from './actions/organization-deletion.ts'
import { showPaths } from './actions/paths.ts'
import { searchAccess } from './actions/search.ts'
import { foreseeChange } from './actions/whatif.ts'

/** Every capability, in the order of the rooms. */
export const catalogue: readonly Capability[] = [
  createOrganization,
  exportOrganization,
  createArchive,
  listArchives,
  fetchArchive,
  deleteArchive,
  expireArchives,
  deleteOrganization,
  confirmDeletion,
  keepOrganization,
  destroyOrganization,
  ...identityActions,
  ...accessActions,
  checkAccess,
  explainAccess,
  evaluateAccess,
  searchAccess,
  showPaths,
  showBlast,
  showMatrix,
  foreseeChange,
  tryGuardrail,
  ...credentialsActions,
  ...twinsActions,
  ...runsActions,
  ...egressActions,
  ...outputsActions,
  ...promotionActions,
  ...postureActions,
]
