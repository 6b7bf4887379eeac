// People: who is here, and who was. Narrowed by the server, in words of the URL: an organization may have a hundred thousand of them.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../../api/call.ts'
import { useList, useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Select } from '../../../design/field.tsx'
import { place } from '../../../design/link.tsx'
import { Sensitivity, State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { type SearchChange, useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { Pick } from '../../access/pick.tsx'
import { Thing } from '../../audit/thing.tsx'
import { FindField } from '../find-field.tsx'
import { useLookup } from '../lookup.ts'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'
import { everyMs } from '../settled.ts'

type Person = OutputOf<'person:list'>['items'][number]
type Query = Readonly<Record<string, string | undefined>>

const pageSize = 100

const states = [
  { id: 'active', name: 'Active' },
  { id: 'left', name: 'Left' },
  { id: 'all', name: 'All' },
] as const
const kinds = [
  { id: 'any', name: 'Anybody' },
  { id: 'member', name: 'Members' },
  { id: 'guest', name: 'Guests' },
] as const

const columns: readonly Column<Person>[] = [
  {
    id: 'who',
    title: 'Who',
    by: ({ name }) => name.toLowerCase(),
    cell: ({ id, name, slug, state, kind }) => (
      <span className="block min-w-0">
        <span className="font-medium">
          <Thing id={id} name={visible(name)} brief />
        </span>
        <span className="block pl-[18px] text-tiny text-soft">
          <bdi>{visible(slug)}</bdi>
          <span className="beside-sm:hidden">
            , {kind}, {state}
          </span>
        </span>
      </span>
    ),
  },
  { id: 'kind', title: 'Kind', from: 'sm', by: ({ kind }) => kind, cell: ({ kind }) => kind },
  {
    id: 'clearance',
    title: 'Clearance',
    from: 'md',
    by: ({ clearance }) => clearance,
    cell: ({ clearance }) => <Sensitivity is={clearance} />,
  },
  { id: 'since', title: 'Since', from: 'sm', by: ({ since }) => since, cell: ({ since }) => <When at={since} /> },
  {
    id: 'state',
    title: 'State',
    from: 'sm',
    by: ({ state, leftAt }) => `${state} ${leftAt ?? ''}`,
    cell: ({ state, leftAt }) => (
      <span className="inline-flex flex-wrap items-center gap-x-1.5 text-soft">
        <State is={state} />
        {leftAt === null ? null : <When at={leftAt} />}
      </span>
    ),
  },
]

const one = <T extends { readonly id: string }>(all: readonly T[], id: string | undefined): T['id'] | undefined =>
  all.find((each) => each.id === id)?.id

/** What the URL narrows by; the server parses it. */
function askedIn(search: Query): InputOf<'person:list'> {
  const state = one(states, search.state) ?? 'active'
  const kind = one(kinds, search.kind) ?? 'any'
  const { find, group, position } = search
  return {
    limit: pageSize,
    ...(state === 'all' ? {} : { state }),
    ...(kind === 'any' ? {} : { kind }),
    ...(find === undefined ? {} : { find }),
    ...(group === undefined ? {} : { group }),
    ...(position === undefined ? {} : { position }),
  }
}

const nothingAsked = { find: undefined, state: undefined, kind: undefined, group: undefined, position: undefined }

interface FiltersProps {
  readonly search: Query
  readonly change: (to: SearchChange) => void
}

function Filters({ search, change }: FiltersProps): ReactElement {
  const positions = useRead('position:list', {}, { every: false })
  const { choices, onType } = useLookup({ groups: true, value: search.group })
  const known = positions.state === 'ready' ? positions.data.items.filter(({ state }) => state === 'active') : []
  return (
    <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
      <Choose
        label="Who is here"
        value={one(states, search.state) ?? 'active'}
        onChange={(id) => change({ state: id === 'active' ? undefined : id })}
        choices={states}
      />
      <Choose
        label="Members or guests"
        value={one(kinds, search.kind) ?? 'any'}
        onChange={(id) => change({ kind: id === 'any' ? undefined : id })}
        choices={kinds}
      />
      <Select
        label="Position"
        inRow
        value={search.position ?? 'any'}
        onChange={(id) => change({ position: id === 'any' ? undefined : id })}
        choices={[{ id: 'any', name: 'Any' }, ...known.map(({ position }) => ({ id: position, name: position }))]}
        isReading={positions.state === 'loading'}
      />
      <div className="w-72 max-w-full">
        <Pick
          inRow
          label="Group"
          value={search.group}
          onChange={(group) => change({ group })}
          choices={choices}
          onType={onType}
          ids={['grp']}
          placeholder="Any"
        />
      </div>
      <FindField label="Find by name or address" value={search.find} onChange={(find) => change({ find })} />
    </div>
  )
}

/** The screen. */
export function PeopleList(): ReactElement {
  const [search, change] = useView()
  const people = useList('person:list', askedIn(search), { keepFormer: true, every: everyMs })
  const isForbidden = people.state === 'failed'
  return (
    <PeoplePage
      title="People"
      line="Who is here, and who was. Somebody who joins holds nothing until a mapping or a grant gives it."
      actions={
        <>
          <LinkButton to="/people/guests/new">Invite a guest</LinkButton>
          <LinkButton to="/people/new" weight="primary">
            Add a person
          </LinkButton>
        </>
      }
    >
      {isForbidden ? null : <Filters search={search} change={change} />}
      <Shown of={people} what="people">
        {(listed) => (
          <>
            <Table
              label="People"
              rows={listed.items}
              idOf={({ id }) => id}
              columns={columns}
              to={({ id }) => place('/people/$person', { person: id })}
              empty={
                <Empty title="Nobody is like that.">
                  <Button onPress={() => change(nothingAsked, true)}>Show everybody who is here</Button>
                </Empty>
              }
            />
            <More of={listed} one="person" many="people" />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
