// A directory as its identity provider sees it: requests over HTTP with the directory's token, answers as they come back.
import assert from 'node:assert/strict'
import { createServer } from '../../src/server/index.ts'
import { textAt } from './acting.ts'
import type { World } from './world.ts'

/** JSON as it was answered, read by assertions. */
export type Json = Readonly<Record<string, unknown>>

/** What was answered. */
export interface ScimAnswer {
  readonly status: number
  readonly body: Json
  readonly headers: Headers
}

/** Sends requests below `/scim/v2` with one token. */
export type Send = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<ScimAnswer>

/** A server over a world, for SCIM clients. */
export interface ScimServer {
  readonly url: string
  /** Sends with a token; with none, without. */
  withToken(token: string | undefined): Send
  close(): Promise<void>
}

function headersOf(token: string | undefined, body: unknown): Record<string, string> {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
}

function bodyText(body: unknown): { readonly body?: string } {
  if (body === undefined) return {}
  return { body: typeof body === 'string' ? body : JSON.stringify(body) }
}

/** Serves a world over HTTP. */
export async function serveScim(world: World): Promise<ScimServer> {
  const { door, broker, watch, publicKeys } = world.twinlock
  const limits = { refusalsBurst: 10_000 }
  const server = createServer({
    door,
    broker,
    watch,
    publicKeys,
    baseUrl: 'https://twinlock.example',
    log: () => undefined,
    port: 0,
    limits,
  })
  const url = `http://127.0.0.1:${(await server.listen()).port}/scim/v2`
  return {
    url,
    withToken:
      (token) =>
      async (method, path, body, headers = {}) => {
        const answer = await fetch(`${url}${path}`, { method, headers: { ...headersOf(token, body), ...headers }, ...bodyText(body) })
        const text = await answer.text()
        return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Json), headers: answer.headers }
      },
    close: () => server.close(),
  }
}

/** Opens a directory as the administrator and answers its id and token. */
export async function openDirectory(world: World, slug: string, more: Json = {}): Promise<{ readonly id: string; readonly token: string }> {
  const admin = await world.as('admin')
  const made = await admin('directory:create', { slug, name: `Directory ${slug}`, owner: world.starter.people.owner, ...more })
  return { id: textAt(made, 'directory'), token: textAt(made, 'token') }
}

/** Requires a status and answers the body. */
export function bodyOf({ status, body }: ScimAnswer, expected: number): Json {
  assert.equal(status, expected, JSON.stringify(body))
  return body
}
