// What the engine costs on top of bare Rapier: the same scene, the same people walking and the same robot moving through it, once with Rapier
// alone and once through the simulation, in turns within one run. All in processor time, best of several rounds (cpu-time.ts).

import { loadavg } from 'node:os'
import type { EventQueue, RigidBody, World } from '@dimforge/rapier3d-deterministic-compat'
import { standStill } from '../control/controller.ts'
import { yawOf } from '../math/quat.ts'
import { scale, subtract } from '../math/vec3.ts'
import { buildWorld } from '../physics/build-world.ts'
import { loadRapier } from '../physics/rapier.ts'
import type { RangeScanner } from '../robot/range-scanner.ts'
import { createSimulation, type Simulation } from '../run/simulation.ts'
import type { SimulationInput } from '../run/simulation-input.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario, type Scenario } from '../scenarios/scenario.ts'
import { poseAt } from '../scene/scene.ts'
import { createWorkerPool, type WorkerPool } from '../sweep/worker-pool.ts'
import { type Figure, type MeasuredBy, processMilliseconds, threadMilliseconds } from './cpu-time.ts'

const ROUNDS = 8
const STEPS = 600

/** A scanner that sees nothing: rays are measured apart. */
const blindScanner: RangeScanner = { periodNs: 100_000_000, latencyNs: 0, scan: () => null, state: () => null, restore: () => undefined }

const oneThread: MeasuredBy = 'processor time of one thread'

const atLeast = (name: string, value: number, unit: string, goal: number, by: MeasuredBy = oneThread): Figure => ({
  name,
  value,
  unit,
  goal,
  ok: value >= goal,
  by,
})

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

/** Where robot and people were after each step of a run like the measured one, and how the robot moved. */
interface Course {
  readonly poses: readonly Float64Array[]
  readonly moving: readonly number[]
  readonly robotIndex: number
  readonly stepSeconds: number
}

/** Drives a run of the same input and notes it: the measured run must not pay for notes. */
async function courseOf(steps: number): Promise<Course> {
  const simulation = await createSimulation(steadyInput())
  const poses: Float64Array[] = [simulation.poses().poses.slice()]
  for (let i = 0; i < steps; i++) {
    simulation.step()
    poses.push(simulation.poses().poses.slice())
  }
  const { scene, robotIndex, stepNs } = simulation
  const moving = scene.bodies.flatMap(({ motion }, index) => (motion === 'kinematic' ? [index] : []))
  simulation.free()
  return { poses, moving, robotIndex, stepSeconds: stepNs / 1e9 }
}

/**
 * Rapier with nothing around it, in the scene that the simulation composed, with the same things moving: people are sent along their ways and the
 * robot is given its velocity, step by step. `step` is the world's own (as programs call Rapier) or the pipeline's below it (as this engine does).
 */
async function bareRun(simulation: Simulation, course: Course, how: 'world' | 'pipeline'): Promise<(step: number) => void> {
  const rapier = await loadRapier()
  const { world, handles } = buildWorld(rapier, simulation.scene, course.stepSeconds)
  const body = (index: number): RigidBody => world.getRigidBody(handles.bodies[index] ?? -1)
  const people = course.moving.map((index) => ({ index, body: body(index) }))
  const robot = body(course.robotIndex)
  const events = new rapier.EventQueue(false)
  return (step) => {
    const [now, next] = [course.poses[step], course.poses[step + 1]]
    if (now === undefined || next === undefined) throw new Error(`The course ends before step ${step}`)
    for (const { index, body: person } of people) {
      const { position, rotation } = poseAt({ step, timeNs: 0, poses: next }, index)
      person.setNextKinematicTranslation(position)
      person.setNextKinematicRotation(rotation)
    }
    const [a, b] = [now, next].map((poses) => poseAt({ step, timeNs: 0, poses }, course.robotIndex))
    if (a === undefined || b === undefined) return
    const per = 1 / course.stepSeconds
    const velocity = scale(subtract(b.position, a.position), per)
    robot.setLinvel({ x: velocity.x, y: velocity.y, z: robot.linvel().z }, true)
    robot.setAngvel({ x: 0, y: 0, z: (yawOf(b.rotation) - yawOf(a.rotation)) * per }, true)
    if (how === 'world') world.step(events)
    else stepPipeline(world, events)
    events.drainCollisionEvents(() => undefined)
  }
}

function stepPipeline(w: World, events: EventQueue): void {
  const { gravity, integrationParameters, islands, broadPhase, narrowPhase, bodies, colliders, softBodies, impulseJoints } = w
  const solver = [w.multibodyJoints, w.ccdSolver] as const
  w.physicsPipeline.step(
    ...([gravity, integrationParameters, islands, broadPhase, narrowPhase, bodies, colliders, softBodies, impulseJoints] as const),
    ...solver,
    events,
  )
}

