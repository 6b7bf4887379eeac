// Frames on a run's channel: four bytes of big-endian length, then that many bytes of UTF-8 JSON.
// What comes in was written by the child and arrives in pieces of the kernel's choosing; nothing here trusts either.
import { concat, fail } from '../../kernel/index.ts'
import { frameBytesMax } from './limits.ts'

const headerBytes = 4

/** Puts a payload into a frame. Throws `too_large` over `frameBytesMax` and `malformed` for an empty payload. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  checkLength(payload.length)
  const length = payload.length
  return concat(Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length), payload)
}

function checkLength(length: number): void {
  if (length === 0) throw fail('malformed', 'A frame on the run channel is empty.')
  if (length > frameBytesMax) throw fail('too_large', `A frame on the run channel has ${length} bytes; the limit is ${frameBytesMax}.`)
}

/**
 * Cuts a byte stream into payloads. Holds at most one incomplete frame, so at most `frameBytesMax` bytes, and refuses a length before taking its bytes.
 * After an error it stays refused: a stream that lost its place cannot find it again.
 */
export class FrameDecoder {
  #header: number[] = []
  #body: Uint8Array | undefined
  #filled = 0
  #broken: Error | undefined

  /** Bytes held for a frame that is not complete. */
  get bufferedBytes(): number {
    return this.#header.length + this.#filled
  }

  /** Yields each payload that this chunk completes. Throws `malformed` for an empty frame and `too_large` for an announced length over the limit. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void> {
    if (this.#broken !== undefined) throw this.#broken
    let at = 0
    while (at < chunk.length) {
      at += this.#body === undefined ? this.#takeHeader(chunk, at) : this.#takeBody(chunk, at, this.#body)
      if (this.#body !== undefined && this.#filled === this.#body.length) yield this.#finish(this.#body)
    }
  }

  /** Says that the stream ended. Throws `malformed` where that cuts a frame in two. */
  end(): void {
    if (this.#broken !== undefined) throw this.#broken
    if (this.bufferedBytes > 0 || this.#body !== undefined) throw fail('malformed', 'The run channel ended in the middle of a frame.')
  }

  #takeHeader(chunk: Uint8Array, at: number): number {
    const taken = chunk.subarray(at, at + headerBytes - this.#header.length)
    this.#header.push(...taken)
    if (this.#header.length === headerBytes) this.#open()
    return taken.length
  }

  #open(): void {
    const length = this.#header.reduce((sum, byte) => sum * 256 + byte, 0)
    try {
      checkLength(length)
    } catch (error) {
      this.#broken = error instanceof Error ? error : new Error(String(error))
      throw error
    }
    this.#header = []
    this.#body = new Uint8Array(length)
  }

  #takeBody(chunk: Uint8Array, at: number, body: Uint8Array): number {
    const taken = chunk.subarray(at, at + body.length - this.#filled)
    body.set(taken, this.#filled)
    this.#filled += taken.length
    return taken.length
  }

  #finish(body: Uint8Array): Uint8Array {
    this.#body = undefined
    this.#filled = 0
    return body
  }
}
