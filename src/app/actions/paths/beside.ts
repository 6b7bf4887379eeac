// The ways to a twin that no grant makes. A live run acts for whoever launched it; a service that was promoted fetches what its channel points at; and whoever has
// the credential of a connection that the twin's scenarios name says what the twin reads. The first two are decided as everything is; the third lies outside.
// A run, a connection or an artifact may be more sensitive than the twin: each way says how sensitive what it names is, so that it is shown to whoever may know.
import { sql } from 'kysely'
import { guardrailsInForce, type Policy } from '../../../access/index.ts'
import { decidedAs } from '../../../credentials/index.ts'
import {
  type OrgId,
  organizationRef,
  type Ports,
  type Principal,
  type Sensitivity,
  sensitivityLevel,
  type Tx,
  toMoment,
} from '../../../kernel/index.ts'
import { isLive, type Run } from '../../../runs/index.ts'
import type { Target } from './legs.ts'
import type { Path } from './path.ts'

interface Asking {
  readonly tx: Tx
  readonly ports: Ports
  readonly version: number
  readonly target: Target
}

/** A path that no grant makes. */
export interface Beside {
  readonly path: Path
  /** 0 to 3: how sensitive the most sensitive thing is that it names. */
  readonly level: number
}

const shownMax = 200
/** Of how many runs the last call is looked for. */
const recentRuns = 20

const plain = { owner: null, environments: [], policies: [], grants: [], conditions: [], lastUsed: null, credentials: 0 }

/** A live run as decisions see it, whoever holds its channel. */
export function runAs(run: Pick<Run, 'id' | 'org_id' | 'sensitivity' | 'orchestrator_id' | 'operator_id' | 'environment_id'>): Principal {
  return {
    kind: 'run',
    id: run.id,
    org: run.org_id as OrgId, // the column holds nothing else
    name: run.id,
    clearance: sensitivityLevel(run.sensitivity),
    chain: [run.id, run.orchestrator_id, run.operator_id],
    environment: run.environment_id,
  }
}

async function liveRuns({ tx, ports, version, target }: Asking, guardrails: readonly Policy[]): Promise<Beside[]> {
  const now = ports.clock.now()
  const runs = await tx
    .selectFrom('run')
    .selectAll()
    .where('twin_id', '=', sql<string>`any(${[...target.twins]}::text[])`)
    .where('state', '<>', 'ended')
    .orderBy('id', 'desc')
    .limit(shownMax)
    .execute()
  const found: Beside[] = []
  for (const run of runs) {
    if (!isLive(run) || run.frozen_at !== null || run.deadline.getTime() <= now) continue
    const principal = runAs(run)
    const above = [{ type: 'Run', id: run.id }, ...((await ports.scopes.above(tx, { type: 'Twin', id: run.twin_id })) ?? [])]
    const supposed = { action: 'artifact:write', above, known: { self: run.id } }
    const { allowed, policies } = ports.examiner.suppose({ principal, version }, guardrails, supposed)
    if (!allowed) continue
    const path: Path = {
      ...plain,
      leg: 'output',
      action: 'artifact:write',
      kind: 'delegation',
      principal: { type: 'RunIdentity', id: run.id, name: run.id },
      owner: run.operator_id,
      environments: [run.environment_id],
      policies: [...policies],
      ways: [[{ kind: 'delegation', id: run.id, name: `acts for ${run.operator_id}` }]],
    }
    found.push({ path, level: principal.clearance })
  }
  return found
}

interface Pull {
  readonly environment: string
  readonly slug: string
  readonly promotion: string
  readonly workload: string
  readonly sensitivity: Sensitivity
  readonly used: Date | null
}

