// The calls of a run as they happen: each with what was decided and why. What was denied is counted above everything, marked in its row, and one press away.
// Filters and the selected call stand in the URL. Paths and connections were named by the run: text.
import { type ReactElement, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Empty, Failed, Forbidden, Loading } from '../../design/conditions.tsx'
import { type Choice, NumberInRow, Select } from '../../design/field.tsx'
import { Icon } from '../../design/icon.tsx'
import { type LongColumn, LongTable } from '../../design/long-table.tsx'
import { Decision } from '../../design/state.tsx'
import { useWidth } from '../../design/table.tsx'
import { counted, momentOf, size, span } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { useView } from '../../shell/view.ts'
import { CallDrawer } from './call-drawer.tsx'
import type { Call } from './story.ts'
import type { CallFilter, Calls } from './use-calls.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
/** From so many calls on, one is gone to by its number. */
const goToFrom = 10
const any: Choice = { id: 'any', name: 'Any' }

/** The filter that the URL asks for; what it does not know means all. */
export function filterOf(search: Readonly<Record<string, string | undefined>>): CallFilter {
  const { calls, connection, method } = search
  const known = methods.find((one) => one === method)
  return {
    ...(calls === 'allowed' || calls === 'denied' ? { decision: calls } : {}),
    ...(connection === undefined || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(connection) ? {} : { connection }),
    ...(known === undefined ? {} : { method: known }),
  }
}

/** The time of day of a call in UTC, to the millisecond. */
function timeOf({ at }: Call): string {
  const moment = momentOf(at)
  return moment === undefined ? '–' : new Date(moment).toISOString().slice(11, 23)
}

function What({ row }: { readonly row: Call }): ReactElement {
  return (
    <code className="font-mono text-tiny">
      {row.method} <bdi>{visible(row.path)}</bdi>
    </code>
  )
}

function Result({ row }: { readonly row: Call }): ReactElement {
  if (row.decision === 'denied') return <code className="font-mono text-tiny text-bad">{row.code ?? 'denied'}</code>
  if (row.state === 'decided') return <span className="text-soft">under way</span>
  if (row.code !== null) return <code className="font-mono text-tiny text-warn">{row.code}</code>
  return <span>{row.status ?? 'not known'}</span>
}

const number: LongColumn<Call> = {
  id: 'number',
  title: 'No.',
  width: '4.5rem',
  align: 'end',
  cell: (row) => row.number.toLocaleString('en-US'),
}
const decision: LongColumn<Call> = {
  id: 'decision',
  title: 'Decision',
  width: '6.5rem',
  cell: (row) => <Decision allowed={row.decision === 'allowed'} />,
}
const what: LongColumn<Call> = { id: 'call', title: 'Call', width: 'minmax(0, 1fr)', cell: (row) => <What row={row} /> }
const result: LongColumn<Call> = { id: 'result', title: 'Answer', width: '10.5rem', cell: (row) => <Result row={row} /> }

const connection: LongColumn<Call> = {
  id: 'connection',
  title: 'Connection',
  width: '10rem',
  cell: (row) => <bdi>{visible(row.connection)}</bdi>,
}

const wide: readonly LongColumn<Call>[] = [
  number,
  { id: 'at', title: 'At (UTC)', width: '7rem', cell: (row) => <code className="font-mono text-tiny text-soft">{timeOf(row)}</code> },
  decision,
  connection,
  what,
  result,
  {
    id: 'took',
    title: 'Took',
    width: '5rem',
    align: 'end',
    cell: (row) => <span className="text-soft">{row.durationMs === null ? '' : span(row.durationMs)}</span>,
  },
  {
    id: 'bytes',
    title: 'Size',
    width: '5rem',
    align: 'end',
    cell: (row) => <span className="text-soft">{row.responseBytes === null ? '' : size(row.responseBytes)}</span>,
  },
]
const middle = [number, decision, connection, what, result]
const small = [number, decision, what, result]
const narrow = [{ ...number, width: '2.75rem' }, { ...decision, width: '5.75rem' }, what]

function useColumns(): readonly LongColumn<Call>[] {
  const [lg, md, sm] = [useWidth('lg'), useWidth('md'), useWidth('sm')]
  if (lg) return wide
  if (md) return middle
  return sm ? small : narrow
}

interface CallListProps {
  readonly run: string
  readonly calls: Calls
  /** The connections that its manifest names, and those that calls named. */
  readonly connections: readonly string[]
}

