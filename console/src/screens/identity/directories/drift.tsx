// Where what a directory last said and what is here differ. Nothing is repaired by looking: the directory says it again, or somebody decides.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Empty, Partial, Shown } from '../../../design/conditions.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { Thing } from '../../audit/thing.tsx'

type Difference = OutputOf<'directory:reconcile'>['drift'][number]

const columns: readonly Column<Difference>[] = [
  { id: 'resource', title: 'Of', cell: ({ resource }) => <Thing id={resource} name={undefined} linked brief /> },
  { id: 'told', title: 'What differs', cell: ({ told }) => told },
  {
    id: 'member',
    title: 'Member',
    from: 'sm',
    cell: ({ member }) => (member === null ? null : <Thing id={member} name={undefined} linked brief />),
  },
]

/** The differences. */
export function Drift({ directory }: { readonly directory: string }): ReactElement {
  const reading = useRead('directory:reconcile', { directory }, { every: 60_000 })
  return (
    <Section
      title="Drift"
      note={reading.state === 'ready' ? (reading.data.count === 0 ? 'none' : counted(reading.data.count, 'difference')) : undefined}
    >
      <Shown of={reading} what="the comparison" rows={2}>
        {({ count, drift }) => (
          <>
            {drift.length < count ? <Partial title={`${drift.length} of ${count} are shown.`} /> : null}
            <Table
              label="Differences"
              rows={drift}
              idOf={({ kind, resource, member }) => `${kind} ${resource} ${member ?? ''}`}
              columns={columns}
              empty={<Empty title="What it last said and what is here are the same." />}
            />
          </>
        )}
      </Shown>
    </Section>
  )
}
