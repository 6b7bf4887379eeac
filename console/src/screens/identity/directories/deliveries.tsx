// The delivery log: what a directory asked for, what became of it, and why it was refused, in words. What is looked for stands in the URL.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Partial, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Said } from '../../../design/said.tsx'
import { Decision } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { Thing } from '../../audit/thing.tsx'

type Delivery = OutputOf<'directory:deliveries'>['items'][number]

const page = 50

/** What was asked for, as people say it: `patch-user`. */
function requestWord(operation: string): string {
  const [verb = '', noun = ''] = operation.split('-')
  const words: Readonly<Record<string, string>> = { create: 'Make', replace: 'Replace', patch: 'Change', remove: 'Remove' }
  return `${words[verb] ?? verb} a ${noun}`
}

const columnsFor = (isLinked: boolean): readonly Column<Delivery>[] => [
  {
    id: 'request',
    title: 'It asked to',
    cell: ({ operation, resource, at }) => (
      <span className="block min-w-0">
        <span className="font-medium">{requestWord(operation)}</span>
        {resource === null ? null : (
          <span className="block text-small">
            <Thing id={resource} name={undefined} linked={isLinked} brief />
          </span>
        )}
        <span className="block text-tiny text-soft beside-sm:hidden">
          <When at={at} />
        </span>
      </span>
    ),
  },
  {
    id: 'outcome',
    title: 'What became of it',
    cell: ({ outcome, told, code }) => (
      <span className="block min-w-0">
        <Decision allowed={outcome === 'done'} word={outcome} /> <Said text={told} />
        {code === null ? null : <code className="block font-mono text-tiny text-faint">{code}</code>}
      </span>
    ),
  },
  { id: 'at', title: 'When', from: 'sm', cell: ({ at }) => <When at={at} />, className: 'whitespace-nowrap' },
  {
    id: 'entry',
    title: 'On the record',
    from: 'md',
    cell: ({ entry }) =>
      isLinked ? <Link to={place('/audit/$entry', { entry })}>entry</Link> : <code className="font-mono text-tiny">{entry}</code>,
  },
]

interface DeliveriesProps {
  readonly directory: string
  /** Whether what it speaks of has views that the reader may go to. */
  readonly isLinked: boolean
}

/** The log. */
export function Deliveries({ directory, isLinked }: DeliveriesProps): ReactElement {
  const [search, change] = useView()
  const only = search.only === 'refused' ? 'refused' : 'all'
  const reading = useList(
    'directory:deliveries',
    { directory, limit: page, ...(only === 'refused' ? { refused: true } : {}) },
    { keepFormer: true },
  )
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const isMeant = (one: Delivery): boolean => {
    const said =
      `${requestWord(one.operation)} ${one.operation} ${one.resource ?? ''} ${one.told} ${one.code ?? ''} ${one.changed.join(' ')}`.toLowerCase()
    return words.every((word) => said.includes(word))
  }
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Choose
          label="Which deliveries"
          value={only}
          onChange={(id) => change({ only: id === 'all' ? undefined : id })}
          choices={[
            { id: 'all', name: 'All' },
            { id: 'refused', name: 'Refused' },
          ]}
        />
        <Search
          label="Filter by request, id, attribute or code"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find === '' ? undefined : find })}
        />
      </div>
      <Shown of={reading} what="deliveries">
        {({ items, more, isReadingMore }) => {
          const shown = items.filter(isMeant)
          return (
            <>
              {more !== undefined && words.length > 0 ? (
                <Partial title={`Among the newest ${items.length}.`}>Older ones were not looked through.</Partial>
              ) : null}
              <Table
                label="Deliveries"
                rows={shown}
                idOf={({ id }) => id}
                columns={columnsFor(isLinked)}
                empty={<None isNarrowed={words.length > 0} only={only} />}
              />
              {more === undefined ? null : (
                <div className="mt-3">
                  <Button onPress={more} isPending={isReadingMore}>
                    Older ones
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Shown>
    </>
  )
}

function None({ isNarrowed, only }: { readonly isNarrowed: boolean; readonly only: string }): ReactElement {
  if (isNarrowed) return <Empty title="Nothing is like that." />
  if (only === 'refused') return <Empty title="Nothing was refused." />
  return (
    <Empty title="It has asked for nothing yet.">
      Searches leave no line, and neither does a request with a token that is not its own: where the provider says that it failed, compare
      the token first.
    </Empty>
  )
}
