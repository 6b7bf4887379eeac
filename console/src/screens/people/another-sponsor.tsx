// Choosing who answers for a guest or an engagement from now on.
import { type ReactElement, type ReactNode, useState } from 'react'
import { Pick } from '../access/pick.tsx'
import { Fields, FormSection } from './form-section.tsx'
import { Lacks } from './fresh.tsx'
import { useLookup } from './lookup.ts'

interface AnotherSponsorProps {
  readonly title: string
  readonly label: string
  readonly onDone: () => void
  /** The act, once somebody is chosen. */
  readonly children: (sponsor: string) => ReactNode
}

/** The part of a view that chooses him. */
export function AnotherSponsor({ title, label, onDone, children }: AnotherSponsorProps): ReactElement {
  const { choices, onType } = useLookup({ people: true })
  const [sponsor, setSponsor] = useState<string>()
  return (
    <FormSection title={title} onDone={onDone}>
      <Fields>
        <Pick
          label={label}
          value={sponsor}
          onChange={setSponsor}
          choices={choices}
          onType={onType}
          ids={['per']}
          hint="Somebody who works here, and is no guest."
          isRequired
        />
        {sponsor === undefined ? <Lacks>Choose whom first.</Lacks> : children(sponsor)}
      </Fields>
    </FormSection>
  )
}
