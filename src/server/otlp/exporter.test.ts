// What goes to a receiver of OpenTelemetry, tried with a real one: spans and readings in the form that OTLP says, nothing of what callers wrote, and a
// server that serves on whatever the receiver does.
import assert from 'node:assert/strict'
import { createServer as createReceiver, type IncomingMessage, type Server as Receiver, type ServerResponse } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { createServer } from '../create-server.ts'
import type { AccessLine } from '../door.ts'
import { fakeDoor, fakeParts } from '../fixtures/fake-door.ts'
import { Metrics } from '../metrics.ts'
import { type Exporter, spansWaitingMax, startExporter } from './exporter.ts'
import { otlpSettings } from './settings.ts'

interface Received {
  readonly path: string
  readonly authorization: string | undefined
  readonly type: string | undefined
  readonly text: string
}

let receiver: Receiver
let endpoint = ''
let received: Received[] = []
let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end('{}')
before(async () => {
  receiver = createReceiver(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { authorization, 'content-type': type } = request.headers
    received.push({ path: request.url ?? '', authorization, type, text: Buffer.concat(parts).toString() })
    answer(request, response)
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/collect`
})
after(() => {
  receiver.closeAllConnections()
  receiver.close()
})

const never = { traces: 3_600_000, metrics: 3_600_000 }
const lines: string[] = []
const exporterOver = (metrics: Metrics, more: { timeoutMs?: number; headers?: Record<string, string> } = {}): Exporter => {
  received = []
  lines.length = 0
  return startExporter({
    endpoint,
    headers: more.headers ?? {},
    serviceName: 'twinlock',
    serviceVersion: '0.0.0',
    metrics,
    everyMs: never,
    log: (line) => lines.push(line),
    ...(more.timeoutMs === undefined ? {} : { timeoutMs: more.timeoutMs }),
  })
}
const lineOf = (path = '/v1/runs/:run', status = 200): AccessLine => ({
  kind: 'access',
  at: '2026-01-01T00:00:01.000Z',
  requestId: 'a-secret-that-a-caller-chose',
  address: '192.0.2.77',
  method: 'GET',
  ...(path === '(unknown)' ? {} : { route: '/v1/runs/:run' }),
  path,
  status,
  durationMs: 12.5,
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
})
const bodyOf = (path: string): unknown => JSON.parse(received.find((one) => one.path === `/collect${path}`)?.text ?? 'null')

describe('an exporter of OpenTelemetry', () => {
  it('sends a span for a request and a reading of each metric, as OTLP says', async () => {
    const metrics = new Metrics()
    metrics.counter('acts_total', 'Acts.').add({ action: 'run:launch' }, 3)
    metrics.gauge('open', 'Open.', () => 7)
    metrics.gauge('unknown', 'Unknown.', () => Number.NaN)
    const took = metrics.histogram('took_seconds', 'Took.', [0.1, 1])
    for (const value of [0.05, 0.5, 5, 6]) took.observe(value, { route: '/x' })
    const exporter = exporterOver(metrics, { headers: { authorization: 'Bearer for-the-receiver' } })
    exporter.request(lineOf(`/v1/runs/run_${'0'.repeat(26)}`, 503))
    await exporter.stop()
    assert.deepEqual(
      received.map(({ path, authorization, type }) => [path, authorization, type]),
      [
        ['/collect/v1/traces', 'Bearer for-the-receiver', 'application/json'],
        ['/collect/v1/metrics', 'Bearer for-the-receiver', 'application/json'],
      ],
    )
    assert.partialDeepStrictEqual(bodyOf('/v1/traces'), {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'twinlock' } }] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
                  spanId: '00f067aa0ba902b7',
                  name: 'GET /v1/runs/:run',
                  kind: 2,
                  startTimeUnixNano: '1767225600987500000',
                  endTimeUnixNano: '1767225601000000000',
                  attributes: [
                    { key: 'http.request.method', value: { stringValue: 'GET' } },
                    { key: 'http.route', value: { stringValue: '/v1/runs/:run' } },
                    { key: 'http.response.status_code', value: { intValue: '503' } },
                  ],
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
      ],
    })
    const point = { attributes: [{ key: 'action', value: { stringValue: 'run:launch' } }], asDouble: 3 }
    const spread = { count: '4', sum: 11.55, explicitBounds: [0.1, 1], bucketCounts: ['1', '1', '2'] }
    assert.partialDeepStrictEqual(bodyOf('/v1/metrics'), {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                { name: 'acts_total', sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [point] } },
                { name: 'open', gauge: { dataPoints: [{ asDouble: 7 }] } },
                { name: 'took_seconds', histogram: { aggregationTemporality: 2, dataPoints: [spread] } },
              ],
            },
          ],
        },
      ],
    })
    assert.equal(received[1]?.text.includes('null'), false, 'what is not a number is not sent')
  })

  it('names a span of a path that there is not by its method alone', async () => {
    const exporter = exporterOver(new Metrics())
    exporter.request(lineOf('(unknown)', 404))
    await exporter.stop()
    const text = JSON.stringify(bodyOf('/v1/traces'))
    assert.match(text, /"name":"GET",/)
    assert.doesNotMatch(text, /http\.route|unknown/)
  })

  it('sends nothing that a caller wrote: no secret, id, query, header, address or request id', async () => {
    const metrics = new Metrics()
    const exporter = exporterOver(metrics)
    const parts = fakeParts(fakeDoor())
    const server = createServer({
      ...parts,
      metrics,
      port: 0,
      log: (line) => {
        if (line.kind === 'access') exporter.request(line)
      },
    })
    const url = `http://127.0.0.1:${(await server.listen()).port}`
    const id = `rob_${'0'.repeat(26)}`
    const headers = { authorization: 'Bearer s3cret-token', 'x-request-id': 's3cret-id', cookie: 'a=s3cret', tracestate: 's3cret=1' }
    for (const path of ['/v1/robots/s3cret', `/v1/robots/${id}`, '/s3cret/path?token=s3cret', '/v1/robots?tag=s3cret', '/problems/s3cret'])
      await fetch(`${url}${path}`, { headers })
    await fetch(`${url}/v1/robots`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"slug":"s3cret"}',
    })
    await server.close()
    await exporter.stop()
    const all = received.map(({ text }) => text).join('\n')
    assert.match(all, /"GET \/v1\/robots\/:robot"/)
    for (const told of ['s3cret', id, '127.0.0.1', 'rob_0']) assert.equal(all.includes(told), false, told)
  })

  it('drops spans, and counts them, when the receiver is slower than the requests', async () => {
    const metrics = new Metrics()
    const exporter = exporterOver(metrics)
    for (let number = 0; number < spansWaitingMax + 100; number++) exporter.request(lineOf())
    assert.match(await metrics.text(), /^twinlock_telemetry_dropped_total 100$/m)
    await exporter.stop()
    const sent = received.filter(({ path }) => path.endsWith('/traces')).map(({ text }) => text.split('"spanId"').length - 1)
    assert.deepEqual(sent, [512, 512, 512, 512], 'in batches')
  })

  it('goes on, says so once and holds nobody up, when the receiver refuses, redirects, hangs or is not there', async (t) => {
    const metrics = new Metrics()
    await t.test('it refuses, then sends elsewhere', async () => {
      const exporter = exporterOver(metrics)
      answer = (request, response) =>
        response.writeHead(request.url?.endsWith('traces') ? 500 : 302, { location: 'http://127.0.0.1:9/' }).end('no')
      exporter.request(lineOf())
      await exporter.stop()
      assert.equal(received.length, 2, 'the redirect is not followed')
      assert.deepEqual(lines, ['telemetry: the receiver does not take it: it answered 500'])
      answer = (_request, response) => response.end('{}')
    })
    await t.test('it hangs', async () => {
      const exporter = exporterOver(new Metrics(), { timeoutMs: 50 })
      answer = () => undefined
      exporter.request(lineOf())
      await exporter.stop()
      assert.deepEqual(lines, ['telemetry: the receiver does not take it: TimeoutError'])
      answer = (_request, response) => response.end('{}')
    })
    await t.test('it is not there', async () => {
      const gone = startExporter({
        ...otlpNowhere,
        metrics: new Metrics(),
        serviceVersion: '0',
        everyMs: never,
        log: (line) => lines.push(line),
      })
      lines.length = 0
      gone.request(lineOf())
      await gone.stop()
      assert.equal(lines.length, 1)
    })
  })
})

