// The own warehouse, generated from parameters and a seed: hall, racks with pallets and boxes, loose pallets in the staging
// area, floor lines, lamps. Racks stand in double rows along Y; aisles run between them; the staging area lies at low Y.
// It trusts nobody: parameters are checked, and the scene goes through checkScene.

import { EngineError } from '../errors.ts'
import { createRandom, type Random } from '../math/random.ts'
import type { Vec3 } from '../math/vec3.ts'
import { checkScene } from '../scene/check-scene.ts'
import { at, boxInertial, boxPart, part } from '../scene/parts.ts'
import type { Body, BodyMotion, ClassLabel, Collider, Light, Scene } from '../scene/scene.ts'
import { boxBody, palletParts, stackOf } from './loads.ts'
import { materials } from './materials.ts'
import { type Bay, baysOf, rackParts } from './racks.ts'

/** What a generated warehouse is made from; metres, counts and fractions. */
export interface WarehouseParameters {
  readonly seed: number
  /** Double rows of racks, 1 to 12. */
  readonly rackRows: number
  /** Bays of 2.7 m per row, 1 to 20. */
  readonly baysPerRow: number
  /** Storage levels above the floor level, 0 to 5. */
  readonly levels: number
  /** Clear width of an aisle. */
  readonly aisleWidth: number
  /** Share of pallet places that are taken, 0 to 1. */
  readonly fill: number
  /** Pallets with loose boxes in the staging area, 0 to 40. */
  readonly stagedPallets: number
  /** Scales every lamp; 1 is a working day, 0.15 is night. */
  readonly lightLevel: number
}

/** A small hall: two double rows of four bays, three aisles. */
const defaultWarehouse: WarehouseParameters = {
  seed: 1,
  rackRows: 2,
  baysPerRow: 4,
  levels: 2,
  aisleWidth: 2.6,
  fill: 0.8,
  stagedPallets: 5,
  lightLevel: 1,
}

/** The generated hall and where its free ways are, for goals and people. */
export interface Warehouse {
  readonly scene: Scene
  /** Inner size of the hall in metres; it spans x from 0 to width and y from 0 to depth. */
  readonly width: number
  readonly depth: number
  /** Centre line x of each aisle. */
  readonly aisles: readonly number[]
  /** y where racks begin and end. */
  readonly rackStart: number
  readonly rackEnd: number
}

const BAY = 2.7
const RACK_DEPTH = 1.1
const STAGING = 5
const BACK = 2.6
const HEIGHT = 6

const limits: Readonly<Record<Exclude<keyof WarehouseParameters, 'seed'>, readonly [number, number]>> = {
  rackRows: [1, 12],
  baysPerRow: [1, 20],
  levels: [0, 5],
  aisleWidth: [1, 10],
  fill: [0, 1],
  stagedPallets: [0, 40],
  lightLevel: [0, 10],
}

/** Parameters that count things. */
const counts: readonly string[] = ['rackRows', 'baysPerRow', 'levels', 'stagedPallets']

function checkParameters(p: WarehouseParameters): void {
  for (const name of Object.keys(p))
    if (name !== 'seed' && !Object.hasOwn(limits, name))
      throw new EngineError(
        'run/bad-input',
        `\`${name}\` is no parameter of a warehouse: there are seed, ${Object.keys(limits).join(', ')}`,
        {
          name,
        },
      )
  if (!Number.isInteger(p.seed) || p.seed < 0 || p.seed > 4_294_967_295)
    throw new EngineError('value/out-of-range', `Warehouse parameter \`seed\` is ${p.seed}; it must be a whole number from 0 to 4294967295`)
  for (const [name, [low, high]] of Object.entries(limits)) {
    const value = p[name as keyof typeof limits] // the key comes from `limits` itself
    if (!(value >= low && value <= high))
      throw new EngineError('value/out-of-range', `Warehouse parameter \`${name}\` is ${value}; it must be from ${low} to ${high}`, {
        name,
      })
    if (counts.includes(name) && !Number.isInteger(value))
      throw new EngineError('value/out-of-range', `Warehouse parameter \`${name}\` is ${value}; it counts things and must be whole`, {
        name,
      })
  }
}

class BodyList {
  readonly bodies: Body[] = []

  add(
    label: ClassLabel,
    name: string,
    motion: BodyMotion,
    position: Vec3,
    colliders: readonly Collider[],
    yaw = 0,
    mass?: readonly [number, Vec3],
  ): void {
    const body: Body = {
      id: this.bodies.length + 1,
      name,
      label,
      motion,
      pose: { position, rotation: { x: 0, y: 0, z: yaw, w: Math.sqrt(1 - yaw * yaw) } },
      colliders,
      ...(mass === undefined ? {} : { inertial: boxInertial(mass[0], mass[1]) }),
    }
    this.bodies.push(body)
  }
}

function addHall(list: BodyList, width: number, depth: number): void {
  const floor = part({ kind: 'plane', size: { x: width + 2, y: depth + 2 } }, at(0, 0, 0), materials.floor, { friction: 0.9 })
  list.add('floor', 'floor', 'fixed', { x: width / 2, y: depth / 2, z: 0 }, [floor])
  const wall = (name: string, x: number, y: number, sx: number, sy: number): void =>
    list.add('wall', name, 'fixed', { x, y, z: HEIGHT / 2 }, [boxPart({ x: sx, y: sy, z: HEIGHT }, at(0, 0, 0), materials.wall)])
  wall('wall south', width / 2, -0.1, width + 0.4, 0.2)
  wall('wall north', width / 2, depth + 0.1, width + 0.4, 0.2)
  wall('wall west', -0.1, depth / 2, 0.2, depth)
  wall('wall east', width + 0.1, depth / 2, 0.2, depth)
}

