// Giving somebody something: what it would come to stands beside it before it is given: what is not yours to give, which duties it brings together, and who gains
// what by it.
import { type ReactElement, useMemo, useState } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { useDirectory } from '../names.ts'
import { Pick } from '../pick.tsx'
import { giving } from '../what-if/change.ts'
import { Difference } from '../what-if/difference.tsx'
import { type Conflict, Conflicts, type OtherHand } from './conflicts.tsx'
import { EndFields } from './end-fields.tsx'
import { termsIn } from './grant-terms.ts'
import { EnvironmentFields, ScopeFields, WhatField } from './terms-fields.tsx'

interface Foretold {
  readonly missing: readonly string[]
  readonly otherHand: OtherHand | null
  readonly conflicts: readonly Conflict[]
}

/** Why it cannot be given now, by what the server said that it would come to; nothing where it can. */
function notNow({ missing, otherHand, conflicts }: Foretold, despite: readonly string[]): string | undefined {
  const stops = conflicts.filter((one) => one.stops && !despite.includes(one.name))
  if (stops.length > 0) return `It would bring together duties that are declared apart: ${stops.map(({ name }) => name).join(', ')}.`
  if (missing.length > 0) return `This is not yours to give: ${missing.join(', ')}.`
  if (otherHand !== null) return 'You brought the key of who would hold it: another administrator gives what reaches this far.'
  return undefined
}

/** The screen. */
export function NewGrant(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory()
  const go = useGo()
  const [openedAt] = useState(() => Date.now())
  const terms = useMemo(() => termsIn(search, openedAt), [search, openedAt])
  const [despite, setDespite] = useState<readonly string[]>([])
  const isWhole = typeof terms !== 'string'
  const preview = useRead(
    'grant:preview',
    { ...(isWhole ? terms : { principal: '' }), reason: 'To see what it would come to.' },
    { when: isWhole, every: false, keepFormer: true },
  )
  return (
    <AccessPage title="Give access" below="/access/grants" line="What it comes to is shown before it is given.">
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          <Pick
            label="To"
            value={search.principal}
            onChange={(principal) => change({ principal })}
            choices={[...of.people, ...of.workloads, ...of.groups]}
            ids={['per', 'pip', 'agt', 'svc', 'grp']}
            hint="A person, a workload or a group."
            isRequired
          />
          <WhatField search={search} change={change} />
          <ScopeFields search={search} change={change} of={of} />
          <EnvironmentFields search={search} change={change} of={of} />
          <EndFields search={search} change={change} />
          {isWhole ? (
            <Act
              action="grant:create"
              label="Give it"
              title="Give access"
              weight="primary"
              input={(reason) => ({ ...terms, ...(despite.length === 0 ? {} : { despite: [...despite] }), reason })}
              reason="Why it is given; goes on the record, and whoever gets it reads it."
              notNow={preview.state === 'ready' ? notNow(preview.data, despite) : undefined}
              before={<p>It holds from the moment that it is given. You are on its record as the one who gave it.</p>}
              after={({ id }) => (
                <p>
                  It is given as <code className="font-mono text-tiny">{id}</code>.
                </p>
              )}
              onDone={({ principal }) => go(place('/access/grants', {}, { principal }))}
            />
          ) : (
            <p className="text-small text-soft">{terms}</p>
          )}
        </div>
        <div className="min-w-0">
          {isWhole ? (
            <>
              <Section title="Before it is given">
                <Shown of={preview} what="what it would come to" rows={2}>
                  {(data) => <Conflicts of={data} despite={despite} onDespite={setDespite} directory={of} />}
                </Shown>
              </Section>
              <Difference change={giving(terms)} of={of} />
            </>
          ) : (
            <Section title="Before it is given">
              <p className="py-3 text-soft">
                What it would come to shows here: what is yours to give, duties that it brings together, who gains what.
              </p>
            </Section>
          )}
        </div>
      </div>
    </AccessPage>
  )
}
