// What runs hold for people, pipelines and twins: when one of those goes, the live runs that depend on it end, in the same transaction.

import { sql } from 'kysely'
import { stillHolds } from '../access/index.ts'
import type { WorkloadPart } from '../credentials/index.ts'
import { countOf, type Dependents, type Holder } from '../identity/index.ts'
import type { Tx } from '../kernel/index.ts'
import type { TwinPart } from '../twins/index.ts'
import { endRuns, endRunsBy } from './end-run.ts'

/** Live runs of a person who leaves. */
export const runsOfPeople: Holder = {
  what: 'runs',
  becomes: 'ended',
  endFor: (tx, { person, at }) => endRunsBy(tx, 'operator_id', person, 'operator_left', at),
  remaining: (tx, { person }) =>
    countOf(tx.selectFrom('run').where('operator_id', '=', person).where('state', 'in', ['queued', 'claimed', 'running'])),
}

/** Runs of others that have not begun, and that need something which a person answers for: the twin, the environment, a connection or an asset. */
function waitingFor(tx: Tx, person: string) {
  const owns = (table: 'twin' | 'environment' | 'connection' | 'asset') =>
    sql`(select id from ${sql.table(table)} where owner_id = ${person})`
  return (
    tx
      .selectFrom('run')
      .where('state', 'in', ['queued', 'claimed'])
      .where('operator_id', '!=', person)
      // Asked of each run that waits, by its own rules and scenario: what all runs ever were given is not looked through.
      .where(
        sql<boolean>`(twin_id in ${owns('twin')} or environment_id in ${owns('environment')}
        or exists (select from permission p where p.org_id = run.org_id and p.holder_id = run.id and p.connection_id in ${owns('connection')})
        or exists (select from scenario s, jsonb_path_query(s.manifest, '$.assets[*].asset') used
          where s.org_id = run.org_id and s.id = run.scenario_id and used #>> '{}' in ${owns('asset')}))`,
      )
  )
}

/** Runs that have not begun, of what a person who leaves answers for: nothing of it begins before somebody takes it over. */
export const runsWaitingForOwners: Holder = {
  what: 'waiting_runs',
  becomes: 'ended',
  async endFor(tx, { person, at }) {
    const waiting = await waitingFor(tx, person).select('id').orderBy('id').execute()
    const ids = waiting.map(({ id }) => id)
    return ids.length === 0 ? 0 : (await endRuns(tx, ids, { cause: 'owner_gone', at })).runs
  },
  remaining: (tx, { person }) => countOf(waitingFor(tx, person)),
}

/** Live runs of a twin that is retired. */
export const runsOfTwins: TwinPart = {
  what: 'runs',
  endForTwin: (tx, { twin, at }) => endRunsBy(tx, 'twin_id', twin, 'twin_retired', at),
}

/** Live runs that a suspended pipeline started. */
export const runsOfWorkloads: WorkloadPart = {
  what: 'runs',
  endForWorkload: (tx, { workload, at }) => endRunsBy(tx, 'orchestrator_id', workload, 'pipeline_suspended', at),
}

/** The assets that a scenario names, as uses that its runs keep going by. */
async function usesOfScenario(tx: Tx, scenario: string) {
  const { rows } = await sql<{ id: string }>`
    select distinct jsonb_path_query(manifest, '$.assets[*].asset') #>> '{}' as id from scenario where id = ${scenario}`.execute(tx)
  return rows.map(({ id }) => ({ action: 'asset:use', scope: { type: 'Asset', id } }))
}

/**
 * Live runs of whoever holds nothing any more that launches them, or lets him use what they are given: a grant was taken away, or what it came by, a group, a mapping, an invitation. Runs that are
 * being launched meanwhile are waited for.
 */
export const runsOfHolders: Dependents = {
  async endFor(tx, { holders, at, ports }) {
    if (holders.length === 0) return 0
    await ports.holdAdmissions(tx)
    // A person's own runs are started by the scheduler; those of a workload by itself.
    const { rows: live } = await sql<{ id: string; holder: string; scenario: string; environment: string }>`
      select id, holder, scenario_id as scenario, environment_id as environment from (
        select *, case when orchestrator_id = 'scheduler' then operator_id else orchestrator_id end as holder
        from run where state in ('queued', 'claimed', 'running')
      ) as live where holder = any(${[...holders]}::text[]) order by id`.execute(tx)
    const over: string[] = []
    // Asked once for all runs of one holder, scenario and environment.
    for (const some of Map.groupBy(live, ({ holder, scenario, environment }) => `${holder} ${scenario} ${environment}`).values()) {
      const [first] = some
      if (first === undefined) continue
      const { holder, scenario, environment } = first
      const kept = [{ action: 'run:launch', scope: { type: 'Scenario', id: scenario } }, ...(await usesOfScenario(tx, scenario))]
      const held = await Promise.all(kept.map((one) => stillHolds(tx, ports, { holder, environment, ...one })))
      if (held.includes(false)) over.push(...some.map(({ id }) => id))
    }
    if (over.length === 0) return 0
    return (await endRuns(tx, over.sort(), { cause: 'launcher_may_not', at })).runs
  },
}
