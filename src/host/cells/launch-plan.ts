// How a cell's process is started: which file, which flags, what it may read. The program's name comes from a scenario; it picks a folder and nothing else.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '../../kernel/index.ts'

/** Everything that the driver needs to start one program. */
export interface LaunchPlan {
  readonly launcher: string
  readonly programFile: string
  /** Folders and files that the child may read. */
  readonly readable: readonly string[]
  /** Packages of ours that the program uses. */
  readonly packages: readonly string[]
}

const houseFolder = realpathSync(fileURLToPath(new URL('../../../', import.meta.url)))
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const libraryFolder = join(houseFolder, 'sdk', 'run')

/** The packages that the engine imports; with all that these depend on, they are readable for programs that use the engine. */
const enginePackages = ['@dimforge/rapier3d-deterministic-compat', '@mcap/core', 'fast-xml-parser', 'zod']

/** Where ready-made twins are, unless a driver is told otherwise. */
export const readyMadeTwinsFolder = join(houseFolder, 'twins')

/** Plans the start of a twin's program. Throws `invalid` for what is no name and `not_found` where there is no such twin. */
export function planTwin(twinsFolder: string, program: string): LaunchPlan {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(program)) throw fail('invalid', 'A program is named by lower-case letters, digits and hyphens.')
  const folder = join(twinsFolder, program)
  if (!existsSync(join(folder, `program.${extension}`))) throw fail('not_found', `There is no ready-made twin \`${program}\`.`)
  return planFolder(realpathSync(folder))
}

/** Plans the start of `program.ts` in a folder that the product chose. */
export function planFolder(folder: string): LaunchPlan {
  const packages = usesEngine(folder) ? enginePackages : []
  return {
    launcher: join(libraryFolder, `launch.${extension}`),
    programFile: join(folder, `program.${extension}`),
    readable: [libraryFolder, folder, ...(packages.length > 0 ? engineFolders() : [])],
    packages,
  }
}

/** The arguments of Node for a plan. `uid` is what the child drops to before the twin's code is evaluated. */
export function nodeArguments(plan: LaunchPlan, uid: number | undefined, heapMegabytesMax: number): string[] {
  return [
    '--permission',
    ...plan.readable.map((path) => `--allow-fs-read=${path}`),
    // Both reach around the permission model: `ATTACH` opens any file, and some V8 flags name files to write.
    '--no-experimental-sqlite',
    '--freeze-flags-after-init',
    '--no-experimental-ffi',
    // Any process of the same user could otherwise open a debugger in it.
    '--disable-sigusr1',
    `--max-old-space-size=${heapMegabytesMax}`,
    plan.launcher,
    plan.programFile,
    uid === undefined ? '-' : String(uid),
    plan.packages.join(','),
  ]
}

// A twin that simulates with our engine says so in its twin.json: {"needs": ["engine"]}.
function usesEngine(folder: string): boolean {
  const file = join(folder, 'twin.json')
  if (!existsSync(file)) return false
  const declared: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof declared !== 'object' || declared === null || !('needs' in declared)) return false
  return Array.isArray(declared.needs) && declared.needs.includes('engine')
}

function engineFolders(): string[] {
  const found = new Set<string>()
  for (const name of enginePackages) addPackage(name, houseFolder, found)
  return [join(houseFolder, 'engine'), ...found]
}

function addPackage(name: string, from: string, found: Set<string>): void {
  const folder = packageFolder(name, from)
  if (folder === undefined || found.has(folder)) return
  found.add(folder)
  const manifest: { dependencies?: Record<string, string> } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const dependency of Object.keys(manifest.dependencies ?? {})) addPackage(dependency, folder, found)
}

// As Node resolves it: node_modules of the importing folder, then of each folder above.
function packageFolder(name: string, from: string): string | undefined {
  const candidate = join(from, 'node_modules', name)
  if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
  return dirname(from) === from ? undefined : packageFolder(name, dirname(from))
}
