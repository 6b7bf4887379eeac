// What if: a change, and who would gain and who would lose what by it, before anybody makes it.
import { type ReactElement, useMemo, useState } from 'react'
import { Select } from '../../../design/field.tsx'
import { Section } from '../../../design/page.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { useDirectory } from '../names.ts'
import { Apply } from './apply.tsx'
import { changeIn, changeKinds, kindIn } from './change.ts'
import { Difference } from './difference.tsx'
import { ChangeFields } from './fields.tsx'

/** The screen. */
export function WhatIf(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory()
  const [openedAt] = useState(() => Date.now())
  const asked = useMemo(() => changeIn(search, openedAt), [search, openedAt])
  const forget = Object.fromEntries(Object.keys(search).map((name) => [name, undefined]))
  return (
    <AccessPage title="What if" line="Who would gain and who would lose what, before it is done. Asking changes nothing.">
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          <Select
            label="If somebody were to"
            value={kindIn(search)}
            onChange={(id) => change({ ...forget, change: id === 'give' ? undefined : id })}
            choices={changeKinds}
          />
          <ChangeFields key={kindIn(search)} search={search} change={change} of={of} />
          {typeof asked === 'string' ? <p className="text-small text-soft">{asked}</p> : <Apply change={asked} search={search} />}
        </div>
        <div className="min-w-0">
          {typeof asked === 'string' ? (
            <Section title="What it would come to">
              <p className="py-3 text-soft">Who loses and who gains what shows here, as soon as the change is chosen.</p>
            </Section>
          ) : (
            <Difference change={asked} of={of} />
          )}
        </div>
      </div>
    </AccessPage>
  )
}
