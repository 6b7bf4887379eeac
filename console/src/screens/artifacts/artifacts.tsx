// What runs produced, what is in quarantine first: narrowed by where it stands, twin and environment, all of it in the URL.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../api/call.ts'
import { useStore } from '../../api/store.ts'
import { Button } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { type Choice, Search, Select } from '../../design/field.tsx'
import { Icon } from '../../design/icon.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page } from '../../design/page.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { counted } from '../../design/time.ts'
import { When } from '../../design/when.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { project } from '../../shell/project.ts'
import { useView } from '../../shell/view.ts'
import { Within } from '../../shell/within.tsx'

type ListedArtifact = OutputOf<'artifact:list'>['items'][number]
type Standing = NonNullable<InputOf<'artifact:list'>['state']>

/** The words of the row of filters. Unknown words in the URL mean what is in quarantine. */
const shown: Readonly<Record<string, { readonly name: string; readonly state?: Standing }>> = {
  quarantined: { name: 'In quarantine', state: 'quarantined' },
  promoted: { name: 'Promoted', state: 'promoted' },
  destroyed: { name: 'Destroyed', state: 'destroyed' },
  all: { name: 'All' },
}

const first = 'quarantined'
const pageSize = 100

const shownOf = (word: string | undefined): string => (word !== undefined && Object.hasOwn(shown, word) ? word : first)
const any: Choice = { id: 'any', name: 'Any' }

/** What an artifact is called: the twin and scenario that made it. */
export function nameOf({ twinName, twin, scenarioName }: Pick<ListedArtifact, 'twinName' | 'twin' | 'scenarioName'>): string {
  return [twinName ?? twin, scenarioName].filter(Boolean).join(' · ')
}

function Name({ artifact }: { readonly artifact: ListedArtifact }): ReactElement {
  return (
    <span className="block min-w-0">
      <bdi className="font-medium [overflow-wrap:anywhere]">{nameOf(artifact)}</bdi>
      <code className="block max-w-[12rem] truncate font-mono text-tiny text-faint sm:max-w-none">{artifact.id}</code>
      <span className="mt-1 block beside-sm:hidden">
        <EnvironmentMark of={artifact.environmentClass} name={artifact.environmentSlug} />
      </span>
    </span>
  )
}