async function pulls({ tx, ports, version, target }: Asking, guardrails: readonly Policy[]): Promise<Beside[]> {
  const channels = await sql<Pull>`
    select c.environment_id as environment, c.slug, p.id as promotion, p.workload_id as workload, a.sensitivity,
        (select max(e.at) from entry_ref r join entry e on e.id = r.entry_id
          where r.ref_id = c.environment_id || '/' || c.slug and r.rel = 'resource' and e.action = 'artifact:pull' and e.outcome = 'done') as used
      from channel c join promotion p on p.id = c.promotion_id join artifact a on a.id = c.artifact_id
      where a.twin_id = any(${[...target.twins]}::text[]) and (${target.ref.type} <> 'Artifact' or a.id = ${target.ref.id})
      order by c.environment_id, c.slug limit ${shownMax}`.execute(tx)
  const found: Beside[] = []
  for (const { environment, slug, promotion, workload, sensitivity, used } of channels.rows) {
    const row = await tx.selectFrom('workload').selectAll().where('id', '=', workload).where('state', '=', 'active').executeTakeFirst()
    if (row === undefined) continue
    const principal = decidedAs(row)
    const place = await ports.environments.find(tx, environment)
    const above = [{ type: 'Channel', id: `${environment}/${slug}` }, organizationRef(principal.org)]
    const supposed = { action: 'artifact:pull', above, known: { self: workload }, environment: { id: place.id, class: place.class } }
    const { allowed, policies } = ports.examiner.suppose({ principal, version }, guardrails, supposed)
    if (!allowed) continue
    const path: Path = {
      ...plain,
      leg: 'output',
      action: 'artifact:pull',
      kind: 'promotion',
      principal: { type: 'Service', id: workload, name: principal.name },
      owner: row.owner_id,
      environments: [environment],
      policies: [...policies],
      ways: [[{ kind: 'promotion', id: promotion, name: `${slug}@${place.slug}` }]],
      lastUsed: toMoment(used),
    }
    found.push({ path, level: sensitivityLevel(sensitivity) })
  }
  return found
}

interface Feed {
  readonly id: string
  readonly slug: string
  readonly owner: string
  readonly environment: string
  readonly sensitivity: Sensitivity
  readonly sealed: boolean
  readonly used: Date | null
}

async function feeds({ tx, target }: Asking): Promise<Beside[]> {
  const found = await sql<Feed>`
    with latest as (
      select distinct on (twin_id, slug) manifest from scenario where twin_id = any(${[...target.twins]}::text[]) order by twin_id, slug, version desc
    ), named as (
      select distinct asked->>'connection' as slug from latest, jsonb_array_elements(coalesce(manifest->'connections', '[]'::jsonb)) as asked
    ), recent as (
      select id from run where twin_id = any(${[...target.twins]}::text[]) order by id desc limit ${recentRuns}
    ) select c.id, c.slug, c.owner_id as owner, c.environment_id as environment, c.sensitivity, c.secret_id is not null as sealed,
        (select max(l.at) from call l where l.connection_id = c.id and l.holder_id in (select id from recent)) as used
      from connection c join named n on n.slug = c.slug join environment v on v.id = c.environment_id and v.state = 'active' and v.class <> 'production'
      where c.state = 'active' order by c.id limit ${shownMax}`.execute(tx)
  return found.rows.map(({ id, slug, owner, environment, sensitivity, sealed, used }) => ({
    path: {
      ...plain,
      leg: 'input',
      action: 'connection:call',
      kind: 'credential',
      principal: { type: 'Connection', id, name: slug },
      owner,
      environments: [environment],
      ways: [[{ kind: 'credential', id, name: sealed ? 'whoever has its credential' : 'whoever answers there; it has no credential' }]],
      lastUsed: toMoment(used),
    },
    level: sensitivityLevel(sensitivity),
  }))
}

/** The paths of a target that no grant makes. For a thing that no twin uses there are none. */
export async function besideGrants(it: Asking): Promise<Beside[]> {
  if (it.target.twins.length === 0) return []
  const guardrails = await guardrailsInForce(it.tx)
  const ofArtifact = it.target.ref.type === 'Artifact'
  const [runs, feeding] = ofArtifact ? [[], []] : [await liveRuns(it, guardrails), await feeds(it)]
  return [...feeding, ...runs, ...(await pulls(it, guardrails))]
}
