// Metrics: what Prometheus reads, who may read it, and what never becomes a label.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { traceOf } from './access-log-trace.ts'
import { createServer } from './create-server.ts'
import type { AccessLine } from './door.ts'
import { RecentDelay } from './event-loop-delay.ts'
import { fakeDoor, fakeParts } from './fixtures/fake-door.ts'
import { Metrics } from './metrics.ts'
import { mayReadMetrics } from './metrics-page.ts'

const parts = fakeParts(fakeDoor())
const server = createServer(parts)
let url = ''
before(async () => {
  url = `http://127.0.0.1:${(await server.listen()).port}`
})
after(() => server.close())

const told = async (headers: Record<string, string> = {}): Promise<string> => (await fetch(`${url}/metrics`, { headers })).text()

test('counters, gauges and histograms are written as Prometheus reads them', async () => {
  const metrics = new Metrics()
  const acts = metrics.counter('acts_total', 'Acts.')
  acts.add({ action: 'run:launch' })
  acts.add({ action: 'run:launch' }, 2)
  acts.add({ action: 'a"b\\c\nd' })
  metrics.gauge('open', 'Open.', () => 7)
  metrics.total('done_total', 'Done.', () => 8)
  const took = metrics.histogram('took_seconds', 'Took.', [0.1, 1])
  for (const value of [0.05, 0.1, 0.5, 5]) took.observe(value)
  assert.equal(
    await metrics.text(),
    `# HELP acts_total Acts.
# TYPE acts_total counter
acts_total{action="run:launch"} 3
acts_total{action="a\\"b\\\\c\\nd"} 1
# HELP open Open.
# TYPE open gauge
open 7
# HELP done_total Done.
# TYPE done_total counter
done_total 8
# HELP took_seconds Took.
# TYPE took_seconds histogram
took_seconds_bucket{le="0.1"} 2
took_seconds_bucket{le="1"} 3
took_seconds_bucket{le="+Inf"} 4
took_seconds_sum 5.65
took_seconds_count 4
`,
  )
  assert.throws(() => metrics.gauge('open', 'Again.', () => 0), /`open` already/)
})

test('nobody fills the memory with series', async () => {
  const metrics = new Metrics()
  const counter = metrics.counter('c', 'C.')
  const histogram = metrics.histogram('h', 'H.', [1])
  for (let at = 0; at < 5_000; at++) {
    counter.add({ at: String(at) })
    histogram.observe(1, { at: String(at) })
  }
  const lines = (await metrics.text()).split('\n')
  assert.equal(lines.filter((line) => line.startsWith('c{')).length, 2_000)
  assert.equal(lines.filter((line) => line.startsWith('h_count{')).length, 2_000)
})

test('requests are counted by route and status, and never by what somebody wrote into a path', async () => {
  await fetch(`${url}/v1/robots/rob_secret-of-somebody`)
  await fetch(`${url}/no/such/secret-path`)
  await fetch(`${url}/problems/nothing-secret`)
  const text = await told()
  assert.match(text, /^twinlock_http_requests_total\{method="GET",route="\/v1\/robots\/:robot",status="401"\} 1$/m)
  assert.match(text, /^twinlock_http_requests_total\{method="GET",route="\(unknown\)",status="404"\} 1$/m)
  assert.match(text, /^twinlock_http_request_duration_seconds_count\{route="\/problems\/:code"\} 1$/m)
  assert.match(text, /^twinlock_http_requests_open 1$/m)
  assert.match(text, /^process_resident_memory_bytes \d+$/m)
  assert.match(text, /^twinlock_event_loop_delay_p99_seconds [\d.e-]+$/m)
  assert.equal(text.includes('secret'), false)
  for (const line of text.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? -?[\d.e+-]+)$/)
})

test('what only grows is a counter by type and name, and no two metrics say the same of themselves', async () => {
  const lines = (await told()).split('\n')
  const said = lines.filter((line) => line.startsWith('# HELP ')).map((line) => line.replace(/^# HELP \w+ /, ''))
  assert.ok(said.length > 15)
  assert.equal(new Set(said).size, said.length)
  const counters = lines.filter((line) => /^# TYPE \w+ counter$/.test(line)).map((line) => line.split(' ')[2] ?? '')
  assert.deepEqual(
    counters,
    lines.flatMap((line) => /^# TYPE (\w+_total) /.exec(line)?.[1] ?? []),
  )
  assert.ok(counters.includes('process_cpu_seconds_total'))
})

test('how late the event loop was is told to all who read, through the stretch after the one in which it was', () => {
  let nanoseconds = Number.NaN
  const reset = () => {
    nanoseconds = 0
  }
  const recent = new RecentDelay({ percentile: () => nanoseconds, reset })
  assert.equal(recent.seconds, 0)
  nanoseconds = 2e9
  assert.deepEqual([recent.seconds, recent.seconds], [2, 2])
  recent.turn()
  nanoseconds = 1e9
  assert.equal(recent.seconds, 2)
  recent.turn()
  assert.equal(recent.seconds, 1)
  recent.turn()
  assert.equal(recent.seconds, 0)
})

test('without a token, a request that a proxy passed on is told that there is no such path', async () => {
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host']) {
    const answer = await fetch(`${url}/metrics`, { headers: { [header]: '127.0.0.1' } })
    assert.equal(answer.status, 404, header)
  }
  assert.equal(mayReadMetrics({ ip: '10.0.0.7', headers: {} }, undefined), false)
  assert.equal(mayReadMetrics({ ip: '::ffff:127.0.0.1', headers: {} }, undefined), true)
  assert.equal(mayReadMetrics({ ip: '127.evil.example', headers: {} }, undefined), false)
})

test('with a token, whoever shows it may read from anywhere, and nobody else from nowhere', () => {
  const asking = (authorization: string) => mayReadMetrics({ ip: '10.0.0.7', headers: { authorization } }, 'the-token')
  assert.equal(asking('Bearer the-token'), true)
  for (const other of ['', 'Bearer ', 'Bearer the-tokem', 'the-token', 'Bearer the-token ']) assert.equal(asking(other), false, other)
  assert.equal(mayReadMetrics({ ip: '127.0.0.1', headers: {} }, 'the-token'), false)
})

test('a request keeps the trace that it came with, in the log', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await fetch(`${url}/healthz`, { headers: { traceparent, 'x-request-id': 'traced' } })
  const line = parts.lines.find((one): one is AccessLine => one.kind === 'access' && one.requestId === 'traced')
  assert.equal(line?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
  assert.equal(line?.parentSpanId, '00f067aa0ba902b7')
  assert.match(line?.spanId ?? '', /^[0-9a-f]{16}$/)
})

test('a `traceparent` that is not well-formed is a new trace', () => {
  for (const header of [
    undefined,
    '',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    `x`.repeat(10_000),
    ['a', 'b'],
  ]) {
    const trace = traceOf(header)
    assert.match(trace.traceId, /^[0-9a-f]{32}$/)
    assert.equal(trace.parentSpanId, undefined)
    assert.notEqual(trace.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
  }
})
