// All runs, newest first: narrowed by state, twin and environment, all of it in the URL. What is typed narrows what was read so far.
import type { ReactElement } from 'react'
import type { InputOf } from '../../api/call.ts'
import { useStore } from '../../api/store.ts'
import { Button, buttonLook } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { type Choice, Search, Select } from '../../design/field.tsx'
import { Icon } from '../../design/icon.tsx'
import { Link } from '../../design/link.tsx'
import { counted } from '../../design/time.ts'
import { usePlacedList } from '../../shell/placed-list.ts'
import { project } from '../../shell/project.ts'
import { useView } from '../../shell/view.ts'
import { Within } from '../../shell/within.tsx'
import { type ListedRun, nameOf } from './listed-run.ts'
import { RunTable } from './run-table.tsx'
import { RunsPage } from './runs-page.tsx'

type Filter = Pick<InputOf<'run:list'>, 'state' | 'outcome'>

/** The words of the first row of filters, and what each asks for. Unknown words in the URL mean all. */
const shown: Readonly<Record<string, { readonly name: string; readonly filter: Filter }>> = {
  all: { name: 'All', filter: {} },
  queued: { name: 'Queued', filter: { state: 'queued' } },
  running: { name: 'Running', filter: { state: 'running' } },
  succeeded: { name: 'Succeeded', filter: { outcome: 'succeeded' } },
  failed: { name: 'Failed', filter: { outcome: 'failed' } },
  cancelled: { name: 'Cancelled', filter: { outcome: 'cancelled' } },
  revoked: { name: 'Revoked', filter: { outcome: 'revoked' } },
}

const everyLiveMs = 4_000
const pageSize = 100
const any: Choice = { id: 'any', name: 'Any' }

function matches(run: ListedRun, words: readonly string[]): boolean {
  const text = `${run.id} ${nameOf(run)} ${run.environmentSlug} ${run.operatorName ?? ''} ${run.orchestratorName ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** A choice out of a list that may still be on its way; a chosen id that is not in it keeps its place. */
function choicesOf(items: readonly { readonly id: string; readonly slug: string }[], chosen: string | undefined): readonly Choice[] {
  const known = items.map(({ id, slug }) => ({ id, name: slug }))
  const lost = chosen === undefined || known.some(({ id }) => id === chosen) ? [] : [{ id: chosen, name: chosen }]
  return [any, ...known, ...lost]
}

/** What the URL asks for. */
function askedBy({ show, twin, environment }: Readonly<Record<string, string | undefined>>): InputOf<'run:list'> {
  const { filter } = shown[show ?? 'all'] ?? { filter: {} }
  return {
    ...filter,
    limit: pageSize,
    ...(twin === undefined ? {} : { twin }),
    ...(environment === undefined ? {} : { environment }),
  }
}

/** The screen. */
export function Runs(): ReactElement {
  const [search, change] = useView()
  const here = useStore(project)
  const { reading: runs, within } = usePlacedList('run:list', askedBy(search), { every: everyLiveMs, keepFormer: true })
  const { reading: twins } = usePlacedList('twin:list', { limit: 200 }, { every: false })
  const { reading: environments } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  const twinItems = twins.state === 'ready' ? twins.data.items : []
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const isNarrowed = ['show', 'twin', 'environment', 'find'].some((name) => search[name] !== undefined)
  return (
    <RunsPage
      title="Runs"
      actions={
        <Link to="/launch" quiet className={`${buttonLook('primary')} hover:no-underline`}>
          <Icon name="plus" />
          Launch a run
        </Link>
      }
    >
      <div className="mb-4 flex flex-wrap items-end gap-x-3 gap-y-2">
        <Choose
          label="Which runs"
          value={search.show !== undefined && search.show in shown ? search.show : 'all'}
          onChange={(show) => change({ show: show === 'all' ? undefined : show })}
          choices={Object.entries(shown).map(([id, { name }]) => ({ id, name }))}
        />
        <Select
          label="Twin"
          value={search.twin ?? 'any'}
          onChange={(id) => change({ twin: id === 'any' ? undefined : id })}
          choices={choicesOf(twinItems, search.twin)}
          inRow
        />
        <Select
          label="Environment"
          value={search.environment ?? 'any'}
          onChange={(id) => change({ environment: id === 'any' ? undefined : id })}
          choices={choicesOf(environments.state === 'ready' ? environments.data.items : [], search.environment)}
          inRow
        />
        <Search
          label="Filter runs by name or id"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find === '' ? undefined : find })}
        />
      </div>
      <Within of={within} />
      <Shown of={runs} what="runs" rows={5}>
        {({ items, more, isReadingMore }) => {
          const found = items.filter((run) => matches(run, words))
          return (
            <>
              <RunTable
                label="Runs"
                runs={found}
                empty={
                  <NoRuns
                    isNarrowed={isNarrowed || here !== undefined}
                    onAll={() => change({ show: undefined, twin: undefined, environment: undefined, find: undefined })}
                  />
                }
              />
              <p className="mt-3 flex flex-wrap empty:hidden items-center gap-3 text-small text-faint">
                {items.length === 0
                  ? null
                  : found.length === items.length
                    ? counted(items.length, 'run')
                    : `${found.length} of ${counted(items.length, 'run')} read so far`}
                {more === undefined ? null : (
                  <Button onPress={more} isPending={isReadingMore}>
                    Read older ones
                  </Button>
                )}
              </p>
            </>
          )
        }}
      </Shown>
    </RunsPage>
  )
}

function NoRuns({ isNarrowed, onAll }: { readonly isNarrowed: boolean; readonly onAll: () => void }): ReactElement {
  if (isNarrowed)
    return (
      <Empty title="No run is like that.">
        <Button onPress={onAll}>Show all runs</Button>
      </Empty>
    )
  return (
    <Empty title="Nothing ran yet." command="npx twinlock run launch --help">
      A run gets an identity of its own, touches only what its scenario names, and loses everything when it ends.{' '}
      <Link to="/launch">Launch the first one</Link>, or do it from a pipeline:
    </Empty>
  )
}
