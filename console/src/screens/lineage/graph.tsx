// The graph of a trail, to be read and never edited: one tab stop, arrows go from thing to thing, `o` opens a cluster, Enter opens what it stands for, Home
// returns to what was asked for. Loaded on demand; the tables below it carry the same facts.
import '@xyflow/react/dist/base.css'
import { Position, ReactFlow, type ReactFlowInstance } from '@xyflow/react'
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Button } from '../../design/button.tsx'
import { useWidth } from '../../design/table.tsx'
import type { Drawing, DrawnNode } from './cluster.ts'
import { type At, type Direction, nextBy, nodeSize, placesOf } from './layout.ts'
import { flowEdges, LinesTogether, sortedLines } from './lines.tsx'
import { DrawnNodeView, type FlowNode, LookingContext } from './node.tsx'

interface GraphProps {
  readonly label: string
  readonly drawing: Drawing
  readonly subject: string
  /** The drawn node that the reader is at. */
  readonly at: string
  readonly onAt: (id: string) => void
  /** Enter: the view of a thing, or the inside of a cluster. */
  readonly onOpen: (drawn: DrawnNode) => void
}

const nodeTypes = { drawn: DrawnNodeView }
// The library's own colours give way to the tokens.
const look = '[&_a]:text-faint!'
const ground = { '--xy-background-color': 'transparent', '--xy-attribution-background-color': 'transparent' } as CSSProperties

const toBeRead = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  disableKeyboardA11y: true,
  preventScrolling: false,
  zoomOnScroll: false,
  zoomOnDoubleClick: false,
  minZoom: 0.05,
  maxZoom: 1.5,
} as const

const allDrawnMax = 150
const readableZoom = 0.6

/** Where lines begin and end. Said beforehand: the library would first draw every node, in sight or not, to measure it. */
function handlesFor(direction: Direction): NonNullable<FlowNode['handles']> {
  const { width, height } = nodeSize
  return direction === 'right'
    ? [
        { type: 'target', position: Position.Left, x: 0, y: height / 2 },
        { type: 'source', position: Position.Right, x: width, y: height / 2 },
      ]
    : [
        { type: 'target', position: Position.Top, x: width / 2, y: 0 },
        { type: 'source', position: Position.Bottom, x: width / 2, y: height },
      ]
}

function flowNodes({ nodes }: Drawing, places: ReadonlyMap<string, At>, direction: Direction): FlowNode[] {
  const handles = handlesFor(direction)
  return nodes.map((drawn) => ({
    id: drawn.id,
    type: 'drawn',
    data: { drawn },
    position: { ...(places.get(drawn.id) ?? { x: 0, y: 0 }) },
    ...nodeSize,
    handles,
    // The button inside has the name and the focus; the frame around it says nothing of itself.
    domAttributes: { 'aria-roledescription': undefined } as NonNullable<FlowNode['domAttributes']>,
  }))
}

const edgePixels = 24

/** The lower right corner of what is drawn. */
function farEndOf(places: ReadonlyMap<string, At>): At {
  let [right, low] = [0, 0]
  for (const { x, y } of places.values()) {
    right = Math.max(right, x)
    low = Math.max(low, y)
  }
  return { x: right + nodeSize.width, y: low + nodeSize.height }
}

/** How far a drawing of this length is moved so that a place of it comes to the middle of the room, without leaving room beyond its ends. */
function shiftFor(place: number, length: number, room: number, zoom: number): number {
  if (length * zoom <= room - 2 * edgePixels) return (room - length * zoom) / 2
  return Math.max(room - edgePixels - length * zoom, Math.min(edgePixels, room / 2 - place * zoom))
}

const nodeIn = (target: EventTarget): string | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-node]')?.dataset.node : undefined

interface FootProps {
  readonly flow: ReactFlowInstance<FlowNode> | undefined
  readonly onWhole: () => void
}

/** What the keys do, and the zoom for those who have none. */
function Foot({ flow, onWhole }: FootProps): ReactElement {
  return (
    <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <p className="text-tiny text-faint">
        Arrows go from thing to thing, <kbd className="font-mono">Enter</kbd> opens it, <kbd className="font-mono">o</kbd> opens a cluster,{' '}
        <kbd className="font-mono">Home</kbd> leads back.
      </p>
      <div className="flex gap-1">
        <Button weight="quiet" onPress={() => void flow?.zoomIn()} label="Zoom in">
          +
        </Button>
        <Button weight="quiet" onPress={() => void flow?.zoomOut()} label="Zoom out">
          −
        </Button>
        <Button weight="quiet" onPress={onWhole}>
          Whole
        </Button>
      </div>
    </div>
  )
}

