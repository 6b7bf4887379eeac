// The mark of a toxic combination: one identity on two or three of the columns, and which.
import type { ReactElement } from 'react'
import { Icon } from '../../../design/icon.tsx'
import { type Leg, legWord, type Toxic } from './narrow.ts'

interface ToxicBadgeProps {
  readonly of: Toxic
  /** The column that it stands in; the others are named. */
  readonly here?: Leg
}

/** Says that whoever it stands beside is on more than one column. */
export function ToxicBadge({ of: { legs }, here }: ToxicBadgeProps): ReactElement {
  const others = legs.filter((leg) => leg !== here).map((leg) => legWord[leg])
  return (
    <span className="inline-flex items-center gap-1 rounded-mark border border-bad/50 px-1.5 text-tiny leading-[18px] font-medium whitespace-nowrap text-bad">
      <Icon name="warn" className="size-3" />
      toxic: {here === undefined ? '' : 'also '}
      {others.join(', ')}
    </span>
  )
}
