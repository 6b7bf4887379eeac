// The console, built while the rest starts. An unchanged console is not built again. Without its sources, as in an installed package, what was built before is
// served. Trusts the clone.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { type Build, startBuild } from './build.ts'

const buildMsMax = 180_000

/** A console that is being built. */
export interface ConsoleBuild extends Build {
  /** Where it is served from. */
  readonly folder: string
}

/** Where the console of a clone is served from. */
export const consoleFolder = (clone: string): string => join(clone, 'dist', 'console')

/** Whether there is one, of these sources or of older ones. */
export const isBuilt = (clone: string): boolean => existsSync(join(consoleFolder(clone), 'index.html'))

/** Runs one build. `msMax` is how long it may take. */
export function startConsoleBuild(clone: string, msMax = buildMsMax): ConsoleBuild {
  const folder = consoleFolder(clone)
  const script = join(clone, 'console', 'build', 'build.ts')
  if (!existsSync(script)) return { folder, settled: Promise.resolve(undefined), stop: async () => undefined }
  return { folder, ...startBuild(clone, script, msMax) }
}

/** Waits for a build, says what went wrong with it, and puts the console's address under the first of the lines that a start prints. */
export async function withConsole(
  build: ConsoleBuild,
  lines: readonly string[],
  baseUrl: string,
  warn: (line: string) => void,
): Promise<readonly string[]> {
  const problem = await build.settled
  const isThere = existsSync(join(build.folder, 'index.html'))
  if (problem !== undefined)
    warn(`The console was not built; ${isThere ? 'the one that was built before is served' : 'everything else works'}.\n${problem}`)
  if (!isThere) return lines
  const [first = '', ...rest] = lines
  return [first, `${styleText('bold', 'The console')} is at ${baseUrl}/console/: open one of the one-time links in a browser.`, ...rest]
}
