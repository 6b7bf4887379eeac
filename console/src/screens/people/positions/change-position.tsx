// Changing what a position stands for, for everybody who holds it: what that comes to stands beside it, mapping by mapping, before it is done.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Partial } from '../../../design/conditions.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import type { Directory } from '../../access/names.ts'
import { FormSection } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { type Term, termsIn, termsText } from '../mappings/draft.ts'
import { Preview, stopsIn, usePreview } from '../mappings/preview.tsx'
import { TermsField } from '../mappings/terms.tsx'
import { PeopleOf } from './people-of.tsx'

type Shown = OutputOf<'position:show'>

/** How many mappings are asked about before a position changes. */
const mappingsMax = 10

interface OfMappingProps {
  readonly mapping: string
  readonly gives: readonly Term[]
  readonly of: Directory
  readonly despite: readonly string[]
  readonly onDespite: (names: readonly string[]) => void
}

/** What the change comes to for those who hold the position by one mapping: the same as if that mapping gave the new terms itself. */
function OfMapping({ mapping, gives, of, despite, onDespite }: OfMappingProps): ReactElement {
  const preview = usePreview({ mapping, gives: [...gives] })
  const shown = useRead('mapping:show', { mapping }, { every: false })
  const title = shown.state === 'ready' ? visible(shown.data.title) : mapping
  return <Preview of={preview} directory={of} despite={despite} onDespite={onDespite} title={`By the mapping ${title}`} />
}

interface ChangePositionProps {
  readonly position: Shown
  readonly of: Directory
}

/** The part of the view that changes it. */
export function ChangePosition({ position: { position, mappings }, of }: ChangePositionProps): ReactElement {
  const [search, change] = useView()
  const [despite, setDespite] = useState<readonly string[]>([])
  const gives = termsIn(search.gives)
  const [first] = mappings
  const ofFirst = usePreview(first === undefined || gives.length === 0 ? undefined : { mapping: first, gives: [...gives] })
  const done = (): void => change({ edit: undefined, gives: undefined })
  return (
    <FormSection title="Change it" onDone={done}>
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <TermsField value={gives} onChange={(terms) => change({ gives: termsText(terms) })} of={of} />
          {gives.length === 0 ? (
            <Lacks>Say what it stands for: a role on something.</Lacks>
          ) : (
            <Act
              action="position:change"
              label="Change the position"
              weight="primary"
              input={(reason) => ({ position, gives: [...gives], ...(despite.length === 0 ? {} : { despite: [...despite] }), reason })}
              reason="Why it changes; goes on the record."
              notNow={stopsIn(ofFirst, despite)}
              before={<p>Everybody who holds it follows it in the same moment; live runs that nothing else keeps going end.</p>}
              after={({ made, ended, runs }) => (
                <p>
                  {counted(made, 'grant')} made, {counted(ended, 'grant')} ended, {counted(runs, 'live run')} ended with them.
                </p>
              )}
              onDone={done}
            />
          )}
        </div>
        <div className="min-w-0">
          {mappings.length > mappingsMax ? (
            <Partial title={`The first ${mappingsMax} of ${mappings.length} mappings.`}>The others follow the change all the same.</Partial>
          ) : null}
          {mappings.length === 0 ? <p className="text-soft">No mapping gives it: nobody gains or loses anything.</p> : null}
          {gives.length === 0
            ? null
            : mappings
                .slice(0, mappingsMax)
                .map((mapping) => (
                  <OfMapping key={mapping} mapping={mapping} gives={gives} of={of} despite={despite} onDespite={setDespite} />
                ))}
          <PeopleOf position={position} />
        </div>
      </div>
    </FormSection>
  )
}
