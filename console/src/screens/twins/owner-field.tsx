// Who answers for what is made: whoever makes it, unless another is chosen. People are looked up for those who may list them: each refusal would be an entry of
// the ledger; others name somebody by his id.
import type { ReactElement } from 'react'
import { useMay } from '../../api/may.ts'
import { Pick } from '../access/pick.tsx'
import { useLookup } from '../people/lookup.ts'
import { Marked } from './faults.tsx'
import { useMe } from './may-make.tsx'

interface OwnerFieldProps {
  readonly value: string | undefined
  readonly onChange: (owner: string | undefined) => void
  readonly hint: string
  readonly fault: string | undefined
}

/** The field. */
export function OwnerField({ value, onChange, hint, fault }: OwnerFieldProps): ReactElement {
  const me = useMe()
  const may = useMay('person:list', {})
  const { choices, onType } = useLookup({ people: may.state === 'yes', value })
  const withMe = me === undefined || choices.some(({ id }) => id === me.id) ? choices : [...choices, me]
  return (
    <Marked fault={fault}>
      <Pick
        label="Who answers for it"
        value={value}
        onChange={onChange}
        choices={withMe}
        onType={onType}
        ids={['per']}
        hint={hint}
        isRequired
      />
    </Marked>
  )
}
