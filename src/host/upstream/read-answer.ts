// Reads an upstream's answer under its limits. Everything here is hostile: lengths, framing, encodings, an end that never comes.
import type { IncomingMessage } from 'node:http'
import type { Answer } from '../../egress/index.ts'
import { concat, fail } from '../../kernel/index.ts'
import { upstreamFailed } from './failures.ts'

const headersMax = 100

function tooLarge(bytesMax: number): Error {
  return fail('response_too_large', `The answer is larger than ${bytesMax} bytes, the most that this call may bring back.`)
}

function headersOf(message: IncomingMessage): Record<string, string> {
  if (message.rawHeaders.length > headersMax * 2) throw fail('response_too_large', `The answer has more than ${headersMax} headers.`)
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(message.headers)) {
    // Cookies are a memory of upstreams, and calls have none.
    if (name !== 'set-cookie' && value !== undefined) pairs.push([name, typeof value === 'string' ? value : value.join(', ')])
  }
  return Object.fromEntries(pairs)
}

// An answer that is compressed although it was asked to be plain would hide from redaction what it holds.
function requirePlain(headers: Readonly<Record<string, string>>): void {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const transfer = headers['transfer-encoding']?.trim().toLowerCase() ?? 'chunked'
  if (coding !== 'identity' || transfer !== 'chunked')
    throw upstreamFailed('The upstream answered in an encoding that it was not asked for.')
}

// An answer that is cut short makes the iteration throw.
async function readBody(message: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of message as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (length > bytesMax) throw tooLarge(bytesMax)
    pieces.push(piece)
  }
  return concat(...pieces)
}

/** Reads a whole answer. Throws `response_too_large` as soon as a limit is passed, and `upstream_failed` for an answer that is cut or encoded. */
export async function readAnswer(
  message: IncomingMessage,
  limits: { readonly method: string; readonly bytesMax: number },
): Promise<Answer> {
  const headers = headersOf(message)
  requirePlain(headers)
  // The answer to HEAD tells a length without a body.
  if (limits.method !== 'HEAD' && Number(headers['content-length'] ?? 0) > limits.bytesMax) throw tooLarge(limits.bytesMax)
  const body = await readBody(message, limits.bytesMax)
  return { status: message.statusCode ?? 0, headers, body }
}
