// The drive from above, as a drawing: what the canvas shows, for browsers without WebGL and for whoever prefers a plan.
import { type ReactElement, useMemo } from 'react'
import { outlineOf, poseAt } from './moment.ts'
import type { Box, Mover, ReplayFile } from './replay-file.ts'

const round = (value: number): number => Math.round(value * 100) / 100

const ringOf = (box: Box): string =>
  `M${outlineOf(box)
    .map(([x, y]) => `${round(x)} ${round(y)}`)
    .join('L')}Z`

const goalOf = ({ x, y }: ReplayFile['goals'][number]): string => `M${x} ${y + 0.32}L${x + 0.32} ${y}L${x} ${y - 0.32}L${x - 0.32} ${y}Z`

function trackOf({ track }: Mover): string {
  const points: string[] = []
  for (let at = 0; at + 1 < track.length; at += 3) points.push(`${round(track[at] ?? 0)} ${round(track[at + 1] ?? 0)}`)
  return points.length === 0 ? '' : `M${points.join('L')}`
}

interface Frame {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What the drawing holds: where anybody goes, and what stands there, without floors and roofs that only surround it. */
function frameOf({ boxes, robot, people, goals }: ReplayFile): Frame {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity]
  const take = (x: number, y: number): void => {
    left = Math.min(left, x)
    right = Math.max(right, x)
    low = Math.min(low, y)
    high = Math.max(high, y)
  }
  for (const { track } of [robot, ...people]) for (let at = 0; at + 1 < track.length; at += 3) take(track[at] ?? 0, track[at + 1] ?? 0)
  for (const { x, y } of goals) take(x, y)
  for (const box of boxes) for (const [x, y] of outlineOf(box)) take(x, y)
  const edge = 0.5
  return { x: left - edge, y: -high - edge, width: right - left + 2 * edge, height: high - low + 2 * edge }
}

function Figure({
  mover,
  file,
  t,
  tone,
}: {
  readonly mover: Mover
  readonly file: ReplayFile
  readonly t: number
  readonly tone: string
}): ReactElement {
  const shape = useMemo(() => mover.boxes.map(ringOf).join(''), [mover])
  const { x, y, yaw } = poseAt(file.times, mover, t)
  return (
    <g transform={`translate(${round(x)} ${round(y)}) rotate(${round((yaw * 180) / Math.PI)})`} className={tone}>
      <circle r="0.3" fill="currentColor" fillOpacity="0.35" />
      <path d={shape} fill="currentColor" />
      <path d="M0.25 0 L0.55 0" stroke="currentColor" strokeWidth="0.08" />
    </g>
  )
}

/** The plan at a time. */
export function Above({ file, t, label }: { readonly file: ReplayFile; readonly t: number; readonly label: string }): ReactElement {
  const { x, y, width, height } = useMemo(() => frameOf(file), [file])
  const still = useMemo(() => file.boxes.map(ringOf).join(''), [file])
  const track = useMemo(() => trackOf(file.robot), [file])
  const goals = file.goals.map(goalOf).join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${round(x)} ${round(y)} ${round(width)} ${round(height)}`}
      className="h-full w-full"
      preserveAspectRatio="xMidYMid meet"
    >
      <g transform="scale(1 -1)">
        <path d={still} fillRule="nonzero" className="fill-faint/25 stroke-edge" strokeWidth="0.03" />
        <path d={track} fill="none" className="stroke-run/60" strokeWidth="0.06" strokeDasharray="0.2 0.14" />
        <path d={goals} className="fill-paper stroke-accent" strokeWidth="0.08" />
        {file.people.map((person, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: people have no other identity than their order.
          <Figure key={at} mover={person} file={file} t={t} tone="text-person" />
        ))}
        <Figure mover={file.robot} file={file} t={t} tone="text-run" />
      </g>
    </svg>
  )
}
