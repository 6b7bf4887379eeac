// The lines of a drawing. Few of them are one element each, with a name and with what they say; of many, only those that tell of a refusal, a failure or a
// gap are: the others are one picture, since a thousand elements take longer to come and go than anybody looks at them. Every line is in the table of steps.
import { type Edge, getBezierPath, MarkerType, Position, ViewportPortal } from '@xyflow/react'
import { type ReactElement, useMemo } from 'react'
import { type Drawing, type DrawnEdge, drawnName, lineWords } from './cluster.ts'
import { type At, type Direction, labelledMax, nodeSize } from './layout.ts'

const ownMax = 150
const ordinary = 'var(--color-edge)'
const head = { length: 8, half: 4 }

function toneOf({ parts, isGap }: DrawnEdge): string {
  if (isGap || parts.some(({ outcome }) => outcome === 'denied')) return 'var(--color-bad)'
  return parts.some(({ outcome }) => outcome === 'failed') ? 'var(--color-warn)' : ordinary
}

/** Which lines of a drawing are an element each, and which are drawn together. */
export function sortedLines({ edges }: Drawing): { readonly own: readonly DrawnEdge[]; readonly together: readonly DrawnEdge[] } {
  if (edges.length <= ownMax) return { own: edges, together: [] }
  const own = new Set(edges.filter((edge) => toneOf(edge) !== ordinary).slice(0, ownMax))
  return { own: [...own], together: edges.filter((edge) => !own.has(edge)) }
}

/** Lines as the graph's library draws them, one element each. */
export function flowEdges({ nodes, edges }: Drawing, own: readonly DrawnEdge[]): Edge[] {
  const names = new Map(nodes.map((one) => [one.id, drawnName(one)]))
  const isFew = edges.length <= labelledMax
  return own.map((edge) => {
    const tone = toneOf(edge)
    const words = lineWords(edge)
    const isSaid = isFew || tone !== ordinary
    return {
      id: edge.id,
      source: edge.from,
      target: edge.to,
      focusable: false,
      ariaLabel: `${names.get(edge.from)} → ${names.get(edge.to)}: ${words}`,
      markerEnd: { type: MarkerType.ArrowClosed, color: tone, width: 16, height: 16 },
      style: { stroke: tone, strokeWidth: 1.25, ...(edge.isGap ? { strokeDasharray: '5 4', strokeWidth: 2 } : {}) },
      ...(isSaid
        ? {
            label: words,
            labelStyle: { fill: tone === ordinary ? 'var(--color-soft)' : tone, fontSize: 12 },
            labelBgStyle: { fill: 'var(--color-paper)' },
            labelBgPadding: [3, 1] as [number, number],
          }
        : {}),
    }
  })
}

function curve(from: At, to: At, direction: Direction): string {
  const isRight = direction === 'right'
  const [path] = getBezierPath({
    sourceX: from.x + (isRight ? nodeSize.width : nodeSize.width / 2),
    sourceY: from.y + (isRight ? nodeSize.height / 2 : nodeSize.height),
    sourcePosition: isRight ? Position.Right : Position.Bottom,
    targetX: to.x + (isRight ? 0 : nodeSize.width / 2),
    targetY: to.y + (isRight ? nodeSize.height / 2 : 0),
    targetPosition: isRight ? Position.Left : Position.Top,
  })
  return path
}

function arrowHead(to: At, direction: Direction): string {
  const { length, half } = head
  return direction === 'right'
    ? `M${to.x},${to.y + nodeSize.height / 2}l${-length},${-half}v${2 * half}z`
    : `M${to.x + nodeSize.width / 2},${to.y}l${-half},${-length}h${2 * half}z`
}

interface LinesTogetherProps {
  readonly lines: readonly DrawnEdge[]
  readonly places: ReadonlyMap<string, At>
  readonly direction: Direction
}

interface Tone {
  readonly tone: string
  readonly curves: string
  readonly heads: string
}

function pathsOf({ lines, places, direction }: LinesTogetherProps): readonly Tone[] {
  return [...Map.groupBy(lines, toneOf)].map(([tone, some]) => {
    const ends = some.flatMap(({ from, to }) => {
      const [start, end] = [places.get(from), places.get(to)]
      return start === undefined || end === undefined ? [] : [{ start, end }]
    })
    return {
      tone,
      curves: ends.map(({ start, end }) => curve(start, end, direction)).join(''),
      heads: [...new Set(ends.map(({ end }) => end))].map((end) => arrowHead(end, direction)).join(''),
    }
  })
}

/** Many lines as one picture behind the nodes: two paths for each colour. */
export function LinesTogether({ lines, places, direction }: LinesTogetherProps): ReactElement | null {
  const tones = useMemo(() => pathsOf({ lines, places, direction }), [lines, places, direction])
  if (lines.length === 0) return null
  return (
    <ViewportPortal>
      <svg
        role="img"
        aria-label={`${lines.length.toLocaleString('en-US')} lines; the table of steps has each`}
        className="pointer-events-none absolute top-0 left-0 -z-1 size-px overflow-visible"
      >
        {tones.map(({ tone, curves, heads }) => (
          <g key={tone} style={{ stroke: tone }}>
            <path d={curves} fill="none" strokeWidth={1.25} />
            <path d={heads} style={{ fill: tone }} />
          </g>
        ))}
      </svg>
    </ViewportPortal>
  )
}
