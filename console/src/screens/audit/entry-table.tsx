// Entries as a table: what was done and what became of it, by whom, on what, where and when. Each row leads to the entry.
import type { ReactElement, ReactNode } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { place } from '../../design/link.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { When } from '../../design/when.tsx'
import { EntryOutcome } from './outcome.tsx'
import { Thing, thingWord } from './thing.tsx'

/** An entry as lists show it. */
export type ListedEntry = OutputOf<'ledger:list'>['items'][number]

/** An entry's number in the log, or that it has none yet. */
export function Place({ index }: { readonly index: number | null }): ReactElement {
  if (index === null) return <span className="text-warn">not numbered yet</span>
  return <span className="whitespace-nowrap">No. {index.toLocaleString('en-US')}</span>
}

function What({ entry: { action, outcome, code, actor, at } }: { readonly entry: ListedEntry }): ReactElement {
  return (
    <span className="block min-w-0">
      <code className="font-mono text-small font-medium [overflow-wrap:anywhere]">{action}</code>
      <span className="mt-1 flex flex-col items-start gap-y-0.5 text-tiny beside-sm:hidden">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <EntryOutcome is={outcome} code={code} />
          <When at={at} />
        </span>
        <Thing id={actor.id} name={actor.name} brief />
      </span>
    </span>
  )
}

const columns: readonly Column<ListedEntry>[] = [
  { id: 'what', title: 'What was done', className: 'sm:min-w-44', by: ({ action }) => action, cell: (entry) => <What entry={entry} /> },
  {
    id: 'outcome',
    title: 'Outcome',
    from: 'sm',
    by: ({ outcome }) => outcome,
    cell: ({ outcome, code }) => <EntryOutcome is={outcome} code={code} />,
  },
  {
    id: 'who',
    title: 'By',
    from: 'sm',
    className: 'min-w-40',
    by: ({ actor }) => actor.name ?? actor.id,
    cell: ({ actor }) => <Thing id={actor.id} name={actor.name} brief />,
  },
  {
    id: 'on',
    title: 'On',
    by: ({ resource }) => resource.name ?? resource.id,
    cell: ({ resource }) => (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <Thing id={resource.id} name={resource.name} brief />
        {resource.name === null ? null : <span className="text-tiny text-faint">{thingWord(resource.id, resource.type)}</span>}
      </span>
    ),
  },
  {
    id: 'environment',
    title: 'Environment',
    from: 'md',
    by: ({ environment }) => environment?.slug ?? '',
    cell: ({ environment }) => (environment === null ? null : <EnvironmentMark of={environment.class} name={environment.slug} />),
  },
  { id: 'when', title: 'When', from: 'sm', by: ({ id }) => id, cell: ({ at }) => <When at={at} isExact /> },
  { id: 'place', title: 'In the log', from: 'lg', align: 'end', cell: ({ index }) => <Place index={index} /> },
]

interface EntryTableProps {
  readonly entries: readonly ListedEntry[]
  readonly empty?: ReactNode
}

/** A table of entries. */
export function EntryTable({ entries, empty }: EntryTableProps): ReactElement {
  return (
    <Table
      label="Entries"
      rows={entries}
      idOf={({ id }) => id}
      to={({ id }) => place('/audit/$entry', { entry: id })}
      columns={columns}
      empty={empty}
    />
  )
}
