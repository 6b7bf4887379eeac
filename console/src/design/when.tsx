// Moments: relative at a glance, exact in UTC on focus or hover. All of them follow one clock, which ticks once a second while the page is seen.
import { type ReactElement, useSyncExternalStore } from 'react'
import { Hint } from './hint.tsx'
import { exact, left, momentOf, relative } from './time.ts'

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  if (document.hidden) return
  now = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Nobody followed it for a while: what it said last is old.
  if (timer === undefined) now = Date.now()
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time now in milliseconds, followed second by second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

interface WhenProps {
  /** As the API tells it; null for not yet. */
  readonly at: string | null | undefined
  /** What to say when there is none. */
  readonly none?: string
  /** Where moments are compared with each other: the exact one is shown, and how far it is told on focus and hover. */
  readonly isExact?: boolean
}

/** A moment. */
export function When({ at, none = '–', isExact = false }: WhenProps): ReactElement {
  const current = useNow()
  const moment = momentOf(at)
  if (moment === undefined) return <span className="text-faint">{none}</span>
  const said = [relative(moment, current), exact(moment)] as const
  const [shown, hint] = isExact ? [said[1], said[0]] : said
  return (
    <Hint text={hint}>
      <time dateTime={new Date(moment).toISOString()} className="whitespace-nowrap">
        {shown}
      </time>
    </Hint>
  )
}

interface CountdownProps {
  /** The end, as the API tells it. */
  readonly until: string | null | undefined
  /** What is said when it has passed. */
  readonly over?: string
  /** When fewer milliseconds are left, it is marked. */
  readonly soonMs?: number
  /** What stands before and behind it while something is left: `ends in`, `left`. */
  readonly before?: string
  readonly after?: string
}

/** What is left until an end. It is not announced each second; its end is said by the state beside it. */
export function Countdown({ until, over = 'ended', soonMs = 60_000, before = '', after = '' }: CountdownProps): ReactElement {
  const current = useNow()
  const moment = momentOf(until)
  if (moment === undefined) return <span className="text-faint">–</span>
  const rest = left(moment, current)
  const tone = rest === undefined ? 'text-soft' : moment - current < soonMs ? 'text-warn' : ''
  const shown = (
    <Hint text={exact(moment)}>
      <time dateTime={new Date(moment).toISOString()} className={`whitespace-nowrap ${tone}`}>
        {rest ?? over}
      </time>
    </Hint>
  )
  if (rest === undefined || `${before}${after}` === '') return shown
  return (
    <>
      {before === '' ? null : <span className="text-soft">{before} </span>}
      {shown}
      {after === '' ? null : <span className="text-soft"> {after}</span>}
    </>
  )
}
