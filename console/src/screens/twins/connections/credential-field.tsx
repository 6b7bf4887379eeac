// The credential of a connection: whether it has one, the header that carries it, and its value, which is never shown again.
import type { ReactElement } from 'react'
import { TextField } from '../../../design/field.tsx'
import { Tick } from '../../access/tick.tsx'
import { Marked } from '../faults.tsx'
import { type Credential, rewritten } from './credential-terms.ts'

interface CredentialFieldProps {
  readonly value: Credential
  readonly onChange: (to: Credential) => void
  readonly fault: string | undefined
}

/** The fields. */
export function CredentialField({ value, onChange, fault }: CredentialFieldProps): ReactElement {
  const change = (to: Partial<Credential>): void => onChange(rewritten(value, to))
  return (
    <Marked fault={fault}>
      <Tick on={value.isGiven} onChange={(isGiven) => change({ isGiven })}>
        It needs a credential
      </Tick>
      {value.isGiven ? (
        <div className="flex flex-col gap-4 border-l border-line pl-6">
          <TextField
            label="Header"
            value={value.header}
            onChange={(header) => change({ header: header.trim().toLowerCase() })}
            hint="Which header carries it upstream."
            maxLength={60}
            isRequired
            mono
          />
          <TextField
            label="Credential"
            type="password"
            value={value.value}
            onChange={(text) => change({ value: text })}
            hint="The whole value of the header. Sealed at once and never shown again; no run sees it."
            maxLength={4_000}
            isRequired
          />
        </div>
      ) : null}
    </Marked>
  )
}
