// Giving a person another address. An address is a way in, so it is said beforehand whom a provider will find by it, and it takes a word of its own to let it in.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { Tick } from '../../access/tick.tsx'
import { Fields } from '../form-section.tsx'
import { firstLack, Lacks } from '../fresh.tsx'

interface ChangeAddressProps {
  readonly person: OutputOf<'person:show'>
  readonly onDone: () => void
}

/** The part of the view that changes it; nothing where a directory says what the address is. */
export function ChangeAddress({ person, onDone }: ChangeAddressProps): ReactElement | null {
  const [email, setEmail] = useState(person.address)
  const [letsProviderIn, letProviderIn] = useState(false)
  if (person.said?.id.startsWith('dir_') === true) return null
  const written = email.trim()
  const lacks = firstLack(
    [written === person.address && !letsProviderIn, 'The address is not changed yet.'],
    [!/^\S+@\S+\.\S+$/.test(written), 'Say the address first.'],
  )
  const input = { person: person.id, email: written, letsProviderIn }
  return (
    <Fields>
      <TextField label="Address" value={email} onChange={setEmail} type="email" maxLength={200} isRequired />
      <Tick on={letsProviderIn} onChange={letProviderIn}>
        A provider that speaks for it may sign in as this person by it
      </Tick>
      {lacks !== undefined ? (
        <Lacks>{lacks}</Lacks>
      ) : (
        <Act
          action="person:change-address"
          label="Change the address"
          title="Change the address"
          weight="primary"
          input={(reason) => ({ ...input, reason })}
          asked={{ person: person.id, email: 'somebody@people.example', reason: 'To see whether it is allowed.' }}
          reason="Why it changes; goes on the record."
          before={
            <>
              <p>Nobody is signed out, and nothing is lost. The person and the administrators are told for a week.</p>
              <p>
                {letsProviderIn
                  ? 'Whoever a provider of this domain says has this address signs in as this person. Be sure that it is the same one.'
                  : 'A provider finds by it somebody who never came in. Who came in before by another way is not found by it.'}
              </p>
            </>
          }
          after={() => <p>It is changed.</p>}
          onDone={onDone}
        />
      )}
    </Fields>
  )
}