/** The graph. */
export function Graph({ label, drawing, subject, at, onAt, onOpen }: GraphProps): ReactElement {
  const direction = useWidth('md') ? 'right' : 'down'
  const box = useRef<HTMLDivElement>(null)
  const [flow, setFlow] = useState<ReactFlowInstance<FlowNode>>()
  const places = useMemo(() => placesOf(drawing, direction), [drawing, direction])
  const nodes = useMemo(() => flowNodes(drawing, places, direction), [drawing, places, direction])
  const lines = useMemo(() => sortedLines(drawing), [drawing])
  const edges = useMemo(() => flowEdges(drawing, lines.own), [drawing, lines])
  const here = places.has(at) ? at : places.has(subject) ? subject : (drawing.nodes[0]?.id ?? '')
  const looking = useMemo(() => ({ subject, at: here, direction }) as const, [subject, here, direction])

  /** Brings a node to the middle, or as near to it as the edge of the graph allows: no room is spent on what is beyond it. */
  const centre = (id: string, zoom: number): void => {
    const [frame, place] = [box.current, places.get(id)]
    if (frame === null || place === undefined) return
    const { x, y } = farEndOf(places)
    void flow?.setViewport({
      x: shiftFor(place.x + nodeSize.width / 2, x, frame.clientWidth, zoom),
      y: shiftFor(place.y + nodeSize.height / 2, y, frame.clientHeight, zoom),
      zoom,
    })
  }
  const whole = (): void => void flow?.fitView({ padding: 0.08, maxZoom: 1 })
  /** All of it where that can be read, else what was asked for in the middle. */
  const show = useEffectEvent(() => {
    const element = box.current
    if (element === null || flow === undefined) return
    const { x, y } = farEndOf(places)
    if (Math.min(element.clientWidth / x, element.clientHeight / y) >= readableZoom) whole()
    else centre(here, 0.75)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another drawing is looked at anew.
  useEffect(() => show(), [flow, places])

  /** Focuses a node once it is drawn: one that was out of sight is drawn when it has come into sight. */
  const focus = (id: string, triesLeft = 20): void => {
    const element = box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)
    if (element !== null && element !== undefined) element.focus({ preventScroll: true })
    else if (triesLeft > 0) requestAnimationFrame(() => focus(id, triesLeft - 1))
  }
  /** Brings a node into sight that is not wholly in it. */
  const reveal = useEffectEvent((id: string) => {
    const [frame, place] = [box.current, places.get(id)]
    if (frame === null || place === undefined || flow === undefined) return
    const { x, y, zoom } = flow.getViewport()
    const [left, top] = [place.x * zoom + x, place.y * zoom + y]
    const isWide = left >= 0 && left + nodeSize.width * zoom <= frame.clientWidth
    if (!isWide || top < 0 || top + nodeSize.height * zoom > frame.clientHeight) centre(id, zoom)
  })
  useEffect(() => reveal(here), [here])

  const choose = (id: string | undefined): void => {
    if (id !== undefined && id !== here) onAt(id)
  }
  const press = (event: KeyboardEvent): void => {
    const id = nodeIn(event.target)
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const drawn = drawing.nodes.find((one) => one.id === id)
    const next = event.key === 'Home' ? subject : nextBy(event.key, id, places)
    if (next !== undefined) {
      choose(next)
      focus(next)
    } else if (drawn !== undefined && (event.key === 'Enter' || (event.key === 'o' && drawn.is === 'cluster'))) onOpen(drawn)
    else if (!event.key.startsWith('Arrow')) return
    event.preventDefault()
    event.stopPropagation()
  }
  const click = (event: MouseEvent): void => {
    choose(nodeIn(event.target))
  }
  // Opening a cluster or pulling a thing out takes away what had the focus: it goes to what came out.
  const hadFocus = useRef(false)
  const former = useRef(drawing)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another drawing takes away what had the focus.
  useEffect(() => {
    const isOther = former.current !== drawing
    former.current = drawing
    if (isOther && (hadFocus.current || document.activeElement === document.body)) focus(here)
  }, [drawing])

  return (
    <div className="min-w-0">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are operated; their keys and presses are heard here. */}
      <div
        ref={box}
        role="presentation"
        onKeyDown={press}
        onClick={click}
        onFocus={(event) => {
          hadFocus.current = true
          choose(nodeIn(event.target))
        }}
        onBlur={(event) => {
          if (event.relatedTarget !== null) hadFocus.current = event.currentTarget.contains(event.relatedTarget)
        }}
        className="h-[22rem] rounded-field border border-line md:h-[32rem]"
      >
        <LookingContext value={looking}>
          <ReactFlow<FlowNode>
            className={look}
            style={ground}
            aria-label={label}
            proOptions={{ hideAttribution: true }} // the console links to nobody else; docs/licences.txt names the library
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            onInit={setFlow}
            onlyRenderVisibleElements={nodes.length > allDrawnMax}
            {...toBeRead}
          >
            <LinesTogether lines={lines.together} places={places} direction={direction} />
          </ReactFlow>
        </LookingContext>
      </div>
      <Foot flow={flow} onWhole={whole} />
    </div>
  )
}
