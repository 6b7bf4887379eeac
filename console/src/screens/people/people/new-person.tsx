// Adding a person: he holds nothing by that. What he is given comes by mappings, groups and grants.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { Link, place, useGo } from '../../../design/link.tsx'
import { Fields } from '../form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../fresh.tsx'
import { PeoplePage } from '../people-page.tsx'

/** What somebody can be cleared for. */
export const clearances = ['public', 'internal', 'confidential', 'restricted'] as const

/** A field for what somebody is cleared for. */
export function ClearanceField({
  value,
  onChange,
  hint = 'The most sensitive content that this person may reach by any role.',
}: {
  readonly value: (typeof clearances)[number]
  readonly onChange: (to: (typeof clearances)[number]) => void
  readonly hint?: string
}): ReactElement {
  return (
    <Select
      label="Cleared for"
      value={value}
      onChange={(id) => onChange(clearances.find((one) => one === id) ?? 'internal')}
      choices={clearances.map((id) => ({ id, name: id }))}
      hint={hint}
    />
  )
}

/** The screen. */
export function NewPerson(): ReactElement {
  const go = useGo()
  const [name, setName] = useState('')
  const [written, setSlug] = useState<string>()
  const [email, setEmail] = useState('')
  const [clearance, setClearance] = useState<(typeof clearances)[number]>('internal')
  const slug = written ?? slugFrom(name)
  const lacks = firstLack(
    [name.trim() === '', 'Say what the person is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [!/^\S+@\S+\.\S+$/.test(email.trim()), 'Say the address first.'],
  )
  const input: InputOf<'person:create'> = { slug, name: name.trim(), email: email.trim(), clearance }
  return (
    <PeoplePage title="Add a person" below="/people" line="Somebody who works here. Who comes from elsewhere is invited as a guest.">
      <Fields>
        <TextField label="Name" value={name} onChange={setName} maxLength={120} isRequired autoFocus />
        <TextField
          label="Short name"
          value={slug}
          onChange={setSlug}
          hint="What commands and links call the person."
          maxLength={40}
          isRequired
          mono
        />
        <TextField
          label="Address"
          value={email}
          onChange={setEmail}
          type="email"
          maxLength={200}
          hint="A provider that signs the person in knows him by it: nobody else here has it."
          isRequired
        />
        <ClearanceField value={clearance} onChange={setClearance} />
        {lacks !== undefined ? (
          <Lacks>{lacks}</Lacks>
        ) : (
          <Act
            action="person:create"
            label="Add the person"
            weight="primary"
            input={() => input}
            asked={{ slug: 'somebody', name: 'Somebody', email: 'somebody@people.example' }}
            before={
              <p>
                <bdi className="font-medium">{name.trim()}</bdi> holds nothing by that, and cannot sign in before somebody makes a one-time
                link or the organization’s provider knows the address.
              </p>
            }
            after={({ id }) => (
              <p>
                The person is here. <Link to={place('/access/new-grant', {}, { principal: id })}>Give access</Link>, or make a one-time
                link.
              </p>
            )}
            onDone={({ id }) => go(place('/people/$person', { person: id }))}
          />
        )}
      </Fields>
    </PeoplePage>
  )
}
