// What a supervisor says to its run. This side is trusted; the schemas hold it to the same limits so that a reply always fits a frame.
import { z } from 'zod'
import { boundedJson, smallJson } from './bounded-json.ts'
import { base64Body, byteOffset, headers, requestId, safeName, text } from './fields.ts'
import { assetsMax } from './limits.ts'

/** Begins the run: who it is, until when, with which seed, parameters and sealed inputs. The program is loaded after this. */
export const startMessage = z.strictObject({
  type: z.literal('start'),
  run: z.strictObject({
    id: text(64),
    spiffeId: text(2048),
    /** Milliseconds since 1970-01-01T00:00:00Z. */
    deadline: z.int().min(0),
    seed: z.int().min(0),
    parameters: smallJson,
  }),
  twin: text(200),
  scenario: text(200),
  program: text(64),
  assets: z
    .array(z.strictObject({ name: safeName, bytes: byteOffset, digest: text(80) }))
    .max(assetsMax)
    .readonly(),
})

/** The answer to one request: a value, or a problem with a code that the program can act on. */
export const replyMessage = z.discriminatedUnion('ok', [
  z.strictObject({ type: z.literal('reply'), id: requestId, ok: z.literal(true), value: boundedJson }),
  z.strictObject({
    type: z.literal('reply'),
    id: requestId,
    ok: z.literal(false),
    problem: z.strictObject({ code: text(100), detail: text(2000) }),
  }),
])

/** Asks the run to end by itself; a kill follows where it does not. */
export const stopMessage = z.strictObject({ type: z.literal('stop'), reason: text(500) })

/** Everything a supervisor may say. */
export const supervisorMessage = z.discriminatedUnion('type', [startMessage, replyMessage, stopMessage])

/** A message of the supervisor. */
export type SupervisorMessage = z.output<typeof supervisorMessage>
/** The message that begins a run. */
export type StartMessage = z.output<typeof startMessage>
/** The answer to one request. */
export type ReplyMessage = z.output<typeof replyMessage>

/** The value of a reply to `call`: the upstream's answer after redaction. Header names are lower case. */
export const callValue = z.strictObject({ status: z.int().min(100).max(599), headers, body: base64Body })
/** The value of a reply to `asset`: the piece, and whether it is the file's last. */
export const assetValue = z.strictObject({ body: base64Body, last: z.boolean() })
/** The value of a reply to `output`: bytes of this file that are kept so far. */
export const outputValue = z.strictObject({ bytes: byteOffset })
/** The value of a reply to `credential`: a JWT-SVID and when it ends, in milliseconds since 1970. */
export const credentialValue = z.strictObject({ token: text(8192), expiresAt: z.int().min(0) })

/** The value of a reply to `call`. */
export type CallValue = z.output<typeof callValue>
/** The value of a reply to `asset`. */
export type AssetValue = z.output<typeof assetValue>
/** The value of a reply to `output`. */
export type OutputValue = z.output<typeof outputValue>
/** The value of a reply to `credential`. */
export type CredentialValue = z.output<typeof credentialValue>
