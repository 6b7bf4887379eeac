// The console, built while the rest starts: in a process of its own, so that neither the bundler nor what it loads is ever in this one. An unchanged console
// is not built again. Without its sources, as in an installed package, what was built before is served. Trusts the clone.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { styleText } from 'node:util'

const buildMsMax = 180_000
const textMax = 20_000

/** A console that is being built. */
export interface ConsoleBuild {
  /** Where it is served from. */
  readonly folder: string
  /** Resolves when there is nothing more to wait for: with nothing, or with a text that says why it was not built. Never rejects. */
  readonly settled: Promise<string | undefined>
  /** Ends the build if it is still going on. */
  stop(): Promise<void>
}

/** Gives way to PostgreSQL and the server, which somebody waits for. */
function yieldTo(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, or this system has no priorities: the build is as good.
  }
}

/** Runs one build. `msMax` is how long it may take. */
export function startConsoleBuild(clone: string, msMax = buildMsMax): ConsoleBuild {
  const folder = join(clone, 'dist', 'console')
  const script = join(clone, 'console', 'build', 'build.ts')
  if (!existsSync(script)) return { folder, settled: Promise.resolve(undefined), stop: async () => undefined }
  const child = spawn(process.execPath, [script], {
    cwd: clone,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  })
  yieldTo(child.pid)
  let text = ''
  let stopped = false
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(0, textMax)
  })
  const { promise: settled, resolve } = Promise.withResolvers<string | undefined>()
  const limit = setTimeout(() => {
    text = `It took longer than ${msMax / 1000} s.`
    child.kill('SIGKILL')
  }, msMax)
  child.on('error', (error) => resolve(error.message))
  child.on('close', (code) => {
    clearTimeout(limit)
    resolve(code === 0 || stopped ? undefined : text.trim() || `It ended with ${code ?? 'a signal'}.`)
  })
  return {
    folder,
    settled,
    async stop() {
      stopped = true
      child.kill('SIGTERM')
      await settled
    },
  }
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
