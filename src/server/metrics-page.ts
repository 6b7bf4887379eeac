// `GET /metrics`: for whoever runs the server. With a token set, for who shows it. Without one, for this machine alone: a request that a proxy passed on
// comes from this machine as well and says so in its headers, and is not it. To everybody else there is no such path.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fail } from '../kernel/index.ts'
import type { Metrics } from './metrics.ts'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const passedOn = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const

function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** Whether a request may read the metrics. */
export function mayReadMetrics({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>, token: string | undefined): boolean {
  if (token !== undefined) return isSame(headers.authorization ?? '', `Bearer ${token}`)
  return loopback.test(ip) && passedOn.every((name) => headers[name] === undefined)
}

/** Registers `/metrics`. */
export function metricsPage(app: FastifyInstance, metrics: Metrics, token: string | undefined): void {
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, token)) throw fail('not_found', 'There is no such path.', { next: 'See /openapi.json for what there is.' })
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text())
  })
}
