// Changing a mapping, or ending it: who gains and who loses what stands beside it before it is done. What is changed stands in the URL.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { counted } from '../../../design/time.ts'
import { useView } from '../../../shell/view.ts'
import type { Directory } from '../../access/names.ts'
import { Beside, FormSection } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { useSettled } from '../settled.ts'
import { conditionsText, termsText, wishIn, writtenTerm } from './draft.ts'
import { GivesFields, SourceFields } from './mapping-fields.tsx'
import { Preview, settledSaid, stopsIn, usePreview } from './preview.tsx'

type Shown = OutputOf<'mapping:show'>

/** What the URL says while a mapping is changed: all of it, as it is now, so that each field begins with what is. */
export function searchOf({ source, position, gives }: Shown): Readonly<Record<string, string | undefined>> {
  return {
    edit: 'change',
    from: source.kind === 'attributes' ? 'attributes' : undefined,
    group: source.kind === 'group' ? source.group : undefined,
    when: source.kind === 'attributes' ? conditionsText(source.when.map((one) => ({ ...one }))) : undefined,
    directory: source.kind === 'attributes' ? (source.directory ?? undefined) : undefined,
    position: position ?? undefined,
    gives: position === null ? termsText(gives.map(writtenTerm)) : undefined,
  }
}

/** Takes all of that out of the URL again. */
const nothingChanged = {
  edit: undefined,
  from: undefined,
  group: undefined,
  when: undefined,
  directory: undefined,
  position: undefined,
  gives: undefined,
} as const

interface ChangeProps {
  readonly mapping: Shown
  readonly of: Directory
}

/** The part of the view that changes it. */
export function ChangeMapping({ mapping, of }: ChangeProps): ReactElement {
  const [search, change] = useView()
  const [despite, setDespite] = useState<readonly string[]>([])
  const wish = wishIn(useSettled(search))
  const isWhole = typeof wish !== 'string'
  const preview = usePreview(isWhole ? { mapping: mapping.id, ...wish } : undefined)
  const done = (): void => change(nothingChanged)
  return (
    <FormSection title="Change it" onDone={done}>
      <Beside beside={isWhole ? <Preview of={preview} directory={of} despite={despite} onDespite={setDespite} /> : null}>
        <SourceFields search={search} change={change} />
        <GivesFields search={search} change={change} of={of} />
        {isWhole ? (
          <Act
            action="mapping:change"
            label="Change the mapping"
            weight="primary"
            input={(reason) => ({ mapping: mapping.id, ...wish, ...(despite.length === 0 ? {} : { despite: [...despite] }), reason })}
            asked={{ mapping: mapping.id, ...wish, reason: 'To see whether it is allowed.' }}
            reason="Why it changes; goes on the record."
            notNow={stopsIn(preview, despite)}
            before={<p>Whoever loses something has lost it when the answer is there; live runs that nothing else keeps going end.</p>}
            after={(made) => <p>{settledSaid(made)}</p>}
            onDone={done}
          />
        ) : (
          <Lacks>{wish}</Lacks>
        )}
      </Beside>
    </FormSection>
  )
}

/** The part of the view that ends it. */
export function RetireMapping({ mapping: { id, grants }, of }: ChangeProps): ReactElement {
  const [, change] = useView()
  const preview = usePreview({ mapping: id, retire: true })
  const done = (): void => change(nothingChanged)
  return (
    <FormSection title="Retire it" onDone={done}>
      <div className="mb-5">
        <Act
          action="mapping:retire"
          label="Retire the mapping"
          weight="danger"
          input={(reason) => ({ mapping: id, reason })}
          reason="Why it ends; goes on the record."
          before={<p>{grants === 0 ? 'Nobody holds anything by it.' : `Its ${counted(grants, 'grant')} end with it.`}</p>}
          after={(made) => <p>{settledSaid(made)}</p>}
          onDone={done}
        />
      </div>
      <Preview of={preview} directory={of} despite={[]} onDespite={() => undefined} title="What its end would come to" />
    </FormSection>
  )
}
