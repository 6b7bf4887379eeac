// The two sides, told apart at a glance and without colour: simulation is dashed and hollow, production is solid and filled. Both say their word.
import type { ReactElement } from 'react'

interface EnvironmentMarkProps {
  /** The environment's class: `sandbox`, `staging`, `preproduction` or `production`. Anything that is not production is simulation. */
  readonly of: string
  /** Its name, when that says more than its class. */
  readonly name?: string | null | undefined
}

/** Which side something is on. */
export function EnvironmentMark({ of, name }: EnvironmentMarkProps): ReactElement {
  const isProduction = of === 'production'
  const word = isProduction ? 'production' : 'simulation'
  const label = name ?? of
  const look = isProduction
    ? 'border-production bg-production text-on-production'
    : 'border-dashed border-simulation bg-simulation-ground text-simulation'
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-mark border px-1.5 text-tiny leading-[18px] font-medium whitespace-nowrap ${look}`}
    >
      <svg
        viewBox="0 0 10 10"
        width="8"
        height="8"
        aria-hidden="true"
        fill={isProduction ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.5"
      >
        <path d="M5 .8 9.2 5 5 9.2.8 5Z" strokeDasharray={isProduction ? undefined : '2 1.4'} />
      </svg>
      {label !== word ? <bdi>{label}</bdi> : null}
      {label !== word ? <span>·</span> : null}
      <span>{word}</span>
    </span>
  )
}
