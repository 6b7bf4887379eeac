// The pages that are not governed: what the API is, what a problem code means, and whether the server lives. They hold nothing of anybody's.
import type { FastifyInstance } from 'fastify'
import { fail } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import { explanationOf } from '../explanations.ts'
import { openApi } from '../openapi/document.ts'
import { isErrorCode, statusOf } from '../status.ts'
import { readiness } from './readiness.ts'

/** The text that /problems/<code> answers. */
function problemPage(code: keyof typeof statusOf): string {
  const { status, title } = statusOf[code]
  const { means, next } = explanationOf[code]
  return `${code}: ${title} (HTTP ${status})\n\n${means}\n\nNext: ${next}\n`
}

/** Registers /openapi.json, /problems/<code>, /healthz and /readyz. */
export function pages(app: FastifyInstance, parts: ServerParts): void {
  let document: string | undefined
  const isReady = readiness(parts.ready ?? (async () => true))
  app.get('/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(openApi(parts.door.catalogue, parts.baseUrl))
    return reply.type('application/json').send(document)
  })
  app.get<{ Params: { code: string } }>('/problems/:code', async ({ params: { code } }, reply) => {
    if (!isErrorCode(code)) throw fail('not_found', 'There is no problem with this code.')
    return reply.type('text/plain; charset=utf-8').send(problemPage(code))
  })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => {
    await isReady()
    return { status: 'ready' }
  })
}
