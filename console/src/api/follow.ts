// Follows an event stream by fetch, because its request carries headers that EventSource cannot send: resumes after the last event that arrived, waits
// longer after each failure, and says all along whether it is live. It ends when the server says so, when the right to see is taken away, or on `stop`.
import { EventReader, type StreamEvent } from './event-stream.ts'
import { asProblem, ownProblem, type Problem, problemOf } from './problem.ts'

/** What a stream is doing. */
export type FollowState =
  | { readonly state: 'live' }
  | { readonly state: 'reconnecting'; readonly since: number }
  | { readonly state: 'stopped'; readonly since: number; readonly why: Problem | undefined }

/** What a stream is made of; the outside is passed in, so that tests need no network and no time. */
export interface FollowParts {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly fetch: typeof globalThis.fetch
  readonly now: () => number
  /** Waits so many milliseconds, or less when the signal ends it. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
  readonly onEvent: (event: StreamEvent) => void
  readonly onState: (state: FollowState) => void
  /** Whether this event is the last one. */
  readonly isLast: (event: StreamEvent) => boolean
}

/** How long the nth attempt waits: a quarter of a second, doubled each time, fifteen seconds at most. */
export function backOffMs(attempt: number): number {
  return Math.min(15_000, 250 * 2 ** Math.min(attempt, 10))
}

type Ended = 'last' | 'broken'

async function readAll(parts: FollowParts, body: ReadableStream<Uint8Array>, onCursor: (id: string) => void): Promise<Ended> {
  const reader = new EventReader()
  const decoder = new TextDecoder()
  const source = body.getReader()
  for (;;) {
    const { done, value } = await source.read()
    if (done) return 'broken'
    for (const event of reader.read(decoder.decode(value, { stream: true }))) {
      if (event.id !== undefined) onCursor(event.id)
      parts.onEvent(event)
      if (parts.isLast(event)) {
        await source.cancel()
        return 'last'
      }
    }
  }
}

async function open(parts: FollowParts, cursor: string | undefined): Promise<ReadableStream<Uint8Array>> {
  const { url, headers, signal } = parts
  const response = await parts.fetch(url, {
    headers: { ...headers, accept: 'text/event-stream', ...(cursor === undefined ? {} : { 'last-event-id': cursor }) },
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  })
  if (!response.ok) throw problemOf(response.status, await response.json().catch(() => undefined), response.headers.get('x-request-id'))
  if (response.body === null) throw ownProblem('unreadable', 'The stream has no body.', 'Load the page again.')
  return response.body
}

/** Follows until the end. Resolves when it is over, for whatever reason; the reason was told to `onState`. */
export async function follow(parts: FollowParts): Promise<void> {
  const { signal, now, onState } = parts
  let cursor: string | undefined
  let attempt = 0
  let since: number | undefined
  const stop = (why: Problem | undefined): void => onState({ state: 'stopped', since: now(), why })
  while (!signal.aborted) {
    try {
      const body = await open(parts, cursor)
      attempt = 0
      since = undefined
      onState({ state: 'live' })
      const ended = await readAll(parts, body, (id) => {
        cursor = id
      })
      if (ended === 'last') return stop(undefined)
    } catch (error) {
      const problem = asProblem(error)
      if (!signal.aborted && problem.status >= 400 && !problem.mayPass) return stop(problem)
    }
    if (signal.aborted) return
    since ??= now()
    onState({ state: 'reconnecting', since })
    await parts.wait(backOffMs(attempt), signal)
    attempt += 1
  }
}