async function measureShare(): Promise<Figure[]> {
  const simulation = await createSimulation(steadyInput())
  const course = await courseOf(STEPS * (ROUNDS + 2))
  const world = await bareRun(simulation, course, 'world')
  const pipeline = await bareRun(simulation, course, 'pipeline')
  const turns: readonly ((step: number) => unknown)[] = [world, pipeline, () => simulation.step()]
  const best = turns.map(() => Infinity)
  for (let round = 0; round < ROUNDS + 2; round++) {
    for (const [turn, step] of turns.entries()) {
      const start = threadMilliseconds()
      for (let i = 0; i < STEPS; i++) step(round * STEPS + i)
      // The first two rounds warm up.
      if (round > 1) best[turn] = Math.min(best[turn] ?? Infinity, threadMilliseconds() - start)
    }
  }
  simulation.free()
  const [bareRate = 1, pipelineRate = 1, ownRate = 0] = best.map((milliseconds) => (1000 * STEPS) / milliseconds)
  const plain = { unit: 'steps/s', goal: 0, ok: true, by: oneThread }
  return [
    { name: 'bare Rapier (World.step) in the same scene, the same things moving', value: bareRate, ...plain },
    { name: 'bare Rapier’s pipeline, without the world’s own bookkeeping', value: pipelineRate, ...plain },
    { name: 'engine steps', value: ownRate, ...plain },
    atLeast('engine steps against bare Rapier (over 100: it steps the pipeline, not the world)', (100 * ownRate) / bareRate, '%', 85),
    {
      name: 'engine steps against the pipeline: what motors, odometry, judge and digest leave',
      value: (100 * ownRate) / pipelineRate,
      unit: '%',
      goal: 0,
      ok: true,
      by: oneThread,
    },
  ]
}

/** A whole drive with lidar, localiser and planner against the clock. */
async function measureDrive(): Promise<Figure> {
  const simulation = await createSimulation(inputOfScenario(loadScenario('deliver')))
  const start = threadMilliseconds()
  const verdict = await simulation.run()
  const took = (threadMilliseconds() - start) / 1000
  simulation.free()
  return atLeast('closed loop with lidar and navigator', verdict.measures.seconds / took, '× real time', 1)
}

interface SeedCost {
  /** Milliseconds per seed of processor time, and by the clock. */
  readonly processor: number
  readonly clock: number
}

/** Every worker's share is the same seeds: one drive is longer than another, and what is compared must be the workers alone. */
async function costOfSeeds(pool: WorkerPool, scenario: Scenario, each: number): Promise<SeedCost> {
  const count = each * pool.width
  const [cpu, clock] = [processMilliseconds(), performance.now()]
  await Promise.all(Array.from({ length: count }, (_, i) => pool.run({ ...scenario, seed: Math.floor(i / pool.width) })))
  return { processor: (processMilliseconds() - cpu) / count, clock: (performance.now() - clock) / count }
}

const SEED_ROUNDS = 8

/**
 * Two workers against one, in turns. What workers share (memory, collector, compiler) shows as processor time per seed, which a busy machine does
 * not change: two of them make 2 × as many seeds as one if a seed costs no more. By the clock it takes two idle cores to see it.
 */
async function measureWorkers(): Promise<Figure[]> {
  const scenario = loadScenario('small-drive')
  const pools = [createWorkerPool(1), createWorkerPool(2)]
  const costs = pools.map((): SeedCost[] => [])
  try {
    // The runtime compiles while it warms up, on threads of its own.
    for (const pool of pools) await costOfSeeds(pool, scenario, 4)
    for (let round = 0; round < SEED_ROUNDS; round++) {
      for (const [place, pool] of pools.entries()) costs[place]?.push(await costOfSeeds(pool, scenario, 3))
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()))
  }
  const least = (place: number, read: (cost: SeedCost) => number): number => Math.min(...(costs[place] ?? []).map(read))
  const processor = (2 * least(0, (it) => it.processor)) / least(1, (it) => it.processor)
  const clock = least(0, (it) => it.clock) / least(1, (it) => it.clock)
  const [load = 0] = loadavg()
  return [
    atLeast('seeds of two workers against one', processor, '×', 1.8, 'processor time of all threads'),
    { name: 'seeds of two workers against one, whatever else ran', value: clock, unit: '×', goal: 0, ok: true, by: 'the clock' },
    { name: 'processes that wanted a core, mean of a minute', value: load, unit: 'load', goal: 0, ok: true, by: 'the load of the machine' },
  ]
}

/** Steps per second of the engine against bare Rapier, the closed loop against real time, and two workers against one. */
export async function benchEngineSteps(): Promise<Figure[]> {
  const share = await measureShare()
  const drive = await measureDrive()
  return [...share, drive, ...(await measureWorkers())]
}

if (import.meta.main) for (const figure of await benchEngineSteps()) process.stdout.write(`${JSON.stringify(figure)}\n`)
