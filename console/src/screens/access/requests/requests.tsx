// Requests for access: one's own, those that one may decide, and every one; and uses of break-glass with their review.
import type { ReactElement } from 'react'
import { useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { LinkButton } from '../link-button.tsx'
import { type Directory, useDirectory } from '../names.ts'
import { Who } from '../who.tsx'
import { BrokenGlass } from './broken-glass.tsx'
import { Asked, type ListedRequest, RequestState } from './request-words.tsx'

const parts = [
  { id: 'mine', name: 'Mine' },
  { id: 'to_decide', name: 'To decide' },
  { id: 'all', name: 'All' },
  { id: 'glass', name: 'Break-glass' },
] as const

const pageSize = 50

function columnsOf(of: Directory): readonly Column<ListedRequest>[] {
  return [
    {
      id: 'what',
      title: 'Asked for',
      cell: (request) => (
        <span className="block min-w-0">
          <Asked request={request} of={of} />
          {request.reason === null ? null : (
            <bdi className="block text-tiny text-soft [overflow-wrap:anywhere]">{visible(request.reason)}</bdi>
          )}
          <span className="flex flex-wrap items-baseline gap-x-2 text-tiny beside-sm:hidden">
            <Who id={request.asker} name={request.askerName} of={of} />
            <When at={request.createdAt} />
          </span>
        </span>
      ),
    },
    { id: 'state', title: 'State', by: ({ state }) => state, cell: (request) => <RequestState of={request} /> },
    {
      id: 'who',
      title: 'By',
      from: 'sm',
      by: ({ askerName }) => askerName,
      cell: ({ asker, askerName }) => <Who id={asker} name={askerName} of={of} />,
    },
    { id: 'when', title: 'Asked', from: 'sm', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
    {
      id: 'until',
      title: 'Open until',
      from: 'md',
      by: ({ expiresAt }) => expiresAt,
      cell: ({ state, expiresAt, closedAt }) =>
        state === 'open' ? (
          <When at={expiresAt} />
        ) : (
          <span className="text-faint">
            closed <When at={closedAt} />
          </span>
        ),
    },
  ]
}

/** The screen. */
export function Requests(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory(true, false)
  const which = parts.find(({ id }) => id === search.which)?.id ?? 'mine'
  return (
    <AccessPage
      title="Requests"
      line="What is missing is asked for, with a reason and an end, and somebody who has it to give approves it."
      actions={
        <>
          <LinkButton to="/access/break-glass">Break the glass</LinkButton>
          <LinkButton to="/access/new-request" weight="primary">
            Ask for access
          </LinkButton>
        </>
      }
    >
      <div className="mb-4">
        <Choose label="Which requests" value={which} onChange={(id) => change({ which: id === 'mine' ? undefined : id })} choices={parts} />
      </div>
      {which === 'glass' ? <BrokenGlass of={of} /> : <Listed which={which} of={of} />}
    </AccessPage>
  )
}

function Listed({ which, of }: { readonly which: 'mine' | 'to_decide' | 'all'; readonly of: Directory }): ReactElement {
  const reading = useList('request:list', { which, limit: pageSize }, { keepFormer: true })
  return (
    <Shown of={reading} what="requests">
      {({ items, more, isReadingMore }) => (
        <>
          <Table
            label="Requests"
            rows={items}
            idOf={({ id }) => id}
            columns={columnsOf(of)}
            to={({ id }) => place('/access/requests/$request', { request: id })}
            empty={<Nothing which={which} />}
          />
          {more === undefined ? null : (
            <p className="mt-3">
              <Button onPress={more} isPending={isReadingMore}>
                Read more
              </Button>
            </p>
          )}
        </>
      )}
    </Shown>
  )
}

function Nothing({ which }: { readonly which: 'mine' | 'to_decide' | 'all' }): ReactElement {
  if (which === 'to_decide') return <Empty title="Nothing waits for you.">What you may decide shows here, and in what needs you.</Empty>
  if (which === 'all') return <Empty title="Nobody has asked for anything that you may see." />
  return (
    <Empty title="You have asked for nothing." command="npx twinlock request create --role operator --minutes 60 --reason '…'">
      What you hold is in <Link to="/access">what is yours</Link>. <Link to="/access/new-request">Ask</Link> for what is missing: for a
      reason, and for as long as it takes.
    </Empty>
  )
}
