// One batch: what it is of, how far its runs are, each of them with how it came out, and the way to end all of them at once.
import type { ReactElement } from 'react'
import { useList, useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Choose } from '../../design/choose.tsx'
import { Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Icon } from '../../design/icon.tsx'
import { Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { Section } from '../../design/page.tsx'
import { State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { counted, span } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import { useParam, useView } from '../../shell/view.ts'
import { BatchState, batchName, type ShownBatch, Standing } from './batch-words.tsx'
import { type ListedRun, stateOf } from './listed-run.ts'
import { Took } from './run-table.tsx'
import { RunsPage } from './runs-page.tsx'

const everyLiveMs = 4_000
/** A batch has no more runs than one page holds. */
const runsMax = 100

const which = [
  { id: 'all', name: 'All' },
  { id: 'live', name: 'Live' },
  { id: 'succeeded', name: 'Succeeded' },
  { id: 'failed', name: 'Did not succeed' },
] as const

type Which = (typeof which)[number]['id']

const standsAt = ({ outcome }: ListedRun): Exclude<Which, 'all'> =>
  outcome === null ? 'live' : outcome === 'succeeded' ? 'succeeded' : 'failed'

const order = ['failed', 'live', 'succeeded'] as const

/** What did not succeed first, then what lives, then the rest; among those by their seeds. */
const sorted = (runs: readonly ListedRun[]): readonly ListedRun[] =>
  [...runs].sort((one, other) => order.indexOf(standsAt(one)) - order.indexOf(standsAt(other)) || one.seed - other.seed)

function Seed({ run, scenario }: { readonly run: ListedRun; readonly scenario: string }): ReactElement {
  const { id, seed, reason, outcome } = run
  return (
    <span className="block min-w-0">
      <span className="font-medium">{seed}</span>
      {run.scenario === scenario ? null : <bdi className="ml-2 text-soft">{visible(run.scenarioName ?? run.scenario)}</bdi>}
      <code className="block max-w-[12rem] truncate font-mono text-tiny text-faint sm:max-w-none">{id}</code>
      {reason === null || outcome === null || outcome === 'succeeded' ? null : (
        <bdi className="block text-tiny text-soft [overflow-wrap:anywhere]">{visible(reason)}</bdi>
      )}
      <span className="block text-tiny beside-sm:hidden">
        <Took run={run} />
      </span>
    </span>
  )
}

function columnsOf(batch: ShownBatch): readonly Column<ListedRun>[] {
  return [
    {
      id: 'seed',
      title: 'Seed',
      by: ({ seed }) => seed,
      cell: (run) => <Seed run={run} scenario={batch.scenario} />,
    },
    { id: 'state', title: 'State', by: stateOf, cell: (run) => <State is={stateOf(run)} /> },
    {
      id: 'began',
      title: 'Began',
      from: 'sm',
      by: ({ startedAt }) => startedAt ?? '',
      cell: ({ startedAt }) => <When at={startedAt} none="not yet" />,
    },
    { id: 'took', title: 'Took', align: 'end', from: 'sm', cell: (run) => <Took run={run} /> },
  ]
}

function EndAll({ batch }: { readonly batch: ShownBatch }): ReactElement {
  const { id, runs, endedAt } = batch
  return (
    <Act
      action="batch:end"
      label="End all"
      title="End every run of this batch"
      input={(reason) => ({ batch: id, reason })}
      reason="Why it is ended. It goes on the record."
      before={
        <>
          <p>
            {counted(runs.live, 'run')} and every credential of theirs end at once. What they wrote is sealed as it is; an ended run does
            not go on.
          </p>
          <p>What was given until the end of this batch ends with it.</p>
        </>
      }
      after={({ stopped, tookMs }) => (
        <p>
          {counted(stopped.runs, 'run')} and {counted(stopped.credentials, 'credential')} ended in {span(tookMs)}. Nothing of them is
          admitted any more.
        </p>
      )}
      weight="danger"
      notNow={endedAt === null ? undefined : 'It is over: its last run has ended.'}
    />
  )
}

function Line({ batch }: { readonly batch: ShownBatch }): ReactElement {
  const { environmentClass, environmentSlug, launchedBy, launchedByName, createdAt } = batch
  return (
    <>
      <BatchState of={batch} />
      <EnvironmentMark of={environmentClass} name={environmentSlug} />
      <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
        launched <When at={createdAt} /> by{' '}
        <Identity brief id={launchedBy} name={launchedByName === null ? null : visible(launchedByName)} />
      </span>
    </>
  )
}

function Runs({ batch }: { readonly batch: ShownBatch }): ReactElement {
  const [search, change] = useView()
  const runs = useList(
    'run:list',
    { batch: batch.id, twin: batch.twin, limit: runsMax },
    { every: batch.endedAt === null ? everyLiveMs : false },
  )
  const chosen: Which = which.find(({ id }) => id === search.show)?.id ?? 'all'
  return (
    <Section title="Its runs" note="each decided, and on the record, as if it had been launched alone">
      <div className="mb-2">
        <Choose label="Which runs" value={chosen} onChange={(id) => change({ show: id === 'all' ? undefined : id })} choices={which} />
      </div>
      <Shown of={runs} what="its runs" rows={3}>
        {({ items }) => (
          <Table
            label="Its runs"
            rows={sorted(items.filter((run) => chosen === 'all' || standsAt(run) === chosen))}
            idOf={({ id }) => id}
            to={({ id }) => place('/runs/$run', { run: id })}
            columns={columnsOf(batch)}
            empty={<p className="py-3 text-soft">None of its runs is there.</p>}
          />
        )}
      </Shown>
    </Section>
  )
}

function About({
  batch: { id, twin, twinName, scenario, scenarioName, environment, endedAt },
}: {
  readonly batch: ShownBatch
}): ReactElement {
  return (
    <Section title="Where it comes from">
      <Facts>
        <Fact name="Launched from">
          <Link to={place('/scenarios/$scenario', { scenario })}>
            <bdi>{visible(scenarioName ?? scenario)}</bdi>
          </Link>{' '}
          <span className="text-soft">of the twin</span>{' '}
          <Link to={place('/twins/$twin', { twin })}>
            <bdi>{visible(twinName ?? twin)}</bdi>
          </Link>
        </Fact>
        <Fact name="Over">
          <When at={endedAt} none="with its last run" />
        </Fact>
        <Fact name="From here">
          <span className="flex flex-wrap gap-x-4">
            <Link to={place('/launch', {}, { scenario, environment })}>Launch it again</Link>
            {endedAt === null ? (
              <Link to={place('/access/new-grant', {}, { until: 'batch', end: id })}>Give access until it is over</Link>
            ) : null}
            <Link to={place('/audit', {}, { resource: id })}>Entries about it</Link>
          </span>
        </Fact>
        <Fact name="Batch">
          <Id id={id} />
        </Fact>
      </Facts>
    </Section>
  )
}

/** The screen. */
export function Batch(): ReactElement {
  const id = useParam('batch')
  const reading = useRead('batch:show', { batch: id }, { every: everyLiveMs })
  const batch = reading.state === 'ready' ? reading.data : undefined
  return (
    <RunsPage
      title={batch === undefined ? 'Batch' : visible(batchName(batch))}
      mark={<Icon name="stack" className="text-soft" />}
      below="/batches"
      line={batch === undefined ? undefined : <Line batch={batch} />}
      actions={batch === undefined ? undefined : <EndAll batch={batch} />}
    >
      <Shown of={reading} what="the batch">
        {(shown) => (
          <>
            <Section title="How far it is" note={counted(shown.size, 'run')}>
              <Standing of={shown} />
            </Section>
            <Runs batch={shown} />
            <About batch={shown} />
          </>
        )}
      </Shown>
    </RunsPage>
  )
}
