// `twinlock twin import <folder>`: a world with its robot, from folders on this machine, becomes a twin. The files are read here, tried in the engine, and
// sealed as one asset, which the server scans; then the twin and its scenario. The folders may come from anywhere: nothing in them is executed.
import { resolve } from 'node:path'
import { z } from 'zod'
import { sensitivities } from '../../kernel/index.ts'
import { type Answer, listAll } from '../api.ts'
import { type Command, textFlag } from '../command.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { reasonOf } from '../io.ts'
import type { FlagValues } from '../line/globals.ts'
import { resolveName } from '../names.ts'
import { bytesText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { pairs } from '../print/table.ts'
import { onlyProject, self, slugOf } from './inputs.ts'

const program = 'warehouse-robot'
const scenarioSlug = 'drive'
const made = z.looseObject({ id: z.string() })
const sealed = z.looseObject({ id: z.string(), digest: z.string(), bytes: z.number(), version: z.number() })
const levels: readonly string[] = sensitivities

interface Wish {
  readonly world: string
  readonly robot: string | undefined
  readonly slug: string
  readonly project: string
  readonly owner: string
  readonly sensitivity: string
  readonly goals: number
}

interface ReadWorld {
  readonly bytes: Uint8Array
  readonly file: string
  readonly bodies: number
  readonly robot: string
  readonly leftOut: readonly string[]
}

function goalsIn(values: FlagValues): number {
  const text = textFlag(values, 'goals') ?? '2'
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > 20) throw usage('`--goals` is a whole number from 1 to 20.')
  return Number(text)
}

async function named(context: Context, flag: 'project' | 'owner', prefix: string, given: unknown): Promise<string> {
  if (typeof given !== 'string') throw usage(`Say which ${flag}: \`--${flag}\`.`)
  return resolveName(context, { flag, prefixes: [prefix] }, given, {})
}

async function wishOf(folder: string, values: FlagValues, context: Context): Promise<Wish> {
  const robot = textFlag(values, 'robot')
  const sensitivity = textFlag(values, 'sensitivity') ?? 'confidential'
  if (!levels.includes(sensitivity)) throw usage(`\`--sensitivity\` is one of ${levels.join(', ')}.`)
  const slug = textFlag(values, 'slug') ?? slugOf(folder)
  return {
    world: resolve(context.io.cwd, folder),
    robot: robot === undefined ? undefined : resolve(context.io.cwd, robot),
    slug,
    sensitivity,
    goals: goalsIn(values),
    project: await named(context, 'project', 'prj', textFlag(values, 'project') ?? (await onlyProject(context))),
    owner: await named(context, 'owner', 'per', textFlag(values, 'owner') ?? (await self(context))),
  }
}

/** Reads the folders, packs them, and tries what was packed: a world that cannot be driven in is refused here, before anything is sealed. */
async function readWorld({ world, robot, goals }: Wish): Promise<ReadWorld> {
  const { folderSource } = await import('../../../engine/formats/folder-source.ts')
  const { turtlebotDrive } = await import('../../../engine/formats/robot-of-urdf.ts')
  const { importWorld } = await import('../../../engine/worlds/import-world.ts')
  const { packBundle, unpackBundle } = await import('../../../twins/warehouse-robot/world-bundle.ts')
  try {
    const bytes = packBundle({ world: folderSource(world), robot: robot === undefined ? undefined : folderSource(robot) })
    const bundle = unpackBundle(bytes)
    const own = bundle.robot === undefined ? {} : { robot: { files: bundle.robot, drive: turtlebotDrive } }
    const { input, worldFile, warnings } = await importWorld({ world: bundle.world, ...own, goals, seed: 1 })
    const leftOut = warnings.map(({ where, message }) => `${where}: ${message}`)
    return { bytes, file: worldFile, bodies: input.scene.bodies.length, robot: input.robot.name, leftOut }
  } catch (error) {
    throw new CliFailure(exitCodes.failed, `These folders cannot be imported: ${safe(reasonOf(error))}`, {
      next: 'Nothing was sealed. See docs/guides/warehouse-robot.md for what is read.',
      cause: error,
    })
  }
}

