// Requests and readings as OpenTelemetry sends them: OTLP 1.x over HTTP, in its JSON form (camelCase, 64-bit numbers as texts, ids in hexadecimal).
// INVARIANT: of a request go out its method, the pattern of its route, its status and its time; no id, address, header, query or name ever does.
import type { AccessLine } from '../door.ts'
import type { Labels, Reading } from '../metrics.ts'

/** Who sends: the attributes of the resource. */
export interface Sender {
  readonly serviceName: string
  readonly serviceVersion: string
}

const scope = { name: 'twinlock' }
const kindServer = 2
const statusError = 2
const cumulative = 2

const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } })
const nanos = (milliseconds: number): string => String(BigInt(Math.round(milliseconds * 1000)) * 1000n)

const resourceOf = ({ serviceName, serviceVersion }: Sender) => ({
  attributes: [text('service.name', serviceName), text('service.version', serviceVersion)],
})

/** A span of a request, by its line of the access log; nothing for a line without a trace. */
export function spanOf(line: AccessLine): object | undefined {
  const { traceId, spanId, parentSpanId, method, route, status, durationMs } = line
  if (traceId === undefined || spanId === undefined) return undefined
  const end = Date.parse(line.at)
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: route === undefined ? method : `${method} ${route}`,
    kind: kindServer,
    startTimeUnixNano: nanos(end - durationMs),
    endTimeUnixNano: nanos(end),
    attributes: [
      text('http.request.method', method),
      ...(route === undefined ? [] : [text('http.route', route)]),
      whole('http.response.status_code', status),
    ],
    // A refusal is no fault of ours (semantic conventions for HTTP servers).
    status: status >= 500 ? { code: statusError } : {},
  }
}

/** The body of an export of spans. */
export function tracesOf(spans: readonly object[], sender: Sender): object {
  return { resourceSpans: [{ resource: resourceOf(sender), scopeSpans: [{ scope, spans }] }] }
}

const attributesOf = (labels: Labels) => Object.entries(labels).map(([key, value]) => text(key, value))

interface Times {
  readonly startedAt: number
  readonly at: number
}

function metricOf(reading: Reading, { startedAt, at }: Times): object {
  const { name, help: description } = reading
  const times = { startTimeUnixNano: nanos(startedAt), timeUnixNano: nanos(at) }
  if (reading.kind === 'histogram') {
    const dataPoints = reading.spreads.map(({ labels, counts, sum, count }) => {
      const above = count - counts.reduce((total, one) => total + one, 0)
      const bucketCounts = [...counts, above].map(String)
      return { ...times, attributes: attributesOf(labels), count: String(count), sum, explicitBounds: reading.bounds, bucketCounts }
    })
    return { name, description, histogram: { aggregationTemporality: cumulative, dataPoints } }
  }
  const dataPoints = reading.points
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => ({ ...times, attributes: attributesOf(labels), asDouble: value }))
  if (reading.kind === 'gauge') return { name, description, gauge: { dataPoints } }
  return { name, description, sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } }
}

/** The body of an export of metrics. */
export function metricsOf(readings: readonly Reading[], sender: Sender, times: Times): object {
  const metrics = readings.map((reading) => metricOf(reading, times))
  return { resourceMetrics: [{ resource: resourceOf(sender), scopeMetrics: [{ scope, metrics }] }] }
}
