// Failures of what a person's browser opens by itself, such as the way to a provider: he is led to the sign-in page, which says what happened and when to try
// again. Whoever does not ask for a page, a program, gets the problem as everywhere. What a request says of itself decides no more than the form of its answer.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CodedError } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'
import { answerFailure, retryAfterOf } from '../failures.ts'
import { toFailure } from '../problem.ts'
import { statusOf } from '../status.ts'

/** Whether a request asks for a page, as each does by which a browser goes somewhere. */
function asksForPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true
}

/** The sign-in page with what was refused: a code, an id and a number, and no words, which anybody could write into a link. */
export function refusedPage(code: CodedError['code'], request: FastifyRequest, waitSeconds?: string): string {
  return `/login?${new URLSearchParams({ refused: code, request: request.id, ...(waitSeconds === undefined ? {} : { wait: waitSeconds }) })}`
}

/** Answers failures of the routes that people's browsers open. */
export function answerPeople(parts: ServerParts) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (!asksForPage(request)) return answerFailure(error, request, reply, parts)
    const { code } = toFailure(error).failure
    if (statusOf[code].status >= 500) parts.log({ kind: 'failure', requestId: request.id, error })
    const told = reply.getHeader('retry-after')
    // Of a redirect it would say when the page may be asked for (RFC 9110 section 10.2.3), which is at once.
    reply.removeHeader('retry-after')
    return reply.redirect(refusedPage(code, request, told === undefined ? retryAfterOf(code) : String(told)), 303)
  }
}
