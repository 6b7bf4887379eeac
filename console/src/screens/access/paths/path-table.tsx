// The same paths as a table: every fact of the columns, a row for each way, sorted by any of them.
import type { ReactElement } from 'react'
import { Empty } from '../../../design/conditions.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import type { Directory } from '../names.ts'
import { Environments, Who } from '../who.tsx'
import { ToxicBadge } from './badge.tsx'
import { LastUsed, via } from './columns.tsx'
import { keyOf, legs, meanings, type Path, type Toxic, toxicOf } from './narrow.ts'

const titleOf = (path: Path): string => legs.find(({ leg }) => leg === path.leg)?.title ?? path.leg

function columnsOf(of: Directory, toxic: readonly Toxic[]): readonly Column<Path>[] {
  const badge = (path: Path): ReactElement | null => {
    const found = toxicOf(path, toxic)
    return found === undefined ? null : <ToxicBadge of={found} here={path.leg} />
  }
  return [
    {
      id: 'who',
      title: 'Who',
      by: ({ principal }) => principal.name,
      cell: (path) => (
        <span className="block min-w-0">
          <span className="flex flex-wrap items-baseline gap-x-2">
            <Who id={path.principal.id} name={path.principal.name} of={of} strong />
            {badge(path)}
          </span>
          {path.owner === null ? null : (
            <span className="flex items-baseline gap-1.5 pl-[18px] text-tiny text-soft">
              owned by <Who id={path.owner} of={of} />
            </span>
          )}
          <span className="block pl-[18px] text-tiny text-soft beside-md:hidden">
            {via(path)}
            <span className="block">
              <Environments ids={path.environments} of={of} none="in no environment" />
            </span>
            <LastUsed at={path.lastUsed} />
          </span>
        </span>
      ),
    },
    {
      id: 'what',
      title: 'Can',
      by: ({ leg, action }) => `${legs.findIndex((one) => one.leg === leg)} ${action}`,
      cell: (path) => (
        <span className="block min-w-0">
          <span className="block">{meanings[path.action] ?? path.action}</span>
          <span className="block text-tiny text-soft">{titleOf(path)}</span>
        </span>
      ),
    },
    { id: 'via', title: 'By', from: 'md', by: via, cell: (path) => <span className="text-soft">{via(path)}</span> },
    {
      id: 'where',
      title: 'Where',
      from: 'md',
      cell: (path) => <Environments ids={path.environments} of={of} none="in no environment" />,
    },
    { id: 'used', title: 'Last used', from: 'md', by: ({ lastUsed }) => lastUsed ?? '', cell: (path) => <LastUsed at={path.lastUsed} /> },
  ]
}

interface PathTableProps {
  readonly paths: readonly Path[]
  readonly toxic: readonly Toxic[]
  readonly of: Directory
  readonly onOpen: (key: string) => void
}

/** The table. */
export function PathTable({ paths, toxic, of, onOpen }: PathTableProps): ReactElement {
  return (
    <Table
      label="Paths"
      rows={paths}
      idOf={keyOf}
      columns={columnsOf(of, toxic)}
      onOpen={(path) => onOpen(keyOf(path))}
      empty={<Empty title="No path is like that.">Nobody is left by these filters.</Empty>}
    />
  )
}
