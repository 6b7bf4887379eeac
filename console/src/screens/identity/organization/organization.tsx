// The organization itself: what it is called, how people stay signed in, how long things wait, what is kept of it, and its end.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Shown } from '../../../design/conditions.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { TakenAlong } from './data.tsx'
import { Deletion } from './deletion.tsx'
import { Rules } from './rules.tsx'
import { SessionLimits } from './sessions.tsx'

/** The screen. */
export function Organization(): ReactElement {
  const reading = useRead('organization:settings', {})
  return (
    <IdentityPage title="Organization" line="What it set for itself. What its administrators change here goes on the record.">
      <Shown of={reading} what="what the organization set">
        {(settings) => (
          <>
            <Rules settings={settings} />
            <SessionLimits sessions={settings.sessions} />
            <TakenAlong slug={settings.organization.slug} />
            <Deletion settings={settings} />
          </>
        )}
      </Shown>
    </IdentityPage>
  )
}
