// A stream while a view shows it: opened with the view, closed with it, its state told to the shell.
import { useEffect, useEffectEvent, useState } from 'react'
import { noteStream } from './connection.ts'
import type { StreamEvent } from './event-stream.ts'
import { type FollowState, follow } from './follow.ts'
import { consoleHeaders, organizationHere } from './session.ts'

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Follows the stream at `url` (undefined follows nothing) and hands over each event. `ends` are the events after which nothing comes. */
export function useStream(
  url: string | undefined,
  onEvent: (event: StreamEvent) => void,
  ends: readonly string[] = ['end', 'cut'],
): FollowState | undefined {
  const [state, setState] = useState<FollowState>()
  const handle = useEffectEvent(onEvent)
  const last = useEffectEvent((event: StreamEvent) => ends.includes(event.event))
  useEffect(() => {
    if (url === undefined) return
    const controller = new AbortController()
    const name = Symbol(url)
    void follow({
      url,
      headers: consoleHeaders(organizationHere()),
      signal: controller.signal,
      fetch: globalThis.fetch.bind(globalThis),
      now: Date.now,
      wait,
      onEvent: handle,
      isLast: last,
      onState(next) {
        if (controller.signal.aborted) return
        setState(next)
        // A stream that ended as it should is nothing to worry about.
        const isOver = next.state === 'stopped' && next.why === undefined
        noteStream(name, isOver ? undefined : next.state === 'stopped' ? { ...next, why: next.why?.detail ?? '' } : next)
      },
    })
    return () => {
      controller.abort()
      noteStream(name, undefined)
    }
  }, [url])
  return state
}