const otlpNowhere = { endpoint: 'http://127.0.0.1:1', headers: {}, serviceName: 'twinlock' }

describe('the settings of OpenTelemetry', () => {
  it('are read from its own variables, and nothing is sent without an endpoint', () => {
    assert.equal(otlpSettings({}), undefined)
    assert.equal(otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }), undefined)
    assert.deepEqual(
      otlpSettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example:4318/base/',
        OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20x=y, x-tenant=1',
        OTEL_SERVICE_NAME: 'twins',
      }),
      { endpoint: 'https://otel.example:4318/base', headers: { authorization: 'Bearer x=y', 'x-tenant': '1' }, serviceName: 'twins' },
    )
  })

  it('are refused where they cannot be meant, without repeating what they hold', () => {
    for (const OTEL_EXPORTER_OTLP_ENDPOINT of ['s3cret', 'ftp://host', 'http://user:s3cret@host'])
      assert.throws(
        () => otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT }),
        (error) => error instanceof Error && !error.message.includes('s3cret'),
      )
    for (const OTEL_EXPORTER_OTLP_HEADERS of ['s3cret', '=s3cret', 'a b=s3cret'])
      assert.throws(
        () => otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_EXPORTER_OTLP_HEADERS }),
        (error) => error instanceof Error && !error.message.includes('s3cret'),
      )
  })
})
