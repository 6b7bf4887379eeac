// A controller in a process of its own, spoken to in JSON lines over its standard input and output. It is not trusted: it may
// hang, crash, answer late, or answer nonsense or far too much. Each of these ends the run with a reason; none hangs it.

import { type ChildProcess, spawn } from 'node:child_process'
import { type Command, type Controller, ControllerFailure, type ControllerStart, type Observation, type PlanarPose } from './controller.ts'
import type { OccupancyGrid } from './occupancy-grid.ts'

/** How long it may take, in milliseconds of real time, and how much it may say. */
export interface ExternalLimits {
  /** From the start message to its answer. */
  readonly startMs: number
  /** An answer after this is late, and ends the run. */
  readonly lateMs: number
  /** Without an answer until this it hangs, and is killed. */
  readonly hangMs: number
  /** Characters of one line. */
  readonly lineMax: number
}

/** Ten seconds to start, a quarter of a second to answer, two seconds to be given up on, a megabyte a line. */
const usualExternalLimits: ExternalLimits = { startMs: 10_000, lateMs: 250, hangMs: 2000, lineMax: 1_000_000 }

/** Time and timers as the controller needs them; given in, so that tests hold time in their hands. */
export interface ExternalClock {
  nowMs(): number
  /** Calls back after `ms`; returns what cancels it. */
  after(ms: number, act: () => void): () => void
}

/** Real time. */
const realClock: ExternalClock = {
  nowMs: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

/** The lines of a conversation: where they go, and what is called with each that comes. */
export interface LinePipe {
  send(line: string): void
  /** `end` is called once with a reason when nothing more will come. */
  listen(line: (text: string) => void, end: (reason: string) => void): void
  kill(): void
}

const packGrid = (grid: OccupancyGrid): object => ({ ...grid, cells: Buffer.from(grid.cells).toString('base64') })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const statuses = ['driving', 'waiting', 'done', 'gave-up'] as const

function poseFrom(value: unknown): PlanarPose | undefined {
  if (!isRecord(value)) return undefined
  const { x, y, yaw } = value
  return typeof x === 'number' && typeof y === 'number' && typeof yaw === 'number' ? { x, y, yaw } : undefined
}

/** Reads an answer; throws a ControllerFailure for anything that is not a command. */
export function parseCommand(line: string): Command {
  const nonsense = (what: string): never => {
    throw new ControllerFailure('nonsense', `the controller answered nonsense: ${what}, in \`${line.slice(0, 60)}\``)
  }
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return nonsense('no JSON')
  }
  if (!isRecord(value)) return nonsense('no object')
  const { linear, angular, status, reason } = value
  if (typeof linear !== 'number' || typeof angular !== 'number' || !Number.isFinite(linear) || !Number.isFinite(angular))
    return nonsense('no finite `linear` and `angular`')
  const known = statuses.find((candidate) => candidate === (status ?? 'driving'))
  if (known === undefined) return nonsense('an unknown `status`')
  const estimate = poseFrom(value.estimate)
  return {
    twist: { linear, angular },
    status: known,
    ...(typeof reason === 'string' ? { reason: reason.slice(0, 200) } : {}),
    ...(estimate === undefined ? {} : { estimate }),
  }
}

interface Waiting {
  readonly resolve: (line: string) => void
  readonly reject: (failure: ControllerFailure) => void
}

/** Drives through a pipe of lines. One question at a time; each has its time-outs. */
export class ExternalController implements Controller {
  readonly #pipe: LinePipe
  readonly #limits: ExternalLimits
  readonly #clock: ExternalClock
  #waiting: Waiting | null = null
  #ended: string | null = null

  constructor(pipe: LinePipe, limits: ExternalLimits = usualExternalLimits, clock: ExternalClock = realClock) {
    this.#pipe = pipe
    this.#limits = limits
    this.#clock = clock
    pipe.listen(
      (line) => this.#hear(line),
      (reason) => this.#end(reason),
    )
  }

  #hear(line: string): void {
    const waiting = this.#waiting
    this.#waiting = null
    // What it says unasked is not an answer to anything.
    if (waiting !== null) waiting.resolve(line)
  }

  #end(reason: string): void {
    this.#ended = reason
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.reject(new ControllerFailure('crash', `the controller ended: ${reason}`))
  }

  #ask(message: object, hangMs: number): Promise<string> {
    if (this.#ended !== null) return Promise.reject(new ControllerFailure('crash', `the controller ended: ${this.#ended}`))
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(hangMs, () => {
        this.#waiting = null
        this.#pipe.kill()
        reject(new ControllerFailure('hang', `the controller hangs: no answer within ${hangMs} ms`))
      })
      this.#waiting = {
        resolve: (line) => {
          cancel()
          resolve(line)
        },
        reject: (failure) => {
          cancel()
          reject(failure)
        },
      }
      this.#pipe.send(`${JSON.stringify(message)}\n`)
    })
  }

  /** Sends the task and waits until the controller says that it is ready. */
  async start(info: ControllerStart): Promise<void> {
    const keepOut = info.keepOut === null ? null : packGrid(info.keepOut)
    await this.#ask({ type: 'start', ...info, map: packGrid(info.map), keepOut }, this.#limits.startMs)
  }

  /** Sends what is observed and waits for the command. */
  async decide(observation: Observation): Promise<Command> {
    const { scan } = observation
    const ranges = scan === null ? null : Array.from(scan.ranges, (range) => (Number.isFinite(range) ? Number(range.toFixed(4)) : null))
    const asked = this.#clock.nowMs()
    const line = await this.#ask({ type: 'observe', ...observation, scan: scan === null ? null : { ...scan, ranges } }, this.#limits.hangMs)
    const took = this.#clock.nowMs() - asked
    if (took > this.#limits.lateMs)
      throw new ControllerFailure('late', `the controller answered late: ${took.toFixed(0)} ms, ${this.#limits.lateMs} ms are allowed`)
    return parseCommand(line)
  }

  /** Unknown: it lives in another process, so runs with it cannot be restored or forked. */
  state(): undefined {
    return undefined
  }

  /** Nothing: see `state`. */
  restore(): void {}

  /** Ends the process. */
  stop(): void {
    this.#pipe.kill()
  }
}

class LineCutter {
  #rest = ''
  readonly #lineMax: number

  constructor(lineMax: number) {
    this.#lineMax = lineMax
  }

  /** The whole lines in what came; null when one is too long. */
  cut(text: string): string[] | null {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    return this.#rest.length > this.#lineMax || lines.some((line) => line.length > this.#lineMax) ? null : lines
  }
}

function listenTo(child: ChildProcess, lineMax: number, hear: (line: string) => void, end: (reason: string) => void): void {
  const cutter = new LineCutter(lineMax)
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = cutter.cut(text)
    if (lines === null) {
      child.kill('SIGKILL')
      end(`it said a line of more than ${lineMax} characters`)
      return
    }
    for (const line of lines) if (line.trim() !== '') hear(line)
  })
  child.on('error', (error) => end(error.message))
  child.on('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`))
  // Writing to a process that is gone is reported by its exit.
  child.stdin?.on('error', () => undefined)
}

/** Starts a program with an empty environment but PATH and speaks with it in lines. Its standard error goes to ours. */
export function spawnLinePipe(program: string, args: readonly string[], lineMax: number = usualExternalLimits.lineMax): LinePipe {
  const child = spawn(program, [...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH ?? '' } })
  return {
    send: (line) => void child.stdin?.write(line),
    listen: (hear, end) => listenTo(child, lineMax, hear, end),
    kill: () => void child.kill('SIGKILL'),
  }
}
