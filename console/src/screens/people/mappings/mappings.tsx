// Mappings: who is given what for being in a group, or for what a directory says of him.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { type Directory, useDirectory } from '../../access/names.ts'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'
import { SourceOf } from './source.tsx'
import { TermList } from './terms.tsx'

type Mapping = OutputOf<'mapping:list'>['items'][number]

const states = [
  { id: 'active', name: 'In force' },
  { id: 'retired', name: 'Retired' },
  { id: 'all', name: 'All' },
] as const

/** What a mapping gives: its position, or its terms. */
export function GivenBy({
  mapping: { position, gives },
  of,
}: {
  readonly mapping: Pick<Mapping, 'position' | 'gives'>
  readonly of: Directory
}): ReactElement {
  return (
    <span className="block min-w-0">
      {position === null ? null : (
        <span className="block">
          <span className="text-soft">the position</span>{' '}
          <Link to={place('/people/positions/$position', { position })}>
            <bdi>{position}</bdi>
          </Link>
        </span>
      )}
      <TermList terms={gives} of={of} />
    </span>
  )
}

function columnsOf(of: Directory): readonly Column<Mapping>[] {
  return [
    {
      id: 'mapping',
      title: 'Mapping',
      by: ({ title }) => title.toLowerCase(),
      cell: ({ title, slug, source }) => (
        <span className="block min-w-0">
          <bdi className="font-medium [overflow-wrap:anywhere]">{visible(title)}</bdi>
          <span className="block text-tiny text-soft">
            <bdi>{slug}</bdi>
          </span>
          <span className="block text-small beside-sm:hidden">
            <SourceOf source={source} />
          </span>
        </span>
      ),
    },
    { id: 'whom', title: 'Of whom', from: 'sm', cell: ({ source }) => <SourceOf source={source} /> },
    { id: 'gives', title: 'Gives', cell: (mapping) => <GivenBy mapping={mapping} of={of} /> },
    { id: 'state', title: 'State', from: 'sm', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  ]
}

/** The screen. */
export function Mappings(): ReactElement {
  const [search, change] = useView()
  const mappings = useList('mapping:list', { limit: 200 })
  const of = useDirectory(mappings.state === 'ready', false)
  const state = states.find(({ id }) => id === search.state)?.id ?? 'active'
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (one: Mapping): boolean => {
    const said = JSON.stringify([one.title, one.slug, one.position, one.source, one.gives]).toLowerCase()
    return (state === 'all' || one.state === state) && words.every((word) => said.includes(word))
  }
  return (
    <PeoplePage
      title="Mappings"
      line="Roles for whoever is in a group, or is said to be something by a directory, for as long as that is so."
      actions={
        <LinkButton to="/people/mappings/new" weight="primary">
          Make a mapping
        </LinkButton>
      }
    >
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <Choose
          label="Which mappings"
          value={state}
          onChange={(id) => change({ state: id === 'active' ? undefined : id })}
          choices={states}
        />
        <Search
          label="Filter by name, group, value or role"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find || undefined })}
        />
      </div>
      <Shown of={mappings} what="mappings">
        {(listed) => {
          const found = listed.items.filter(matches)
          return (
            <>
              <Table
                label="Mappings"
                rows={found}
                idOf={({ id }) => id}
                columns={columnsOf(of)}
                also={[of]}
                to={({ id }) => place('/people/mappings/$mapping', { mapping: id })}
                empty={
                  <Empty title={listed.items.length === 0 ? 'There is no mapping.' : 'No mapping is like that.'}>
                    Without one, whoever joins holds nothing until somebody gives it to him.
                  </Empty>
                }
              />
              <More of={{ ...listed, items: found }} one="mapping" />
            </>
          )
        }}
      </Shown>
    </PeoplePage>
  )
}
