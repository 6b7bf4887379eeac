// What the reader is at in the graph: a thing with what led to it and what came of it, a cluster with its members, or a gap with what it means.
import type { ReactElement, ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { Icon } from '../../design/icon.tsx'
import { Id } from '../../design/id.tsx'
import { Link, place } from '../../design/link.tsx'
import { State } from '../../design/state.tsx'
import { When } from '../../design/when.tsx'
import { viewOf } from '../../shell/view-of.ts'
import { ThingMark, thingWord } from '../audit/thing.tsx'
import { type Drawing, type DrawnEdge, type DrawnNode, drawnName, lineWords } from './cluster.ts'

interface ChosenProps {
  readonly drawn: DrawnNode
  readonly drawing: Drawing
  readonly subject: string
  readonly mayBeCut: boolean
  readonly onAt: (id: string) => void
  readonly onPull: (id: string) => void
  readonly onOpen: (lead: string) => void
}

const shownMax = 12

function toneOf({ parts, isGap }: DrawnEdge): string {
  return isGap || parts.some(({ outcome }) => outcome === 'denied') ? 'text-bad' : 'text-soft'
}

interface LinesProps {
  readonly title: string
  readonly lines: readonly { readonly edge: DrawnEdge; readonly other: DrawnNode }[]
  readonly onAt: (id: string) => void
}

function Lines({ title, lines, onAt }: LinesProps): ReactElement | null {
  if (lines.length === 0) return null
  return (
    <div className="mt-4">
      <h3 className="text-small text-soft">{title}</h3>
      <ul>
        {lines.slice(0, shownMax).map(({ edge, other }) => (
          <li key={edge.id} className="flex flex-wrap items-baseline justify-between gap-x-3 border-b border-line/70 py-1 last:border-b-0">
            <button type="button" onClick={() => onAt(other.id)} className="min-w-0 rounded-mark text-left hover:underline">
              <bdi className="[overflow-wrap:anywhere]">{drawnName(other)}</bdi>
            </button>
            <span className={`text-tiny ${toneOf(edge)}`}>{lineWords(edge)}</span>
          </li>
        ))}
      </ul>
      {lines.length > shownMax ? <p className="text-tiny text-faint">and {lines.length - shownMax} more, in the table</p> : null}
    </div>
  )
}

function Named({
  mark,
  title,
  children,
}: {
  readonly mark: ReactNode
  readonly title: string
  readonly children: ReactNode
}): ReactElement {
  return (
    <>
      <h2 className="flex items-baseline gap-1.5 font-semibold">
        <span className="relative top-px flex h-[1lh] items-center self-start">{mark}</span>
        <bdi className="min-w-0 [overflow-wrap:anywhere]">{title}</bdi>
      </h2>
      {children}
    </>
  )
}

function Thing({ drawn, subject }: { readonly drawn: Extract<DrawnNode, { is: 'thing' }>; readonly subject: string }): ReactElement {
  const { id, title, state, at, entry } = drawn.node
  const view = viewOf(id)
  return (
    <Named mark={<ThingMark id={id} />} title={title}>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 text-small text-soft">
        {thingWord(id)}
        {state === null ? null : <State is={state} />}
        <span>
          recorded <When at={at} />
        </span>
      </p>
      <p className="mt-1">
        <Id id={id} />
      </p>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-small">
        {view === undefined ? null : <Link to={view}>Open the {thingWord(id)}</Link>}
        <Link to={place('/audit/$entry', { entry })}>Its first entry</Link>
        <Link to={place('/audit', {}, { resource: id })}>All its entries</Link>
        {id === subject ? null : <Link to={place('/lineage/$subject', { subject: id })}>Its lineage</Link>}
      </p>
    </Named>
  )
}

interface ClusterProps {
  readonly drawn: Extract<DrawnNode, { is: 'cluster' }>
  readonly onPull: (id: string) => void
  readonly onOpen: (lead: string) => void
}

function Cluster({ drawn, onPull, onOpen }: ClusterProps): ReactElement {
  return (
    <Named mark={<ThingMark id={drawn.lead} />} title={drawnName(drawn)}>
      <p className="mt-1 mb-2 text-small text-soft">The same things led to each of them, so they stand as one.</p>
      <Button onPress={() => onOpen(drawn.lead)}>Open the cluster</Button>
      <ul className="mt-3 max-h-64 overflow-y-auto">
        {drawn.members.map(({ id, title, state }) => (
          <li key={id} className="flex items-baseline justify-between gap-x-3 border-b border-line/70 py-1 last:border-b-0">
            <span className="min-w-0">
              <bdi className="[overflow-wrap:anywhere]">{title}</bdi>{' '}
              {state === null ? null : <span className="text-tiny text-faint">{state.replaceAll('_', ' ')}</span>}
            </span>
            <Button weight="word" onPress={() => onPull(id)} label={`Pull out ${title}`} className="-my-1 shrink-0">
              Pull out
            </Button>
          </li>
        ))}
      </ul>
    </Named>
  )
}

function Missing({ drawn, mayBeCut }: { readonly drawn: Extract<DrawnNode, { is: 'gap' }>; readonly mayBeCut: boolean }): ReactElement {
  return (
    <Named mark={<Icon name="broken" className="text-bad" />} title={drawnName(drawn)}>
      <p className="mt-1 font-medium text-bad">{drawn.gap.says}</p>
      <p className="mt-1 text-soft">
        {mayBeCut
          ? 'This trail was cut short, so the entry may exist beyond it: trace the thing itself to know.'
          : 'Nothing comes from nowhere: either the entry was taken away, or something was made past the ledger. Verify an export of the log.'}
      </p>
      <p className="mt-2 flex flex-wrap gap-x-4 text-small">
        <Link to={place('/lineage/$subject', { subject: drawn.gap.to })}>Trace the thing itself</Link>
        <Link to={place('/audit', {}, { resource: drawn.gap.to })}>Its entries</Link>
      </p>
    </Named>
  )
}

/** What the reader is at. */
export function ChosenNode({ drawn, drawing, subject, mayBeCut, onAt, onPull, onOpen }: ChosenProps): ReactElement {
  const nodes = new Map(drawing.nodes.map((one) => [one.id, one]))
  const linesOf = (side: 'from' | 'to') =>
    drawing.edges.flatMap((edge) => {
      const other = nodes.get(side === 'from' ? edge.from : edge.to)
      return (side === 'from' ? edge.to : edge.from) === drawn.id && other !== undefined ? [{ edge, other }] : []
    })
  return (
    <section aria-label="What is chosen in the graph" className="min-w-0">
      {drawn.is === 'thing' ? <Thing drawn={drawn} subject={subject} /> : null}
      {drawn.is === 'cluster' ? <Cluster drawn={drawn} onPull={onPull} onOpen={onOpen} /> : null}
      {drawn.is === 'gap' ? <Missing drawn={drawn} mayBeCut={mayBeCut} /> : null}
      <Lines title="What led to it" lines={linesOf('from')} onAt={onAt} />
      <Lines title="What came of it" lines={linesOf('to')} onAt={onAt} />
    </section>
  )
}
