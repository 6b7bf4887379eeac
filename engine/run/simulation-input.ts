// Everything that a run is made from, as data: it can be sealed, sent to a sandbox and run there without files or network.
// All of it may come from outside; `checkInput` is the gate.

import type { Controller, Goal, PlanarPose } from '../control/controller.ts'
import { checkGrid, type OccupancyGrid } from '../control/occupancy-grid.ts'
import { EngineError } from '../errors.ts'
import type { RangeScanner } from '../robot/range-scanner.ts'
import { checkRobot, type RobotSpec } from '../robot/robot-spec.ts'
import { checkScene } from '../scene/check-scene.ts'
import type { Scene } from '../scene/scene.ts'
import type { PersonSpec } from '../worlds/people.ts'
import type { Assertion } from './assertions.ts'
import type { Fault } from './faults.ts'
import type { SensorHook } from './sensor-hooks.ts'

/** Input of `createSimulation`; what is optional has the default that its sentence names. */
export interface SimulationInput {
  /** The world without robot and people. */
  readonly scene: Scene
  readonly robot: RobotSpec
  /** Where the robot stands at time zero; z is found by feeling for the floor. */
  readonly start: PlanarPose
  /** The map that the controller gets. */
  readonly map: OccupancyGrid
  /** Where the robot must not plan to go, when that is more than the map shows; default none. */
  readonly keepOut?: OccupancyGrid
  readonly goals: readonly Goal[]
  /** Metres around a goal that count as reached; default 0.3. */
  readonly goalTolerance?: number
  readonly people?: readonly PersonSpec[]
  readonly seed: number
  readonly faults?: readonly Fault[]
  /** What must hold; default: reach the goals, touch nothing, keep 0.25 m to people, keep 5 % of charge, 300 s. */
  readonly assertions?: readonly Assertion[]
  /** Length of a step in whole nanoseconds; default 10 ms. */
  readonly stepNs?: number
  /** Nanoseconds between decisions of the controller; default 100 ms. */
  readonly controlPeriodNs?: number
  /** The lidar of the loop; default a plain one of 240 beams at 10 Hz. */
  readonly scanner?: RangeScanner
  /** The controller under test; default the embedded navigator. */
  readonly controller?: Controller
  /** Cameras, lidars and recorders that watch at rates of their own. */
  readonly sensors?: readonly SensorHook[]
}

const refuse = (message: string): never => {
  throw new EngineError('run/bad-input', message)
}

function wholeBetween(value: number | undefined, low: number, high: number, what: string): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high))
    refuse(`${what} is ${value}; it must be a whole number from ${low} to ${high}`)
}

function checkPlaces({ goals, start: { x, y, yaw } }: SimulationInput): void {
  if (goals.length > 1000) refuse(`A run has ${goals.length} goals; the limit is 1000`)
  for (const goal of goals)
    if (!Number.isFinite(goal.x) || !Number.isFinite(goal.y)) refuse(`Goal \`${goal.name}\` is not at a finite place`)
  if (![x, y, yaw].every(Number.isFinite)) refuse('The start pose is not finite')
}

/** Returns the input when everything in it can be run; throws a coded EngineError that says what is wrong otherwise. */
export function checkInput(input: SimulationInput): SimulationInput {
  checkScene(input.scene)
  checkRobot(input.robot)
  checkGrid(input.map)
  if (input.keepOut !== undefined) checkGrid(input.keepOut)
  wholeBetween(input.seed, 0, 4_294_967_295, 'The seed')
  wholeBetween(input.stepNs, 500_000, 50_000_000, 'A step in nanoseconds')
  wholeBetween(input.controlPeriodNs, input.stepNs ?? 500_000, 10_000_000_000, 'The control period in nanoseconds')
  checkPlaces(input)
  const tolerance = input.goalTolerance ?? 0.3
  if (!(tolerance > 0.01 && tolerance <= 10)) refuse(`The goal tolerance is ${tolerance} m; it must be from 0.01 to 10`)
  if ((input.people?.length ?? 0) > 200) refuse(`A run has ${input.people?.length} people; the limit is 200`)
  return input
}
