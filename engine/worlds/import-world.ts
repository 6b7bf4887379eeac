// Turns folders of real files (an SDF world with its models and map, a URDF robot) into the input of a run. Registers the
// map to the world when its frame differs, takes start and goals from its free cells, and says what it left out.

import type { OccupancyGrid } from '../control/occupancy-grid.ts'
import { EngineError } from '../errors.ts'
import type { FileSource } from '../formats/file-source.ts'
import { readMap } from '../formats/pgm-map.ts'
import { type DriveParameters, robotOfUrdf } from '../formats/robot-of-urdf.ts'
import { readSdfWorld } from '../formats/sdf.ts'
import { readUrdf } from '../formats/urdf.ts'
import { loadRapier } from '../physics/rapier.ts'
import { carrierRobot, type RobotSpec } from '../robot/robot-spec.ts'
import { floorBelow } from '../run/run-scene.ts'
import type { SimulationInput } from '../run/simulation-input.ts'
import type { Scene, SceneWarning } from '../scene/scene.ts'
import { type MapArea, mapOfScene } from './map-of-scene.ts'
import { pickPlaces } from './pick-places.ts'
import { type Registration, redrawMap, registerMap } from './register-map.ts'

/** What to import, and how. */
export interface ImportRequest {
  readonly world: FileSource
  /** A folder with one URDF; the engine's own carrier when left out. */
  readonly robot?: { readonly files: FileSource; readonly drive: DriveParameters }
  readonly goals: number
  readonly seed: number
}

/** An imported world, ready to run, with everything that was left out or changed. */
export interface ImportedWorld {
  readonly input: Pick<SimulationInput, 'scene' | 'robot' | 'map' | 'keepOut' | 'start' | 'goals'>
  readonly worldFile: string
  readonly mapFile: string | null
  /** How the foreign map was laid over the world; null when the map was drawn from the world. */
  readonly registration: Registration | null
  readonly warnings: readonly SceneWarning[]
}

/** Least agreement at which a foreign map is believed. */
const AGREEMENT_MIN = 0.4

const only = (files: FileSource, pattern: RegExp): string | undefined => files.list().find((path) => pattern.test(path))

function worldFileOf(files: FileSource): string {
  const file = only(files, /\.world$/i) ?? only(files, /(?:^|\/)worlds\/.*\.sdf$/i) ?? only(files, /\.sdf$/i)
  if (file === undefined) throw new EngineError('run/bad-input', 'The folder holds no SDF world (*.world or *.sdf)')
  return file
}

function robotOf(request: ImportRequest): { readonly robot: RobotSpec; readonly warnings: readonly SceneWarning[] } {
  if (request.robot === undefined) return { robot: carrierRobot, warnings: [] }
  const { files, drive } = request.robot
  const file = files.list().find((path) => /\.urdf$/i.test(path) && !/propert|material|common/i.test(path))
  if (file === undefined) throw new EngineError('run/bad-input', 'The robot folder holds no URDF (*.urdf)')
  return robotOfUrdf(readUrdf(files, file, { namespace: '' }), drive)
}

/** The plan of everything solid, with half a metre around it. */
function areaOf(scene: Scene): Omit<MapArea, 'lowZ' | 'highZ'> {
  const box = {
    minX: Number.POSITIVE_INFINITY,
    minY: Number.POSITIVE_INFINITY,
    maxX: Number.NEGATIVE_INFINITY,
    maxY: Number.NEGATIVE_INFINITY,
  }
  for (const body of scene.bodies)
    for (const { shape, pose } of body.colliders) {
      const reach = reachOf(shape)
      const [x, y] = [body.pose.position.x + pose.position.x, body.pose.position.y + pose.position.y]
      box.minX = Math.min(box.minX, x - reach)
      box.minY = Math.min(box.minY, y - reach)
      box.maxX = Math.max(box.maxX, x + reach)
      box.maxY = Math.max(box.maxY, y + reach)
    }
  if (!(box.maxX > box.minX)) throw new EngineError('run/bad-input', 'The world holds nothing solid')
  const metres = Math.max(box.maxX - box.minX, box.maxY - box.minY)
  return { ...box, resolution: metres > 150 ? 0.1 : 0.05 }
}

function reachOf(shape: Scene['bodies'][number]['colliders'][number]['shape']): number {
  switch (shape.kind) {
    case 'box':
      return Math.max(shape.size.x, shape.size.y) / 2
    case 'cylinder':
    case 'sphere':
      return shape.radius
    case 'plane':
      return 0
    case 'mesh':
      return shape.positions.reduce((most, value, i) => (i % 3 === 2 ? most : Math.max(most, Math.abs(value))), 0)
  }
}

interface ChosenMap {
  readonly map: OccupancyGrid
  readonly mapFile: string | null
  readonly registration: Registration | null
  readonly warnings: readonly SceneWarning[]
}

function chooseMap(files: FileSource, drawn: OccupancyGrid): ChosenMap {
  const mapFile = only(files, /map[^/]*\.ya?ml$/i) ?? null
  if (mapFile === null) return { map: drawn, mapFile: null, registration: null, warnings: [] }
  const read = readMap(files, mapFile)
  const registration = registerMap(read.grid, drawn)
  const told = `turned by ${registration.yaw.toFixed(3)} rad and moved by (${registration.x.toFixed(2)}, ${registration.y.toFixed(2)}) m it shows ${(100 * registration.agreement).toFixed(0)} % of the world's walls`
  if (registration.agreement < AGREEMENT_MIN) {
    const warning: SceneWarning = {
      code: 'ignored-file',
      where: mapFile,
      message: `The map does not fit the world: at best, ${told}; a map drawn from the world serves`,
    }
    return { map: drawn, mapFile, registration: null, warnings: [...read.warnings, warning] }
  }
  const warning: SceneWarning = { code: 'replaced-value', where: mapFile, message: `The map was laid over the world: ${told}` }
  return { map: redrawMap(read.grid, registration, drawn), mapFile, registration, warnings: [...read.warnings, warning] }
}

/** Reads the folders and prepares a run. Throws coded errors for everything that cannot be run. */
export async function importWorld(request: ImportRequest): Promise<ImportedWorld> {
  const worldFile = worldFileOf(request.world)
  const scene = readSdfWorld(request.world, worldFile)
  const { robot, warnings } = robotOf(request)
  const area = areaOf(scene)
  const floor = floorBelow(await loadRapier(), scene, (area.minX + area.maxX) / 2, (area.minY + area.maxY) / 2)
  const lidarZ = floor + robot.mounts.lidar.position.z
  const drawn = mapOfScene(scene, { ...area, lowZ: lidarZ - 0.01, highZ: lidarZ + 0.01 })
  const keepOut = mapOfScene(scene, { ...area, lowZ: floor + 0.02, highZ: floor + robot.height + 0.05 })
  const chosen = chooseMap(request.world, drawn)
  const places = pickPlaces(chosen.map, keepOut, { goals: request.goals, clearance: robot.footprintRadius + 0.25, seed: request.seed })
  return {
    input: { scene, robot, map: chosen.map, keepOut, ...places },
    worldFile,
    mapFile: chosen.mapFile,
    registration: chosen.registration,
    warnings: [...scene.warnings, ...warnings, ...chosen.warnings],
  }
}