/** The twin that an earlier import made under this name, if there is one. */
async function earlierTwin({ slug, project }: Wish, context: Context): Promise<string | undefined> {
  const there = (await listAll(context.api, 'twin:list')).find((twin) => twin.slug === slug)
  if (there === undefined) return undefined
  if (there.program !== program || there.project !== project || there.state !== 'active')
    throw usage(`\`${slug}\` is the name of another twin.`, 'Choose another with `--slug`.')
  return made.parse(there).id
}

/** What a run of the imported world may touch: the mission board, to read; and the sealed world. */
function manifestWith(asset: string, goals: number): Answer {
  return {
    connections: [{ connection: 'mission-board', allow: [{ methods: ['GET'], path: '/missions/next' }] }],
    assets: [{ name: 'world', asset }],
    parameters: { reachOut: false, frames: 6, frameSeconds: 20, lidarHertz: 2, goals },
    outputs: { filesMax: 200, bytesMax: 134_217_728 },
    deadlineSeconds: 900,
    memoryMegabytes: 1024,
  }
}

async function importTwin(wish: Wish, context: Context): Promise<ExitCode> {
  const { api, io, paint } = context
  const earlier = await earlierTwin(wish, context)
  context.say('Reading the folders and trying them in the engine.')
  const read = await readWorld(wish)
  const content = Buffer.from(read.bytes).toString('base64')
  const { project, owner, sensitivity, slug, goals } = wish
  const asset = sealed.parse(
    await api.call('asset:add', {
      project,
      owner,
      sensitivity,
      slug: `${slug.slice(0, 34)}-world`,
      mediaType: 'application/json',
      content,
    }),
  )
  const twin = earlier ?? made.parse(await api.call('twin:create', { project, slug, kind: 'robot', program, owner, sensitivity })).id
  const scenario = made.parse(await api.call('scenario:publish', { twin, slug: scenarioSlug, manifest: manifestWith(asset.id, goals) }))
  if (context.globals.json) {
    io.out(`${JSON.stringify({ twin, scenario: scenario.id, asset: asset.id, digest: asset.digest, leftOut: read.leftOut }, null, 2)}\n`)
    return exitCodes.ok
  }
  const rows: [string, string][] = [
    ['world', `${safe(read.file)}, ${read.bodies} bodies; robot ${safe(read.robot)}`],
    ['left out', `${read.leftOut.length} things, each named in the verdict of a run${context.globals.quiet ? '' : '; with --json here'}`],
    ['asset', `${asset.id}, version ${asset.version}, ${bytesText(asset.bytes)}, scanned and sealed`],
    ['', paint.bold(asset.digest)],
    ['scenario', `${slug}/${scenarioSlug}  ${scenario.id}`],
  ]
  io.out(`${[`${paint.bold('Imported')} ${safe(slug)}  ${twin}`, ...pairs(rows, paint)].join('\n')}\n`)
  context.say(paint.dim(`Next, as an operator: twinlock run launch --scenario ${slug}/${scenarioSlug} --environment staging --watch`))
  return exitCodes.ok
}

/** `twinlock twin import <folder>`. */
export const twinImport: Command = {
  words: ['twin', 'import'],
  synopsis: 'twin import <folder>',
  summary: 'Make a twin of a world folder (SDF with its models and map) and a robot folder (URDF): sealed, scanned, ready to run.',
  flags: [
    { name: 'robot', value: '<folder>', about: 'A folder with one URDF; the engine’s own robot otherwise.' },
    { name: 'project', value: '<project>', about: 'Where the twin belongs; the only project otherwise.' },
    { name: 'owner', value: '<person>', about: 'Who answers for it; you otherwise.' },
    { name: 'slug', value: '<slug>', about: 'The twin’s name; the folder’s otherwise. An import under the same name is a new version.' },
    { name: 'sensitivity', value: '<level>', about: `How sensitive the world is: ${levels.join(', ')}; confidential otherwise.` },
    { name: 'goals', value: '<count>', about: 'How many places to drive to; 2 otherwise.' },
  ],
  async run({ positionals: [folder, ...more], values }, context): Promise<ExitCode> {
    if (folder === undefined || more.length > 0) throw usage('`twinlock twin import` takes one folder.')
    return importTwin(await wishOf(folder, values, context), context)
  },
}
