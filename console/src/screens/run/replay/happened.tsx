// The same facts in words: what holds at this time, and everything that happened, each with its time and, for calls, what was decided. A row sets the clock.
import type { ReactElement } from 'react'
import { Empty } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { type LongColumn, LongTable } from '../../../design/long-table.tsx'
import { Decision, State } from '../../../design/state.tsx'
import { useWidth } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import type { Call } from '../story.ts'
import { momentAt, secondsOf } from './moment.ts'
import type { Mark, ReplayFile } from './replay-file.ts'

/** The call with a number; undefined while it is not known. */
export type CallOf = (number: number) => Call | undefined

const metres = (value: number): string => `${value.toFixed(2)} m`

/** What holds at a time. */
export function Now({ file, t }: { readonly file: ReplayFile; readonly t: number }): ReactElement {
  const { robot, metresPerSecond, nearest, goals } = momentAt(file, t)
  return (
    <Facts>
      <Fact name="Time">
        {secondsOf(t)} <span className="text-soft">of {secondsOf(file.end)}</span>
      </Fact>
      <Fact name="Robot">
        {metres(robot.x)}, {metres(robot.y)} <span className="text-soft">heading {Math.round((robot.yaw * 180) / Math.PI)}°</span>
      </Fact>
      <Fact name="Speed">{metresPerSecond.toFixed(2)} m/s</Fact>
      <Fact name="Nearest person">
        {nearest === undefined ? (
          <span className="text-soft">nobody is there</span>
        ) : (
          <>
            <bdi>{visible(nearest.name)}</bdi>, {metres(nearest.metres)} away
          </>
        )}
      </Fact>
      <Fact name="Goals reached">
        {goals} of {file.goals.length}
      </Fact>
    </Facts>
  )
}

function What({ mark, file, callOf }: { readonly mark: Mark; readonly file: ReplayFile; readonly callOf: CallOf }): ReactElement {
  if (mark.kind === 'end')
    return (
      <span>
        The drive ends: <bdi>{visible(mark.verdict)}</bdi>
      </span>
    )
  if (mark.kind === 'goal')
    return (
      <span>
        Goal {mark.number} reached: <bdi>{visible(file.goals[mark.number - 1]?.name ?? 'unnamed')}</bdi>
      </span>
    )
  const call = callOf(mark.number)
  if (call === undefined) return <span className="text-soft">Call {mark.number}</span>
  return (
    <code className="font-mono text-tiny">
      {call.method} <bdi>{visible(call.path)}</bdi>
    </code>
  )
}

function Outcome({ mark, callOf }: { readonly mark: Mark; readonly callOf: CallOf }): ReactElement {
  if (mark.kind === 'goal') return <State is="reached" />
  if (mark.kind === 'end') return <State is="ended" />
  const call = callOf(mark.number)
  return call === undefined ? <span className="text-faint">on the tape</span> : <Decision allowed={call.decision === 'allowed'} />
}

interface HappenedProps {
  readonly file: ReplayFile
  readonly t: number
  readonly callOf: CallOf
  /** Whether any call of the run was denied: only then there are reasons to show. */
  readonly hasDenied: boolean
  readonly onSight: (marks: readonly Mark[]) => void
  readonly onSeek: (t: number) => void
}

/** Everything that happened. */
export function Happened({ file, t, callOf, hasDenied, onSight, onSeek }: HappenedProps): ReactElement {
  const isWide = useWidth('sm')
  const columns: readonly LongColumn<Mark>[] = [
    { id: 't', title: 'At', width: '4.5rem', cell: (mark) => secondsOf(mark.t) },
    { id: 'outcome', title: 'Decision', width: '6.5rem', cell: (mark) => <Outcome mark={mark} callOf={callOf} /> },
    { id: 'what', title: 'What happened', width: 'minmax(0, 1fr)', cell: (mark) => <What mark={mark} file={file} callOf={callOf} /> },
    ...(isWide && hasDenied
      ? [
          {
            id: 'why',
            title: 'Reason',
            width: '11rem',
            cell: (mark: Mark) => {
              const code = mark.kind === 'call' ? callOf(mark.number)?.code : undefined
              return code ? <code className="font-mono text-tiny text-bad">{code}</code> : null
            },
          },
        ]
      : []),
  ]
  return (
    <LongTable
      label="What happened during the drive"
      count={file.marks.length}
      rowAt={(at) => file.marks[at]}
      onSight={(first, last) => onSight(file.marks.slice(first, last + 1))}
      columns={columns}
      height={`min(${file.marks.length * 32 + 36}px, 24rem)`}
      selected={momentAt(file, t).last}
      isMarked={(mark) => mark.kind === 'call' && callOf(mark.number)?.decision === 'denied'}
      onOpen={(mark) => onSeek(mark.t)}
      empty={<Empty title="Nothing is marked in this drive." />}
    />
  )
}
