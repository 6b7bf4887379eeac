// The lineage of a thing, or of what an entry is about: a graph from what led to it to what came of it, and the same facts as a table. What is missing is
// red, what was left out is said. Reading it is recorded, so it is read once.
import { lazy, type ReactElement, Suspense, useEffect, useMemo } from 'react'
import { useRead } from '../../api/queries.ts'
import { Empty, Loading, Notice, Partial, Shown } from '../../design/conditions.tsx'
import { Link, place, useGo } from '../../design/link.tsx'
import { Page } from '../../design/page.tsx'
import { counted } from '../../design/time.ts'
import { useParam, useView } from '../../shell/view.ts'
import { viewOf } from '../../shell/view-of.ts'
import { isTraceable, ThingMark, thingWord } from '../audit/thing.tsx'
import type { ShownEntry } from '../audit/verify.ts'
import { ChosenNode } from './chosen.tsx'
import { type DrawnNode, draw } from './cluster.ts'
import { LineageTables } from './tables.tsx'
import { cutWords, type Gap, gapsIn, mayBeCut, type Trace, unnumberedIn } from './trail.ts'

const loadGraph = async () => ({ default: (await import('./graph.tsx')).Graph })
const Graph = lazy(loadGraph)

const crumbs = [{ name: 'Audit', to: '/audit' }]
const namesMax = 200

/** The ids that a text of the URL lists. */
const idsIn = (text: string | undefined): ReadonlySet<string> => new Set((text ?? '').split(',').filter(isTraceable).slice(0, namesMax))

/** The thing that an entry is about: what it made, else what it was done on; undefined when that is the organization itself. */
export function subjectOf({ action, links }: Pick<ShownEntry, 'action' | 'links'>): string | undefined {
  const noun = action.split(':')[0]
  const wanted = [...links.filter(({ rel }) => rel === noun), ...links.filter(({ rel }) => rel === 'resource'), ...links]
  return wanted.find(({ id }) => isTraceable(id) && !/^(org|ent|ses)_/.test(id))?.id
}

function Findings({ trace, gaps }: { readonly trace: Trace; readonly gaps: readonly Gap[] }): ReactElement {
  const { fresh, late } = unnumberedIn(trace, Date.now())
  const cut = cutWords(trace)
  return (
    <>
      {gaps.length === 0 ? null : (
        <Notice tone="bad" title={`The chain has ${counted(gaps.length, 'gap')}.`}>
          {gaps.slice(0, 3).map(({ id, says }) => (
            <span key={id} className="block [overflow-wrap:anywhere]">
              {says}
            </span>
          ))}
          {gaps.length > 3 ? <span className="block">The others are first in the table.</span> : null}
        </Notice>
      )}
      {late.length === 0 ? null : (
        <Notice tone="bad" title={`${counted(late.length, 'entry', 'entries')} of it should long be in the log, and cannot be proved.`}>
          The first is <Link to={place('/audit/$entry', { entry: late[0] ?? '' })}>{late[0]}</Link>.
        </Notice>
      )}
      {fresh === 0 ? null : (
        <Partial title={`${counted(fresh, 'entry', 'entries')} of it cannot be proved yet.`}>They get their number within seconds.</Partial>
      )}
      {cut.length === 0 ? null : <Partial title="Not everything is shown.">Left out: {cut.join('; ')}.</Partial>}
    </>
  )
}

