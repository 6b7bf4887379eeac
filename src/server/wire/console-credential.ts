// Who is calling a governed route: an `authorization` header, or the session cookie of the console. A browser adds cookies to requests that other pages make,
// so a cookie counts only with headers that no other page can send: the console's own, which takes a CORS permission that we never give.
import type { FastifyRequest } from 'fastify'
import { type Credential, readBearer } from '../../app/index.ts'
import { fail } from '../../kernel/index.ts'
import { heldSessions } from './console-cookies.ts'

type Headers = Pick<FastifyRequest, 'headers'>

const isHttps = (baseUrl: string): boolean => baseUrl.startsWith('https:')

function foreign(detail: string): Error {
  return fail('unauthenticated', detail, {
    next: 'Sessions of a browser are for its console alone: open it, or send a session as a bearer token.',
  })
}

/**
 * Requires that a request was made by the console's own page: the header `twinlock-console: 1`, no `origin` but ours, and no `sec-fetch-site` but `same-origin`
 * (Fetch Metadata). Programs that are no browser can send all of them, but have nobody's cookies. Throws `unauthenticated`.
 */
export function requireConsole({ headers }: Headers, baseUrl: string): void {
  if (headers['twinlock-console'] !== '1') throw foreign('A session cookie came without the header `twinlock-console: 1`.')
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') throw foreign('A session cookie came with a request of another site.')
  const { origin } = headers
  if (origin !== undefined && origin !== new URL(baseUrl).origin)
    throw foreign(`A session cookie came with a request of another origin than ${new URL(baseUrl).origin}.`)
}

/**
 * The credential of a governed request. An `authorization` header wins, whatever it holds; else the session of the organization that `twinlock-organization`
 * names, if this browser holds one. Throws `unauthenticated` for a cookie that another page sent.
 */
export function credentialOf({ headers }: Headers, baseUrl: string): Credential | undefined {
  if (headers.authorization !== undefined) return readBearer(headers.authorization)
  const org = headers['twinlock-organization']
  const held = heldSessions(headers.cookie, isHttps(baseUrl)).find((one) => one.org === org)
  if (held === undefined) return undefined
  requireConsole({ headers }, baseUrl)
  return { kind: 'session', token: held.token }
}

/** The secrets that a request shows, for telling callers who were accepted lately from others. */
export function shownSecrets({ headers }: Headers, baseUrl: string): readonly string[] {
  if (headers.authorization !== undefined) return [headers.authorization]
  return heldSessions(headers.cookie, isHttps(baseUrl)).map(({ token }) => token)
}

/** The secret that a governed request is answered for. */
export function usedSecret({ headers }: Headers, baseUrl: string): string | undefined {
  if (headers.authorization !== undefined) return headers.authorization
  return heldSessions(headers.cookie, isHttps(baseUrl)).find((one) => one.org === headers['twinlock-organization'])?.token
}