function addLines(list: BodyList, aisles: readonly number[], aisleWidth: number, from: number, to: number): void {
  const line = boxPart({ x: 0.08, y: to - from, z: 0.004 }, at(0, 0, 0), materials.line, { solid: false })
  for (const [index, x] of aisles.entries())
    for (const side of [-1, 1]) {
      list.add(
        'floor',
        `line ${index + 1} ${side < 0 ? 'west' : 'east'}`,
        'fixed',
        { x: x + side * (aisleWidth / 2 - 0.1), y: (from + to) / 2, z: 0.002 },
        [line],
      )
    }
}

function addLoad(list: BodyList, random: Random, bay: Bay, name: string, motion: BodyMotion): void {
  list.add('pallet', `pallet ${name}`, 'fixed', bay.position, palletParts())
  for (const [index, box] of stackOf(random, motion === 'dynamic' ? 1 : bay.clearance).entries()) {
    const { size, centre, yaw, shade } = box
    const position = { x: bay.position.x + centre.x, y: bay.position.y + centre.y, z: bay.position.z + centre.z }
    const mass: readonly [number, Vec3] | undefined = motion === 'dynamic' ? [120 * size.x * size.y * size.z, size] : undefined
    list.add('box', `box ${name}.${index + 1}`, motion, position, boxBody(size, shade), yaw, mass)
  }
}

function addRacks(list: BodyList, random: Random, p: WarehouseParameters, rackXs: readonly number[], start: number): void {
  for (const [row, x] of rackXs.entries()) {
    const rackName = `rack ${row + 1}`
    list.add('rack', rackName, 'fixed', { x, y: start, z: 0 }, rackParts(p.baysPerRow, p.levels, BAY, RACK_DEPTH))
    const places = random.stream(rackName)
    for (const [index, bay] of baysOf(x, start, p.baysPerRow, p.levels, BAY).entries())
      if (places.uniform() < p.fill) addLoad(list, places, bay, `${row + 1}-${index + 1}`, 'fixed')
  }
}

function addStaging(list: BodyList, random: Random, count: number, width: number): void {
  const perRow = Math.max(1, Math.floor((width - 2) / 2))
  for (let i = 0; i < count; i++) {
    const x = 1.3 + (i % perRow) * 2 + random.between(-0.15, 0.15)
    const y = 0.9 + Math.floor(i / perRow) * 1.7
    addLoad(list, random, { position: { x, y, z: 0 }, clearance: 1 }, `staged ${i + 1}`, 'dynamic')
  }
}

function lamps(width: number, depth: number, level: number): Light[] {
  const sun: Light = {
    kind: 'directional',
    name: 'skylight',
    direction: { x: 0.36, y: 0.48, z: -0.8 },
    intensity: 0.9 * level,
    colour: { r: 1, g: 0.97, b: 0.9 },
    castShadow: true,
  }
  const lamp = (x: number, y: number, index: number): Light => ({
    kind: 'point',
    name: `lamp ${index}`,
    position: { x, y, z: HEIGHT - 0.4 },
    intensity: 9 * level,
    range: 18,
    colour: { r: 1, g: 0.95, b: 0.86 },
    castShadow: false,
  })
  return [sun, lamp(width * 0.25, depth * 0.3, 1), lamp(width * 0.75, depth * 0.3, 2), lamp(width * 0.5, depth * 0.75, 3)]
}

/** Generates the warehouse of these parameters; the same parameters give the same scene, bit for bit. */
export function generateWarehouse(parameters: Partial<WarehouseParameters> = {}): Warehouse {
  const p = { ...defaultWarehouse, ...parameters }
  checkParameters(p)
  const pitch = p.aisleWidth + 2 * RACK_DEPTH
  const aisles = Array.from({ length: p.rackRows + 1 }, (_, i) => 0.4 + p.aisleWidth / 2 + i * pitch)
  const width = 0.8 + (p.rackRows + 1) * p.aisleWidth + p.rackRows * 2 * RACK_DEPTH
  const rackEnd = STAGING + p.baysPerRow * BAY
  const depth = rackEnd + BACK
  const rackXs = aisles.slice(0, -1).flatMap((x) => [x + p.aisleWidth / 2 + RACK_DEPTH / 2, x + p.aisleWidth / 2 + RACK_DEPTH * 1.5])
  const random = createRandom(p.seed).stream('warehouse')
  const list = new BodyList()
  addHall(list, width, depth)
  addLines(list, aisles, p.aisleWidth, STAGING, rackEnd)
  addRacks(list, random.stream('racks'), p, rackXs, STAGING)
  addStaging(list, random.stream('staging'), p.stagedPallets, width)
  const ambient = { r: 0.16 * p.lightLevel, g: 0.165 * p.lightLevel, b: 0.175 * p.lightLevel }
  const scene = checkScene({
    name: 'warehouse',
    gravity: { x: 0, y: 0, z: -9.81 },
    bodies: list.bodies,
    lights: lamps(width, depth, p.lightLevel),
    ambient,
    warnings: [],
  })
  return { scene, width, depth, aisles, rackStart: STAGING, rackEnd }
}