function Drawn({ trace }: { readonly trace: Trace }): ReactElement {
  const [search, change] = useView()
  const go = useGo()
  const { opened = '', apart = '', at } = search
  const gaps = useMemo(() => gapsIn(trace), [trace])
  const drawing = useMemo(() => draw(trace, gaps, trace.id, { opened: idsIn(opened), apart: idsIn(apart) }), [trace, gaps, opened, apart])
  const chosen = drawing.nodes.find(({ id }) => id === at) ?? drawing.nodes.find(({ id }) => id === trace.id) ?? drawing.nodes[0]
  const add = (list: string, id: string): string => [...idsIn(list), id].join(',')
  const openCluster = (lead: string): void => change({ opened: add(opened, lead), at: lead }, true)
  const open = (drawn: DrawnNode): void => {
    if (drawn.is === 'cluster') openCluster(drawn.lead)
    else if (drawn.is === 'gap') go(place('/audit', {}, { resource: drawn.gap.to }))
    else go(viewOf(drawn.id) ?? place('/audit/$entry', { entry: drawn.node.entry }))
  }
  const isChanged = opened !== '' || apart !== ''
  if (chosen === undefined)
    return (
      <Empty title="Nothing is recorded that led to it or came of it.">
        <Link to={place('/audit', {}, { resource: trace.id })}>Entries that speak of it</Link>
      </Empty>
    )
  return (
    <>
      <Findings trace={trace} gaps={gaps} />
      <div className="grid gap-x-6 gap-y-4 md:grid-cols-[minmax(0,1fr)_19rem]">
        <Suspense fallback={<Loading what="the graph" />}>
          <Graph
            label="Graph of the lineage"
            drawing={drawing}
            subject={trace.id}
            at={chosen.id}
            onAt={(id) => change({ at: id === trace.id ? undefined : id })}
            onOpen={open}
          />
        </Suspense>
        <div className="min-w-0">
          <ChosenNode
            drawn={chosen}
            drawing={drawing}
            subject={trace.id}
            mayBeCut={mayBeCut(trace)}
            onAt={(id) => change({ at: id })}
            onPull={(id) => change({ apart: add(apart, id), at: id }, true)}
            onOpen={openCluster}
          />
          {isChanged ? (
            <p className="mt-4 text-small">
              <Link to={place('/lineage/$subject', { subject: trace.id })}>Close all clusters again</Link>
            </p>
          ) : null}
        </div>
      </div>
      <LineageTables
        trace={trace}
        gaps={gaps}
        shown={search.table}
        onShow={(table) => change({ table: table === 'steps' ? undefined : table })}
      />
    </>
  )
}

function Traced({ subject, entry }: { readonly subject: string; readonly entry?: ShownEntry | undefined }): ReactElement {
  const reading = useRead('ledger:trace', { id: subject }, { every: false })
  // The graph comes while the trail is read. If it does not come, the view that draws it asks again and says so.
  useEffect(() => void loadGraph().catch(() => undefined), [])
  const trace = reading.state === 'ready' ? reading.data : undefined
  const node = trace?.nodes.find(({ id }) => id === subject)
  const view = viewOf(subject)
  return (
    <Page
      title={`Lineage of ${node?.title ?? thingWord(subject)}`}
      mark={<ThingMark id={subject} />}
      crumbs={crumbs}
      line={
        <>
          {entry === undefined ? null : (
            <span>
              what the entry <Link to={place('/audit/$entry', { entry: entry.id })}>{entry.action}</Link> is about
            </span>
          )}
          {trace === undefined ? null : (
            <span>
              {counted(trace.nodes.length, 'thing')}, {counted(trace.edges.length, 'step')}, from{' '}
              {counted(trace.entries.length, 'entry', 'entries')}
            </span>
          )}
          {view === undefined ? null : <Link to={view}>Open the {thingWord(subject)}</Link>}
          <Link to={place('/audit', {}, { resource: subject })}>Its entries</Link>
        </>
      }
    >
      <Shown of={reading} what="the lineage">
        {(read) => <Drawn trace={read} />}
      </Shown>
    </Page>
  )
}

function OfEntry({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('ledger:show', { entry: id }, { every: false })
  const entry = reading.state === 'ready' ? reading.data : undefined
  const subject = entry === undefined ? undefined : subjectOf(entry)
  if (subject !== undefined) return <Traced subject={subject} entry={entry} />
  return (
    <Page title="Lineage of an entry" crumbs={crumbs}>
      <Shown of={reading} what="the entry">
        {() => (
          <Empty title="This entry is about nothing that has a lineage.">
            <Link to={place('/audit/$entry', { entry: id })}>Show the entry</Link>
          </Empty>
        )}
      </Shown>
    </Page>
  )
}

/** The screen. */
export function Lineage(): ReactElement {
  const subject = useParam('subject')
  return subject.startsWith('ent_') ? <OfEntry key={subject} id={subject} /> : <Traced key={subject} subject={subject} />
}
