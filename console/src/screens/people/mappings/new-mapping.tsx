// Making a mapping: who would gain what stands beside it before it is made.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { useView } from '../../../shell/view.ts'
import { useDirectory } from '../../access/names.ts'
import { Beside } from '../form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../fresh.tsx'
import { PeoplePage } from '../people-page.tsx'
import { useSettled } from '../settled.ts'
import { wishIn } from './draft.ts'
import { GivesFields, SourceFields } from './mapping-fields.tsx'
import { Preview, stopsIn, usePreview } from './preview.tsx'

/** The screen. */
export function NewMapping(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory(true, false)
  const go = useGo()
  const [title, setTitle] = useState('')
  const [written, setSlug] = useState<string>()
  const [despite, setDespite] = useState<readonly string[]>([])
  const slug = written ?? slugFrom(title)
  const wish = wishIn(useSettled(search))
  const preview = usePreview(typeof wish === 'string' ? undefined : wish)
  const lacks = firstLack(
    [typeof wish === 'string', typeof wish === 'string' ? wish : ''],
    [title.trim() === '', 'Say what the mapping is called.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
  )
  return (
    <PeoplePage title="Make a mapping" below="/people/mappings" line="What it comes to is shown before it is made.">
      <Beside
        beside={
          typeof wish === 'string' ? (
            <Section title="What it would come to">
              <p className="py-3 text-soft">Who would gain what shows here, and what stands against it.</p>
            </Section>
          ) : (
            <Preview of={preview} directory={of} despite={despite} onDespite={setDespite} />
          )
        }
      >
        <SourceFields search={search} change={change} />
        <GivesFields search={search} change={change} of={of} />
        <TextField label="What it is called" value={title} onChange={setTitle} maxLength={120} isRequired />
        <TextField label="Short name" value={slug} onChange={setSlug} maxLength={40} isRequired mono />
        {lacks !== undefined || typeof wish === 'string' ? (
          <Lacks>{lacks ?? ''}</Lacks>
        ) : (
          <Act
            action="mapping:create"
            label="Make the mapping"
            weight="primary"
            input={(reason) => ({
              slug,
              title: title.trim(),
              ...wish,
              ...(despite.length === 0 ? {} : { despite: [...despite] }),
              reason,
            })}
            asked={{ slug: 'mapping', title: 'Mapping', ...wish, reason: 'To see whether it is allowed.' }}
            reason="Why they are given this; goes on the record."
            notNow={stopsIn(preview, despite)}
            before={<p>It holds from the moment that the answer is there, also for whoever joins later.</p>}
            after={({ made }) => <p>It is in force; {counted(made, 'grant')} came of it.</p>}
            onDone={({ id }) => go(place('/people/mappings/$mapping', { mapping: id }))}
          />
        )}
      </Beside>
    </PeoplePage>
  )
}
