// The clock of a replay: one time for the canvas, the plan, the time line and the table. Where it stands and how fast it goes is in the URL. Where stillness is
// asked for it goes on in whole seconds instead of frames.
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useView } from '../../../shell/view.ts'

/** How fast it can go, in simulated seconds a second. */
const speeds = [0.25, 0.5, 1, 2, 4, 8, 16] as const

/** The clock. */
export interface Clock {
  readonly t: number
  readonly speed: number
  readonly isPlaying: boolean
  /** Goes to a time; out of the drive is its beginning or its end. */
  readonly seek: (t: number) => void
  /** Goes on, or stands still; at the end it begins anew. */
  readonly toggle: () => void
  readonly faster: () => void
  readonly slower: () => void
}

const writeMs = 300
const stillMs = 1_000

function timeIn(text: string | undefined, end: number): number {
  const t = /^\d{1,7}(\.\d{1,3})?$/.test(text ?? '') ? Number(text) : 0
  return Math.min(end, t)
}

function speedIn(text: string | undefined): (typeof speeds)[number] {
  return speeds.find((one) => String(one) === text) ?? 1
}

/** Goes on frame by frame, or second by second, while it plays. */
function useTicks(isPlaying: boolean, onTick: (seconds: number) => void): void {
  const tick = useEffectEvent(onTick)
  useEffect(() => {
    if (!isPlaying) return
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      const timer = setInterval(() => tick(stillMs / 1000), stillMs)
      return () => clearInterval(timer)
    }
    let before: number | undefined
    let frame = requestAnimationFrame(function next(now) {
      if (before !== undefined) tick(Math.min(0.25, (now - before) / 1000))
      before = now
      frame = requestAnimationFrame(next)
    })
    return () => cancelAnimationFrame(frame)
  }, [isPlaying])
}

/** The clock of a drive that ends at `end` seconds. */
export function useClock(end: number): Clock {
  const [search, change] = useView()
  const [t, setT] = useState(() => timeIn(search.t, end))
  const [isPlaying, setPlaying] = useState(false)
  const speed = speedIn(search.speed)
  const written = useRef(search.t)

  // A link, or a step back in the history, sets the clock.
  useEffect(() => {
    if (search.t === written.current) return
    written.current = search.t
    setT(timeIn(search.t, end))
  }, [search.t, end])

  // The URL follows the clock, and not each frame of it.
  const write = useEffectEvent(() => {
    const text = t === 0 ? undefined : String(Math.round(t * 10) / 10)
    if (text === written.current) return
    written.current = text
    change({ t: text })
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new time is written down a moment later, unless a newer one comes.
  useEffect(() => {
    const timer = setTimeout(write, writeMs)
    return () => clearTimeout(timer)
  }, [isPlaying ? Math.floor(t) : t, isPlaying])

  useTicks(isPlaying, (seconds) => {
    const next = Math.min(end, t + seconds * speed)
    setT(next)
    if (next >= end) setPlaying(false)
  })

  const pace = (by: 1 | -1): void => {
    const next = speeds[speeds.indexOf(speed) + by]
    if (next !== undefined) change({ speed: next === 1 ? undefined : String(next) })
  }
  return {
    t,
    speed,
    isPlaying,
    seek: (to) => setT(Math.max(0, Math.min(end, to))),
    toggle: () => {
      if (!isPlaying && t >= end) setT(0)
      setPlaying(!isPlaying)
    },
    faster: () => pace(1),
    slower: () => pace(-1),
  }
}