const columns: readonly Column<ListedArtifact>[] = [
  { id: 'artifact', title: 'Artifact', cell: (artifact) => <Name artifact={artifact} />, by: nameOf },
  {
    id: 'state',
    title: 'State',
    by: ({ state }) => state,
    cell: ({ state, findingsCount }) => (
      <span className="block">
        <State is={state} />
        {findingsCount > 0 ? (
          <span className="flex items-center gap-1 text-tiny text-bad">
            <Icon name="warn" className="size-3" />
            {counted(findingsCount, 'finding')}
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: 'sensitivity',
    title: 'Sensitivity',
    from: 'sm',
    by: ({ sensitivity }) => sensitivity,
    cell: ({ sensitivity }) => <Sensitivity is={sensitivity} />,
  },
  {
    id: 'from',
    title: 'Environment',
    from: 'sm',
    by: ({ environmentSlug }) => environmentSlug,
    cell: ({ environmentClass, environmentSlug }) => <EnvironmentMark of={environmentClass} name={environmentSlug} />,
  },
  {
    id: 'operator',
    title: 'Operator',
    from: 'lg',
    by: ({ operatorName, operator }) => operatorName ?? operator,
    cell: ({ operator, operatorName }) => <Identity brief id={operator} name={operatorName} />,
  },
  { id: 'sealed', title: 'Sealed', from: 'md', by: ({ sealedAt }) => sealedAt, cell: ({ sealedAt }) => <When at={sealedAt} /> },
]

function matches(artifact: ListedArtifact, words: readonly string[]): boolean {
  const { id, run, digest, operatorName, environmentSlug } = artifact
  const text = `${id} ${run} ${digest} ${nameOf(artifact)} ${operatorName ?? ''} ${environmentSlug}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** A choice out of a list that may still be on its way; a chosen id that is not in it keeps its place. */
function choicesOf(items: readonly { readonly id: string; readonly slug: string }[], chosen: string | undefined): readonly Choice[] {
  const known = items.map(({ id, slug }) => ({ id, name: slug }))
  const lost = chosen === undefined || known.some(({ id }) => id === chosen) ? [] : [{ id: chosen, name: chosen }]
  return [any, ...known, ...lost]
}

function Filters(): ReactElement {
  const [search, change] = useView()
  const { reading: twins } = usePlacedList('twin:list', { limit: 200 }, { every: false })
  const { reading: environments } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  const to = (id: string): string | undefined => (id === any.id ? undefined : id)
  return (
    <div className="mb-4 flex flex-wrap items-end gap-x-3 gap-y-2">
      <Choose
        label="Which artifacts"
        value={shownOf(search.show)}
        onChange={(show) => change({ show: show === first ? undefined : show })}
        choices={Object.entries(shown).map(([id, { name }]) => ({ id, name }))}
      />
      <Select
        label="Twin"
        value={search.twin ?? any.id}
        onChange={(id) => change({ twin: to(id) })}
        choices={choicesOf(twins.state === 'ready' ? twins.data.items : [], search.twin)}
        inRow
      />
      <Select
        label="Environment"
        value={search.environment ?? any.id}
        onChange={(id) => change({ environment: to(id) })}
        choices={choicesOf(environments.state === 'ready' ? environments.data.items : [], search.environment)}
        inRow
      />
      <Search
        label="Filter artifacts by name, id or digest"
        value={search.find ?? ''}
        onChange={(find) => change({ find: find === '' ? undefined : find })}
      />
    </div>
  )
}

/** The screen. */
export function Artifacts(): ReactElement {
  const [search, change] = useView()
  const here = useStore(project)
  const state = shown[shownOf(search.show)]?.state
  const input = {
    limit: pageSize,
    ...(state === undefined ? {} : { state }),
    ...(search.twin === undefined ? {} : { twin: search.twin }),
    ...(search.environment === undefined ? {} : { environment: search.environment }),
  }
  const { reading: artifacts, within } = usePlacedList('artifact:list', input, { keepFormer: true })
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const isNarrowed = ['twin', 'environment', 'find'].some((name) => search[name] !== undefined) || here !== undefined
  return (
    <Page title="Artifacts">
      <Filters />
      <Within of={within} />
      <Shown of={artifacts} what="artifacts">
        {({ items, more, isReadingMore }) => {
          const found = items.filter((artifact) => matches(artifact, words))
          return (
            <>
              <Table
                label="Artifacts"
                rows={found}
                idOf={({ id }) => id}
                to={({ id }) => place('/artifacts/$artifact', { artifact: id })}
                columns={columns}
                empty={
                  <NoArtifacts
                    state={state}
                    isNarrowed={isNarrowed}
                    onAll={() => change({ show: 'all', twin: undefined, environment: undefined, find: undefined })}
                  />
                }
              />
              <p className="mt-3 flex flex-wrap items-center gap-3 text-small text-faint">
                {items.length === 0
                  ? null
                  : found.length === items.length
                    ? counted(items.length, 'artifact')
                    : `${found.length} of ${counted(items.length, 'artifact')} read so far`}
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
    </Page>
  )
}

interface NoArtifactsProps {
  readonly state: Standing | undefined
  readonly isNarrowed: boolean
  readonly onAll: () => void
}

function NoArtifacts({ state, isNarrowed, onAll }: NoArtifactsProps): ReactElement {
  if (state === undefined && !isNarrowed)
    return (
      <Empty title="Nothing was produced yet.">
        What a run writes is sealed when it ends, and stays in quarantine. <Link to="/launch">Launch a run</Link> that writes something.
      </Empty>
    )
  return (
    <Empty title={state === 'quarantined' && !isNarrowed ? 'Nothing is in quarantine.' : 'No artifact is like that.'}>
      <Button onPress={onAll}>Show all artifacts</Button>
    </Empty>
  )
}
