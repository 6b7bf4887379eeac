// What is wrong below HTTP semantics: a request that does not parse, headers over the limit, a request that does not arrive in time.
// There is no request to answer, so the answer is written on the socket itself, and the connection ends.
import type { Socket } from 'node:net'
import { type Clock, type CodedError, fail } from '../kernel/index.ts'
import { answerHeaders } from './answer-headers.ts'
import type { Limits, ServerParts } from './door.ts'
import { toProblem } from './problem.ts'
import { newRequestId } from './request-id.ts'

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

/** Answers a connection that went wrong, and ends it. */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Socket,
  parts: ServerParts,
  limits: Limits,
  clock: Clock,
): void {
  const failure = failureOf(error.code, limits)
  if (failure === undefined || !socket.writable) {
    socket.destroy()
    return
  }
  const requestId = newRequestId(clock)
  const problem = toProblem(failure, { baseUrl: parts.baseUrl, requestId, path: '' })
  const body = JSON.stringify(problem)
  const headers = {
    ...answerHeaders(requestId, parts.baseUrl.startsWith('https:')),
    'content-type': 'application/problem+json; charset=utf-8',
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
    status: problem.status,
    durationMs: 0,
  })
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${head.join('')}\r\n${body}`)
  socket.destroySoon()
}
