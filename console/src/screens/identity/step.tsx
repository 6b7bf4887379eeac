// A step of a set-up: its number, what it is, whether it is done, and what is done in it. Steps can be done in any order; the number says which is best.
import { type ReactElement, type ReactNode, useId } from 'react'
import { Icon } from '../../design/icon.tsx'

interface StepProps {
  readonly number: number
  readonly title: string
  /** Whether it is done; undefined for what nobody but the other side knows. */
  readonly isDone?: boolean | undefined
  readonly children: ReactNode
}

/** A step. */
export function Step({ number, title, isDone, children }: StepProps): ReactElement {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mt-7 first:mt-0">
      <h2 id={id} className="mb-2 flex flex-wrap items-baseline gap-x-2 border-b border-line pb-1.5 text-small font-semibold">
        <span className="text-faint tabular-nums">{number}</span>
        {title}
        {isDone === undefined ? null : (
          <span className={`inline-flex items-baseline gap-1 font-normal ${isDone ? 'text-good' : 'text-soft'}`}>
            <Icon name={isDone ? 'check' : 'dash'} className="size-3 self-center" />
            {isDone ? 'done' : 'to do'}
          </span>
        )}
      </h2>
      {children}
    </section>
  )
}
