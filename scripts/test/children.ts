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

/** How a command is shown: its settings, how long it may say nothing before it is ended, and who gets each piece of its output too. */
export interface Showing {
  readonly env: Settings
  readonly silenceMs: number
  seen(text: string): void
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

  /** Runs a command and shows its output as it comes. Resolves to whether it ended with exit code 0; one that says nothing for too long has not. */
  async show(command: string, args: readonly string[], { env, silenceMs, seen }: Showing): Promise<boolean> {
    let isSilent = false
    let end: () => void = () => undefined
    const fallSilent = (): void => {
      isSilent = true
      console.log(`✖ nothing was said for ${silenceMs / 60_000} min: something holds a test process open`)
      end()
    }
    let timer = setTimeout(fallSilent, silenceMs)
    const output = (text: string): void => {
      clearTimeout(timer)
      timer = setTimeout(fallSilent, silenceMs)
      process.stdout.write(text)
      seen(text)
    }
    const began = (child: ChildProcess): void => {
      end = () => this.#end(child)
    }
    const ok = await this.#run(command, args, env, output, began)
    clearTimeout(timer)
    return ok && !isSilent
  }

  #run(
    command: string,
    args: readonly string[],
    env: Settings,
    output: (text: string) => void,
    began: (child: ChildProcess) => void = () => undefined,
  ): Promise<boolean> {
    if (this.stopping) return Promise.resolve(false)
    return new Promise((resolve) => {
      const child = spawn(command, args, { cwd: root, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
      this.#running.add(child)
      began(child)
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
    for (const child of this.#running) this.#end(child)
  }

  /** Asks a child to end, and ends it when it does not. */
  #end(child: ChildProcess): void {
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref()
  }
}
