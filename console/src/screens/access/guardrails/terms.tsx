// Where a guardrail holds and from which sensitivity on: said beside the policy, so that nobody has to write it in Cedar.
import type { ReactElement } from 'react'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Select } from '../../../design/field.tsx'
import { Sensitivity } from '../../../design/state.tsx'
import { Ticks } from '../tick.tsx'
import { classes, levelIn, sensitivities, type Terms } from './said.ts'

/** Where it holds, in marks and words. */
export function TermsSaid({ of: { environmentClasses, sensitivity } }: { readonly of: Terms }): ReactElement {
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2 gap-y-1">
      {environmentClasses.length === 0 ? <span>everywhere</span> : environmentClasses.map((one) => <EnvironmentMark key={one} of={one} />)}
      {sensitivity === null ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          from <Sensitivity is={sensitivity} /> on
        </span>
      )}
    </span>
  )
}

interface TermsFieldsProps {
  readonly value: Terms
  readonly onChange: (terms: Terms) => void
}

/** The fields of both. */
export function TermsFields({ value, onChange }: TermsFieldsProps): ReactElement {
  return (
    <>
      <Ticks
        label="In environments of the class"
        value={value.environmentClasses}
        onChange={(environmentClasses) => onChange({ ...value, environmentClasses })}
        choices={classes.map((id) => ({ id, shown: <EnvironmentMark of={id} /> }))}
        hint={value.environmentClasses.length === 0 ? 'None chosen: everywhere, and for what happens in none.' : 'There and nowhere else.'}
      />
      <Select
        label="For what is at least"
        value={value.sensitivity ?? 'any'}
        onChange={(id) => onChange({ ...value, sensitivity: levelIn(id) ?? null })}
        choices={[{ id: 'any', name: 'whatever it is' }, ...sensitivities.map((id) => ({ id, name: id, shown: <Sensitivity is={id} /> }))]}
      />
    </>
  )
}
