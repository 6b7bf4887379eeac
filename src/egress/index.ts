// The door of `egress`: what a run or a promoted workload touches. Decisions on calls, redaction, the tape.
import { callConnection, callTogether } from './actions/call.ts'
import { abandonCalls, settleCall, settleTogether } from './actions/settle.ts'
import { readRunTape } from './actions/tape.ts'

export { callConnection as callConnectionCapability, callTogether, settleTogether }

/** What is done to several at once, by the name of its action. */
export const egressTogether = { [callConnection.name]: callTogether, [settleCall.name]: settleTogether } as const

/** What `egress` can do. */
export const egressActions = [callConnection, settleCall, abandonCalls, readRunTape] as const
export type { EgressErrorCode } from './error-codes.ts'
export { headersBack, headersOut } from './headers.ts'
export { type Redacted, type Redaction, redactBody, type SecretRemover, secretRemover } from './redact.ts'
export { type RequestPath, readRequestPath } from './request-path.ts'
export { callOutput, showCall } from './shown.ts'
export type { CallTable } from './tables.ts'
export { type Call, readTape, tapeDigest } from './tape.ts'
export type { Answer, Exchange, Upstream } from './upstream.ts'
