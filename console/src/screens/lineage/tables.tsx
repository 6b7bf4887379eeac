// The facts of the graph as tables, for those who do not see it and for those who want to read it line by line: every thing and every step, clusters or not,
// and gaps first.
import type { ReactElement } from 'react'
import { Choose } from '../../design/choose.tsx'
import { Icon } from '../../design/icon.tsx'
import { place, useGo } from '../../design/link.tsx'
import { type LongColumn, LongTable } from '../../design/long-table.tsx'
import { Section } from '../../design/page.tsx'
import { useWidth } from '../../design/table.tsx'
import { exact, momentOf } from '../../design/time.ts'
import { viewOf } from '../../shell/view-of.ts'
import { EntryOutcome } from '../audit/outcome.tsx'
import { ThingMark } from '../audit/thing.tsx'
import type { Gap, Trace, TraceEdge, TraceNode } from './trail.ts'

const rowPixels = 32

/** As high as it needs, up to a screen's part. */
const heightFor = (rows: number): string => `min(${(rows + 1) * rowPixels + 4}px, 50vh)`

function GapWord({ text }: { readonly text: string }): ReactElement {
  return (
    <span className="inline-flex items-center gap-1.5 font-medium text-bad">
      <Icon name="broken" />
      {text}
    </span>
  )
}

function Name({ node }: { readonly node: TraceNode | undefined }): ReactElement | null {
  if (node === undefined) return null
  return (
    <span className="inline-flex items-center gap-1.5">
      <ThingMark id={node.id} />
      <bdi>{node.title}</bdi>
    </span>
  )
}

/** Some of the columns, in widths that fit a phone. */
function narrowOf<T>(columns: readonly LongColumn<T>[], widths: Readonly<Record<string, string>>): readonly LongColumn<T>[] {
  return columns.flatMap((column) => {
    const width = widths[column.id]
    return width === undefined ? [] : [{ ...column, width }]
  })
}

type ThingRow = { readonly node: TraceNode; readonly gap?: undefined } | { readonly gap: Gap; readonly node?: undefined }

const thingColumns: readonly LongColumn<ThingRow>[] = [
  {
    id: 'thing',
    title: 'Thing',
    width: 'minmax(12rem, 2fr)',
    cell: ({ node, gap }) => (gap === undefined ? <Name node={node} /> : <GapWord text={`gap: no ${gap.missing} recorded`} />),
  },
  { id: 'kind', title: 'Kind', width: 'minmax(6rem, 1fr)', cell: ({ node, gap }) => node?.kind ?? gap?.missing },
  { id: 'state', title: 'Now', width: 'minmax(7rem, 1fr)', cell: ({ node }) => node?.state?.replaceAll('_', ' ') ?? '–' },
  {
    id: 'at',
    title: 'Recorded',
    width: 'minmax(12rem, 1fr)',
    cell: ({ node }) => {
      const moment = momentOf(node?.at)
      return moment === undefined ? '–' : exact(moment)
    },
  },
  {
    id: 'id',
    title: 'Id',
    width: 'minmax(15rem, 1.5fr)',
    cell: ({ node, gap }) => <code className="font-mono text-tiny">{node?.id ?? gap?.to}</code>,
  },
]

// On a phone the names of both ends and what joins them; the rest is in what a row opens.
const thingsNarrow = narrowOf(thingColumns, { thing: 'minmax(0, 1fr)', kind: '5.5rem', state: '6rem' })

interface StepRow {
  readonly from: TraceNode | undefined
  readonly to: TraceNode | undefined
  readonly edge?: TraceEdge
  readonly gap?: Gap
}

const stepColumns: readonly LongColumn<StepRow>[] = [
  {
    id: 'from',
    title: 'From',
    width: 'minmax(11rem, 2fr)',
    cell: ({ from, gap }) => (gap === undefined ? <Name node={from} /> : <GapWord text={`gap: no ${gap.missing} recorded`} />),
  },
  { id: 'rel', title: 'How', width: 'minmax(7rem, 1fr)', cell: ({ edge }) => edge?.rel.replaceAll('_', ' ') ?? '–' },
  { id: 'to', title: 'To', width: 'minmax(11rem, 2fr)', cell: ({ to }) => <Name node={to} /> },
  {
    id: 'outcome',
    title: 'Outcome',
    width: 'minmax(7rem, 1fr)',
    cell: ({ edge }) => (edge === undefined ? <span className="text-bad">missing</span> : <EntryOutcome is={edge.outcome} />),
  },
  {
    id: 'count',
    title: 'Times',
    width: 'minmax(4rem, .5fr)',
    align: 'end',
    cell: ({ edge }) => edge?.count.toLocaleString('en-US') ?? '0',
  },
]

const stepsNarrow = narrowOf(stepColumns, { from: 'minmax(0, 1fr)', rel: '4.75rem', to: 'minmax(0, 1fr)' })

function Things({ trace, gaps }: { readonly trace: Trace; readonly gaps: readonly Gap[] }): ReactElement {
  const go = useGo()
  const rows: readonly ThingRow[] = [...gaps.map((gap) => ({ gap })), ...trace.nodes.map((node) => ({ node }))]
  return (
    <LongTable
      label="Things of this lineage"
      count={rows.length}
      rowAt={(at) => rows[at]}
      columns={useWidth('sm') ? thingColumns : thingsNarrow}
      height={heightFor(rows.length)}
      onOpen={({ node, gap }) =>
        go(
          node === undefined ? place('/audit', {}, { resource: gap?.to }) : (viewOf(node.id) ?? place('/audit', {}, { resource: node.id })),
        )
      }
    />
  )
}

function Steps({ trace, gaps }: { readonly trace: Trace; readonly gaps: readonly Gap[] }): ReactElement {
  const go = useGo()
  const nodes = new Map(trace.nodes.map((node) => [node.id, node]))
  const rows: readonly StepRow[] = [
    ...gaps.map((gap) => ({ gap, from: undefined, to: nodes.get(gap.to) })),
    ...trace.edges.map((edge) => ({ edge, from: nodes.get(edge.from), to: nodes.get(edge.to) })),
  ]
  return (
    <LongTable
      label="Steps of this lineage"
      count={rows.length}
      rowAt={(at) => rows[at]}
      columns={useWidth('sm') ? stepColumns : stepsNarrow}
      height={heightFor(rows.length)}
      onOpen={({ edge, gap }) =>
        go(edge === undefined ? place('/audit', {}, { resource: gap?.to }) : place('/audit/$entry', { entry: edge.entry }))
      }
    />
  )
}

interface LineageTablesProps {
  readonly trace: Trace
  readonly gaps: readonly Gap[]
  /** `things` or `steps`; out of the URL. */
  readonly shown: string | undefined
  readonly onShow: (shown: string) => void
}

/** The same facts as tables. */
export function LineageTables({ trace, gaps, shown, onShow }: LineageTablesProps): ReactElement {
  const value = shown === 'things' ? 'things' : 'steps'
  return (
    <Section
      title="The same as a table"
      note="Enter opens a row"
      actions={
        <Choose
          label="What the table shows"
          value={value}
          onChange={onShow}
          choices={[
            { id: 'steps', name: `${trace.edges.length.toLocaleString('en-US')} steps` },
            { id: 'things', name: `${trace.nodes.length.toLocaleString('en-US')} things` },
          ]}
        />
      }
    >
      {value === 'things' ? <Things trace={trace} gaps={gaps} /> : <Steps trace={trace} gaps={gaps} />}
    </Section>
  )
}
