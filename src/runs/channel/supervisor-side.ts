// The supervisor's end of one channel, whole: bytes in, messages out, and the other way round. A driver of cells only moves the bytes.
import { type ChildMessage, isRequest } from './child-messages.ts'
import { encodeSupervisorMessage, parseChildMessage } from './codec.ts'
import { FrameDecoder } from './frames.ts'
import { RequestWindow } from './request-window.ts'
import type { SupervisorMessage } from './supervisor-messages.ts'

/** A message of the child and what it weighed on the way. */
export interface ReceivedMessage {
  readonly message: ChildMessage
  /** Bytes of its JSON text. */
  readonly bytes: number
}

/** One channel's state: the frame that is under way and the requests that are open. */
export class SupervisorSide {
  readonly #decoder = new FrameDecoder()
  readonly #window = new RequestWindow()

  /** Whether a frame has begun and not ended. */
  get isMidFrame(): boolean {
    return this.#decoder.bufferedBytes > 0
  }

  /**
   * Yields the messages that these bytes complete. Throws `malformed` and `too_large` for what the channel does not allow: a frame, a message, a
   * number that is open already, too many open requests. The messages before that were yielded.
   */
  *receive(chunk: Uint8Array): Generator<ReceivedMessage, void> {
    for (const payload of this.#decoder.push(chunk)) {
      const message = parseChildMessage(payload)
      if (isRequest(message)) this.#window.open(message.id)
      yield { message, bytes: payload.length }
    }
  }

  /** The frame of a message to the child. Throws `too_large` where it does not fit, and `conflict` for a reply to a request that is not open. */
  encode(message: SupervisorMessage): Uint8Array {
    const bytes = encodeSupervisorMessage(message)
    if (message.type === 'reply') this.#window.close(message.id)
    return bytes
  }
}

/** Opens the supervisor's end of a new channel. */
export function openSupervisorSide(): SupervisorSide {
  return new SupervisorSide()
}
