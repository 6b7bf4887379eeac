// The program's end of its channel: numbers requests, waits for their answers, keeps at most 32 open, and writes no faster than is read.
import type { Duplex } from 'node:stream'
import { RunRefused } from './run-refused.ts'
import {
  frame,
  type Json,
  type Notice,
  outstandingRequestsMax,
  type ReplyMessage,
  type Request,
  type StartMessage,
  SupervisorReader,
} from './wire.ts'

interface Waiting {
  readonly resolve: (value: Json) => void
  readonly reject: (error: Error) => void
}

/** A run's conversation with its supervisor over a byte stream. */
export class RunChannel {
  readonly #stream: Duplex
  readonly #reader = new SupervisorReader()
  readonly #waiting = new Map<number, Waiting>()
  readonly #queue: (() => void)[] = []
  readonly #stop = new AbortController()
  readonly #started = Promise.withResolvers<StartMessage>()
  #lastId = 0
  #open = 0

  /** `onLost` is called once when the supervisor is gone: whoever runs then runs for nobody. */
  constructor(stream: Duplex, onLost: () => void) {
    this.#stream = stream
    stream.on('data', (chunk: Buffer) => {
      for (const message of this.#reader.read(chunk)) {
        if (message.type === 'start') this.#started.resolve(message)
        else if (message.type === 'stop') this.#stop.abort(new RunRefused('stopped', message.reason))
        else this.#settle(message)
      }
    })
    stream.on('error', onLost)
    stream.on('end', onLost)
  }

  /** The message that begins the run. */
  get started(): Promise<StartMessage> {
    return this.#started.promise
  }

  /** Aborted when the supervisor asks the run to end. */
  get stopped(): AbortSignal {
    return this.#stop.signal
  }

  /** Asks and waits. With 32 requests open it waits for one of them to be answered first. Throws `RunRefused`. */
  async request(request: Request): Promise<Json> {
    await this.#takeTurn()
    try {
      const id = ++this.#lastId
      const { promise, resolve, reject } = Promise.withResolvers<Json>()
      const bytes = frame({ ...request, id })
      this.#waiting.set(id, { resolve, reject })
      this.#stream.write(bytes)
      return await promise
    } finally {
      this.#open -= 1
      this.#queue.shift()?.()
    }
  }

  /** Says something that needs no answer; resolves when the operating system has taken it. */
  notify(notice: Notice): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#stream.write(frame(notice), (error) => (error ? reject(error) : resolve()))
    return promise
  }

  /** Bytes that the supervisor has not taken yet. */
  get unsentBytes(): number {
    return this.#stream.writableLength
  }

  async #takeTurn(): Promise<void> {
    while (this.#open >= outstandingRequestsMax) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#queue.push(resolve)
      await promise
    }
    this.#open += 1
  }

  #settle(reply: ReplyMessage): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(new RunRefused(reply.problem.code, reply.problem.detail))
  }
}
