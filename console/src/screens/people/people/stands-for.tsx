// What hangs on a person: the runs that go on in his name now, what he answers for, and what the ledger says of him.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { useList } from '../../../api/queries.ts'
import { Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { EntryTable } from '../../audit/entry-table.tsx'
import { Thing } from '../../audit/thing.tsx'
import { RunTable } from '../../runs/run-table.tsx'
import { More } from '../more.tsx'
import { type Owned, offeredColumn } from '../ownership/take-back.tsx'

interface OfPerson {
  readonly person: string
}

/** His live runs. */
export function LiveRuns({ person }: OfPerson): ReactElement {
  const runs = useList('run:list', { operator: person, live: true, limit: 50 })
  return (
    <Section title="Live runs" note={runs.state === 'ready' ? counted(runs.data.items.length, 'run') : undefined}>
      <Shown of={runs} what="live runs" rows={2}>
        {(listed) =>
          listed.items.length === 0 ? (
            <p className="py-1 text-soft">None goes on in the person’s name now.</p>
          ) : (
            <>
              <RunTable label="Live runs" runs={listed.items} />
              {listed.more === undefined ? null : <More of={listed} one="run" />}
            </>
          )
        }
      </Shown>
    </Section>
  )
}

const columns: readonly Column<Owned>[] = [
  {
    id: 'what',
    title: 'What',
    by: ({ name }) => name.toLowerCase(),
    cell: ({ id, name, kind }) => (
      <span className="block min-w-0">
        <Thing id={id} name={visible(name)} linked />
        <span className="block pl-[18px] text-tiny text-soft beside-sm:hidden">{kind}</span>
      </span>
    ),
  },
  { id: 'kind', title: 'Kind', from: 'sm', by: ({ kind }) => kind, cell: ({ kind }) => kind },
  {
    id: 'stops',
    title: 'If the owner leaves',
    from: 'md',
    cell: ({ stops }) => <span className="text-soft">{stops}</span>,
  },
  offeredColumn,
]

/** What he answers for. */
export function AnswersFor({ person }: OfPerson): ReactElement {
  const owned = useList('ownership:list', { person, limit: 50 })
  return (
    <Section title="Answers for" note={owned.state === 'ready' ? counted(owned.data.items.length, 'thing') : undefined}>
      <Shown of={owned} what="what the person answers for" rows={2}>
        {(listed) =>
          listed.items.length === 0 ? (
            <p className="py-1 text-soft">For nothing.</p>
          ) : (
            <>
              <Table label="What the person answers for" rows={listed.items} idOf={({ id }) => id} columns={columns} />
              {listed.more === undefined ? null : <More of={listed} one="thing" />}
            </>
          )
        }
      </Shown>
    </Section>
  )
}

interface HistoryProps {
  /** What the entries are about. */
  readonly of: string
  /** Whether it also acts: then there are entries by it. */
  readonly acts?: boolean
}

/** The newest entries about something; whoever may not read the ledger is led to where that is said. */
export function History({ of, acts = false }: HistoryProps): ReactElement {
  const asked = { resource: of, limit: 10 }
  const may = useMay('ledger:list', asked)
  const entries = useList('ledger:list', asked, { when: may.state === 'yes', every: false })
  return (
    <Section
      title="History"
      actions={
        <span className="flex flex-wrap gap-x-4 text-small">
          <Link to={place('/audit', {}, { resource: of })}>Every entry about it</Link>
          {acts ? <Link to={place('/audit', {}, { principal: of })}>What was done by it</Link> : null}
        </span>
      }
    >
      {may.state === 'no' ? (
        <p className="py-1 text-soft">
          It is in the ledger.{' '}
          {may.people.length > 0 ? (
            <>
              You may not read it; <bdi>{may.people.join(', ')}</bdi> can grant that.
            </>
          ) : (
            'You may not read it.'
          )}
        </p>
      ) : may.state === 'unknown' ? (
        <p className="py-1 text-soft">Whether you may read it could not be asked.</p>
      ) : (
        <Shown of={entries} what="entries" rows={2}>
          {({ items }) => (items.length === 0 ? <p className="py-1 text-soft">Nothing yet.</p> : <EntryTable entries={items} />)}
        </Shown>
      )}
    </Section>
  )
}
