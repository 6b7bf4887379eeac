// One drive: the sealed scenario or an imported world becomes the input of the engine, the engine runs in slices with progress in between, and a recorder
// watches. Nothing here knows of time or machines: the same seed, mission and world give the same bytes.
import { turtlebotDrive } from '../../engine/formats/robot-of-urdf.ts'
import { DatasetRecorder, usualRecording } from '../../engine/outputs/dataset-recorder.ts'
import { usualAssertions, type Verdict } from '../../engine/run/assertions.ts'
import type { SensorHook } from '../../engine/run/sensor-hooks.ts'
import { createSimulation, type Simulation } from '../../engine/run/simulation.ts'
import type { SimulationInput } from '../../engine/run/simulation-input.ts'
import blockedAisle from '../../engine/scenarios/blocked-aisle.json' with { type: 'json' }
import deliver from '../../engine/scenarios/deliver.json' with { type: 'json' }
import { inputOfScenario, parseScenario } from '../../engine/scenarios/scenario.ts'
import { usualCamera } from '../../engine/sensors/camera.ts'
import { planarLidar } from '../../engine/sensors/lidar.ts'
import { intrinsicsFromFov } from '../../engine/sensors/view.ts'
import { importWorld } from '../../engine/worlds/import-world.ts'
import type { RunContext } from '../../sdk/run/index.ts'
import { liveMap } from './live-map.ts'
import { OutputStream } from './output-stream.ts'
import type { Parameters } from './parameters.ts'
import type { ReplayRecorder } from './replay.ts'
import { unpackBundle, worldAsset } from './world-bundle.ts'

/** A drive that can be made: what it is called, and what the engine needs. */
export interface PlannedDrive {
  readonly name: string
  readonly summary: string
  readonly input: SimulationInput
  /** What the source of the world holds and the engine leaves out. */
  readonly warnings: readonly string[]
}

/** What came of a drive. */
export interface DriveResult {
  readonly verdict: Verdict
  /** Digest of every state of the run. */
  readonly engineDigest: string
}

const shipped = { deliver, 'blocked-aisle': blockedAisle } as const
const stepNs = 20_000_000
const stepsPerSlice = 100
const importedSeconds = 900

/** The name under which the mission board knows the drive. */
export function siteOf(context: Pick<RunContext, 'assets'>, parameters: Parameters): string {
  return context.assets.some(({ name }) => name === worldAsset) ? 'imported' : parameters.scenario
}

/** Plans the drive of a run: the imported world where the manifest declares one, else the shipped scenario. */
export async function planDrive(context: RunContext, parameters: Parameters): Promise<PlannedDrive> {
  if (siteOf(context, parameters) === 'imported') return planImported(context, parameters)
  const scenario = parseScenario(JSON.stringify(shipped[parameters.scenario]))
  const { name, summary } = scenario
  return { name, summary, input: { ...inputOfScenario({ ...scenario, seed: context.seed }), stepNs }, warnings: [] }
}

async function planImported(context: RunContext, { goals }: Parameters): Promise<PlannedDrive> {
  const { world, robot } = unpackBundle(await context.asset(worldAsset))
  const own = robot === undefined ? {} : { robot: { files: robot, drive: turtlebotDrive } }
  const { input, worldFile, mapFile, warnings } = await importWorld({ world, ...own, goals, seed: context.seed })
  const assertions = usualAssertions.map((one) => (one.kind === 'within-seconds' ? { ...one, seconds: importedSeconds } : one))
  return {
    name: worldFile,
    summary: `Goals from the free cells of ${mapFile ?? 'the map drawn from the world'}, robot ${input.robot.name}.`,
    input: { ...input, seed: context.seed, assertions, stepNs },
    warnings: warnings.map(({ code, where, message }) => `${code} ${where}: ${message}`),
  }
}

/** A camera that stops after some pictures: outputs have a limit, and a drive may be long. */
function atMost(hook: SensorHook, times: number): SensorHook {
  let taken = 0
  return {
    name: hook.name,
    periodNs: hook.periodNs,
    sample(moment) {
      if (taken++ < times) hook.sample(moment)
    },
  }
}

function recorderOf({ name, summary, input }: PlannedDrive, parameters: Parameters, sink: OutputStream): DatasetRecorder {
  const { frames, frameSeconds, lidarHertz } = parameters
  const camera = { ...usualCamera, intrinsics: intrinsicsFromFov(480, 360, 1.2), periodNs: Math.floor(frameSeconds * 1e9) }
  return new DatasetRecorder(
    {
      ...usualRecording,
      title: name,
      summary,
      scenario: name,
      seed: input.seed,
      goals: input.goals,
      cameras: [camera],
      lidars: [{ ...planarLidar, periodNs: Math.floor(1e9 / lidarHertz) }],
      statePeriodNs: 200_000_000,
      labelEvery: 1,
      sheetFrames: Math.min(frames, usualRecording.sheetFrames),
    },
    sink,
  )
}

/** Drives, sends the dataset while driving, and says how far it is. Ends early, as failed, when the run is asked to stop. */
export async function drive(
  context: RunContext,
  planned: PlannedDrive,
  parameters: Parameters,
  replay: ReplayRecorder,
): Promise<DriveResult> {
  const stream = new OutputStream(context)
  const recorder = recorderOf(planned, parameters, stream)
  const recording = recorder.sensors.map((hook) => (hook.name === usualCamera.name ? atMost(hook, parameters.frames) : hook))
  const map = liveMap(planned.name, planned.input.goals, (path, svg) => put(stream, path, svg))
  const simulation = await createSimulation({ ...planned.input, sensors: [...recording, map, replay.hook] })
  try {
    const share = shareOf(planned.input)
    while (!simulation.hasEnded() && !context.stopped.aborted) {
      await simulation.run(stepsPerSlice)
      context.progress(
        Math.floor(100 * share(simulation)),
        100 * planned.input.goals.length,
        noteOf(simulation, planned.input.goals.length),
      )
      await new Promise((resolve) => setImmediate(resolve)) // lets the channel speak
    }
    if (!simulation.hasEnded()) simulation.fail('within-seconds', 'the run was asked to end before its drive did')
    const result = { verdict: simulation.verdict(), engineDigest: simulation.digest() }
    recorder.finish(result.verdict, result.engineDigest)
    const { name, input } = planned
    put(stream, 'replay.json', replay.text({ name, seed: input.seed, goals: input.goals }, result.verdict))
    await stream.finish()
    return result
  } finally {
    simulation.free()
  }
}

function put(stream: OutputStream, path: string, text: string): void {
  const file = stream.open(path)
  file.write(Buffer.from(text))
  file.close()
}

function noteOf(simulation: Simulation, goals: number): string {
  return `${(simulation.timeNs / 1e9).toFixed(0)} s driven, ${simulation.moment().goalsReached} of ${goals} goals reached`
}

/** Goals reached, and the share of the way to the next one in a straight line; never less than before. */
function shareOf({ start, goals }: SimulationInput): (simulation: Simulation) => number {
  let most = 0
  return (simulation) => {
    const { goalsReached, motion } = simulation.moment()
    const [from, to] = [goals[goalsReached - 1] ?? start, goals[goalsReached]]
    if (to === undefined) return goals.length
    const whole = Math.hypot(to.x - from.x, to.y - from.y)
    const left = Math.hypot(to.x - motion.position.x, to.y - motion.position.y)
    most = Math.max(most, goalsReached + Math.min(0.95, Math.max(0, whole > 0 ? 1 - left / whole : 0)))
    return Math.min(most, goalsReached + 0.95)
  }
}
