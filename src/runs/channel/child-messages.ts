// What a run says to its supervisor. The child side is hostile: every object is strict, every size is limited, and a message
// is a request that the supervisor decides on, never a fact.
import { z } from 'zod'
import { smallJson } from './bounded-json.ts'
import { base64Body, byteOffset, headers, mediaType, method, requestId, requestTarget, safeName, slug, text } from './fields.ts'
import { chunkBytesMax } from './limits.ts'

/** The launcher is up and speaks this version; nothing of the twin is loaded yet. */
export const helloMessage = z.strictObject({ type: z.literal('hello'), protocol: z.literal(1) })

/** Asks the broker for one HTTP exchange over a named connection. `bearer` is a token that the child brought along; the broker decides what it is worth. */
export const callMessage = z.strictObject({
  type: z.literal('call'),
  id: requestId,
  connection: slug,
  method,
  path: requestTarget,
  headers: headers.exactOptional(),
  body: base64Body.exactOptional(),
  bearer: text(16_384).exactOptional(),
})

/** Asks for a piece of a sealed input that the manifest declares. */
export const assetMessage = z.strictObject({
  type: z.literal('asset'),
  id: requestId,
  name: safeName,
  offset: byteOffset,
  length: z.int().min(1).max(chunkBytesMax),
})

/** Writes a piece of an output file; pieces come in order, `last` seals the file. */
export const outputMessage = z.strictObject({
  type: z.literal('output'),
  id: requestId,
  name: safeName,
  mediaType,
  offset: byteOffset,
  body: base64Body,
  last: z.boolean(),
})

/** Asks for a short-lived JWT-SVID of the run's own. Another `subject` can be asked for, and is refused by the supervisor. */
export const credentialMessage = z.strictObject({
  type: z.literal('credential'),
  id: requestId,
  audience: text(512).min(1),
  subject: text(2048).exactOptional(),
})

/** How far the run says it is. */
export const progressMessage = z.strictObject({
  type: z.literal('progress'),
  done: z.number().min(0),
  total: z.number().min(0),
  note: text(500),
})

/** A line for the run's log. */
export const logMessage = z.strictObject({
  type: z.literal('log'),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: text(8192),
})

/** The run's own verdict and a summary; the last message that counts. */
export const finishMessage = z.strictObject({
  type: z.literal('finish'),
  verdict: z.enum(['passed', 'failed']),
  summary: smallJson,
  /** Of one that failed: the launcher speaks for a program that threw, or that it could not load. */
  because: z.enum(['threw', 'not_loaded']).exactOptional(),
})

/** Everything a child may say. */
export const childMessage = z.discriminatedUnion('type', [
  helloMessage,
  callMessage,
  assetMessage,
  outputMessage,
  credentialMessage,
  progressMessage,
  logMessage,
  finishMessage,
])

/** A parsed message of the child. */
export type ChildMessage = z.output<typeof childMessage>
/** A child's wish for one HTTP exchange. */
export type CallMessage = z.output<typeof callMessage>
/** A child's wish for a piece of a sealed input. */
export type AssetMessage = z.output<typeof assetMessage>
/** A piece of an output file. */
export type OutputMessage = z.output<typeof outputMessage>
/** A child's wish for a credential. */
export type CredentialMessage = z.output<typeof credentialMessage>
/** The child's messages that wait for a reply. */
export type RequestMessage = CallMessage | AssetMessage | OutputMessage | CredentialMessage

/** Whether a message waits for a reply. */
export function isRequest(message: ChildMessage): message is RequestMessage {
  return message.type === 'call' || message.type === 'asset' || message.type === 'output' || message.type === 'credential'
}
