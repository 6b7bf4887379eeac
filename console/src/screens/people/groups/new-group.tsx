// Making a group: it holds nothing and nobody.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { useView } from '../../../shell/view.ts'
import { Pick } from '../../access/pick.tsx'
import { Fields } from '../form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'
import { PeoplePage } from '../people-page.tsx'

/** The screen. */
export function NewGroup(): ReactElement {
  const go = useGo()
  const [{ owner = '' }, change] = useView()
  const { choices, onType } = useLookup({ people: true, value: owner })
  const [name, setName] = useState('')
  const [written, setSlug] = useState<string>()
  const slug = written ?? slugFrom(name)
  const lacks = firstLack(
    [name.trim() === '', 'Say what the group is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [owner === '', 'Choose who answers for it first.'],
  )
  return (
    <PeoplePage
      title="Make a group"
      below="/people/groups"
      line="It holds nothing until something is given to it, and nobody until somebody is put in."
    >
      <Fields>
        <TextField label="Name" value={name} onChange={setName} maxLength={120} isRequired autoFocus />
        <TextField label="Short name" value={slug} onChange={setSlug} maxLength={40} isRequired mono />
        <Pick
          label="Who answers for it"
          value={owner === '' ? undefined : owner}
          onChange={(to) => change({ owner: to })}
          choices={choices}
          onType={onType}
          ids={['per']}
          isRequired
        />
        {lacks !== undefined ? (
          <Lacks>{lacks}</Lacks>
        ) : (
          <Act
            action="group:create"
            label="Make the group"
            weight="primary"
            input={() => ({ slug, name: name.trim(), owner })}
            asked={{ slug: 'group', name: 'Group', owner }}
            before={<p>Nobody holds anything by it yet.</p>}
            after={() => <p>It is made. Put somebody in, or give it something.</p>}
            onDone={({ id }) => go(place('/people/groups/$group', { group: id }))}
          />
        )}
      </Fields>
    </PeoplePage>
  )
}
