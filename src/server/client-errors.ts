// What is wrong below HTTP semantics: a request that does not parse, headers over the limit, a request that does not arrive in time.
// There is no request to answer, so the answer is written on the socket itself, and the connection ends.
import type { Socket } from 'node:net'
import { type Clock, type CodedError, fail } from '../kernel/index.ts'
import { answerHeaders } from './answer-headers.ts'
import type { Limits, ServerParts } from './door.ts'
import { type Occasion, toProblem } from './problem.ts'
import { newRequestId } from './request-id.ts'
import { scimErrorOf, scimPath, scimType } from './wire/scim-answers.ts'

// Not imported: an import asks `node:http` for all that it has, and with it for all of `fetch`.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

function failureOf(code: string | undefined, limits: Limits): CodedError | undefined {
  if (code === 'ECONNRESET' || code === 'EPIPE') return undefined
  if (code === 'HPE_HEADER_OVERFLOW')
    return fail('headers_too_large', `Request line and headers are larger than ${limits.headerBytesMax} bytes.`)
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return fail(
      'timed_out',
      `The request did not arrive whole within ${limits.requestMs} ms, or its headers within ${limits.headersMs} ms.`,
    )
  return fail('malformed', 'This is not a request of HTTP/1.1.')
}

/** What went wrong, with the packet in which it did, where there is one. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: unknown }

const firstBytes = 64

/**
 * Whether it was asked for below SCIM's path, as far as that can be known: where the request begins in the packet that was refused, as it does behind a proxy and
 * from a client that sends its head in one go. What came in small pieces was read by nobody, and is answered as everything else is.
 */
function isForScim({ rawPacket }: ClientError): boolean {
  const head = rawPacket instanceof Uint8Array ? Buffer.from(rawPacket.subarray(0, firstBytes)).toString('latin1') : ''
  const [method = '', target = ''] = head.split(' ', 2)
  return /^[A-Z]+$/.test(method) && target.startsWith(scimPath) && /^(?:[/?]|$)/.test(target.slice(scimPath.length))
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

function answerOf(error: ClientError, failure: CodedError, occasion: Occasion): Answer {
  if (isForScim(error)) {
    const { status, body } = scimErrorOf(failure)
    return { status, type: scimType, body: JSON.stringify(body) }
  }
  const problem = toProblem(failure, occasion)
  return { status: problem.status, type: 'application/problem+json; charset=utf-8', body: JSON.stringify(problem) }
}

/** Answers a connection that went wrong, and ends it. */
export function answerClientError(error: ClientError, socket: Socket, parts: ServerParts, limits: Limits, clock: Clock): void {
  const failure = failureOf(error.code, limits)
  if (failure === undefined || !socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId(clock)
  const { status, type, body } = answerOf(error, failure, { baseUrl: parts.baseUrl, requestId, path: '' })
  const headers = {
    ...answerHeaders(requestId, parts.baseUrl.startsWith('https:')),
    'content-type': type,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const at = new Date(clock.now()).toISOString()
  parts.log({
    kind: 'access',
    at,
    requestId,
    address: socket.remoteAddress ?? '',
    method: '-',
    path: '-',
    status,
    durationMs: 0,
  })
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${body}`)
  socket.destroySoon()
}
