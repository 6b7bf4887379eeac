// What the server refused a form for, at the field that it named, until that field says something else.
import { type ReactElement, type ReactNode, useState } from 'react'
import type { Problem } from '../../api/problem.ts'
import { Said } from '../../design/said.tsx'

/** What was filled in, by the name of the input's fields. No secret: what is written here is kept as long as the form is. */
type Values = Readonly<Record<string, unknown>>

interface Faults {
  readonly onRefused: (problem: Problem) => void
  /** What is wrong with a field, by its name. */
  readonly at: (name: string) => string | undefined
}

/** Keeps what was refused beside what was filled in then. */
export function useFaults(values: Values): Faults {
  const [refused, setRefused] = useState<{ readonly problem: Problem; readonly values: Values }>()
  return {
    onRefused: (problem) => setRefused({ problem, values }),
    at(name) {
      if (refused === undefined || refused.values[name] !== values[name]) return undefined
      return refused.problem.errors.find(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`))?.detail
    },
  }
}

interface MarkedProps {
  readonly fault: string | undefined
  readonly children: ReactNode
}

/** A field that cannot say itself what is wrong with it. */
export function Marked({ fault, children }: MarkedProps): ReactElement {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {children}
      {fault === undefined ? null : (
        <p className="text-small text-bad">
          <Said text={fault} />
        </p>
      )}
    </div>
  )
}
