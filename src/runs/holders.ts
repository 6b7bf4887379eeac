// What runs hold for people, pipelines and twins: when one of those goes, the live runs that depend on it end, in the same transaction.

import type { WorkloadPart } from '../credentials/index.ts'
import type { Holder } from '../identity/index.ts'
import type { TwinPart } from '../twins/index.ts'
import { endRunsBy } from './end-run.ts'

/** Live runs of a person who leaves. */
export const runsOfPeople: Holder = {
  what: 'runs',
  endFor: (tx, { person, at }) => endRunsBy(tx, 'operator_id', person, 'its operator left', at),
}

/** Live runs of a twin that is retired. */
export const runsOfTwins: TwinPart = {
  what: 'runs',
  endForTwin: (tx, { twin, at }) => endRunsBy(tx, 'twin_id', twin, 'its twin was retired', at),
}

/** Live runs that a suspended pipeline started. */
export const runsOfWorkloads: WorkloadPart = {
  what: 'runs',
  endForWorkload: (tx, { workload, at }) => endRunsBy(tx, 'orchestrator_id', workload, 'its pipeline was suspended', at),
}