function Filters({ calls, connections }: Omit<CallListProps, 'run'>): ReactElement {
  const [search, change] = useView()
  const filter = filterOf(search)
  // What is not known is no zero.
  const isCounted = calls.count !== undefined || calls.allowed + calls.denied > 0
  const said = (name: string, count: number): string => (isCounted ? `${name} ${count.toLocaleString('en-US')}` : name)
  const names = filter.connection === undefined ? connections : [...new Set([...connections, filter.connection])]
  return (
    <div className="mb-3 flex flex-wrap items-end gap-x-3 gap-y-2">
      <Choose
        label="Which calls"
        value={filter.decision ?? 'all'}
        onChange={(id) => change({ calls: id === 'all' ? undefined : id })}
        choices={[
          { id: 'all', name: said('All', calls.allowed + calls.denied) },
          { id: 'allowed', name: said('Allowed', calls.allowed) },
          {
            id: 'denied',
            name: (
              <span className={`inline-flex items-center gap-1 align-top ${calls.denied > 0 ? 'text-bad' : ''}`}>
                <Icon name="denied" />
                {said('Denied', calls.denied)}
              </span>
            ),
          },
        ]}
      />
      <Select
        label="Connection"
        value={filter.connection ?? 'any'}
        onChange={(id) => change({ connection: id === 'any' ? undefined : id })}
        choices={[any, ...names.map((id) => ({ id, name: id }))]}
        inRow
      />
      <Select
        label="Method"
        value={filter.method ?? 'any'}
        onChange={(id) => change({ method: id === 'any' ? undefined : id })}
        choices={[any, ...methods.map((id) => ({ id, name: id }))]}
        inRow
      />
      {calls.allowed + calls.denied > goToFrom ? <GoTo last={calls.allowed + calls.denied} /> : null}
    </div>
  )
}

interface GoToProps {
  /** The number of the last call. */
  readonly last: number
}

/** Goes to a call by its number, however many there are before it. */
function GoTo({ last }: GoToProps): ReactElement {
  const [, change] = useView()
  const [text, setText] = useState('')
  const [missed, setMissed] = useState<string>()
  const go = (): void => {
    const wanted = text.replace(/[\s,.]/g, '')
    const number = /^\d{1,10}$/.test(wanted) ? Number(wanted) : 0
    const isThere = number >= 1 && number <= last
    setMissed(isThere || text === '' ? undefined : `There is no call ${text}: the last is ${last.toLocaleString('en-US')}.`)
    if (isThere) change({ call: String(number) }, true)
  }
  return (
    <form
      data-filter=""
      className="ml-auto"
      onSubmit={(event) => {
        event.preventDefault()
        go()
      }}
    >
      <NumberInRow label="Go to call" value={text} onChange={setText} error={missed} hint={`1–${last.toLocaleString('en-US')}`} />
    </form>
  )
}

function NoCalls({ isNarrowed, isLive }: { readonly isNarrowed: boolean; readonly isLive: boolean }): ReactElement {
  const [, change] = useView()
  if (isNarrowed)
    return (
      <Empty title="No call is like that.">
        <Button onPress={() => change({ calls: undefined, connection: undefined, method: undefined })}>Show all calls</Button>
      </Empty>
    )
  return (
    <Empty title={isLive ? 'It has called nothing yet.' : 'It called nothing.'}>
      {isLive
        ? 'Each call appears here when it is decided, before it is made.'
        : 'A run that calls nothing has read and changed nothing outside of its cell.'}
    </Empty>
  )
}

interface RowsProps {
  readonly calls: Calls
  readonly wanted: number | undefined
  readonly isNarrowed: boolean
  readonly onOpen: (row: Call) => void
}

function Rows({ calls, wanted, isNarrowed, onOpen }: RowsProps): ReactElement | null {
  const columns = useColumns()
  const { count } = calls
  if (count === undefined) return calls.problem === undefined ? <Loading what="calls" /> : null
  return (
    <>
      <LongTable
        label={isNarrowed ? 'Calls that the filters let through' : 'Calls'}
        count={count}
        rowAt={calls.rowAt}
        onSight={calls.onSight}
        columns={columns}
        height={`min(${count * 32 + 36}px, 62vh)`}
        isMarked={(row) => row.decision === 'denied'}
        follows={calls.isLive}
        selected={wanted !== undefined && !isNarrowed && wanted <= count ? wanted - 1 : undefined}
        onOpen={onOpen}
        empty={<NoCalls isNarrowed={isNarrowed} isLive={calls.isLive} />}
      />
      {isNarrowed && count > 0 ? (
        <p className="mt-2 text-small text-faint">
          {count.toLocaleString('en-US')} of {counted(calls.allowed + calls.denied, 'call')}
        </p>
      ) : null}
    </>
  )
}

function Trouble({ calls: { problem, again } }: Pick<CallListProps, 'calls'>): ReactElement | null {
  if (problem === undefined) return null
  return problem.isForbidden ? <Forbidden problem={problem} again={again} /> : <Failed problem={problem} again={again} />
}

/** The calls. */
export function CallList({ run, calls, connections }: CallListProps): ReactElement {
  const [search, change] = useView()
  const [opened, setOpened] = useState<Call>()
  const isNarrowed = Object.keys(filterOf(search)).length > 0
  const wanted = /^[1-9]\d{0,9}$/.test(search.call ?? '') ? Number(search.call) : undefined
  const open = (row: Call): void => {
    setOpened(row)
    change({ call: String(row.number) })
  }
  const knownOf = (number: number): Call | undefined =>
    opened?.number === number ? opened : isNarrowed ? undefined : calls.rowAt(number - 1)
  return (
    <>
      {calls.problem?.isForbidden ? null : <Filters calls={calls} connections={connections} />}
      <Trouble calls={calls} />
      <Rows calls={calls} wanted={wanted} isNarrowed={isNarrowed} onOpen={open} />
      {wanted === undefined ? null : (
        <CallDrawer run={run} number={wanted} known={knownOf(wanted)} onClose={() => change({ call: undefined })} />
      )}
    </>
  )
}
