// Every process that a test run starts goes through here, so that an interrupt stops all of them and nothing is left behind.
// Children get an environment without TWINLOCK_* settings: a person's database address must never become a test's database.

import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './find-tests.ts'
import type { Outcome } from './step.ts'

/** Settings added to a child's environment. */
export type Settings = Readonly<Record<string, string>>

const GRACE_MS = 5_000

const environment = (extra: Settings): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TWINLOCK_') && name !== 'NODE_TEST_CONTEXT')
  const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  return { ...Object.fromEntries(kept), PATH, ...extra }
}

/** The running children of this test run; `stopping` is true from the first interrupt on, and from then nothing new is started. */
export class Children {
  stopping = false
  readonly #running = new Set<ChildProcess>()

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#stop(signal))
  }

  /** Runs a command quietly; resolves to `{ ok, output }` with both of its streams in the order they came. */
  async capture(command: string, args: readonly string[], env: Settings = {}): Promise<Outcome> {
    let output = ''
    const keep = (text: string): void => {
      output += text
    }
    const ok = await this.#run(command, args, env, keep)
    return { ok, output }
  }

  /** Runs a command and shows its output as it comes; `seen` gets each piece too. Resolves to whether it ended with exit code 0. */
  show(command: string, args: readonly string[], env: Settings, seen: (text: string) => void): Promise<boolean> {
    return this.#run(command, args, env, (text) => {
      process.stdout.write(text)
      seen(text)
    })
  }

  #run(command: string, args: readonly string[], env: Settings, output: (text: string) => void): Promise<boolean> {
    if (this.stopping) return Promise.resolve(false)
    return new Promise((resolve) => {
      const child = spawn(command, args, { cwd: root, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
      this.#running.add(child)
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', output)
      child.on('error', (error) => {
        output(`${command}: ${error.message}\n`)
        this.#running.delete(child)
        resolve(false)
      })
      child.on('close', (code) => {
        this.#running.delete(child)
        resolve(code === 0)
      })
    })
  }

  #stop(signal: string): void {
    if (this.stopping) return
    this.stopping = true
    console.log(`\n${signal}: stopping`)
    for (const child of this.#running) child.kill('SIGTERM')
    setTimeout(() => {
      for (const child of this.#running) child.kill('SIGKILL')
    }, GRACE_MS).unref()
  }
}
