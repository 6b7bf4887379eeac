// Reads a world and its robot for an import, in a process of its own: what parses files from anywhere may read those folders and the engine, write
// nothing, call nobody, and take no longer than two minutes. Its answer is parsed like anybody's.
import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { reasonOf } from '../io.ts'
import { safe } from '../print/paint.ts'

const clone = realpathSync(join(import.meta.dirname, '..', '..', '..'))
const script = join(clone, 'twins', 'warehouse-robot', 'pack.ts')
const limits = { milliseconds: 120_000, outputBytes: 64 * 1024 * 1024 }

const packed = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    content: z.string(),
    file: z.string(),
    bodies: z.number(),
    robot: z.string(),
    leftOut: z.array(z.string()),
  }),
  z.object({ ok: z.literal(false), reason: z.string() }),
])

/** A world as it was read: the bundle to seal (base64), and what was found. */
export type ReadWorld = Extract<z.output<typeof packed>, { ok: true }>

function refuse(reason: string, cause?: unknown): CliFailure {
  return new CliFailure(exitCodes.failed, `These folders cannot be imported: ${safe(reason)}`, {
    next: 'Nothing was sealed. See docs/guides/warehouse-robot.md for what is read.',
    cause,
  })
}

function folderOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw refuse(reasonOf(error), error)
  }
}

/** Reads the folders, packs them, and tries what was packed in the engine. Throws a failure that says why they cannot be imported. */
export async function readWorld(world: string, robot: string | undefined, goals: number): Promise<ReadWorld> {
  const folders = [world, ...(robot === undefined ? [] : [robot])].map(folderOf)
  const readable = [...folders, ...['engine', 'node_modules', 'package.json', 'twins/warehouse-robot'].map((part) => join(clone, part))]
  const args = [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    script,
    folders[0] ?? '',
    folders[1] ?? '-',
    String(goals),
  ]
  const options = { env: {}, timeout: limits.milliseconds, maxBuffer: limits.outputBytes }
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error: unknown) => {
    throw refuse(
      `reading them ended early (at most ${limits.milliseconds / 1000} s and ${limits.outputBytes} bytes): ${reasonOf(error)}`,
      error,
    )
  })
  const answer = packed.parse(JSON.parse(stdout))
  if (!answer.ok) throw refuse(answer.reason)
  return answer
}
