// Naming a position: it gives nothing before a mapping gives it.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { useView } from '../../../shell/view.ts'
import { useDirectory } from '../../access/names.ts'
import { Fields } from '../form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../fresh.tsx'
import { termsIn, termsText } from '../mappings/draft.ts'
import { TermsField } from '../mappings/terms.tsx'
import { PeoplePage } from '../people-page.tsx'

/** The screen. */
export function NewPosition(): ReactElement {
  const go = useGo()
  const of = useDirectory(true, false)
  const [search, change] = useView()
  const [title, setTitle] = useState('')
  const [written, setSlug] = useState<string>()
  const slug = written ?? slugFrom(title)
  const gives = termsIn(search.gives)
  const lacks = firstLack(
    [title.trim() === '', 'Say what it is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [gives.length === 0, 'Say what it stands for: a role on something.'],
  )
  return (
    <PeoplePage title="Name a position" below="/people/positions" line="Nobody holds it before a mapping gives it.">
      <Fields>
        <TextField label="What it is called" value={title} onChange={setTitle} maxLength={120} isRequired autoFocus />
        <TextField label="Short name" value={slug} onChange={setSlug} maxLength={40} isRequired mono />
        <TermsField value={gives} onChange={(terms) => change({ gives: termsText(terms) })} of={of} />
        {lacks !== undefined ? (
          <Lacks>{lacks}</Lacks>
        ) : (
          <Act
            action="position:create"
            label="Name the position"
            weight="primary"
            input={(reason) => ({ slug, title: title.trim(), gives: [...gives], reason })}
            asked={{ slug: 'position', title: 'Position', gives: [...gives], reason: 'To see whether it is allowed.' }}
            reason="Why there is such a position; goes on the record."
            before={<p>It gives nothing by itself. It must all be yours to give.</p>}
            after={() => <p>It is named. Make a mapping that gives it.</p>}
            onDone={({ position }) => go(place('/people/positions/$position', { position }))}
          />
        )}
      </Fields>
    </PeoplePage>
  )
}
