// One running cell of Node's permission model: pumps frames from the child into parsed messages, sends replies, and says how it ended.
// Everything on the channel was written by the child. What it says wrongly ends it; what it says too fast waits.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Duplex, Readable } from 'node:stream'
import { CodedError, fail } from '../../kernel/index.ts'
import type { Cell, CellExit, CellStrength, ChildMessage, SupervisorMessage, SupervisorSide } from '../../runs/index.ts'
import { ErrorTail } from './error-tail.ts'
import { MessageQueue } from './message-queue.ts'

const queueLimits = { itemsMax: 64, weightMax: 2 * 1024 * 1024 }
const sendsMax = 64
const leaveMilliseconds = 2000
const drainMilliseconds = 2000

/** A child process whose channel and error output are ours, and the channel's rules. */
export interface CellProcess {
  readonly child: ChildProcess
  readonly channel: Duplex
  readonly errors: Readable
  readonly side: SupervisorSide
  /** Whether the system ended it because it reached its limit of memory; asked once it is gone. */
  wasOutOfMemory?(): boolean
}

/** A cell around a child process that was just started. */
export class NodeCell implements Cell {
  readonly strength: CellStrength
  readonly pid?: number
  readonly messages: AsyncIterable<ChildMessage>
  readonly exited: Promise<CellExit>
  readonly #process: CellProcess
  readonly #queue: MessageQueue<ChildMessage>
  readonly #gone: Promise<unknown>
  #sends = 0
  #taken = 0
  #killed = false
  #fault: { readonly reason: 'protocol' | 'memory'; readonly detail: string } | undefined

  constructor(process: CellProcess, strength: CellStrength) {
    this.#process = process
    this.strength = strength
    if (process.child.pid !== undefined) this.pid = process.child.pid
    this.#queue = new MessageQueue(queueLimits, () => process.channel.resume())
    this.messages = this.#queue
    this.#gone = once(process.child, 'exit')
    this.exited = this.#settle(new ErrorTail(process.errors))
    this.#pump()
  }

  async send(message: SupervisorMessage): Promise<void> {
    if (this.#isGone) throw fail('stale', 'The cell is gone.')
    if (this.#sends >= sendsMax) throw fail('busy', `More than ${sendsMax} messages to the run wait to be sent.`)
    const bytes = this.#process.side.encode(message)
    this.#sends += 1
    try {
      await this.#write(bytes)
    } finally {
      this.#sends -= 1
    }
  }

  async kill(): Promise<void> {
    if (!this.#isGone) {
      this.#killed = true
      this.#process.child.kill('SIGKILL')
    }
    await this.exited
  }

  /** Ends the cell because it took too much; `exited` says `memory` with this detail. */
  endForLimit(detail: string): void {
    this.#end('memory', detail)
  }

  get #isGone(): boolean {
    return this.#process.child.exitCode !== null || this.#process.child.signalCode !== null
  }

  #write(bytes: Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#process.channel.write(bytes, (cause) => (cause ? reject(fail('stale', 'The cell is gone.', { cause })) : resolve()))
    return promise
  }

  #pump(): void {
    const { channel } = this.#process
    channel.on('data', (chunk: Buffer) => this.#take(chunk))
    channel.on('end', () => this.#awaitLeave())
    // A reset is the child's leaving; `exited` says how it went.
    channel.on('error', () => this.#awaitLeave())
    channel.on('close', () => this.#queue.end())
  }

  #take(chunk: Buffer): void {
    this.#taken += chunk.length
    if (this.#fault !== undefined) return
    try {
      for (const { message, bytes } of this.#process.side.receive(chunk)) this.#queue.push(message, bytes)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      this.#end('protocol', error.message)
    }
    // After its process is gone what remains is bounded by the socket's buffer, and is read to the end.
    if (this.#queue.isFull && !this.#isGone) this.#process.channel.pause()
  }

  #end(reason: 'protocol' | 'memory', detail: string): void {
    if (this.#isGone && reason === 'memory') return
    this.#fault ??= { reason, detail }
    this.#queue.end()
    this.#process.child.kill('SIGKILL')
    this.#process.channel.resume()
  }

  // A child that hung up has nothing more to do here.
  #awaitLeave(): void {
    this.#queue.end()
    if (this.#isGone) return
    const timer = setTimeout(() => this.#end('protocol', 'The run left its channel and stayed.'), leaveMilliseconds)
    void this.#gone.then(() => clearTimeout(timer))
  }

  async #settle(tail: ErrorTail): Promise<CellExit> {
    const { child, channel, errors } = this.#process
    await this.#gone
    channel.resume()
    // Nothing else can hold these streams, because the cell could not start a process; a timer stands in for certainty. It looks twice: between two looks the
    // streams are read, however long this process stood still before the first, so that nothing that the run said last is lost.
    let before = -1
    const timer = setInterval(() => {
      if (this.#taken === before) for (const stream of [channel, errors]) stream.destroy()
      before = this.#taken
    }, drainMilliseconds)
    await Promise.all([tail.closed, channel.closed ? undefined : once(channel, 'close').catch(() => undefined)])
    clearInterval(timer)
    this.#fault ??= this.#memoryFault(tail.text)
    const detail = this.#fault === undefined ? {} : { detail: this.#fault.detail }
    const { text: stderrTail, isCut: stderrCut } = tail
    return { reason: this.#reason(), code: child.exitCode, signal: child.signalCode, ...detail, stderrTail, stderrCut }
  }

  /** A process that the system, or its own runtime, ended for memory. The runtime says so in words that a program could forge: it gains a detail of ours by that. */
  #memoryFault(words: string): { readonly reason: 'memory'; readonly detail: string } | undefined {
    const { child, wasOutOfMemory } = this.#process
    if (this.#killed || child.signalCode === null) return undefined
    if (wasOutOfMemory?.() === true) return { reason: 'memory', detail: 'The system ended it at its limit of memory.' }
    const isHeap = child.signalCode === 'SIGABRT' && words.includes('JavaScript heap out of memory')
    return isHeap ? { reason: 'memory', detail: 'Its heap was full.' } : undefined
  }

  #reason(): CellExit['reason'] {
    if (this.#fault !== undefined) return this.#fault.reason
    if (this.#killed && this.#process.child.signalCode === 'SIGKILL') return 'killed'
    if (this.#process.child.exitCode !== 0) return 'crashed'
    return this.#process.side.isMidFrame ? 'protocol' : 'ended'
  }
}
