// Batches: runs that were launched together, the newest first, with how far all of them are.
import type { ReactElement } from 'react'
import { buttonLook } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Icon } from '../../design/icon.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { useView } from '../../shell/view.ts'
import { Within } from '../../shell/within.tsx'
import { More } from '../people/more.tsx'
import { BatchState, batchName, type ShownBatch, standingOf } from './batch-words.tsx'
import { RunsPage } from './runs-page.tsx'

const everyLiveMs = 4_000
const pageSize = 100

const which = [
  { id: 'all', name: 'All' },
  { id: 'live', name: 'Live' },
  { id: 'over', name: 'Over' },
] as const

const columns: readonly Column<ShownBatch>[] = [
  {
    id: 'batch',
    title: 'Batch',
    by: batchName,
    cell: (batch) => (
      <span className="block min-w-0">
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(batchName(batch))}</bdi>
        <span className="block text-tiny text-soft">{standingOf(batch)}</span>
        <code className="block max-w-[12rem] truncate font-mono text-tiny text-faint sm:max-w-none">{batch.id}</code>
        <span className="mt-1 block beside-sm:hidden">
          <EnvironmentMark of={batch.environmentClass} name={batch.environmentSlug} />
        </span>
      </span>
    ),
  },
  { id: 'state', title: 'State', by: ({ endedAt }) => endedAt ?? '', cell: (batch) => <BatchState of={batch} /> },
  {
    id: 'environment',
    title: 'Environment',
    from: 'sm',
    by: ({ environmentSlug }) => environmentSlug,
    cell: ({ environmentClass, environmentSlug }) => <EnvironmentMark of={environmentClass} name={environmentSlug} />,
  },
  {
    id: 'who',
    title: 'Launched by',
    from: 'md',
    by: ({ launchedByName }) => launchedByName ?? '',
    cell: ({ launchedBy, launchedByName }) => (
      <Identity brief id={launchedBy} name={launchedByName === null ? null : visible(launchedByName)} />
    ),
  },
  { id: 'when', title: 'Launched', from: 'sm', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
]

/** The screen. */
export function Batches(): ReactElement {
  const [search, change] = useView()
  const chosen = which.find(({ id }) => id === search.show)?.id ?? 'all'
  const asked = { limit: pageSize, ...(chosen === 'all' ? {} : { live: chosen === 'live' }) }
  const { reading: batches, within } = usePlacedList('batch:list', asked, { every: everyLiveMs, keepFormer: true })
  return (
    <RunsPage
      title="Batches"
      line="Runs that were launched together: all of them, or none."
      actions={
        <Link to="/launch" quiet className={`${buttonLook('primary')} hover:no-underline`}>
          <Icon name="plus" />
          Launch runs
        </Link>
      }
    >
      <div className="mb-4">
        <Choose label="Which batches" value={chosen} onChange={(id) => change({ show: id === 'all' ? undefined : id })} choices={which} />
      </div>
      <Within of={within} />
      <Shown of={batches} what="batches">
        {(listed) => (
          <>
            <Table
              label="Batches"
              rows={listed.items}
              idOf={({ id }) => id}
              to={({ id }) => place('/batches/$batch', { batch: id })}
              columns={columns}
              empty={
                chosen === 'all' ? (
                  <Empty title="Nothing was launched together yet." command="npx twinlock batch launch --help">
                    One run for each of several seeds is a batch. <Link to="/launch">Launch one</Link> by writing more than one seed, or do
                    it from a pipeline:
                  </Empty>
                ) : (
                  <Empty title={chosen === 'live' ? 'No batch is live.' : 'No batch is over.'} />
                )
              }
            />
            {listed.items.length === 0 ? null : <More of={listed} one="batch" many="batches" />}
          </>
        )}
      </Shown>
    </RunsPage>
  )
}
