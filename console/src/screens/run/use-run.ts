// A run as a view follows it: metadata by reading, and for as long as it lives everything that happens by the stream, whose opening is recorded once. A run
// that had ended when it was opened is read, not followed.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { FollowState } from '../../api/follow.ts'
import { type Reading, useRead, useTold } from '../../api/queries.ts'
import { useStream } from '../../api/stream.ts'
import { type ShownRun, Story, type Told } from './story.ts'

/** A run that is followed. */
export interface FollowedRun {
  readonly reading: Reading<ShownRun>
  /** Whether it lived when it was opened here, so that its story comes by the stream. */
  readonly isLive: boolean
  readonly told: Told
  readonly stream: FollowState | undefined
}

const frame = (work: () => void): void => void requestAnimationFrame(work)

/** Reads a run and follows it while it lives. */
export function useRun(run: string): FollowedRun {
  const reading = useRead('run:show', { run })
  const tell = useTold('run:show', { run })
  const telling = useRef(tell)
  useEffect(() => {
    telling.current = tell
  })
  const [story] = useState(() => new Story(frame, (shown) => telling.current(shown)))
  const told = useSyncExternalStore(story.subscribe, story.get)
  // Once live, always live: the end of a run does not change where its story is read from.
  const [isLive, setLive] = useState<boolean>()
  const state = reading.state === 'ready' ? reading.data.state : undefined
  useEffect(() => {
    if (state !== undefined) setLive((before) => before ?? state !== 'ended')
  }, [state])
  // A cut is no end: whoever still may see it goes on from where it was cut, and who may not is told so then.
  const stream = useStream(isLive ? `/v1/runs/${encodeURIComponent(run)}/events` : undefined, (event) => story.take(event), ['end'])
  return { reading, isLive: isLive ?? false, told, stream }
}
