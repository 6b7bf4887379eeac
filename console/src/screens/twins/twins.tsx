// All twins: what exists, of what kind, who answers for it. Narrowed by the project of the shell, and by state and words in the URL.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../api/call.ts'
import { useStore } from '../../api/store.ts'
import { Button } from '../../design/button.tsx'
import { Choose } from '../../design/choose.tsx'
import { Empty, Shown } from '../../design/conditions.tsx'
import { Search } from '../../design/field.tsx'
import { Identity } from '../../design/identity.tsx'
import { place } from '../../design/link.tsx'
import { Sensitivity, State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { counted } from '../../design/time.ts'
import { When } from '../../design/when.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { project } from '../../shell/project.ts'
import { useView } from '../../shell/view.ts'
import { Within } from '../../shell/within.tsx'
import { NewLink, useMe } from './may-make.tsx'
import { someTwin, useProjectChoices } from './project-choices.ts'
import { TwinsPage } from './twins-page.tsx'

type ListedTwin = OutputOf<'twin:list'>['items'][number]
type Lifecycle = NonNullable<InputOf<'twin:list'>['state']>

/** The words of the row of filters. Unknown words in the URL mean all. */
const shown: Readonly<Record<string, { readonly name: string; readonly state?: Lifecycle }>> = {
  all: { name: 'All' },
  active: { name: 'Active', state: 'active' },
  draft: { name: 'Draft', state: 'draft' },
  retired: { name: 'Retired', state: 'retired' },
}

const pageSize = 100

function Name({ twin: { id, slug } }: { readonly twin: ListedTwin }): ReactElement {
  return (
    <span className="block min-w-0">
      <Identity brief kind="twin" id={id} name={slug} />
      <code className="block max-w-[11rem] truncate pl-[18px] font-mono text-tiny text-faint sm:max-w-none">{id}</code>
    </span>
  )
}

const columns: readonly Column<ListedTwin>[] = [
  { id: 'twin', title: 'Twin', cell: (twin) => <Name twin={twin} />, by: ({ slug }) => slug },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  { id: 'kind', title: 'Kind', from: 'sm', by: ({ kind }) => kind, cell: ({ kind }) => <bdi>{kind}</bdi> },
  {
    id: 'sensitivity',
    title: 'Sensitivity',
    from: 'md',
    by: ({ sensitivity }) => sensitivity,
    cell: ({ sensitivity }) => <Sensitivity is={sensitivity} />,
  },
  {
    id: 'scenarios',
    title: 'Scenarios',
    from: 'sm',
    align: 'end',
    by: ({ scenarios }) => scenarios,
    cell: ({ scenarios }) => (scenarios === 0 ? <span className="text-faint">none</span> : scenarios),
  },
  {
    id: 'owner',
    title: 'Owner',
    from: 'md',
    by: ({ ownerName, owner }) => ownerName ?? owner,
    cell: ({ owner, ownerName }) => <Identity brief id={owner} name={ownerName} />,
  },
  {
    id: 'project',
    title: 'Project',
    from: 'lg',
    by: (twin) => twin.projectName ?? twin.project,
    cell: (twin) => <bdi className="text-soft">{twin.projectName ?? twin.project}</bdi>,
  },
  { id: 'created', title: 'Created', from: 'lg', by: ({ createdAt }) => createdAt, cell: ({ createdAt }) => <When at={createdAt} /> },
]

function matches({ id, slug, kind, ownerName, projectName }: ListedTwin, words: readonly string[]): boolean {
  const text = `${id} ${slug} ${kind} ${ownerName ?? ''} ${projectName ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The way to a new one: asked of the project that is chosen, else of any. */
function NewTwinLink(): ReactElement {
  const me = useMe()
  const here = useStore(project)
  const projects = useProjectChoices()
  const of = here ?? (projects.state === 'ready' ? projects.data[0]?.id : undefined)
  return (
    <NewLink action="twin:create" asked={someTwin(me?.id, of)} to="/twins/new">
      New twin
    </NewLink>
  )
}

/** The screen. */
export function Twins(): ReactElement {
  const [search, change] = useView()
  const here = useStore(project)
  const state = shown[search.show ?? 'all']?.state
  const input = { limit: pageSize, ...(state === undefined ? {} : { state }) }
  const { reading: twins, within } = usePlacedList('twin:list', input, { keepFormer: true })
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return (
    <TwinsPage
      title="Twins"
      line="The governed models of things: each has an owner, a sensitivity, and scenarios that say what a run of it may touch."
      actions={<NewTwinLink />}
    >
      <div className="mb-4 flex flex-wrap items-end gap-x-3 gap-y-2">
        <Choose
          label="Which twins"
          value={search.show !== undefined && Object.hasOwn(shown, search.show) ? search.show : 'all'}
          onChange={(show) => change({ show: show === 'all' ? undefined : show })}
          choices={Object.entries(shown).map(([id, { name }]) => ({ id, name }))}
        />
        <Search
          label="Filter twins by name, kind or owner"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find === '' ? undefined : find })}
        />
      </div>
      <Within of={within} />
      <Shown of={twins} what="twins">
        {({ items, more, isReadingMore }) => {
          const found = items.filter((twin) => matches(twin, words))
          return (
            <>
              <Table
                label="Twins"
                rows={found}
                idOf={({ id }) => id}
                to={({ id }) => place('/twins/$twin', { twin: id })}
                columns={columns}
                empty={
                  <NoTwins
                    isNarrowed={state !== undefined || words.length > 0}
                    inProject={here !== undefined}
                    onAll={() => change({ show: undefined, find: undefined })}
                  />
                }
              />
              <p className="mt-3 flex flex-wrap items-center gap-3 text-small text-faint">
                {items.length === 0
                  ? null
                  : found.length === items.length
                    ? counted(items.length, 'twin')
                    : `${found.length} of ${counted(items.length, 'twin')} read so far`}
                {here === undefined ? null : ' in the chosen project'}
                {more === undefined ? null : (
                  <Button onPress={more} isPending={isReadingMore}>
                    Read more
                  </Button>
                )}
              </p>
            </>
          )
        }}
      </Shown>
    </TwinsPage>
  )
}

interface NoTwinsProps {
  readonly isNarrowed: boolean
  readonly inProject: boolean
  readonly onAll: () => void
}

function NoTwins({ isNarrowed, inProject, onAll }: NoTwinsProps): ReactElement {
  if (isNarrowed)
    return (
      <Empty title="No twin is like that.">
        <Button onPress={onAll}>Show all twins</Button>
      </Empty>
    )
  return (
    <Empty title={inProject ? 'This project has no twins.' : 'There are no twins yet.'} command="npx twinlock twin create --help">
      A twin is the governed model of something: it has an owner, a sensitivity, and scenarios that say what a run of it may touch.
    </Empty>
  )
}
