// What a cell executes: `launch.ts <program file> <uid or -> <packages>`, with the channel on descriptor 3. Says hello, waits for the start, loads the twin,
// gives up its privileges before the first line of the twin is run, runs it, reports how it ended. Ends when the supervisor is gone.
import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import type { RunContext, RunResult } from './context.ts'
import { openContext } from './open-context.ts'
import { RunChannel } from './run-channel.ts'
import { RunRefused } from './run-refused.ts'

const exitCodes = { supervisorGone: 75, programFailed: 1 } as const

async function main(programFile: string, packages: readonly string[]): Promise<void> {
  const stream = new Socket({ fd: 3, readable: true, writable: true })
  const channel = new RunChannel(stream, () => process.exit(exitCodes.supervisorGone))
  await channel.notify({ type: 'hello', protocol: 1 })
  const start = await channel.started
  let because: 'threw' | 'not_loaded' = 'not_loaded'
  try {
    // CommonJS reads its files when it is evaluated, which the run's own uid may not be able to do: our own packages are evaluated before that.
    for (const name of packages) await import(name)
    const run = await load(programFile)
    because = 'threw'
    const { verdict, summary } = await run(openContext(channel, start))
    await channel.notify({ type: 'finish', verdict, summary })
  } catch (error) {
    console.error(error)
    await channel.notify({ type: 'finish', verdict: 'failed', summary: { error: describe(error) }, because })
    process.exit(exitCodes.programFailed)
  }
  process.exit(0)
}

// One module that imports both: all sources are read first (as the user who may read them), then evaluated in this order.
async function load(programFile: string): Promise<(context: RunContext) => Promise<RunResult>> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const first = JSON.stringify(new URL(`./drop-privileges.${extension}`, import.meta.url).href)
  const second = JSON.stringify(pathToFileURL(programFile).href)
  const source = `import ${first}; import * as program from ${second}; export { program }`
  const { program } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
  const run = program.twin?.run ?? program.run
  if (typeof run !== 'function') throw new TypeError('The program exports neither `twin` nor `run`.')
  return run
}

function describe(error: unknown): { name: string; code?: string; message: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error).slice(0, 2000) }
  const code = error instanceof RunRefused ? { code: error.code } : {}
  return { name: error.name.slice(0, 100), ...code, message: error.message.toWellFormed().slice(0, 2000) }
}

await main(
  process.argv[2] ?? '',
  (process.argv[4] ?? '').split(',').filter((name) => name !== ''),
)
