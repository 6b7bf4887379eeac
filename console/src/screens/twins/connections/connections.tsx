// Connections: what runs and promoted services may reach, through the broker alone. Credentials are sealed and shown to nobody.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Search } from '../../../design/field.tsx'
import { Icon } from '../../../design/icon.tsx'
import { place } from '../../../design/link.tsx'
import { Sensitivity, State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { usePlacedList } from '../../../shell/placed-list.ts'
import { useView } from '../../../shell/view.ts'
import { useWholeList } from '../../../shell/whole-list.ts'
import { More } from '../../people/more.tsx'
import { Somebody } from '../../people/somebody.tsx'
import type { ListedEnvironment } from '../environments/environments.tsx'
import { NewLink, useMe } from '../may-make.tsx'
import { TwinsPage } from '../twins-page.tsx'

/** A connection as lists show it. */
export type ListedConnection = OutputOf<'connection:list'>['items'][number]

interface Row extends ListedConnection {
  readonly where: ListedEnvironment | undefined
  /** What it is called in another environment. */
  readonly other: string | undefined
}

/** Whether it has a credential; nobody is told which. */
export function Credential({ has }: { readonly has: boolean }): ReactElement {
  if (!has) return <span className="text-faint">none</span>
  return (
    <span className="inline-flex items-center gap-1">
      <Icon name="key" className="text-soft" />
      sealed
    </span>
  )
}

const columns: readonly Column<Row>[] = [
  {
    id: 'connection',
    title: 'Connection',
    className: 'sm:min-w-52',
    by: ({ slug }) => slug,
    cell: ({ slug, baseUrl, where, access, sensitivity }) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(slug)}</bdi>
        <code className="block font-mono text-tiny text-soft [overflow-wrap:anywhere]">
          <bdi>{visible(baseUrl)}</bdi>
        </code>
        <span className="mt-1 block sm:hidden">
          {where === undefined ? null : <EnvironmentMark of={where.class} name={visible(where.slug)} />}
          <span className="block text-tiny text-soft">
            {access}, {sensitivity}
          </span>
        </span>
      </span>
    ),
  },
  {
    id: 'where',
    title: 'Where',
    from: 'sm',
    by: ({ where }) => where?.slug ?? '',
    cell: ({ where, environment }) =>
      where === undefined ? (
        <code className="font-mono text-tiny">{environment}</code>
      ) : (
        <EnvironmentMark of={where.class} name={visible(where.slug)} />
      ),
  },
  {
    id: 'access',
    title: 'Access',
    from: 'sm',
    by: ({ access }) => access,
    cell: ({ access }) => <span className={access === 'control' ? 'font-medium text-warn' : ''}>{access}</span>,
  },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  {
    id: 'sensitivity',
    title: 'Sensitivity',
    from: 'md',
    by: ({ sensitivity }) => sensitivity,
    cell: ({ sensitivity }) => <Sensitivity is={sensitivity} />,
  },
  { id: 'credential', title: 'Credential', from: 'md', cell: ({ hasSecret }) => <Credential has={hasSecret} /> },
  {
    id: 'counterpart',
    title: 'Counterpart',
    from: 'lg',
    cell: ({ other }) => (other === undefined ? <span className="text-faint">none</span> : <bdi>{visible(other)}</bdi>),
  },
  { id: 'owner', title: 'Owner', from: 'lg', cell: ({ owner }) => <Somebody id={owner} plain /> },
]

/** What is asked to learn whether somebody may make one in an environment. */
export const someConnection = (me: string | undefined, environment: string | undefined) =>
  me === undefined || environment === undefined
    ? undefined
    : ({
        environment,
        slug: 'connection',
        access: 'read',
        baseUrl: 'https://upstream.example',
        sensitivity: 'internal',
        owner: me,
      } as const)

/** The screen. */
export function Connections(): ReactElement {
  const me = useMe()
  const [search, change] = useView()
  const reading = useWholeList('connection:list', { limit: 200 })
  const environments = usePlacedList('environment:list', { limit: 200 }, { every: false }).reading
  const places = new Map(environments.state === 'ready' ? environments.data.items.map((one) => [one.id, one]) : [])
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return (
    <TwinsPage
      title="Connections"
      line="What runs, and what was promoted, may reach: one environment each, through the broker alone."
      actions={
        <NewLink action="connection:create" asked={someConnection(me?.id, [...places.keys()][0])} to="/connections/new">
          New connection
        </NewLink>
      }
    >
      {reading.state === 'failed' ? null : (
        <div className="mb-4 flex">
          <Search
            label="Filter connections by name, address or environment"
            value={search.find ?? ''}
            onChange={(find) => change({ find: find === '' ? undefined : find })}
          />
        </div>
      )}
      <Shown of={reading} what="connections">
        {(listed) => {
          const names = new Map(listed.items.map(({ id, slug }) => [id, slug]))
          const rows = listed.items
            .map((one): Row => ({ ...one, where: places.get(one.environment), other: names.get(one.counterpart ?? '') }))
            .filter(({ id, slug, baseUrl, where }) => {
              const said = `${id} ${slug} ${baseUrl} ${where?.slug ?? ''}`.toLowerCase()
              return words.every((word) => said.includes(word))
            })
          return (
            <>
              <Table
                label="Connections"
                rows={rows}
                idOf={({ id }) => id}
                to={({ id }) => place('/connections/$connection', { connection: id })}
                columns={columns}
                empty={
                  words.length > 0 ? (
                    <Empty title="No connection is like that." />
                  ) : (
                    <Empty title="There are no connections yet." command="npx twinlock connection create --help">
                      A run reaches nothing outside its cell but connections that its scenario names. Make one here or on the command line:
                    </Empty>
                  )
                }
              />
              {listed.items.length === 0 ? null : <More of={{ ...listed, items: rows }} one="connection" />}
            </>
          )
        }}
      </Shown>
    </TwinsPage>
  )
}
