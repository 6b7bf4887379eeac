// The time line: where the clock stands, and everything that happened on it. Allowed calls are ticks; denied ones stand out of the line with their sign; goals are
// diamonds. The table below says each of them in words.
import { type PointerEvent, type ReactElement, useMemo, useRef } from 'react'
import { Icon } from '../../../design/icon.tsx'
import { byTime, type MarksAt, secondsOf } from './moment.ts'
import type { ReplayFile } from './replay-file.ts'
import type { Clock } from './use-clock.ts'

/** Whether the call with a number is known to have been denied. */
export type IsDenied = (number: number) => boolean

interface TimeLineProps {
  readonly file: ReplayFile
  readonly clock: Clock
  readonly isDenied: IsDenied
}

function Tick({
  at: { marks, t },
  end,
  isDenied,
}: {
  readonly at: MarksAt
  readonly end: number
  readonly isDenied: IsDenied
}): ReactElement {
  const denied = marks.filter((mark) => mark.kind === 'call' && isDenied(mark.number)).length
  const hasGoal = marks.some(({ kind }) => kind === 'goal')
  const left = `${end === 0 ? 0 : (t / end) * 100}%`
  return (
    <span className="absolute inset-y-0 -translate-x-1/2" style={{ left }} aria-hidden="true">
      {denied > 0 ? (
        <span className="absolute top-0 bottom-3 left-1/2 flex -translate-x-1/2 flex-col items-center text-bad">
          <span className="flex items-center bg-paper text-tiny font-semibold">
            <Icon name="denied" className="size-3.5" />
            {denied > 1 ? denied : ''}
          </span>
          <span className="w-0.5 flex-1 bg-bad" />
        </span>
      ) : (
        <span
          className={`absolute bottom-3 left-1/2 -translate-x-1/2 ${hasGoal ? 'size-2.5 rotate-45 border-2 border-accent bg-paper' : 'h-3 w-px bg-soft'}`}
        />
      )}
    </span>
  )
}

/** The time line, which is also the slider of the clock. */
export function TimeLine({ file, clock, isDenied }: TimeLineProps): ReactElement {
  const line = useRef<HTMLDivElement>(null)
  const groups = useMemo(() => byTime(file.marks), [file.marks])
  const share = file.end === 0 ? 0 : (clock.t / file.end) * 100
  const drag = (event: PointerEvent): void => {
    const box = line.current?.getBoundingClientRect()
    if (box !== undefined && box.width > 0) clock.seek(((event.clientX - box.left) / box.width) * file.end)
  }
  return (
    <div className="px-2">
      <div
        ref={line}
        role="slider"
        tabIndex={0}
        aria-label="Time of the drive"
        aria-valuemin={0}
        aria-valuemax={Math.round(file.end * 10) / 10}
        aria-valuenow={Math.round(clock.t * 10) / 10}
        aria-valuetext={`${secondsOf(clock.t)} of ${secondsOf(file.end)}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          drag(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event)
        }}
        className="relative h-12 cursor-pointer touch-none rounded-mark"
      >
        <span className="absolute inset-x-0 bottom-2.5 h-0.5 bg-line" />
        <span className="absolute bottom-2.5 left-0 h-0.5 bg-accent" style={{ width: `${share}%` }} />
        {groups.map((at) => (
          <Tick key={at.t} at={at} end={file.end} isDenied={isDenied} />
        ))}
        <span
          className="absolute bottom-1 size-3.5 -translate-x-1/2 rounded-full border-2 border-accent bg-paper"
          style={{ left: `${share}%` }}
          aria-hidden="true"
        />
      </div>
    </div>
  )
}
