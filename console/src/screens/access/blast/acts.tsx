// What a stolen identity could do: each act on each thing, by which way, and whether it was ever done.
import { type ReactElement, useState } from 'react'
import { Button } from '../../../design/button.tsx'
import { Empty } from '../../../design/conditions.tsx'
import { Sensitivity } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { When } from '../../../design/when.tsx'
import type { Directory } from '../names.ts'
import { Ways } from '../ways.tsx'
import { Environments, Scope } from '../who.tsx'
import type { Told } from './told.ts'

type Act = Told['acts'][number]

/** The groups of acts: the three legs of the way to production, and what runs the organization. */
export const groups = [
  { id: 'input', name: 'Input', does: 'acts that change an input' },
  { id: 'output', name: 'Output', does: 'acts that observe an output' },
  { id: 'production', name: 'Production', does: 'acts that move into production' },
  { id: 'manage', name: 'Manage', does: 'acts that manage' },
] as const

const pageSize = 100

function Used({ act: { lastUsed, times } }: { readonly act: Act }): ReactElement {
  if (lastUsed === null) return <span className="whitespace-nowrap text-faint">never used</span>
  return (
    <span className="whitespace-nowrap">
      {counted(times, 'time')}, <When at={lastUsed} />
    </span>
  )
}

function On({ act: { scope, upTo, environments }, of }: { readonly act: Act; readonly of: Directory }): ReactElement {
  return (
    <span className="block min-w-0">
      <Scope scope={scope} of={of} />
      <span className="flex flex-wrap items-baseline gap-x-2 text-tiny">
        {environments.length === 0 ? null : <Environments ids={environments} of={of} none="" />}
        {upTo === null ? null : (
          <span className="inline-flex items-baseline gap-1 text-soft">
            up to <Sensitivity is={upTo} />
          </span>
        )}
      </span>
    </span>
  )
}

function columnsOf(of: Directory): readonly Column<Act>[] {
  return [
    {
      id: 'act',
      title: 'Could do',
      className: 'md:min-w-48',
      by: ({ action }) => action,
      cell: (act) => (
        <span className="block min-w-0">
          <code className="font-mono text-small font-medium [overflow-wrap:anywhere]">{act.action}</code>
          <span className="block text-tiny text-soft">{groups.find(({ id }) => id === act.group)?.name ?? act.group}</span>
          <span className="block beside-sm:hidden">
            <On act={act} of={of} />
          </span>
          <span className="mt-0.5 block text-tiny beside-md:hidden">
            <Ways ways={act.ways} of={of} />
            <Used act={act} />
          </span>
        </span>
      ),
    },
    {
      id: 'on',
      title: 'On',
      from: 'sm',
      by: ({ scope }) => scope.name,
      cell: (act) => <On act={act} of={of} />,
    },
    { id: 'way', title: 'By', from: 'md', className: 'text-small', cell: ({ ways }) => <Ways ways={ways} of={of} /> },
    { id: 'used', title: 'Used', from: 'md', by: ({ lastUsed }) => lastUsed ?? '', cell: (act) => <Used act={act} /> },
  ]
}

interface ActsProps {
  readonly acts: readonly Act[]
  readonly directory: Directory
}

/** The acts, so many at a time. */
export function Acts({ acts, directory }: ActsProps): ReactElement {
  const [count, setCount] = useState(pageSize)
  return (
    <>
      <Table
        label="What it could do"
        rows={acts.slice(0, count)}
        idOf={({ group, action, scope, byGlass }) => `${group} ${action} ${scope.id} ${byGlass}`}
        columns={columnsOf(directory)}
        empty={<Empty title="It could do nothing like that." />}
      />
      {acts.length > count ? (
        <p className="mt-2">
          <Button onPress={() => setCount(count + pageSize)}>Show {Math.min(pageSize, acts.length - count)} more</Button>
        </p>
      ) : null}
    </>
  )
}
