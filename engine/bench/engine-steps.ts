// What the engine costs on top of bare Rapier: the same scene, the same people walking and the same robot pushed through it,
// once with Rapier alone and once through the simulation, in turns within one run, so that a busy machine slows both alike.

import { standStill } from '../control/controller.ts'
import { buildWorld } from '../physics/build-world.ts'
import { PhysicsWorld } from '../physics/physics-world.ts'
import { loadRapier } from '../physics/rapier.ts'
import type { RangeScanner } from '../robot/range-scanner.ts'
import { createSimulation, type Simulation } from '../run/simulation.ts'
import type { SimulationInput } from '../run/simulation-input.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario } from '../scenarios/scenario.ts'
import { createWorkerPool } from '../sweep/worker-pool.ts'

/** One measured figure against its goal. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: number
  readonly ok: boolean
}

const ROUNDS = 8
const STEPS = 600

/** A scanner that sees nothing: rays are measured apart. */
const blindScanner: RangeScanner = { periodNs: 100_000_000, latencyNs: 0, scan: () => null, state: () => null, restore: () => undefined }

const seconds = (act: () => void): number => {
  const start = performance.now()
  act()
  return (performance.now() - start) / 1000
}

const atLeast = (name: string, value: number, unit: string, goal: number): Figure => ({ name, value, unit, goal, ok: value >= goal })

function steadyInput(): SimulationInput {
  const input = inputOfScenario(loadScenario('deliver'))
  let turn = 0
  const controller = {
    start: () => undefined,
    decide: () => ({ twist: turn++ % 100 < 50 ? { linear: 0.4, angular: 0.6 } : standStill, status: 'driving' as const }),
    state: () => turn,
    restore: () => undefined,
  }
  return { ...input, controller, scanner: blindScanner, goals: [], assertions: [{ kind: 'touches-nothing' }] }
}

interface BareSteps {
  /** `World.step`, as programs call Rapier. */
  readonly world: () => void
  /** The pipeline below it, without the housekeeping in JavaScript that this engine leaves out. */
  readonly pipeline: () => void
}

/** Rapier with nothing around it, in the scene that the simulation composed: robot and people are in it and stand. */
async function bareSteps(simulation: Simulation): Promise<BareSteps> {
  const rapier = await loadRapier()
  const { world } = buildWorld(rapier, simulation.scene, simulation.stepNs / 1e9)
  const bare = new PhysicsWorld(rapier, simulation.scene, simulation.stepNs / 1e9)
  return { world: () => world.step(), pipeline: () => bare.step() }
}

async function measureShare(): Promise<Figure[]> {
  const simulation = await createSimulation(steadyInput())
  const bare = await bareSteps(simulation)
  for (let i = 0; i < 2 * STEPS; i++) {
    simulation.step()
    bare.world()
    bare.pipeline()
  }
  const [own, alone, pipeline]: [number[], number[], number[]] = [[], [], []]
  const run = (step: () => unknown): number =>
    seconds(() => {
      for (let i = 0; i < STEPS; i++) step()
    })
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(run(bare.world))
    pipeline.push(run(bare.pipeline))
    own.push(run(() => simulation.step()))
  }
  simulation.free()
  const middle = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 1
  const [bareRate, pipelineRate, ownRate] = [STEPS / middle(alone), STEPS / middle(pipeline), STEPS / middle(own)]
  return [
    { name: 'bare Rapier in the same scene', value: bareRate, unit: 'steps/s', goal: 0, ok: true },
    { name: 'engine steps', value: ownRate, unit: 'steps/s', goal: 0, ok: true },
    { name: 'bare Rapier without its housekeeping, nothing moving', value: pipelineRate, unit: 'steps/s', goal: 0, ok: true },
    atLeast('engine steps against bare Rapier', (100 * ownRate) / bareRate, '%', 85),
  ]
}

/** A whole drive with lidar, localiser and planner against the clock. */
async function measureDrive(): Promise<Figure> {
  const simulation = await createSimulation(inputOfScenario(loadScenario('deliver')))
  const start = performance.now()
  const verdict = await simulation.run()
  const took = (performance.now() - start) / 1000
  simulation.free()
  return atLeast('closed loop with lidar and navigator', verdict.measures.seconds / took, '× real time', 1)
}

async function seedsPerSecond(width: number, count: number): Promise<number> {
  const scenario = loadScenario('small-drive')
  const pool = createWorkerPool(width)
  try {
    await Promise.all(Array.from({ length: width }, () => pool.run(scenario)))
    const start = performance.now()
    await Promise.all(Array.from({ length: count }, (_, i) => pool.run({ ...scenario, seed: i })))
    return (1000 * count) / (performance.now() - start)
  } finally {
    await pool.close()
  }
}

/** Steps per second of the engine against bare Rapier, the closed loop against real time, and two workers against one. */
export async function benchEngineSteps(): Promise<Figure[]> {
  const share = await measureShare()
  const drive = await measureDrive()
  const one = await seedsPerSecond(1, 8)
  const two = await seedsPerSecond(2, 16)
  return [...share, drive, atLeast('seeds per second of two workers against one', two / one, '×', 1.8)]
}

if (import.meta.main) for (const figure of await benchEngineSteps()) process.stdout.write(`${JSON.stringify(figure)}\n`)
