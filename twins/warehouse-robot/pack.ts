// `node pack.ts <world folder> <robot folder, or -> <goals>`: reads both folders, packs them, tries what was packed in the engine, and prints one line of
// JSON. `twinlock twin import` runs it as a process of its own that may read those folders and nothing else: the files may come from anywhere.
import { folderSource } from '../../engine/formats/folder-source.ts'
import { turtlebotDrive } from '../../engine/formats/robot-of-urdf.ts'
import { importWorld } from '../../engine/worlds/import-world.ts'
import { packBundle, unpackBundle } from './world-bundle.ts'

/** What is printed: the bundle with what was found in it, or why there is none. */
export type Packed =
  | {
      readonly ok: true
      /** The bundle, base64. */
      readonly content: string
      readonly file: string
      readonly bodies: number
      readonly robot: string
      readonly leftOut: readonly string[]
    }
  | { readonly ok: false; readonly reason: string }

/** Packs a world and its robot, and makes sure that a robot can drive in it. Throws coded errors and `RangeError` past a limit. */
async function packFolders(world: string, robot: string | undefined, goals: number): Promise<Packed> {
  const bytes = packBundle({ world: folderSource(world), robot: robot === undefined ? undefined : folderSource(robot) })
  const bundle = unpackBundle(bytes)
  const own = bundle.robot === undefined ? {} : { robot: { files: bundle.robot, drive: turtlebotDrive } }
  const { input, worldFile, warnings } = await importWorld({ world: bundle.world, ...own, goals, seed: 1 })
  return {
    ok: true,
    content: Buffer.from(bytes).toString('base64'),
    file: worldFile,
    bodies: input.scene.bodies.length,
    robot: input.robot.name,
    leftOut: warnings.map(({ where, message }) => `${where}: ${message}`),
  }
}

if (import.meta.main) {
  const [world = '', robot = '-', goals = '2'] = process.argv.slice(2)
  const packed = await packFolders(world, robot === '-' ? undefined : robot, Number(goals)).catch(
    (error: unknown): Packed => ({ ok: false, reason: error instanceof Error ? error.message : String(error) }),
  )
  process.stdout.write(`${JSON.stringify(packed)}\n`)
}
