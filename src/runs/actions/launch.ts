// Launching: a sealed scenario version becomes a run in one environment, with three identities and permissions of its own.
// Operator, orchestrator and twin are fixed here and never mixed: a pipeline's operator is its accountable owner.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { formatSpiffeId } from '../../credentials/index.ts'
import { boundsOf, isInForce, requireGoing } from '../../identity/index.ts'
import {
  action,
  type EnvironmentRef,
  fail,
  idOf,
  type Json,
  newId,
  organizationEntity,
  type Principal,
  type Sha256,
  sensitivityLevel,
  type Tx,
} from '../../kernel/index.ts'
import {
  findAsset,
  findEnvironment,
  findScenario,
  findTwin,
  type Manifest,
  manifestSchema,
  refuseSecretsInJson,
  type ScenarioTable,
  scenarioDigest,
  scenarioType,
  type TwinTable,
} from '../../twins/index.ts'
import { type AdmittedManifest, admitManifest } from '../admit-manifest.ts'
import { notFrozen, type Run } from '../find-run.ts'
import { requireOwners } from '../require-owners.ts'
import { runOutput, showRunRow } from '../shown.ts'

/** What a launch is about. */
export interface Launching {
  readonly scenario: Selectable<ScenarioTable>
  readonly twin: Selectable<TwinTable>
  readonly environment: EnvironmentRef & {
    readonly slug: string
    readonly trust_domain: string
    readonly state: string
    readonly owner_id: string
  }
}

/** The person who answers for a run, and what set it going. */
async function accountable(tx: Tx, principal: Principal): Promise<{ operator: string; orchestrator: string }> {
  if (principal.kind === 'person') return { operator: principal.id, orchestrator: 'scheduler' }
  const workload = await tx.selectFrom('workload').select('owner_id').where('id', '=', principal.id).executeTakeFirst()
  if (workload === undefined) throw fail('denied', 'Nobody answers for this caller.')
  const owner = await tx
    .selectFrom('person')
    .select('id')
    .where('id', '=', workload.owner_id)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (owner === undefined)
    throw fail('denied', 'The owner of this pipeline has left, so nobody answers for what it starts.', {
      next: 'Hand the pipeline over to somebody.',
    })
  return { operator: owner.id, orchestrator: principal.id }
}

async function requireSeal(tx: Tx, { scenario, twin }: Launching, manifest: Manifest, sha256: Sha256): Promise<void> {
  const assets = []
  for (const { asset } of manifest.assets) assets.push((await findAsset(tx, asset)).digest)
  const sealed = {
    twin: twin.id,
    program: twin.program,
    slug: scenario.slug,
    version: scenario.version,
    manifest: manifest as Json,
    assets,
  }
  if (scenarioDigest(sealed, sha256) !== scenario.digest)
    throw fail('seal_broken', 'What is stored of this scenario is not what was sealed.', {
      next: 'Publish it again, and look into who changed it.',
    })
}

async function keepPermissions(tx: Tx, org: string, run: string, scenario: string, admitted: AdmittedManifest): Promise<void> {
  if (admitted.rules.length === 0) return
  const rows = admitted.rules.map((rule, at) => ({
    org_id: org,
    holder_id: run,
    number: at + 1,
    connection_id: rule.connection.id,
    methods: [...rule.methods],
    path: rule.path,
    origin_id: scenario,
  }))
  await tx.insertInto('permission').values(rows).execute()
}

async function keepRun(tx: Tx, run: Run): Promise<void> {
  const values = { ...run, parameters: JSON.stringify(run.parameters) }
  await tx.insertInto('run').values(values).execute()
}

/** Everything that must hold before a run is made of a sealed scenario; answers its manifest. */
async function requireLaunchable(
  tx: Tx,
  found: Launching,
  parameters: Readonly<Record<string, unknown>>,
  sha256: Sha256,
): Promise<Manifest> {
  if (found.twin.state === 'retired') throw fail('twin_retired', 'This twin is retired; nothing of it runs any more.')
  if (found.environment.state !== 'active') throw fail('conflict', 'This environment is retired.', { pointer: '/environment' })
  const manifest = manifestSchema.parse(found.scenario.manifest)
  await requireSeal(tx, found, manifest, sha256)
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(manifest.parameters, name))
  if (unknown !== undefined) throw fail('invalid', `The scenario has no parameter \`${unknown}\`.`, { pointer: `/parameters/${unknown}` })
  refuseSecretsInJson('parameters', parameters as Json, { sha256 }) // the action's schema admits nothing but JSON
  return manifest
}

/** What a run of a sealed scenario would be given in an environment. Throws the coded failure of whatever stops the launch. */
export async function prepareLaunch(
  tx: Tx,
  found: Launching,
  parameters: Readonly<Record<string, unknown>>,
  sha256: Sha256,
): Promise<{ readonly manifest: Manifest; readonly admitted: AdmittedManifest }> {
  await requireGoing(tx)
  const manifest = await requireLaunchable(tx, found, parameters, sha256)
  const { twin, environment } = found
  const admitted = await admitManifest(tx, manifest, environment, twin)
  await requireOwners(tx, [
    { what: `the twin \`${twin.slug}\``, owner: twin.owner_id },
    { what: `the environment \`${environment.slug}\``, owner: environment.owner_id },
    ...admitted.owned,
  ])
  return { manifest, admitted }
}

