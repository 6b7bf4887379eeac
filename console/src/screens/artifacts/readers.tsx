// Who can read an artifact now, and what lets each of them: by a role, or by a channel that points at it.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Empty, Partial } from '../../design/conditions.tsx'
import { Identity } from '../../design/identity.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { visible } from '../../design/visible.ts'

type VisibleTo = OutputOf<'artifact:show'>['visibleTo']
type Reader = VisibleTo['principals'][number]

const kinds: Readonly<Record<string, 'person' | 'pipeline' | 'service' | 'agent'>> = {
  person: 'person',
  pipeline: 'pipeline',
  service: 'service',
  agent: 'agent',
}

const columns: readonly Column<Reader>[] = [
  {
    id: 'who',
    title: 'Who',
    by: ({ name }) => name,
    cell: ({ id, kind, name }) => <Identity brief kind={kinds[kind]} id={id} name={visible(name)} />,
  },
  {
    id: 'via',
    title: 'Why',
    className: 'min-w-40',
    by: ({ via }) => via,
    cell: ({ via }) => <span className="text-soft [overflow-wrap:anywhere]">{visible(via)}</span>,
  },
]

/** The readers. */
export function Readers({ of: { principals, truncated } }: { readonly of: VisibleTo }): ReactElement {
  return (
    <>
      {truncated ? <Partial title="There are more.">Only the first are shown.</Partial> : null}
      <Table
        label="Who can read it now"
        rows={principals}
        idOf={({ id, via }) => `${id} ${via}`}
        columns={columns}
        empty={<Empty title="Nobody can read it." />}
      />
    </>
  )
}
