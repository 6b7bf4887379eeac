// Something that is built while the rest goes on: in a process of its own, so that neither the bundler nor what it loads is ever in this one. Trusts the clone.
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'

const textMax = 20_000

/** A build that is going on. */
export interface Build {
  /** Resolves when there is nothing more to wait for: with nothing, or with a text that says why it failed. Never rejects. */
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

/** Runs a script of the clone that builds something. `msMax` is how long it may take. */
export function startBuild(clone: string, script: string, msMax: number): Build {
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
    settled,
    async stop() {
      stopped = true
      child.kill('SIGTERM')
      await settled
    },
  }
}
