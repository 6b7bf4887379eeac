// The last words of a child on its error output. It may write for ever; only the end is kept, and after a while nobody listens.
import type { Readable } from 'node:stream'

const tailBytesMax = 4 * 1024
const readBytesMax = 1024 * 1024

/** Keeps the last 4 KiB of a stream; closes it once a mebibyte has been read. */
export class ErrorTail {
  /** Resolves when the stream has ended or was closed. */
  readonly closed: Promise<void>
  #kept: Buffer = Buffer.alloc(0)
  #read = 0

  constructor(stream: Readable) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.closed = promise
    stream.on('close', resolve)
    // A broken pipe is the child's leaving; its exit says why.
    stream.on('error', () => resolve())
    stream.on('data', (chunk: Buffer) => {
      this.#read += chunk.length
      this.#kept = Buffer.concat([this.#kept, chunk]).subarray(-tailBytesMax)
      if (this.#read > readBytesMax) stream.destroy()
    })
  }

  /** Whether more was written than is kept. */
  get isCut(): boolean {
    return this.#read > tailBytesMax
  }

  /** The text so far; what is not UTF-8 is replaced. */
  get text(): string {
    return this.#kept.toString('utf8')
  }
}
