// What a twin's newest scenarios name, and what that name is in each environment: one row a connection and environment, so that a name which is missing
// somewhere, or has no counterpart in production, stands out.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { Empty } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Icon } from '../../design/icon.tsx'
import { Identity } from '../../design/identity.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'

type Named = OutputOf<'twin:show'>['connections'][number]
type Place = Named['environments'][number]

interface Row {
  readonly slug: string
  readonly scenarios: readonly string[]
  /** Undefined where there is no connection of this name anywhere. */
  readonly there: Place | undefined
}

const rowsOf = (connections: readonly Named[]): readonly Row[] =>
  connections.flatMap(({ slug, scenarios, environments }): readonly Row[] =>
    environments.length === 0 ? [{ slug, scenarios, there: undefined }] : environments.map((there) => ({ slug, scenarios, there })),
  )

const none = <span className="text-faint">–</span>

function Counterpart({ there: { environmentClass, counterpart, counterpartName } }: { readonly there: Place }): ReactElement {
  if (environmentClass === 'production') return <span className="text-faint">is production itself</span>
  if (counterpart === null)
    return (
      <span className="inline-flex items-center gap-1 text-warn">
        <Icon name="question" />
        none
      </span>
    )
  return (
    <span className="inline-flex items-baseline gap-1">
      <Icon name="right" className="size-3 self-center text-soft" />
      <bdi>{counterpartName ?? counterpart}</bdi>
    </span>
  )
}

const columns: readonly Column<Row>[] = [
  {
    id: 'connection',
    title: 'Connection',
    by: ({ slug }) => slug,
    cell: ({ slug, scenarios, there }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{slug}</bdi>
        <span className="block text-tiny text-faint">
          named by <bdi>{scenarios.join(', ')}</bdi>
        </span>
        {there === undefined ? null : (
          <span className="block text-tiny text-soft beside-md:hidden">
            {there.access}, {there.sensitivity}, {there.state}
            <span className="block">
              <Counterpart there={there} />
            </span>
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'where',
    title: 'Where',
    by: ({ there }) => there?.environmentSlug ?? '',
    cell: ({ there }) =>
      there === undefined ? (
        <span className="inline-flex items-center gap-1 text-warn">
          <Icon name="warn" />
          in no environment
        </span>
      ) : (
        <EnvironmentMark of={there.environmentClass} name={there.environmentSlug} />
      ),
  },
  {
    id: 'access',
    title: 'Access',
    from: 'md',
    by: ({ there }) => there?.access ?? '',
    cell: ({ there }) =>
      there === undefined ? none : <span className={there.access === 'control' ? 'font-medium text-warn' : ''}>{there.access}</span>,
  },
  {
    id: 'sensitivity',
    title: 'Sensitivity',
    from: 'md',
    cell: ({ there }) => (there === undefined ? none : <Sensitivity is={there.sensitivity} />),
  },
  { id: 'state', title: 'State', from: 'md', cell: ({ there }) => (there === undefined ? none : <State is={there.state} />) },
  {
    id: 'counterpart',
    title: 'Counterpart in production',
    from: 'md',
    cell: ({ there }) => (there === undefined ? none : <Counterpart there={there} />),
  },
  {
    id: 'owner',
    title: 'Owner',
    from: 'lg',
    cell: ({ there }) => (there === undefined ? none : <Identity brief id={there.owner} name={there.ownerName} />),
  },
]

/** The connections. */
export function Reach({ connections }: { readonly connections: readonly Named[] }): ReactElement {
  return (
    <Table
      label="Connections in each environment"
      rows={rowsOf(connections)}
      idOf={({ slug, there }) => `${slug} ${there?.id ?? ''}`}
      columns={columns}
      empty={<Empty title="They name no connection: a run of them reaches nothing outside its cell." />}
    />
  )
}
