// A drawn node: a thing with its shape and how it stands, a cluster of siblings, or a gap. It is a button; the graph around it has the keyboard.
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { createContext, type ReactElement, useContext } from 'react'
import { Icon } from '../../design/icon.tsx'
import { ThingMark } from '../audit/thing.tsx'
import { type DrawnNode, drawnName, statesOf } from './cluster.ts'
import type { Direction } from './layout.ts'

/** What is the same for all nodes, and changes while one looks. */
export interface Looking {
  readonly subject: string
  /** The node that the keyboard is at. */
  readonly at: string
  readonly direction: Direction
}

/** Carries what is the same for all nodes. */
export const LookingContext = createContext<Looking>({ subject: '', at: '', direction: 'right' })

/** A node as the graph's library holds it. */
export type FlowNode = Node<{ readonly drawn: DrawnNode }, 'drawn'>

const badStates = new Set(['failed', 'revoked', 'rejected', 'lost', 'deadline', 'pipeline_failed', 'rolled_back', 'suspended'])

/** What is said of a node below its name. */
function secondLine(drawn: DrawnNode): string {
  if (drawn.is === 'gap') return 'gap in the chain'
  if (drawn.is === 'cluster') return statesOf(drawn.members) || 'siblings'
  const { kind, state } = drawn.node
  return state === null ? kind : `${kind} · ${state.replaceAll('_', ' ')}`
}

function lookOf(drawn: DrawnNode, isSubject: boolean): string {
  if (drawn.is === 'gap') return 'border-2 border-dashed border-bad bg-bad-ground text-bad'
  if (isSubject) return 'border-2 border-ink bg-raised'
  return drawn.is === 'cluster' ? 'border-double border-4 border-edge bg-raised' : 'border border-edge bg-raised'
}

/** A node. */
export function DrawnNodeView({ data: { drawn } }: NodeProps<FlowNode>): ReactElement {
  const { subject, at, direction } = useContext(LookingContext)
  const isBad = drawn.is === 'thing' && drawn.node.state !== null && badStates.has(drawn.node.state)
  const [start, end] = direction === 'right' ? [Position.Left, Position.Right] : [Position.Top, Position.Bottom]
  return (
    <>
      <Handle type="target" position={start} isConnectable={false} className="pointer-events-none opacity-0" />
      <button
        type="button"
        data-node={drawn.id}
        tabIndex={drawn.id === at ? 0 : -1}
        aria-current={drawn.id === at ? 'true' : undefined}
        className={`nopan flex size-full flex-col justify-center overflow-hidden rounded-field px-2.5 text-left hover:bg-hover ${lookOf(drawn, drawn.id === subject)} ${drawn.id === at ? 'outline-2 outline-offset-2 outline-accent' : ''}`}
      >
        <span className="flex w-full min-w-0 items-center gap-1.5">
          {drawn.is === 'gap' ? <Icon name="broken" /> : <ThingMark id={drawn.is === 'thing' ? drawn.id : drawn.lead} named={false} />}
          <bdi className="min-w-0 truncate text-small font-medium">{drawnName(drawn)}</bdi>
          <span className="sr-only">, </span>
        </span>
        <span className={`w-full truncate pl-[18px] text-tiny ${drawn.is === 'gap' || isBad ? 'text-bad' : 'text-soft'}`}>
          {secondLine(drawn)}
        </span>
        {drawn.id === subject ? <span className="sr-only">, what was asked for</span> : null}
        {drawn.is === 'cluster' ? <span className="sr-only">, closed: o opens it</span> : null}
      </button>
      <Handle type="source" position={end} isConnectable={false} className="pointer-events-none opacity-0" />
    </>
  )
}
