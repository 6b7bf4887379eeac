// The audit trail, newest first: who did what on what, and what became of it. Reading it is recorded like everything else, so it is read when asked for and
// not again and again.
import type { ReactElement } from 'react'
import type { InputOf } from '../../api/call.ts'
import { Button } from '../../design/button.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page } from '../../design/page.tsx'
import { counted } from '../../design/time.ts'
import { usePlacedList } from '../../shell/placed-list.ts'
import { useView } from '../../shell/view.ts'
import { Within } from '../../shell/within.tsx'
import { EntryTable } from './entry-table.tsx'
import { Filters, filterNames } from './filters.tsx'
import { isTraceable, Thing } from './thing.tsx'

const pageSize = 100

/** The screen. */
export function Audit(): ReactElement {
  const [search, change] = useView()
  const filters = Object.fromEntries(filterNames.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])))
  // Texts out of the URL: the server parses them, and says which it does not take.
  const asked = { ...filters, limit: pageSize } as InputOf<'ledger:list'>
  const { reading: entries, within } = usePlacedList('ledger:list', asked, { every: false, keepFormer: true })
  const isNarrowed = Object.keys(filters).length > 0
  const showAll = (): void => change(Object.fromEntries(filterNames.map((name) => [name, undefined])), true)
  const { resource } = search
  return (
    <Page
      title="Audit"
      line={<span>Every act and every refusal, in the order in which they were recorded. Reading here is recorded as well.</span>}
      actions={entries.state === 'ready' ? <Button onPress={entries.again}>Read again</Button> : undefined}
    >
      <Filters search={search} change={change} />
      {resource === undefined ? null : (
        <p className="mb-3 flex flex-wrap items-baseline gap-x-3 border-l-2 border-line pl-3">
          <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
            What speaks of <Thing id={resource} name={null} linked />
          </span>
          {isTraceable(resource) ? <Link to={place('/lineage/$subject', { subject: resource })}>See its lineage</Link> : null}
        </p>
      )}
      <Within of={within} />
      <Shown of={entries} what="entries" rows={5}>
        {({ items, more, isReadingMore }) => (
          <>
            <EntryTable entries={items} empty={<NoEntries isNarrowed={isNarrowed} onAll={showAll} />} />
            <p className="mt-3 flex flex-wrap items-center gap-3 text-small text-faint">
              {more === undefined ? counted(items.length, 'entry', 'entries') : `The newest ${counted(items.length, 'entry', 'entries')}`}
              {more === undefined ? null : (
                <Button onPress={more} isPending={isReadingMore}>
                  Read older ones
                </Button>
              )}
            </p>
          </>
        )}
      </Shown>
      {isNarrowed && entries.state === 'failed' ? (
        <div className="mt-4">
          <Button onPress={showAll}>Show all entries</Button>
        </div>
      ) : null}
    </Page>
  )
}

function NoEntries({ isNarrowed, onAll }: { readonly isNarrowed: boolean; readonly onAll: () => void }): ReactElement {
  if (isNarrowed)
    return (
      <Empty title="No entry is like that.">
        <p className="mb-3">Nothing of the kind was recorded. That is a fact as well: refusals are recorded like everything else.</p>
        <Button onPress={onAll}>Show all entries</Button>
      </Empty>
    )
  return <Empty title="Nothing is recorded yet.">Whatever anybody does, or is refused, becomes an entry here.</Empty>
}
