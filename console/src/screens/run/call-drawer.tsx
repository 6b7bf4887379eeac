// One call, whole: what was asked for, what was decided and why, what came back, and the entry that recorded the decision before anything was sent.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { Drawer } from '../../design/because.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { Id } from '../../design/id.tsx'
import { place } from '../../design/link.tsx'
import { Decision } from '../../design/state.tsx'
import { size, span } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { When } from '../../design/when.tsx'
import type { Call } from './story.ts'
import { whyDenied } from './why-denied.ts'

function Reason({ call }: { readonly call: Call }): ReactElement | null {
  if (call.code === null) return null
  const why = whyDenied(call.code)
  return (
    <Fact name={call.decision === 'denied' ? 'Why' : 'What went wrong'}>
      {why === undefined ? null : <p>{why}</p>}
      <p className="text-small text-soft">
        code <code className="font-mono text-tiny">{call.code}</code>
      </p>
    </Fact>
  )
}

function Answer({ call }: { readonly call: Call }): ReactElement {
  if (call.decision === 'denied') return <span>nothing was sent</span>
  if (call.state === 'decided') return <span className="text-soft">it is under way</span>
  if (call.state === 'unknown')
    return <span className="text-warn">not known: the server went away between the decision and the answer</span>
  return (
    <span>
      {call.status === null ? 'none' : `status ${call.status}`}
      {call.responseBytes === null ? '' : `, ${size(call.responseBytes)}`}
      {call.durationMs === null ? '' : `, in ${span(call.durationMs)}`}
    </span>
  )
}

function Whole({ call }: { readonly call: Call }): ReactElement {
  return (
    <Facts>
      <Fact name="Decision">
        <Decision allowed={call.decision === 'allowed'} />
      </Fact>
      <Reason call={call} />
      <Fact name="Connection">
        <bdi className="[overflow-wrap:anywhere]">{visible(call.connection)}</bdi>
      </Fact>
      <Fact name="Asked for">
        <code className="font-mono text-tiny [overflow-wrap:anywhere]">
          {call.method} <bdi>{visible(call.path)}</bdi>
        </code>
      </Fact>
      <Fact name="Answer">
        <Answer call={call} />
      </Fact>
      <Fact name="Decided">
        <When at={call.at} />
      </Fact>
      <Fact name="On the record">
        <Id id={call.entry} to={place('/audit/$entry', { entry: call.entry })} />
      </Fact>
      <Fact name="Call">
        <Id id={call.id} />
      </Fact>
    </Facts>
  )
}

function ReadCall({ run, number }: { readonly run: string; readonly number: number }): ReactElement {
  const page = useRead('run:tape', { run, after: number - 1, limit: 1 }, { once: true })
  return (
    <Shown of={page} what="the call">
      {({ items: [call] }) =>
        call?.number === number ? <Whole call={call} /> : <Empty title={`There is no call ${number} on this tape.`} />
      }
    </Shown>
  )
}

interface CallDrawerProps {
  readonly run: string
  readonly number: number
  /** The call, where the list has it. */
  readonly known: Call | undefined
  readonly onClose: () => void
}

/** A drawer with one call. */
export function CallDrawer({ run, number, known, onClose }: CallDrawerProps): ReactElement {
  return (
    <Drawer title={`Call ${number.toLocaleString('en-US')}`} isOpen onClose={onClose}>
      {known === undefined ? <ReadCall run={run} number={number} /> : <Whole call={known} />}
    </Drawer>
  )
}
