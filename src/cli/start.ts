// `twinlock start`: the database first, which comes up in a process of its own while the product is loaded here; then what is served over it (`start/serve.ts`).
// Ctrl-C stops in reverse. Imports little: everything that is loaded here is loaded before the database begins, and before a second start of a folder is refused.
import { join } from 'node:path'
import { resolveDataFolder } from '../host/data-folder.ts'
import { resolveDatabase } from '../host/postgres/resolve-database.ts'
import { bundleLater } from './start/bundle-build.ts'
import { type ConsoleBuild, consoleFolder, isBuilt, startConsoleBuild, withConsole } from './start/console-build.ts'
import { isJsonLog, openLog, type ServerLog } from './start/log.ts'
import { readStartOptions, startHelp } from './start/options.ts'
import type { ServeOptions } from './start/serve.ts'
import { type Stoppable, stopAll, stopSignal } from './start/stopping.ts'
import { whyItFailed } from './start/thrown.ts'

const clone = join(import.meta.dirname, '..', '..')

let log: ServerLog = openLog({ json: false, verbose: false, write: (text) => void process.stderr.write(text), now: Date.now })
const warn = (line: string): void => log.note(line)

/**
 * Starts everything and stays until it is told to stop. Returns the exit code: 0 stopped, 1 failed, 2 usage. One that is not from the bundle makes it, for the
 * next.
 */
export async function start(args: readonly string[], isBundled: boolean): Promise<number> {
  const options = readStartOptions(args, process.env)
  if (options === 'help') {
    process.stdout.write(`${startHelp}\n`)
    return 0
  }
  const started: Stoppable[] = []
  const signal = stopSignal()
  try {
    log = openLog({
      json: isJsonLog(process.env),
      verbose: !('wrong' in options) && options.verbose,
      write: (text) => void process.stderr.write(text),
      now: Date.now,
    })
    if ('wrong' in options) {
      warn(`${options.wrong}\nSee \`twinlock start --help\`.`)
      return 2
    }
    const lines = await startAll(options, started)
    process.stdout.write(`${lines.join('\n')}\n`)
    if (!isBundled) started.push(bundleLater(clone, warn))
    await signal
    return (await stopAll(started, warn)).length === 0 ? 0 : 1
  } catch (error) {
    warn(`Twinlock could not start: ${whyItFailed(error)}`)
    await stopAll(started, warn)
    return 1
  }
}

async function startAll(options: ServeOptions, started: Stoppable[]): Promise<readonly string[]> {
  const folder = resolveDataFolder({ clone, environment: process.env })
  const building = (): ConsoleBuild => {
    const console = startConsoleBuild(clone)
    started.push({ name: 'the build of the console', stop: () => console.stop() })
    return console
  }
  // Where there is one, whether it is to be built again is a question for when everything else is ready.
  const early = isBuilt(clone) ? undefined : building()
  const load = async () => {
    const product = await import('./start/serve.ts')
    product.prepare()
    return product
  }
  const database = await resolveDatabase({ dataFolder: folder, environment: process.env, log: warn, meanwhile: load })
  started.push({ name: 'PostgreSQL', stop: () => database.stop() })
  const { serve } = await load()
  const lines = await serve(options, { clone, folder, connection: database.connection, console: consoleFolder(clone), log, started })
  return withConsole(early ?? building(), lines, options.baseUrl, warn)
}
