// Batches as actions: several seeds and parameter sets of a twin launched together, looked at together, ended together. Each run is decided, and has an identity
// and an entry of its own, as if it had been launched alone; where one of them may not be, none is.
import { z } from 'zod'
import {
  type Allowed,
  action,
  fail,
  idOf,
  isId,
  type Located,
  newId,
  type Ports,
  pageInput,
  pageOf,
  reasonText,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { listType, locateList, scenarioType, twinsIn } from '../../twins/index.ts'
import { type Batch, batchRunsMax, batchType, findBatch, holdLiveRunsOf } from '../batches.ts'
import { batchOutput, showBatches } from '../batches-shown.ts'
import { endRuns } from '../end-run.ts'
import type { Run } from '../find-run.ts'
import {
  keepRuns,
  type Launcher,
  type Launching,
  launched,
  locateLaunch,
  prepareLaunch,
  queuedRun,
  type Ready,
  readyFor,
  requireParameters,
} from '../launching.ts'
import { seedsIn, seedsPattern } from '../seeds.ts'
import { stoppers } from './freeze.ts'
import { launchRun, parametersGiven, seedNumber } from './launch.ts'

const launchInput = z.strictObject({
  scenario: idOf('scn'),
  environment: idOf('env'),
  seeds: z
    .string()
    .max(1_000)
    .regex(seedsPattern, 'must be seeds, as 1..20 or 3,5,9')
    .optional()
    .meta({ description: 'One run for each of these seeds: 1..20, or 3,5,9.' }),
  parameters: parametersGiven.default({}).meta({ description: 'Overrides of the scenario’s parameters, for each run.' }),
  runs: z
    .array(z.strictObject({ scenario: idOf('scn').optional(), seed: seedNumber.default(1), parameters: parametersGiven.default({}) }))
    .min(1)
    .max(batchRunsMax)
    .optional()
    .meta({ description: 'Or each run by itself: its seed, its parameters over those of all, and another scenario of the twin.' }),
})
type LaunchInput = z.output<typeof launchInput>

/** A run that is asked for. */
interface Member {
  readonly scenario: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, unknown>>
  /** Where it stands in the input. */
  readonly at: string
}

/** The runs that are asked for. Throws `invalid`. */
function membersOf({ scenario, seeds, parameters, runs }: LaunchInput): Member[] {
  if ((seeds === undefined) === (runs === undefined)) throw fail('invalid', 'Say either seeds or runs.', { pointer: '/seeds' })
  if (seeds !== undefined) return seedsIn(seeds).map((seed) => ({ scenario, seed, parameters, at: '' }))
  return (runs ?? []).map((one, at) => ({
    scenario: one.scenario ?? scenario,
    seed: one.seed,
    parameters: { ...parameters, ...one.parameters },
    at: `/runs/${at}`,
  }))
}

interface Batching extends Launching {
  readonly members: readonly Member[]
  readonly launches: ReadonlyMap<string, Launching>
}

/** Finds what each run is launched of. The batch is decided on its own scenario, and besides each of its runs as a launch. */
async function locateBatch(by: Launcher, input: LaunchInput): Promise<Located<Batching>> {
  const members = membersOf(input)
  const own = await locateLaunch(by, input)
  const located = new Map<string, Located<Launching>>([[input.scenario, own]])
  for (const { scenario } of members)
    if (!located.has(scenario)) located.set(scenario, await locateLaunch(by, { scenario, environment: input.environment }))
  const also = members.flatMap(({ scenario }) => located.get(scenario) ?? []).map((one) => ({ capability: launchRun, located: one }))
  const launches = new Map([...located].map(([id, { found }]) => [id, found]))
  return { ...own, also, found: { ...own.found, members, launches } }
}

/** A run that is to be kept, and by what it was allowed. */
interface Made {
  readonly run: Run
  readonly ready: Ready
  readonly allowed: Allowed<string>
}

/** Every run of a batch, ready to be kept. Throws the coded failure of the first that cannot be. */
async function madeOf(
  by: Launcher,
  { found, allowed, batch }: { found: Batching; allowed: Allowed<string>; batch: string },
): Promise<Made[]> {
  const { tx, ports } = by
  const ready = new Map<string, Ready>()
  const made: Made[] = []
  for (const [number, { scenario, seed, parameters, at }] of found.members.entries()) {
    const [launch, permitted] = [found.launches.get(scenario), allowed.also?.[number]]
    if (launch === undefined || permitted === undefined) throw new Error('A run of a batch was not decided.')
    if (launch.twin.id !== found.twin.id)
      throw fail('invalid', 'A batch is of one twin, and this scenario is of another.', { pointer: `${at}/scenario` })
    // The decisions on one scenario in one environment are alike: what they permit is looked at once.
    const known = ready.get(scenario) ?? (await readyFor(by, launch, await prepareLaunch(tx, launch, {}, ports), permitted))
    ready.set(scenario, known)
    requireParameters(known, parameters, ports.sha256, at)
    made.push({ run: queuedRun(known, { seed, parameters, batch }, ports), ready: known, allowed: permitted })
  }
  return made
}

async function keepBatch({ tx, ports, principal }: Launcher, { twin, scenario, environment, members }: Batching): Promise<Batch> {
  const batch = {
    org_id: principal.org,
    id: newId('bat', ports),
    twin_id: twin.id,
    scenario_id: scenario.id,
    environment_id: environment.id,
    launched_by: principal.id,
    size: members.length,
    created_at: new Date(ports.clock.now()),
    ended_at: null,
  }
  await tx.insertInto('batch').values(batch).execute()
  return batch
}

async function shownBatch(tx: Tx, batch: Batch): Promise<z.input<typeof batchOutput>> {
  const [shown] = await showBatches(tx, [batch])
  if (shown === undefined) throw new Error('A batch was not shown.')
  return shown
}

const launchedRun = z.object({ id: idOf('run'), scenario: idOf('scn'), seed: z.number(), spiffeId: z.string() })

/** Launches several runs of a twin together: all of them, or none. */
export const launchBatch = action({
  name: 'batch:launch',
  summary:
    'Launch several runs of a twin together, one for each seed or set of parameters, each with an identity of its own: all, or none.',
  effect: 'change',
  roles: ['operator'],
  resource: scenarioType,
  context: { privilegedTwin: 'Boolean' },
  input: launchInput,
  output: batchOutput.extend({ launched: z.array(launchedRun) }),
  locate: ({ input, ...by }) => locateBatch(by, input),
  async perform({ found, tx, ports, principal, allowed }) {
    const by = { tx, ports, principal }
    const batch = await keepBatch(by, found)
    const made = await madeOf(by, { found, allowed, batch: batch.id })
    await keepRuns(tx, made)
    return {
      result: {
        ...(await shownBatch(tx, batch)),
        launched: made.map(({ run }) => ({ id: run.id, scenario: run.scenario_id, seed: run.seed, spiffeId: run.spiffe_id })),
      },
      facts: { runs: made.length },
      related: [
        { rel: 'batch', type: 'Batch', id: batch.id },
        { rel: 'twin', type: 'Twin', id: batch.twin_id },
      ],
      along: made.map(({ run, ready, allowed: own }) => ({ allowed: own, ...launched(run, ready) })),
    }
  },
})

const looking = ['author', 'operator', 'observer', 'exporter', 'reviewer', 'auditor'] as const

async function locateOne(tx: Tx, id: string) {
  const { batch, environment, entity, above } = await findBatch(tx, id)
  return { resource: entity, others: above, environment, found: batch }
}

/** Shows a batch and how far its runs are. */
export const showBatch = action({
  name: 'batch:show',
  summary: 'Show a batch: what it is of, who launched it, how far its runs are.',
  effect: 'read',
  roles: looking,
  resource: batchType,
  input: z.strictObject({ batch: idOf('bat') }),
  output: batchOutput,
  locate: ({ input, tx }) => locateOne(tx, input.batch),
  perform: async ({ found, tx }) => ({ result: await shownBatch(tx, found) }),
})

/** Lists batches, newest first. */
export const listBatches = action({
  name: 'batch:list',
  summary: 'List batches, newest first.',
  effect: 'read',
  roles: [...looking, 'deployer', 'admin'],
  resource: listType,
  input: z.strictObject({
    twin: idOf('twn').optional(),
    project: idOf('prj').optional().meta({ description: 'Of the twins of this project.' }),
    live: z.stringbool().or(z.boolean()).optional().meta({ description: 'Only what is not over.', type: 'boolean' }),
    ...pageInput,
  }),
  output: pageOf(batchOutput),
  locate: ({ input, tx, principal }) => locateList(tx, principal, input),
  async perform({ input: { twin, project, live, after, limit }, tx }) {
    let query = tx
      .selectFrom('batch')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (after !== undefined) query = query.where('id', '<', after)
    if (twin !== undefined) query = query.where('twin_id', '=', twin)
    if (project !== undefined) query = query.where('twin_id', 'in', twinsIn(tx, project))
    if (live !== undefined) query = query.where('ended_at', live ? 'is' : 'is not', null)
    const { items, next } = toPage(await query.execute(), limit)
    return { result: { items: await showBatches(tx, items), next } }
  },
})

/** Raises the fence before each of these runs until the transaction is settled. */
function raise({ runFence }: Ports, tx: Tx, runs: readonly string[]): void {
  for (const id of runs) if (isId('run', id)) runFence.raise(tx, id)
}

/** Ends every run of a batch that is live; their identities end before this returns. */
export const endBatch = action({
  name: 'batch:end',
  summary: 'End every live run of a batch: their identities end before this returns.',
  effect: 'change',
  roles: stoppers,
  resource: batchType,
  input: z.strictObject({ batch: idOf('bat'), reason: reasonText }),
  output: batchOutput.extend({ stopped: z.object({ runs: z.number(), credentials: z.number() }), tookMs: z.number() }),
  locate: ({ input, tx }) => locateOne(tx, input.batch),
  async perform({ input, found: batch, tx, ports }) {
    const began = ports.clock.monotonic()
    const at = new Date(ports.clock.now())
    const live = await holdLiveRunsOf(tx, batch.id)
    raise(ports, tx, live)
    const { runs, tokens, grants } = await endRuns(tx, live, { cause: 'batch_ended', at })
    if (runs === 0) throw fail('run_not_live', 'The batch is over already.')
    const shown = await shownBatch(tx, { ...batch, ended_at: at })
    return {
      result: { ...shown, stopped: { runs, credentials: tokens }, tookMs: ports.clock.monotonic() - began },
      facts: { outcome: 'cancelled', runs, tokensEnded: tokens },
      related: live.map((id) => ({ rel: 'run', type: 'Run', id })),
      texts: { reason: input.reason },
      takesAway: grants > 0,
    }
  },
})
