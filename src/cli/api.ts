// The client of the public API: an action by its name, its input, an answer or a problem. It has no rights of its own, only the credential it carries.
import { z } from 'zod'
import type { Capability } from '../kernel/index.ts'
import { type Problem, type Route, routeOf } from '../server/index.ts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure, refused } from './failure.ts'
import type { Io } from './io.ts'

/** What an action answered: an object, read by name. */
export type Answer = Readonly<Record<string, unknown>>

/** Calls actions with one credential at one server. */
export interface Api {
  readonly url: string
  /** Throws a failure with the server's problem in it. */
  call(action: string, input: Readonly<Record<string, unknown>>): Promise<Answer>
}

/** What a client needs. */
export interface ApiParts {
  readonly io: Pick<Io, 'fetch'>
  readonly url: string
  readonly catalogue: readonly Capability[]
  /** The bearer credential, asked for once, when it is first needed. */
  credential(): Promise<string>
}

const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  next: z.string().optional(),
})

function queryOf(input: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input))
    for (const one of [value].flat()) if (one !== undefined) query.append(name, String(one))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

function requestOf(route: Route, input: Readonly<Record<string, unknown>>): { path: string; init: RequestInit } {
  const { [route.parameter ?? '']: own, ...rest } = input
  const left = route.parameter === undefined ? input : rest
  const path = route.path.replace(/\{\w+\}/, () => encodeURIComponent(String(own)))
  if (route.method === 'GET') return { path: path + queryOf(left), init: { method: 'GET' } }
  return { path, init: { method: 'POST', body: JSON.stringify(left), headers: { 'content-type': 'application/json' } } }
}

/** Whose request it is: the credential, and the action that is asked for. */
export interface Asker {
  readonly bearer?: string
  readonly action?: string
}

/** Sends a request and reads its answer. Throws failures for problems, for a network that is down, and for what is no answer of ours. */
export async function exchange(
  io: Pick<Io, 'fetch'>,
  url: string,
  path: string,
  init: RequestInit,
  { bearer, action }: Asker = {},
): Promise<Answer> {
  const headers = new Headers(init.headers)
  if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`)
  const answer = await io.fetch(url + path, { ...init, headers, redirect: 'error' }).catch((error: unknown) => {
    throw new CliFailure(exitCodes.network, `${url} does not answer.`, {
      next: 'Is Twinlock running there? `npm start` starts it here.',
      cause: error,
    })
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok && typeof body === 'object' && body !== null) return body as Answer // an object of the API, read by name
  const problem = problemSchema.safeParse(body)
  if (problem.success) throw refused(problem.data as Problem, action) // parsed; the schema leaves optional members undefined
  throw new CliFailure(exitCodes.network, `${url} answered HTTP ${answer.status}, and not as Twinlock does.`, { next: 'Check the URL.' })
}

/** Makes a client. */
export function createApi(parts: ApiParts): Api {
  let credential: Promise<string> | undefined
  return {
    url: parts.url,
    async call(action, input) {
      const capability = parts.catalogue.find((one) => one.name === action)
      const route = capability === undefined ? undefined : routeOf(capability)
      if (route === undefined) throw new Error(`${action} has no route.`)
      credential ??= parts.credential()
      const { path, init } = requestOf(route, input)
      return exchange(parts.io, parts.url, path, init, { bearer: await credential, action })
    },
  }
}

/** Every item of a list, page by page. */
export async function listAll(api: Api, action: string, input: Readonly<Record<string, unknown>> = {}): Promise<readonly Answer[]> {
  const items: Answer[] = []
  let after: unknown
  for (let page = 0; page < 100; page++) {
    const answer = await api.call(action, { ...input, limit: 200, ...(after === undefined ? {} : { after }) })
    items.push(...((answer.items ?? []) as readonly Answer[])) // a page of the API
    if (answer.next === null || answer.next === undefined) return items
    after = answer.next
  }
  return items
}
