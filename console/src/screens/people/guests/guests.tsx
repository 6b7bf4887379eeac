// Guests: who is here from elsewhere, in which role, on what, who answers for them, and how long that is.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { Countdown, useNow } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Thing } from '../../audit/thing.tsx'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'
import { Projects } from '../projects-field.tsx'
import { OnlyYours, Whose } from '../whose.tsx'
import type { Guest } from './guest-words.tsx'

const soonMs = 14 * 86_400_000

const states = [
  { id: 'open', name: 'Open' },
  { id: 'soon', name: 'Ending soon' },
  { id: 'ended', name: 'Over' },
  { id: 'all', name: 'All' },
] as const

function Left({ guest: { state, until } }: { readonly guest: Guest }): ReactElement {
  if (state === 'ended') return <span className="text-faint">over</span>
  return <Countdown until={until} over="its end has come" soonMs={soonMs} />
}

function columnsOf(of: Directory): readonly Column<Guest>[] {
  const projects = ({ projects: ids }: Guest): ReactElement => <Projects ids={ids} of={of} />
  return [
    {
      id: 'who',
      title: 'Guest',
      by: ({ name }) => name.toLowerCase(),
      cell: (guest) => (
        <span className="block min-w-0">
          <span className="font-medium">
            <Thing id={guest.id} name={visible(guest.name)} brief />
          </span>
          <span className="block pl-[18px] text-tiny text-soft">
            as {guest.role}
            <span className="block beside-md:hidden">{projects(guest)}</span>
            <span className="block beside-sm:hidden">
              <State is={guest.state} />
            </span>
          </span>
        </span>
      ),
    },
    { id: 'state', title: 'State', from: 'sm', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
    { id: 'projects', title: 'Projects', from: 'md', cell: projects },
    {
      id: 'sponsor',
      title: 'Sponsor',
      by: ({ sponsorName }) => sponsorName ?? '',
      cell: ({ sponsor, sponsorName, mine, asked }) => (
        <span className="block">
          <Thing id={sponsor} name={sponsorName === null ? null : visible(sponsorName)} brief />
          {mine ? <span className="block pl-[18px] text-tiny font-medium text-ink">you</span> : null}
          {asked === null ? null : <span className="block pl-[18px] text-tiny text-warn">somebody else was asked</span>}
        </span>
      ),
    },
    { id: 'left', title: 'Left', align: 'end', by: ({ until }) => until, cell: (guest) => <Left guest={guest} /> },
  ]
}

function matches(guest: Guest, state: (typeof states)[number]['id'], now: number): boolean {
  if (state === 'all') return true
  if (state === 'ended') return guest.state === 'ended'
  if (guest.state === 'ended') return false
  return state === 'open' || Date.parse(guest.until) - now < soonMs
}

/** The screen. */
export function Guests(): ReactElement {
  const [search, change] = useView()
  const may = useMay('guest:list', {})
  const isOwn = search.which === 'yours' || may.state === 'no'
  const guests = useList('guest:list', { limit: 200, mine: isOwn }, { when: may.state !== 'asking' })
  const of = useDirectory(guests.state === 'ready', false)
  const now = useNow()
  const state = states.find(({ id }) => id === search.state)?.id ?? 'open'
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const isFound = (guest: Guest): boolean => {
    const said = [guest.name, guest.slug, guest.role, guest.sponsorName, guest.id].join(' ').toLowerCase()
    return matches(guest, state, now) && words.every((word) => said.includes(word))
  }
  return (
    <PeoplePage
      title="Guests"
      line="Somebody from elsewhere: in one role, on some projects, until a day, and somebody here answers for it."
      actions={
        <LinkButton to="/people/guests/new" weight="primary">
          Invite a guest
        </LinkButton>
      }
    >
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <Choose label="Which guests" value={state} onChange={(id) => change({ state: id === 'open' ? undefined : id })} choices={states} />
        <Whose label="Whose guests" may={may} isOwn={isOwn} onChange={(which) => change({ which })} />
        <Search
          label="Filter by name, role or sponsor"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find || undefined })}
        />
      </div>
      <OnlyYours may={may} />
      <Shown of={guests} what="guests">
        {(listed) => {
          const found = listed.items.filter(isFound)
          return (
            <>
              <Table
                label="Guests"
                rows={found}
                idOf={({ id }) => id}
                columns={columnsOf(of)}
                also={[of]}
                to={({ id }) => place('/people/guests/$guest', { guest: id })}
                empty={
                  <Empty title={listed.items.length === 0 ? 'There are no guests.' : 'No guest is like that.'}>
                    {listed.items.length === 0 ? (
                      'Who works here is added as a person; who comes from elsewhere is invited.'
                    ) : (
                      <Button onPress={() => change({ state: 'all', find: undefined, which: undefined }, true)}>Show all of them</Button>
                    )}
                  </Empty>
                }
              />
              <More of={{ ...listed, items: found }} one="guest" />
            </>
          )
        }}
      </Shown>
    </PeoplePage>
  )
}
