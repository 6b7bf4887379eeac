// The trace that a request belongs to (W3C Trace Context, level 1): the caller's, where its `traceparent` is well-formed, else a new one. The span is
// ours. It shows in the log alone and proves nothing; whoever asks may choose any.
import { randomBytes } from 'node:crypto'

/** A request's place in a trace, as OpenTelemetry writes it: lower-case hexadecimal, 16 and 8 bytes. */
export interface Trace {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
}

const wellFormed = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/

/** The trace of a request by its `traceparent` header. */
export function traceOf(header: unknown): Trace {
  const spanId = randomBytes(8).toString('hex')
  const [, traceId, parentSpanId] = (typeof header === 'string' && wellFormed.exec(header)) || []
  // All zeros name nothing (section 3.2.2.3).
  if (traceId === undefined || parentSpanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(parentSpanId))
    return { traceId: randomBytes(16).toString('hex'), spanId }
  return { traceId, spanId, parentSpanId }
}
