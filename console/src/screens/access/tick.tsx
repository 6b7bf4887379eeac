// Choices that are on or off, several at a time: the browser's own boxes, each with its word, under the name of the field.
import { type ReactElement, type ReactNode, useId } from 'react'

interface TickProps {
  readonly on: boolean
  readonly onChange: (on: boolean) => void
  readonly children: ReactNode
}

/** One box and what it means. */
export function Tick({ on, onChange, children }: TickProps): ReactElement {
  return (
    <label className="flex min-h-7 items-center gap-2">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} className="size-4 shrink-0" />
      {children}
    </label>
  )
}

interface TicksProps<T extends string> {
  readonly label: string
  readonly value: readonly T[]
  readonly onChange: (all: readonly T[]) => void
  readonly choices: readonly { readonly id: T; readonly shown: ReactNode }[]
  readonly hint?: ReactNode
  /** Whether they stand in two columns. */
  readonly inColumns?: boolean
}

/** Some of a few. */
export function Ticks<T extends string>({ label, value, onChange, choices, hint, inColumns = false }: TicksProps<T>): ReactElement {
  const id = useId()
  return (
    <fieldset aria-describedby={hint === undefined ? undefined : id} className="min-w-0">
      <legend className="mb-1 text-small font-medium">{label}</legend>
      <div className={inColumns ? 'grid grid-cols-2 gap-x-4' : 'flex flex-col gap-1'}>
        {choices.map((choice) => (
          <Tick
            key={choice.id}
            on={value.includes(choice.id)}
            onChange={(on) => onChange(on ? [...value, choice.id] : value.filter((one) => one !== choice.id))}
          >
            {choice.shown}
          </Tick>
        ))}
      </div>
      {hint === undefined ? null : (
        <p id={id} className="mt-1 text-small text-soft">
          {hint}
        </p>
      )}
    </fieldset>
  )
}
