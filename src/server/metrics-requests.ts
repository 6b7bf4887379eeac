// Counts every request by route and status, how long it took, and what the process itself costs. Routes are patterns, never paths.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../kernel/index.ts'
import { delayStretchMs, watchDelay } from './event-loop-delay.ts'
import type { Metrics } from './metrics.ts'

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** Registers the counters of requests. */
export function countRequests(app: FastifyInstance, metrics: Metrics, clock: Clock): void {
  const requests = metrics.counter('twinlock_http_requests_total', 'Requests that were answered, by method, route and status.')
  const durations = metrics.histogram(
    'twinlock_http_request_duration_seconds',
    'From the headers of a request to the end of its answer, by route.',
    seconds,
  )
  const began = new WeakMap<FastifyRequest, number>()
  let open = 0
  metrics.gauge('twinlock_http_requests_open', 'Requests that are under way, streams among them.', () => open)
  app.addHook('onRequest', async (request, reply) => {
    began.set(request, clock.monotonic())
    open++
    reply.raw.once('close', () => open--)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '(unknown)'
    requests.add({ method: request.method, route, status: String(reply.statusCode) })
    durations.observe((clock.monotonic() - (began.get(request) ?? clock.monotonic())) / 1000, { route })
  })
}

/** Registers what the process costs. Returns what ends the watching of the event loop. */
export function watchProcess(metrics: Metrics): () => void {
  const delay = watchDelay()
  metrics.gauge(
    'twinlock_event_loop_delay_p99_seconds',
    `How late the event loop was, 99th percentile: the worse of this stretch of ${delayStretchMs / 1000} s and the one before.`,
    delay.seconds,
  )
  metrics.gauge('process_resident_memory_bytes', 'Resident memory of this process.', () => process.memoryUsage.rss())
  metrics.gauge('twinlock_heap_used_bytes', 'Memory that JavaScript values take.', () => process.memoryUsage().heapUsed)
  metrics.total('process_cpu_seconds_total', 'Processor time of this process.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  metrics.gauge('process_start_time_seconds', 'When this process started, in seconds since 1970.', () => performance.timeOrigin / 1000)
  return () => delay.end()
}
