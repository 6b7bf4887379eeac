// What a launch comes to, be it of one run or of a batch: a sealed scenario version in one environment, held against what the environment has, becomes a run
// with three identities and permissions of its own. Operator, orchestrator and twin are fixed here and never mixed: a pipeline's operator is its accountable
// owner. Seeds and parameters come from outside.
import type { Selectable } from 'kysely'
import { formatSpiffeId } from '../credentials/index.ts'
import { boundsOf, hereAmong, isInForce, requireGoing } from '../identity/index.ts'
import {
  type Allowed,
  type Done,
  type EnvironmentRef,
  fail,
  type Json,
  type Located,
  newId,
  organizationEntity,
  type Ports,
  type Principal,
  type Sha256,
  sensitivityLevel,
  type Tx,
} from '../kernel/index.ts'
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
  type TwinTable,
  usesOf,
} from '../twins/index.ts'
import { type AdmittedManifest, admitManifest } from './admit-manifest.ts'
import { notFrozen, type Run } from './find-run.ts'
import { requireOwners } from './require-owners.ts'

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

/** Somebody who launches, within a transaction. */
export interface Launcher {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** Finds what a launch is about, with the assets that whoever launches may use as well. Throws `not_found`. */
export async function locateLaunch(
  { tx, ports, principal }: Launcher,
  asked: { readonly scenario: string; readonly environment: string },
): Promise<Located<Launching>> {
  const scenario = await findScenario(tx, asked.scenario)
  const { twin, entity, above } = await findTwin(tx, scenario.twin_id)
  const environment = await findEnvironment(tx, asked.environment)
  const attributes = { author: scenario.author_id, sensitivity: sensitivityLevel(twin.sensitivity) }
  // A manifest that is not one any more names nothing here; its broken seal stops the launch.
  const named = manifestSchema.shape.assets.safeParse((scenario.manifest as { readonly assets?: unknown } | null)?.assets).data ?? []
  return {
    resource: { type: 'Scenario', id: scenario.id, attributes, parents: [{ type: 'Twin', id: twin.id }] },
    others: [entity, ...above, organizationEntity(principal.org)],
    environment,
    context: { privilegedTwin: await ports.scopes.isPrivileged(tx, entity) },
    also: await usesOf(tx, named, { project: twin.project_id, environment }),
    found: { scenario, twin, environment },
  }
}

/** The person who answers for a run, and what set it going. */
export interface Accountable {
  readonly operator: string
  readonly orchestrator: string
}

/** Who answers for what a caller launches at a moment (milliseconds since the epoch). Throws `denied` where nobody does. */
async function accountable(tx: Tx, principal: Principal, now: number): Promise<Accountable> {
  if (principal.kind === 'person') return { operator: principal.id, orchestrator: 'scheduler' }
  const workload = await tx.selectFrom('workload').select('owner_id').where('id', '=', principal.id).executeTakeFirst()
  if (workload === undefined) throw fail('denied', 'Nobody answers for this caller.')
  if (!(await hereAmong(tx, [workload.owner_id], now)).has(workload.owner_id))
    throw fail('denied', 'The owner of this pipeline has left, so nobody answers for what it starts.', {
      next: 'Hand the pipeline over to somebody.',
    })
  return { operator: workload.owner_id, orchestrator: principal.id }
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

/** What a run of a sealed scenario would be given in an environment. */
export interface Prepared {
  readonly manifest: Manifest
  readonly admitted: AdmittedManifest
}

type Parameters = Readonly<Record<string, unknown>>

/** Refuses parameters that a scenario does not have, and secrets in them. Throws `invalid`, `secret_found`; `at` is where they stand in the input. */
export function requireParameters({ manifest }: Pick<Prepared, 'manifest'>, parameters: Parameters, sha256: Sha256, at = ''): void {
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(manifest.parameters, name))
  if (unknown !== undefined)
    throw fail('invalid', `The scenario has no parameter \`${unknown}\`.`, { pointer: `${at}/parameters/${unknown}` })
  refuseSecretsInJson('parameters', parameters as Json, { sha256 }) // the actions' schemas admit nothing but JSON
}

/** Everything that must hold before a run is made of a sealed scenario. Throws the coded failure of whatever stops the launch. */
export async function prepareLaunch(
  tx: Tx,
  found: Launching,
  parameters: Parameters,
  { sha256, clock }: Pick<Ports, 'sha256' | 'clock'>,
): Promise<Prepared> {
  await requireGoing(tx)
  const { scenario, twin, environment } = found
  if (twin.state === 'retired') throw fail('twin_retired', 'This twin is retired; nothing of it runs any more.')
  if (environment.state !== 'active') throw fail('conflict', 'This environment is retired.', { pointer: '/environment' })
  const manifest = manifestSchema.parse(scenario.manifest)
  await requireSeal(tx, found, manifest, sha256)
  requireParameters({ manifest }, parameters, sha256)
  const admitted = await admitManifest(tx, manifest, environment, twin)
  const owned = [
    { what: `the twin \`${twin.slug}\``, owner: twin.owner_id },
    { what: `the environment \`${environment.slug}\``, owner: environment.owner_id },
    ...admitted.owned,
  ]
  await requireOwners(tx, owned, clock.now())
  return { manifest, admitted }
}

/** By what a launch is permitted: the ids of policies, grants among them, and the same for what it takes besides. */
type Permitted = Pick<Allowed<string>, 'policies' | 'also'>

interface Lasting {
  readonly launcher: string
  readonly permitted: Permitted
  readonly project: string
  readonly seconds: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What a run has at least when what allowed it cuts its time. */
const secondsLeftMin = 5

/** When what permits a launch ends, and what permits each thing that it takes besides: with the last of the grants of each; never, where one has no end. */
async function endOf(tx: Tx, { policies, also = [] }: Permitted): Promise<number> {
  const grants = await tx.selectFrom('grant').select('expires_at').where('id', 'in', policies).execute()
  const ends = [Math.max(...grants.map(({ expires_at }) => expires_at?.getTime() ?? Number.POSITIVE_INFINITY))]
  for (const one of also) ends.push(await endOf(tx, one))
  return Math.min(...ends)
}

/**
 * When a run is over at the latest: at the deadline of its scenario, and no later than what allowed its launch: the grants, and how long a guest, or what is of
 * an engagement, is here for its project. Throws `ends_too_soon`.
 */
async function deadlineOf(tx: Tx, { launcher, permitted, project, seconds, now }: Lasting): Promise<Date> {
  const bounds = (await boundsOf(tx, launcher)).filter((bound) => isInForce(bound, now) && bound.projects.includes(project))
  const endsOf = (kind: 'guest' | 'engagement') => bounds.filter((bound) => bound.kind === kind).map(({ until }) => until.getTime())
  const invited = endsOf('guest')
  const until = Math.min(await endOf(tx, permitted), ...endsOf('engagement'), ...(invited.length > 0 ? [Math.max(...invited)] : []))
  if (until - now < secondsLeftMin * 1000)
    throw fail('ends_too_soon', `What allows this launch ends in less than ${secondsLeftMin} seconds, and the run with it.`, {
      next: 'Ask for it anew first.',
    })
  return new Date(Math.min(now + seconds * 1000, until))
}

/** A launch that was decided, of which runs are to be made. */
export interface Ready extends Prepared {
  readonly found: Launching
  readonly by: Accountable
  /** When its runs are over at the latest. */
  readonly deadline: Date
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Makes a decided launch ready: who answers for it, and until when its runs last. Throws `denied`, `ends_too_soon`. */
export async function readyFor(
  { tx, ports, principal }: Launcher,
  found: Launching,
  { manifest, admitted }: Prepared,
  permitted: Permitted,
): Promise<Ready> {
  const now = ports.clock.now()
  const by = await accountable(tx, principal, now)
  const lasting = { launcher: principal.id, permitted, project: found.twin.project_id, seconds: manifest.deadlineSeconds, now }
  return { manifest, admitted, found, by, deadline: await deadlineOf(tx, lasting), now }
}

/** What sets one run of a launch apart. */
export interface OneRun {
  readonly seed: number
  readonly parameters: Parameters
  readonly batch: string | null
}

/** The run that a launch is, queued. */
export function queuedRun({ manifest, admitted, found, by, deadline, now }: Ready, { seed, parameters, batch }: OneRun, ports: Ports): Run {
  const { scenario, twin, environment } = found
  const id = newId('run', ports)
  return {
    org_id: scenario.org_id,
    id,
    twin_id: twin.id,
    scenario_id: scenario.id,
    environment_id: environment.id,
    batch_id: batch,
    state: 'queued',
    outcome: null,
    cause: null,
    epoch: 0,
    spiffe_id: formatSpiffeId(environment.trust_domain, ['twin', twin.slug, 'run', id]),
    operator_id: by.operator,
    orchestrator_id: by.orchestrator,
    seed,
    parameters: { ...manifest.parameters, ...parameters },
    sensitivity: admitted.sensitivity,
    queued_at: new Date(now),
    started_at: null,
    deadline,
    ending_at: null,
    ended_at: null,
    summary: null,
    closed: null,
    exit: null,
    ...notFrozen,
  }
}

/** Rows of permissions that one statement carries: a statement takes 65,535 values. */
const rowsAtOnce = 5_000

/** Keeps runs with the permissions that their manifests were admitted to. */
export async function keepRuns(tx: Tx, made: readonly { readonly run: Run; readonly ready: Ready }[]): Promise<void> {
  const runs = made.map(({ run }) => ({ ...run, parameters: JSON.stringify(run.parameters) }))
  await tx.insertInto('run').values(runs).execute()
  const permissions = made.flatMap(({ run, ready }) =>
    ready.admitted.rules.map((rule, at) => ({
      org_id: run.org_id,
      holder_id: run.id,
      number: at + 1,
      connection_id: rule.connection.id,
      methods: [...rule.methods],
      path: rule.path,
      origin_id: run.scenario_id,
    })),
  )
  for (let at = 0; at < permissions.length; at += rowsAtOnce)
    await tx
      .insertInto('permission')
      .values(permissions.slice(at, at + rowsAtOnce))
      .execute()
}

/** What an entry says of a run that was launched. */
export function launched(run: Run, { manifest, admitted, found, now }: Ready): Pick<Done<unknown>, 'facts' | 'related'> {
  const isCut = run.deadline.getTime() < now + manifest.deadlineSeconds * 1000
  return {
    facts: {
      spiffeId: run.spiffe_id,
      scenario: found.scenario.digest,
      seed: run.seed,
      sensitivity: admitted.sensitivity,
      because: [...admitted.because],
      deadline: run.deadline.toISOString(),
      // Its scenario would let it run longer than what allowed it lasts.
      ...(isCut ? { endsEarly: true } : {}),
    },
    related: [
      { rel: 'run', type: 'Run', id: run.id },
      ...(run.batch_id === null ? [] : [{ rel: 'batch', type: 'Batch', id: run.batch_id }]),
      { rel: 'twin', type: 'Twin', id: run.twin_id },
      { rel: 'operator', type: 'Person', id: run.operator_id },
      { rel: 'orchestrator', type: 'Orchestrator', id: run.orchestrator_id },
      ...manifest.assets.map(({ asset }) => ({ rel: 'input', type: 'Asset', id: asset })),
    ],
  }
}
