// All runs, newest first.
import type { ReactElement } from 'react'
import { useList } from '../../api/queries.ts'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Id } from '../../design/id.tsx'
import { Page } from '../../design/page.tsx'
import { State } from '../../design/state.tsx'
import { Table } from '../../design/table.tsx'
import { When } from '../../design/when.tsx'

/** The screen. */
export function Runs(): ReactElement {
  const runs = useList('run:list', { limit: 50 })
  return (
    <Page title="Runs">
      <Shown of={runs} what="runs">
        {({ items }) => (
          <Table
            label="Runs"
            rows={items}
            idOf={({ id }) => id}
            empty={<Empty title="Nothing ran yet." command="npx twinlock run launch" />}
            columns={[
              { id: 'run', title: 'Run', cell: ({ id }) => <Id id={id} /> },
              { id: 'state', title: 'State', cell: ({ state, outcome }) => <State is={outcome ?? state} /> },
              { id: 'when', title: 'Queued', cell: ({ queuedAt }) => <When at={queuedAt} /> },
            ]}
          />
        )}
      </Shown>
    </Page>
  )
}
