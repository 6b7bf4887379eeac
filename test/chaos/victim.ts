// A victim from outside: started, opened, spoken to, killed. A reply that was received is an acknowledgement; what the death cut off is not.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ActionRequest, Answer, BrokerAnswer, BrokerCall, Door, Step } from '../../src/app/index.ts'
import { catalogue } from '../../src/app/index.ts'
import { CodedError, type ErrorCode } from '../../src/kernel/index.ts'
import type { FromVictim, Opening, ToVictim } from './messages.ts'

/** Thrown by requests that the death of the victim cut off: nobody knows what became of them. */
export class Died extends Error {}

const program = join(import.meta.dirname, 'victim-process.ts')
// Beside the other test processes, what they compiled is there already.
const compiledBefore = process.env.NODE_COMPILE_CACHE
const compiled = compiledBefore ?? mkdtempSync(join(tmpdir(), 'twinlock-chaos-compiled-'))
if (compiledBefore === undefined) process.on('exit', () => rmSync(compiled, { recursive: true, force: true }))

/** A process that can be killed. */
export class Victim {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  readonly #loaded = Promise.withResolvers<void>()
  readonly #opened = Promise.withResolvers<number | undefined>()
  readonly #dead = Promise.withResolvers<void>()
  /** Of the last time that it was told to stop itself. */
  #frozen = Promise.withResolvers<void>()
  #id = 0
  #alive = true
  #diedAt: string | undefined
  readonly lines: string[] = []
  /** The steps that it came past, armed or not. */
  readonly reached = new Set<Step>()
  /** Called with each token that a run was given. */
  onToken: (run: string, token: string) => void = () => undefined

  constructor() {
    // What the first one compiled, the others read: loading the product is most of what a restart costs.
    const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
    this.#child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' })
    // Whoever waits for these hears of a death; nobody may be waiting.
    this.#opened.promise.catch(() => undefined)
    this.#loaded.promise.catch(() => undefined)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('frozen at')) this.#frozen.resolve()
      this.#diedAt = /died at (\S+)/.exec(text)?.[1] ?? this.#diedAt
      this.lines.push(text.trim())
    })
    this.#child.on('message', (message: FromVictim) => this.#hear(message))
    this.#child.on('exit', () => this.#end())
    this.#child.on('error', () => this.#end())
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isAlive(): boolean {
    return this.#alive
  }

  /** The step that it died at, if that was armed. Complete once `dead` has resolved. */
  get diedAt(): string | undefined {
    return this.#diedAt
  }

  /** Resolves when the process is gone. */
  get dead(): Promise<void> {
    return this.#dead.promise
  }

  /** Opens the product in it; answers the port of its HTTP server. */
  async open(opening: Opening): Promise<number | undefined> {
    await this.#loaded.promise
    this.#send({ kind: 'open', opening })
    return this.#opened.promise
  }

  /** The product's door in that process. */
  readonly door: Door = {
    catalogue,
    govern: async (request: ActionRequest) => (await this.#ask({ kind: 'govern', request })) as Answer, // what the door answered there
  }

  /** Makes a call through the broker in that process. */
  async call(call: BrokerCall): Promise<BrokerAnswer> {
    return (await this.#ask({ kind: 'call', call })) as BrokerAnswer // what the broker answered there
  }

  /** From now on, the process kills itself when it reaches a step for the nth time. */
  arm(step: Step, nth: number): void {
    this.#send({ kind: 'arm', step, nth, how: 'die' })
  }

  /** When the process reaches a step next, it stops itself there, until it is told to go on; resolves when it has stopped. */
  freezeAt(step: Step): Promise<void> {
    this.#frozen = Promise.withResolvers<void>()
    this.#send({ kind: 'arm', step, nth: 1, how: 'freeze' })
    return this.#frozen.promise
  }

  /** Takes back what was armed and has not come. */
  disarm(): void {
    this.#send({ kind: 'disarm' })
  }

  /** Sets its wall clock. */
  turn(offsetMs: number): void {
    this.#send({ kind: 'turn', offsetMs })
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#alive) this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.dead
  }

  async close(): Promise<void> {
    if (!this.#alive) return
    this.#send({ kind: 'close' })
    await this.dead
  }

  #ask(what: { kind: 'govern'; request: ActionRequest } | { kind: 'call'; call: BrokerCall }): Promise<unknown> {
    const id = ++this.#id
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (!this.#alive) return Promise.reject(new Died())
    this.#waiting.set(id, { resolve, reject })
    this.#send({ ...what, id })
    return promise
  }

  #send(message: ToVictim): void {
    if (!this.#child.connected) return
    this.#child.send(message, (error) => {
      if (error !== null) this.#end()
    })
  }

  #hear(message: FromVictim): void {
    if (message.kind === 'loaded') this.#loaded.resolve()
    else if (message.kind === 'opened') this.#opened.resolve(message.port)
    else if (message.kind === 'token') this.onToken(message.run, message.token)
    else if (message.kind === 'log') this.lines.push(message.line)
    else if (message.kind === 'reached') this.reached.add(message.step)
    else if (message.kind === 'answer') this.#settle(message.id)?.resolve(message.value)
    else if (message.kind === 'failed') {
      this.lines.push(message.message)
      this.#opened.reject(new Error(`The victim could not be opened: ${message.message}`))
    } else if (message.kind === 'refusal') {
      const cause = new Error(message.cause)
      this.#settle(message.id)?.reject(new CodedError(message.code as ErrorCode, message.detail, { cause })) // the code of a CodedError there
    }
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  #end(): void {
    this.#alive = false
    for (const { reject } of this.#waiting.values()) reject(new Died())
    this.#waiting.clear()
    this.#loaded.reject(new Died())
    this.#opened.reject(new Died())
    this.#dead.resolve()
  }
}
