// The field for the end of something that cannot be without one: a day, to its last second in UTC, at most so many days from now.
import type { ReactElement } from 'react'
import { TextField } from '../../design/field.tsx'
import { type Bounds, wrongWith } from './day.ts'

interface UntilFieldProps extends Bounds {
  readonly value: string | undefined
  readonly onChange: (day: string | undefined) => void
  readonly label?: string
}

/** The field. */
export function UntilField({ value = '', onChange, label = 'Last day', ...bounds }: UntilFieldProps): ReactElement {
  return (
    <TextField
      label={label}
      value={value}
      onChange={(day) => onChange(day === '' ? undefined : day)}
      type="date"
      hint={`To its last second in UTC; at most ${bounds.daysMax} days from now.`}
      error={value === '' ? undefined : wrongWith(value, bounds)}
      isRequired
    />
  )
}
