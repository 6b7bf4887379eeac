// Changing what a person is called, or cleared for. An address does not change: whoever has another is somebody else to a provider.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { Fields } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { ClearanceField, clearances } from './new-person.tsx'

interface ChangePersonProps {
  readonly person: OutputOf<'person:show'>
  readonly onDone: () => void
}

interface BeforeProps {
  readonly isRenamed: boolean
  readonly isLess: boolean
  readonly isMore: boolean
  readonly clearance: string
}

/** What it will do. */
function Before({ isRenamed, isLess, isMore, clearance }: BeforeProps): ReactElement {
  return (
    <>
      {isRenamed ? <p>What was written with the former name keeps it.</p> : null}
      {isLess ? (
        <p>What is more sensitive than {clearance} is shown no more, from the moment that the answer is there. Runs go on as themselves.</p>
      ) : null}
      {isMore ? <p>What is {clearance} is shown wherever a role of the person reaches it. You must be cleared for it yourself.</p> : null}
    </>
  )
}

/** The part of the view that changes it. */
export function ChangePerson({ person, onDone }: ChangePersonProps): ReactElement {
  const [name, setName] = useState(person.name)
  const [clearance, setClearance] = useState(person.clearance)
  const isSaid = person.said?.id.startsWith('dir_') === true
  const isLess = clearances.indexOf(clearance) < clearances.indexOf(person.clearance)
  const isMore = clearances.indexOf(clearance) > clearances.indexOf(person.clearance)
  const isRenamed = name.trim() !== person.name && name.trim() !== ''
  const input = {
    person: person.id,
    ...(isRenamed ? { name: name.trim() } : {}),
    ...(isLess || isMore ? { clearance } : {}),
  }
  return (
    <Fields>
      {isSaid ? (
        <p className="text-small text-soft">A directory says what the person is called: the name is changed there.</p>
      ) : (
        <TextField label="Name" value={name} onChange={setName} maxLength={120} isRequired />
      )}
      <ClearanceField value={clearance} onChange={setClearance} />
      {isRenamed || isLess || isMore ? (
        <Act
          action="person:change"
          label="Change it"
          title="Change the person"
          weight="primary"
          input={(reason) => ({ ...input, reason })}
          asked={{ person: person.id, ...(isMore || isLess ? { clearance } : {}), reason: 'To see whether it is allowed.' }}
          reason="Why it changes; goes on the record."
          before={<Before isRenamed={isRenamed} isLess={isLess} isMore={isMore} clearance={clearance} />}
          after={({ clearance: now }) => <p>It is changed; cleared for what is {now}.</p>}
          onDone={onDone}
        />
      ) : (
        <Lacks>Nothing is changed yet.</Lacks>
      )}
    </Fields>
  )
}
