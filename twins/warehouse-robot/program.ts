// The warehouse robot's twin: asks the mission board where to go, drives there in the engine with camera and lidar, and leaves a labelled dataset with a
// verdict. It holds no credential, has no file system and no network: what it needs comes over the run's channel, and so does what it leaves.
import { defineTwin, type Json, type RunContext, type RunResult } from '../../sdk/run/index.ts'
import { type DriveResult, drive, type PlannedDrive, planDrive, siteOf } from './drive.ts'
import { goalsOf, type Mission, nextMission } from './mission.ts'
import { readParameters } from './parameters.ts'
import { type Attempt, reachOut } from './reach-out.ts'
import { ReplayRecorder } from './replay.ts'

/** The twin, as the launcher finds it. */
export const twin = defineTwin({ name: 'warehouse-robot', run })

const warningsMax = 100

/** The context, with every call noted for the replay in the order in which it goes out: so it is numbered on the tape. */
function noting(context: RunContext, replay: ReplayRecorder): RunContext {
  return {
    ...context,
    call(connection, request) {
      replay.called()
      return context.call(connection, request)
    },
  }
}

async function run(given: RunContext): Promise<RunResult> {
  const replay = new ReplayRecorder()
  const context = noting(given, replay)
  const parameters = readParameters(context.parameters)
  context.progress(0, 0, 'reading the mission')
  const mission = await nextMission(context, siteOf(context, parameters))
  const attempts = parameters.reachOut ? await reachOut(context, parameters.foreignToken) : []
  context.progress(0, 0, 'building the world')
  const world = await planDrive(context, parameters)
  const planned = { ...world, input: { ...world.input, goals: goalsOf(mission, world.input.goals) } }
  const result = await drive(context, planned, parameters, replay)
  const told = verdictOf(context, { planned, mission, result, attempts })
  await context.output('verdict.json', 'application/json', `${JSON.stringify(told, null, 2)}\n`)
  const held = attempts.every(({ refusedBy }) => refusedBy !== 'nobody')
  const { warnings: _, ...summary } = told
  return { verdict: result.verdict.passed && held ? 'passed' : 'failed', summary: { ...summary, warnings: planned.warnings.length } }
}

interface Told {
  readonly planned: PlannedDrive
  readonly mission: Mission
  readonly result: DriveResult
  readonly attempts: readonly Attempt[]
}

/** `verdict.json`: whether the promises held, when and why not, the measures, and what was tried and refused. */
function verdictOf(context: RunContext, { planned, mission, result, attempts }: Told) {
  const { passed, failure, reason, momentNs, measures } = result.verdict
  return {
    schema: 'warehouse-verdict/1',
    scenario: planned.name,
    seed: context.seed,
    mission: { id: mission.id, stops: planned.input.goals.map(({ name }) => name) },
    passed,
    failure,
    reason,
    failedAtSeconds: momentNs === null ? null : momentNs / 1e9,
    measures: { ...measures },
    engineDigest: result.engineDigest,
    attempts: attempts.map((one) => ({ ...one })),
    warnings: planned.warnings.slice(0, warningsMax),
  } satisfies Json
}
