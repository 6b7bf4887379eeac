// One call: an action by name, with its input, over its derived route. What comes back has the types of the generated API; the server checks both.
import { noteAnswer } from './connection.ts'
import { type Actions, routes } from './generated/api.ts'
import { ownProblem, problemOf } from './problem.ts'
import { planRequest } from './request.ts'
import { consoleHeaders, noteSignedOut, organizationHere } from './session.ts'

/** The name of an action that the API serves. */
export type ActionName = keyof Actions

/** What an action takes. */
export type InputOf<N extends ActionName> = Actions[N]['input']

/** What an action answers. */
export type OutputOf<N extends ActionName> = Actions[N]['output']

/** How a call is made: with a signal that ends it, or with its own organization. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Another organization that this browser holds a session of. */
  readonly organization?: string | undefined
}

async function answerOf(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, credentials: 'same-origin', redirect: 'error' })
    noteAnswer(true)
    return response
  } catch (error) {
    if (init.signal?.aborted) throw error
    noteAnswer(false)
    throw ownProblem(
      'network',
      'The server did not answer.',
      'The console tries again by itself; if it stays so, see whether Twinlock runs.',
    )
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    throw ownProblem('unreadable', `The answer to ${new URL(response.url).pathname} is not JSON.`, 'Load the page again.')
  }
}

/** Calls an action. Throws a `Problem`, or the abort of the signal. */
export async function call<N extends ActionName>(action: N, input: InputOf<N>, options: CallOptions = {}): Promise<OutputOf<N>> {
  const { method, url, body } = planRequest(routes[action], input)
  const organization = options.organization ?? organizationHere()
  const response = await answerOf(url, {
    method,
    headers: {
      ...consoleHeaders(organization),
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  if (response.ok) return (await jsonOf(response)) as OutputOf<N> // the server has checked it against the schema that this type is generated from
  if (response.status === 401) noteSignedOut(organization)
  throw problemOf(response.status, await response.json().catch(() => undefined), response.headers.get('x-request-id'), {
    action,
    input,
  })
}
