// What goes over a run's channel, as the program's side sees it: JSON in frames of a four-byte big-endian length.
// Everything from the supervisor is trusted; everything sent to it will be checked there, message by message.

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

/** Bytes of one frame's payload at most. */
export const frameBytesMax = 1024 * 1024
/** Bytes of one body or chunk at most, before base64. */
export const chunkBytesMax = 512 * 1024
/** Requests that may be open at once. */
export const outstandingRequestsMax = 32

/** A sealed input that the run was given. */
export interface AssetInfo {
  readonly name: string
  readonly bytes: number
  /** `sha256:<hex>` */
  readonly digest: string
}

/** Begins the run. */
export interface StartMessage {
  readonly type: 'start'
  readonly run: {
    readonly id: string
    readonly spiffeId: string
    readonly deadline: number
    readonly seed: number
    readonly parameters: Json
  }
  readonly twin: string
  readonly scenario: string
  readonly program: string
  readonly assets: readonly AssetInfo[]
}

/** The answer to one request. */
export type ReplyMessage =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: Json }
  | {
      readonly type: 'reply'
      readonly id: number
      readonly ok: false
      readonly problem: { readonly code: string; readonly detail: string }
    }

/** Everything that a supervisor says. */
export type SupervisorMessage = StartMessage | ReplyMessage | { readonly type: 'stop'; readonly reason: string }

/** A request without its number. */
export type Request =
  | {
      readonly type: 'call'
      readonly connection: string
      readonly method: string
      readonly path: string
      readonly headers?: Record<string, string>
      readonly body?: string
      readonly bearer?: string
    }
  | { readonly type: 'asset'; readonly name: string; readonly offset: number; readonly length: number }
  | {
      readonly type: 'output'
      readonly name: string
      readonly mediaType: string
      readonly offset: number
      readonly body: string
      readonly last: boolean
    }
  | { readonly type: 'credential'; readonly audience: string; readonly subject?: string }

/** A message that waits for no answer. */
export type Notice =
  | { readonly type: 'hello'; readonly protocol: 1 }
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly note: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly text: string }
  | { readonly type: 'finish'; readonly verdict: Verdict; readonly summary: Json; readonly because?: 'threw' | 'not_loaded' }

/** How much a log line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** What a run says of its own result. */
export type Verdict = 'passed' | 'failed'

/** The frame of one message. Throws a `RangeError` over `frameBytesMax`. */
export function frame(message: Notice | (Request & { readonly id: number })): Buffer {
  const payload = Buffer.from(JSON.stringify(message))
  if (payload.length > frameBytesMax) throw new RangeError(`A message has ${payload.length} bytes; the limit is ${frameBytesMax}.`)
  const header = Buffer.alloc(4)
  header.writeUInt32BE(payload.length)
  return Buffer.concat([header, payload])
}

/** Cuts the supervisor's bytes into messages. Throws where the stream is not what a supervisor sends. */
export class SupervisorReader {
  #held: Buffer = Buffer.alloc(0)

  /** The messages that these bytes complete. */
  read(chunk: Uint8Array): SupervisorMessage[] {
    this.#held = Buffer.concat([this.#held, chunk])
    const messages: SupervisorMessage[] = []
    while (this.#held.length >= 4) {
      const length = this.#held.readUInt32BE(0)
      if (length > frameBytesMax) throw new RangeError(`A frame of ${length} bytes arrived; the limit is ${frameBytesMax}.`)
      if (this.#held.length < 4 + length) break
      messages.push(JSON.parse(this.#held.toString('utf8', 4, 4 + length)))
      this.#held = this.#held.subarray(4 + length)
    }
    return messages
  }
}
