// Whose leaving: the checklist is one person's, and is gone to from him.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Shown } from '../../../design/conditions.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Pick } from '../../access/pick.tsx'
import { IdentityPage } from '../identity-page.tsx'

/** The screen. */
export function NoLeaver(): ReactElement {
  const go = useGo()
  const people = useRead('person:list', { limit: 200 }, { every: false })
  return (
    <IdentityPage
      title="Leaving"
      below="/identity/leaving"
      line="One checklist for each leaver: what ended, what stands still until somebody takes it over, and a read-back that looks again."
    >
      <Shown of={people} what="people">
        {({ items }) => (
          <div className="max-w-xl">
            <Pick
              label="Whose"
              value={undefined}
              onChange={(id) => id !== undefined && go(place('/identity/leaving/$id', { id }))}
              choices={items.map(({ id, name, state }) => ({ id, name: state === 'left' ? `${name} (left)` : name }))}
              ids={['per']}
              hint="Before somebody leaves it says what would end; afterwards what became of it."
            />
          </div>
        )}
      </Shown>
    </IdentityPage>
  )
}
