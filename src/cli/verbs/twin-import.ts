// `twinlock twin import <folder>`: a world with its robot, from folders on this machine, becomes a twin. The files are read and tried in the engine, in a
// process of their own, and sealed as one asset, which the server scans; then the twin and its scenario. Nothing in the folders is executed.
import { resolve } from 'node:path'
import { z } from 'zod'
import { sensitivities } from '../../kernel/index.ts'
import { type Answer, listAll } from '../api.ts'
import { type Command, textFlag } from '../command.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { usage } from '../failure.ts'
import type { FlagValues } from '../line/globals.ts'
import { resolveName } from '../names/resolve-name.ts'
import { bytesText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { pairs } from '../print/table.ts'
import { onlyProject, self, slugOf } from './inputs.ts'
import { readWorld } from './read-world.ts'

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

function goalsIn(values: FlagValues): number {
  const text = textFlag(values, 'goals') ?? '2'
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > 20) throw usage('`--goals` is a whole number from 1 to 20.')
  return Number(text)
}

async function named(context: Context, flag: 'project' | 'owner', prefix: string, given: unknown): Promise<string> {
  if (typeof given !== 'string') throw usage(`Say which ${flag}: \`--${flag}\`.`)
  return resolveName(context, { flag, prefixes: [prefix] }, given)
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
  const read = await readWorld(wish.world, wish.robot, wish.goals)
  const { project, owner, sensitivity, slug, goals } = wish
  const asset = sealed.parse(
    await api.call('asset:add', {
      project,
      owner,
      sensitivity,
      slug: `${slug.slice(0, 34)}-world`,
      mediaType: 'application/json',
      content: read.content,
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
