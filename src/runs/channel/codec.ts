// Between frames and messages. A payload from the child becomes a `ChildMessage` here or nowhere.
import type { z } from 'zod'
import { fail, fromUtf8, utf8 } from '../../kernel/index.ts'
import { isBoundedJson } from './bounded-json.ts'
import { type ChildMessage, childMessage } from './child-messages.ts'
import { encodeFrame } from './frames.ts'
import { jsonDepthMax } from './limits.ts'
import { type SupervisorMessage, supervisorMessage } from './supervisor-messages.ts'

/** Reads one message of the child. Throws `malformed` for what is not UTF-8, not JSON, too deep or not a known message. */
export function parseChildMessage(payload: Uint8Array): ChildMessage {
  return parseWith(childMessage, payload)
}

/** Reads one message of the supervisor, for tests and for other children than ours. Throws `malformed`. */
export function parseSupervisorMessage(payload: Uint8Array): SupervisorMessage {
  return parseWith(supervisorMessage, payload)
}

/** The frame of a supervisor's message. Throws `too_large` where it does not fit `frameBytesMax`. */
export function encodeSupervisorMessage(message: SupervisorMessage): Uint8Array {
  return encodeFrame(utf8(JSON.stringify(message)))
}

/** The frame of a child's message. Throws `too_large` where it does not fit `frameBytesMax`. */
export function encodeChildMessage(message: ChildMessage): Uint8Array {
  return encodeFrame(utf8(JSON.stringify(message)))
}

function parseWith<S extends z.ZodType>(schema: S, payload: Uint8Array): z.output<S> {
  const value = parseJson(fromUtf8(payload))
  // One level more than a summary may have, for the message around it.
  if (!isBoundedJson(value, jsonDepthMax + 2)) throw fail('malformed', `A message is nested deeper than ${jsonDepthMax} levels.`)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw fail('malformed', `A message on the run channel is not acceptable: ${faultOf(issue)}`, {
    pointer: `/${(issue?.path ?? []).map(String).join('/')}`.slice(0, 200),
  })
}

/** What is wrong with a message, in words that the child did not choose: what it named its members is not repeated. */
function faultOf(issue: z.core.$ZodIssue | undefined): string {
  return issue?.code === 'unrecognized_keys' ? 'it has members that are not known.' : (issue?.message ?? 'unknown shape')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw fail('malformed', 'A frame on the run channel is not JSON.', { cause })
  }
}
