// Workloads: the pipelines, agents and services that act by keys of their own, each with whoever answers for it and whether its key is changing.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Environments, Who } from '../../access/who.tsx'
import { Thing } from '../../audit/thing.tsx'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'
import { everyMs } from '../settled.ts'
import { Keys, type Workload } from './workload-words.tsx'

const pageSize = 200

const kinds = [
  { id: 'all', name: 'All' },
  { id: 'pipeline', name: 'Pipelines' },
  { id: 'agent', name: 'Agents' },
  { id: 'service', name: 'Services' },
] as const

function columnsOf(of: Directory): readonly Column<Workload>[] {
  return [
    {
      id: 'who',
      title: 'Workload',
      by: ({ slug }) => slug,
      cell: (one) => (
        <span className="block min-w-0">
          <span className="font-medium">
            <Thing id={one.id} name={visible(one.slug)} brief />
          </span>
          <span className="block pl-[18px] text-tiny text-soft">
            {one.kind}
            <span className="block beside-sm:hidden">
              <Environments ids={[one.environment]} of={of} none="" />
            </span>
            <span className="block beside-sm:hidden">
              <Keys of={one} />
            </span>
          </span>
        </span>
      ),
    },
    { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
    {
      id: 'environment',
      title: 'Environment',
      from: 'sm',
      by: ({ environment }) => of.nameOf(environment) ?? environment,
      cell: ({ environment }) => <Environments ids={[environment]} of={of} none="" />,
    },
    { id: 'key', title: 'Key', from: 'sm', by: ({ former }) => former?.until ?? '9', cell: (one) => <Keys of={one} /> },
    {
      id: 'owner',
      title: 'Owner',
      from: 'md',
      by: ({ owner }) => of.nameOf(owner) ?? owner,
      cell: ({ owner }) => <Who id={owner} of={of} />,
    },
  ]
}

/** The screen. */
export function Workloads(): ReactElement {
  const [search, change] = useView()
  const may = useMay('person:list', {})
  const workloads = useList('workload:list', { limit: pageSize }, { every: everyMs })
  const of = useDirectory(workloads.state === 'ready', workloads.state === 'ready' && may.state === 'yes')
  const kind = kinds.find(({ id }) => id === search.kind)?.id ?? 'all'
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const isNarrowed = kind !== 'all' || words.length > 0
  const matches = (one: Workload): boolean => {
    const said = `${one.slug} ${one.id} ${one.spiffeId} ${of.nameOf(one.owner) ?? ''}`.toLowerCase()
    return (kind === 'all' || one.kind === kind) && words.every((word) => said.includes(word))
  }
  return (
    <PeoplePage
      title="Workloads"
      line="Pipelines, agents and services: each acts by a key of its own, in one environment, and somebody answers for it."
      actions={
        <LinkButton to="/people/workloads/new" weight="primary">
          Register a workload
        </LinkButton>
      }
    >
      {workloads.state === 'failed' ? null : (
        <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
          <Choose label="Which workloads" value={kind} onChange={(id) => change({ kind: id === 'all' ? undefined : id })} choices={kinds} />
          <Search
            label="Filter workloads by name or id"
            value={search.find ?? ''}
            onChange={(find) => change({ find: find === '' ? undefined : find })}
          />
        </div>
      )}
      <Shown of={workloads} what="workloads">
        {(listed) => {
          const found = listed.items.filter(matches)
          return (
            <>
              <Table
                label="Workloads"
                rows={found}
                idOf={({ id }) => id}
                columns={columnsOf(of)}
                also={[of]}
                to={({ id }) => place('/people/workloads/$workload', { workload: id })}
                empty={
                  isNarrowed ? (
                    <Empty title="No workload is like that.">
                      <Button onPress={() => change({ kind: undefined, find: undefined }, true)}>Show every workload</Button>
                    </Empty>
                  ) : (
                    <Empty title="No workload is registered." command="npx twinlock workload create --help">
                      <Link to="/people/workloads/new">Register</Link> a pipeline that launches runs, an agent or a service, with the public
                      half of a key of its own:
                    </Empty>
                  )
                }
              />
              {listed.items.length === 0 ? null : <More of={{ ...listed, items: found }} one="workload" />}
            </>
          )
        }}
      </Shown>
    </PeoplePage>
  )
}
