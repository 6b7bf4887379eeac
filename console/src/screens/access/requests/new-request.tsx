// Asking for access: what, on what, for how long and why; beside it who could approve it, whether two must, and which duties it would bring together.
import { type ReactElement, useMemo } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Select } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { Conflicts } from '../grants/conflicts.tsx'
import { termsIn } from '../grants/grant-terms.ts'
import { EnvironmentFields, ScopeFields, WhatField } from '../grants/terms-fields.tsx'
import { useDirectory } from '../names.ts'
import { giving } from '../what-if/change.ts'
import { Steps } from './steps.tsx'

/** How long a grant that is asked for may last, in minutes. */
const lengths = [
  { id: '15', name: '15 minutes' },
  { id: '60', name: 'One hour' },
  { id: '240', name: 'Four hours' },
  { id: '480', name: 'Eight hours' },
  { id: '1440', name: 'A day' },
  { id: '10080', name: 'A week' },
] as const

/** The screen. */
export function NewRequest(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory(true, false)
  const go = useGo()
  const minutes = Number(lengths.find(({ id }) => id === search.minutes)?.id ?? '60')
  const terms = useMemo(() => {
    const said = termsIn({ ...search, principal: 'oneself', until: undefined }, 0)
    if (typeof said === 'string') return said
    const { kind: _kind, principal: _principal, expiresAt: _expiresAt, ...asked } = giving(said)
    return { ...asked, minutes }
  }, [search, minutes])
  const isWhole = typeof terms !== 'string'
  const preview = useRead('request:preview', isWhole ? terms : {}, { when: isWhole, every: false, keepFormer: true })
  return (
    <AccessPage
      title="Ask for access"
      below="/access/requests"
      line="For a reason, and for as long as it takes. Somebody who has it to give approves it."
    >
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          <WhatField search={search} change={change} />
          <ScopeFields search={search} change={change} of={of} />
          <EnvironmentFields search={search} change={change} of={of} />
          <Select
            label="For how long"
            value={String(minutes)}
            onChange={(id) => change({ minutes: id === '60' ? undefined : id })}
            choices={lengths}
          />
          {isWhole ? (
            <Act
              action="request:create"
              label="Ask for it"
              title="Ask for access"
              weight="primary"
              input={(reason) => ({ ...terms, reason })}
              reason="Why you need it; whoever decides reads it, and it goes on the record."
              before={<p>It is open for a day. You get it when it is approved, and it ends by itself.</p>}
              after={({ approvalsNeeded }) => <p>It is asked; {approvalsNeeded === 1 ? 'one person' : 'two people'} must approve it.</p>}
              onDone={({ id }) => go(place('/access/requests/$request', { request: id }))}
            />
          ) : (
            <p className="text-small text-soft">{terms}</p>
          )}
        </div>
        <div className="min-w-0">
          {isWhole ? (
            <Shown of={preview} what="who could approve it" rows={3}>
              {(data) => (
                <>
                  <Section title="Who could approve it">
                    <Steps of={data} directory={of} />
                  </Section>
                  <Section title="What it would bring together">
                    <Conflicts of={data} despite={[]} directory={of} isAsked />
                  </Section>
                </>
              )}
            </Shown>
          ) : (
            <Section title="Who could approve it">
              <p className="py-3 text-soft">Who could approve it, and whether two must, shows here before you ask.</p>
            </Section>
          )}
        </div>
      </div>
    </AccessPage>
  )
}
