// A scenario as data: which world, which robot, where to, who walks there, what breaks, what must hold. JSON in a file or a
// sealed bundle; `parseScenario` is the gate, `inputOfScenario` turns it into the input of a run. Values may be replaced by
// name before a run (`withParameters`), which is how sweeps vary them.

import type { Goal, PlanarPose } from '../control/controller.ts'
import { EngineError } from '../errors.ts'
import { carrierRobot, type RobotSpec } from '../robot/robot-spec.ts'
import type { Assertion } from '../run/assertions.ts'
import type { Fault } from '../run/faults.ts'
import type { SimulationInput } from '../run/simulation-input.ts'
import { at, boxInertial } from '../scene/parts.ts'
import type { Body, ClassLabel, Scene } from '../scene/scene.ts'
import { boxBody, palletParts } from '../worlds/loads.ts'
import { mapOfScene } from '../worlds/map-of-scene.ts'
import type { PersonSpec } from '../worlds/people.ts'
import { generateWarehouse, type WarehouseParameters } from '../worlds/warehouse.ts'
import { checkItems } from './check-items.ts'

/** Something put into the world that is on no map. */
export interface Clutter {
  readonly kind: 'pallet' | 'box'
  readonly name: string
  readonly x: number
  readonly y: number
  /** Metres; boxes only, default 0.6 × 0.5 × 0.5. */
  readonly size?: { readonly x: number; readonly y: number; readonly z: number }
  /** Whether it gives way when pushed; default it stands. */
  readonly movable?: boolean
}

/** A scenario of the generated warehouse with the engine's own robot. */
export interface Scenario {
  readonly name: string
  readonly summary: string
  readonly world: Partial<WarehouseParameters>
  readonly start: PlanarPose
  readonly goals: readonly Goal[]
  readonly people: readonly PersonSpec[]
  readonly clutter: readonly Clutter[]
  readonly faults: readonly Fault[]
  readonly assertions: readonly Assertion[]
  /** Changes to the robot, by dotted path, as `drive.tyreFriction`. */
  readonly robot: Readonly<Record<string, number>>
  readonly seed: number
}

const parts = ['name', 'summary', 'world', 'start', 'goals', 'people', 'clutter', 'faults', 'assertions', 'robot', 'seed'] as const
const bytesMax = 1_000_000

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The shape of a part by its name. */
const wants: Readonly<Record<(typeof parts)[number], 'string' | 'number' | 'record' | 'list'>> = {
  name: 'string',
  summary: 'string',
  world: 'record',
  start: 'record',
  goals: 'list',
  people: 'list',
  clutter: 'list',
  faults: 'list',
  assertions: 'list',
  robot: 'record',
  seed: 'number',
}

const shapeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : isRecord(value) ? 'record' : typeof value)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Reads a scenario from JSON text. Unknown parts, missing parts and parts of the wrong shape are refused by name. */
export function parseScenario(text: string): Scenario {
  if (text.length > bytesMax)
    throw new EngineError('run/bad-input', `A scenario is ${text.length} characters long; the limit is ${bytesMax}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new EngineError('run/bad-input', 'The scenario is not JSON', {}, cause)
  }
  if (!isRecord(value)) throw new EngineError('run/bad-input', 'The scenario is not a JSON object')
  for (const name of Object.keys(value))
    if (!parts.some((known) => known === name)) throw new EngineError('run/bad-input', `The scenario has the unknown part \`${name}\``)
  for (const name of parts)
    if (shapeOf(value[name]) !== wants[name])
      throw new EngineError('run/bad-input', `The scenario's \`${name}\` must be a ${wants[name]}`, { part: name })
  for (const list of ['goals', 'people', 'clutter', 'faults', 'assertions'] as const) checkItems(list, listOf(value[list]))
  // Every part is there with the right shape; what the numbers may be is checked by those who use them (checkInput and below).
  return value as unknown as Scenario
}

/** A copy with some numbers replaced, by dotted path: `world.aisleWidth`, `people.0.speed`, `robot.drive.tyreFriction`, `seed`. */
export function withParameters(scenario: Scenario, values: Readonly<Record<string, number>>): Scenario {
  const copy = structuredClone(scenario)
  for (const [path, value] of Object.entries(values)) setNumber(copy, path, value)
  return copy
}

function setNumber(scenario: Scenario, path: string, value: number): void {
  const [head, ...rest] = path.split('.')
  const names = head === 'robot' ? [rest.join('.')] : rest
  let holder: unknown = scenario
  let last = head ?? ''
  for (const name of names) {
    holder = isRecord(holder) || Array.isArray(holder) ? Reflect.get(holder, last) : undefined
    last = name
  }
  const known = (isRecord(holder) || Array.isArray(holder)) && !['__proto__', 'constructor', 'prototype'].includes(last)
  const replaceable = known && (typeof Reflect.get(holder as object, last) === 'number' || head === 'world' || head === 'robot')
  if (!replaceable) throw new EngineError('sweep/bad-space', `The scenario has no number at \`${path}\``, { path })
  Reflect.set(holder as object, last, value)
}

/** The robot with some of its numbers replaced. */
export function changedRobot(robot: RobotSpec, changes: Readonly<Record<string, number>>): RobotSpec {
  const copy = structuredClone(robot)
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    const holder = names.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), copy)
    if (!isRecord(holder) || typeof holder[last] !== 'number')
      throw new EngineError('run/bad-input', `The robot has no number at \`${path}\``, { path })
    holder[last] = value
  }
  return copy
}

function clutterBody(item: Clutter, id: number): Body {
  const size = item.size ?? { x: 0.6, y: 0.5, z: 0.5 }
  const isBox = item.kind === 'box'
  const label: ClassLabel = item.kind
  return {
    id,
    name: item.name,
    label,
    motion: item.movable === true ? 'dynamic' : 'fixed',
    pose: at(item.x, item.y, isBox ? size.z / 2 : 0),
    colliders: isBox ? boxBody(size, 0.5) : palletParts(),
    inertial: isBox ? boxInertial(120 * size.x * size.y * size.z, size) : boxInertial(22, { x: 0.8, y: 1.2, z: 0.144 }, at(0, 0, 0.072)),
  }
}

/** The world of a scenario with its clutter, and the maps of it without. */
function worldOfScenario(scenario: Scenario, robot: RobotSpec): Pick<SimulationInput, 'scene' | 'map' | 'keepOut'> {
  const { scene, width, depth } = generateWarehouse(scenario.world)
  const area = { minX: -0.5, minY: -0.5, maxX: width + 0.5, maxY: depth + 0.5, resolution: 0.05 }
  const lidarZ = robot.mounts.lidar.position.z
  const map = mapOfScene(scene, { ...area, lowZ: lidarZ - 0.01, highZ: lidarZ + 0.01 })
  const keepOut = mapOfScene(scene, { ...area, lowZ: 0.03, highZ: robot.height + 0.05 })
  const firstId = scene.bodies.length + 1
  const cluttered: Scene = { ...scene, bodies: [...scene.bodies, ...scenario.clutter.map((item, i) => clutterBody(item, firstId + i))] }
  return { scene: cluttered, map, keepOut }
}

/** The input of a run of this scenario; add a controller or sensors before `createSimulation` as you like. */
export function inputOfScenario(scenario: Scenario): SimulationInput {
  const robot = changedRobot(carrierRobot, scenario.robot)
  const { start, goals, people, faults, assertions, seed } = scenario
  return { ...worldOfScenario(scenario, robot), robot, start, goals, people, faults, assertions, seed }
}