interface Lasting {
  readonly launcher: string
  /** The ids of what permitted the launch, grants among them. */
  readonly policies: readonly string[]
  readonly project: string
  readonly seconds: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What a run has at least when what allowed it cuts its time. */
const secondsLeftMin = 5

/** When the last of the grants that permit a launch ends: never, where one of them has no end. */
async function lastEndOf(tx: Tx, policies: readonly string[]): Promise<number> {
  const grants = await tx.selectFrom('grant').select('expires_at').where('id', 'in', policies).execute()
  return Math.max(...grants.map(({ expires_at }) => expires_at?.getTime() ?? Number.POSITIVE_INFINITY))
}

/**
 * When a run is over at the latest: at the deadline of its scenario, and no later than what allowed its launch: the grants, and how long a guest, or what is of
 * an engagement, is here for its project. Throws `ends_too_soon`.
 */
async function deadlineOf(tx: Tx, { launcher, policies, project, seconds, now }: Lasting): Promise<Date> {
  const bounds = (await boundsOf(tx, launcher)).filter((bound) => isInForce(bound, now) && bound.projects.includes(project))
  const endsOf = (kind: 'guest' | 'engagement') => bounds.filter((bound) => bound.kind === kind).map(({ until }) => until.getTime())
  const invited = endsOf('guest')
  const until = Math.min(await lastEndOf(tx, policies), ...endsOf('engagement'), ...(invited.length > 0 ? [Math.max(...invited)] : []))
  if (until - now < secondsLeftMin * 1000)
    throw fail('ends_too_soon', `What allows this launch ends in less than ${secondsLeftMin} seconds, and the run with it.`, {
      next: 'Ask for it anew first.',
    })
  return new Date(Math.min(now + seconds * 1000, until))
}

/** Launches a run of a scenario in an environment. */
export const launchRun = action({
  name: 'run:launch',
  summary: 'Launch a run of a sealed scenario in one environment, with an identity of its own.',
  effect: 'change',
  roles: ['operator'],
  resource: scenarioType,
  context: { privilegedTwin: 'Boolean' },
  input: z.strictObject({
    scenario: idOf('scn'),
    environment: idOf('env'),
    seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1).meta({ description: 'The same seed gives the same run.' }),
    parameters: z.record(z.string().max(64), z.json()).default({}).meta({ description: 'Overrides of the scenario’s parameters.' }),
  }),
  output: runOutput,
  locate: async ({ input, tx, ports, principal }) => {
    const scenario = await findScenario(tx, input.scenario)
    const { twin, entity, above } = await findTwin(tx, scenario.twin_id)
    const environment = await findEnvironment(tx, input.environment)
    const attributes = { author: scenario.author_id, sensitivity: sensitivityLevel(twin.sensitivity) }
    const resource = { type: 'Scenario', id: scenario.id, attributes, parents: [{ type: 'Twin', id: twin.id }] }
    const others = [entity, ...above, organizationEntity(principal.org)]
    const context = { privilegedTwin: await ports.scopes.isPrivileged(tx, entity) }
    return { resource, others, environment, context, found: { scenario, twin, environment } }
  },
  async perform({ input, found, tx, ports, principal, allowed }) {
    const { manifest, admitted } = await prepareLaunch(tx, found, input.parameters, ports.sha256)
    const { scenario, twin, environment } = found
    const { operator, orchestrator } = await accountable(tx, principal)
    const id = newId('run', ports)
    const now = ports.clock.now()
    const lasting = { launcher: principal.id, policies: allowed.policies, project: twin.project_id, seconds: manifest.deadlineSeconds, now }
    const deadline = await deadlineOf(tx, lasting)
    const isCut = deadline.getTime() < now + manifest.deadlineSeconds * 1000
    const run = {
      org_id: principal.org,
      id,
      twin_id: twin.id,
      scenario_id: scenario.id,
      environment_id: environment.id,
      state: 'queued' as const,
      outcome: null,
      reason: null,
      epoch: 0,
      spiffe_id: formatSpiffeId(environment.trust_domain, ['twin', twin.slug, 'run', id]),
      operator_id: operator,
      orchestrator_id: orchestrator,
      seed: input.seed,
      parameters: { ...manifest.parameters, ...input.parameters },
      sensitivity: admitted.sensitivity,
      queued_at: new Date(now),
      started_at: null,
      deadline,
      ending_at: null,
      ended_at: null,
      summary: null,
      closed: null,
      ...notFrozen,
    }
    await keepRun(tx, run)
    await keepPermissions(tx, principal.org, id, scenario.id, admitted)
    return {
      result: showRunRow(run),
      facts: {
        spiffeId: run.spiffe_id,
        scenario: scenario.digest,
        seed: input.seed,
        sensitivity: admitted.sensitivity,
        because: [...admitted.because],
        deadline: run.deadline.toISOString(),
        // Its scenario would let it run longer than what allowed it lasts.
        ...(isCut ? { endsEarly: true } : {}),
      },
      related: [
        { rel: 'run', type: 'Run', id },
        { rel: 'twin', type: 'Twin', id: twin.id },
        { rel: 'operator', type: 'Person', id: operator },
        { rel: 'orchestrator', type: 'Orchestrator', id: orchestrator },
        ...manifest.assets.map(({ asset }) => ({ rel: 'input', type: 'Asset', id: asset })),
      ],
    }
  },
})
