// `engine import`: reads real folders, says what was found and left out, and drives there if asked to.

import { folderSource } from '../formats/folder-source.ts'
import { turtlebotDrive } from '../formats/robot-of-urdf.ts'
import { usualAssertions } from '../run/assertions.ts'
import { importWorld } from '../worlds/import-world.ts'
import { type DriveOptions, driveInput } from './drive.ts'
import { textTable } from './verdict-table.ts'

/** Options of an import. */
export interface ImportOptions extends DriveOptions {
  readonly robot?: string
  readonly goals: number
  readonly isDriven: boolean
}

/** `engine import <world folder>`; returns whether the drive passed, true when there was none. */
export async function importFolder(folder: string, options: ImportOptions, tell: (text: string) => void): Promise<boolean> {
  const seed = options.seed ?? 1
  const robot = options.robot === undefined ? {} : { robot: { files: folderSource(options.robot), drive: turtlebotDrive } }
  const imported = await importWorld({ world: folderSource(folder), ...robot, goals: options.goals, seed })
  const { input, warnings } = imported
  if (!options.isJson) {
    const bodies = `${input.scene.bodies.length} bodies, ${input.scene.lights.length} lights`
    tell(`${imported.worldFile}: ${bodies}; robot ${input.robot.name}; map ${imported.mapFile ?? 'drawn from the world'}`)
    tell(
      textTable(
        ['warning', 'where', 'what'],
        warnings.map(({ code, where, message }) => [code, where, message]),
      ),
    )
    tell(
      textTable(
        ['place', 'x', 'y'],
        [{ name: 'start', ...input.start }, ...input.goals].map(({ name, x, y }) => [name, x.toFixed(2), y.toFixed(2)]),
      ),
    )
  }
  if (!options.isDriven) return true
  const assertions = usualAssertions.map((assertion) => (assertion.kind === 'within-seconds' ? { ...assertion, seconds: 900 } : assertion))
  const title = {
    name: imported.worldFile,
    summary: `Goals from the free cells of ${imported.mapFile ?? 'the map drawn from the world'}, robot ${input.robot.name}.`,
  }
  return driveInput(title, { ...input, seed, assertions }, options, tell)
}
