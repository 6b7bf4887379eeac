// Changing what a position stands for, for everybody who holds it: what that comes to by all its mappings together stands beside it before it is done.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { useView } from '../../../shell/view.ts'
import type { Directory } from '../../access/names.ts'
import { Beside, FormSection } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { termsIn, termsText } from '../mappings/draft.ts'
import { Preview, settledSaid, stopsIn } from '../mappings/preview.tsx'
import { TermsField } from '../mappings/terms.tsx'
import { useSettled } from '../settled.ts'
import { PeopleOf } from './people-of.tsx'

interface ChangePositionProps {
  readonly position: OutputOf<'position:show'>
  readonly of: Directory
}

/** The part of the view that changes it. */
export function ChangePosition({ position: { position }, of }: ChangePositionProps): ReactElement {
  const [search, change] = useView()
  const [despite, setDespite] = useState<readonly string[]>([])
  const gives = termsIn(useSettled(search.gives))
  const isWhole = gives.length > 0
  const wish = { position, gives: [...gives] }
  const preview = useRead('position:preview', wish, { when: isWhole, every: false, keepFormer: true })
  const done = (): void => change({ edit: undefined, gives: undefined })
  const come = isWhole ? <Preview of={preview} directory={of} despite={despite} onDespite={setDespite} /> : null
  return (
    <FormSection title="Change it" onDone={done}>
      <Beside
        beside={
          <>
            {come}
            <PeopleOf position={position} />
          </>
        }
      >
        <TermsField value={termsIn(search.gives)} onChange={(terms) => change({ gives: termsText(terms) })} of={of} />
        {isWhole ? (
          <Act
            action="position:change"
            label="Change the position"
            weight="primary"
            input={(reason) => ({ ...wish, ...(despite.length === 0 ? {} : { despite: [...despite] }), reason })}
            asked={{ ...wish, reason: 'To see whether it is allowed.' }}
            reason="Why it changes; goes on the record."
            notNow={stopsIn(preview, despite)}
            before={<p>Everybody who holds it follows it in the same moment; live runs that nothing else keeps going end.</p>}
            after={(settled) => <p>{settledSaid(settled)}</p>}
            onDone={done}
          />
        ) : (
          <Lacks>Say what it stands for: a role on something.</Lacks>
        )}
      </Beside>
    </FormSection>
  )
}
