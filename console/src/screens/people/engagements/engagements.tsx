// Engagements with partners: their people, agents and services as one unit, with one sponsor and one end.
import type { ReactElement } from 'react'
import { useMay } from '../../../api/may.ts'
import { useList } from '../../../api/queries.ts'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Countdown } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { Thing } from '../../audit/thing.tsx'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'
import { OnlyYours, Whose } from '../whose.tsx'
import { type Engagement, soonMs } from './engagement-words.tsx'

const states = [
  { id: 'open', name: 'Open' },
  { id: 'ended', name: 'Over' },
  { id: 'all', name: 'All' },
] as const

function Members({ members }: Pick<Engagement, 'members'>): ReactElement {
  const people = members.filter(({ kind }) => kind === 'person').length
  const workloads = members.length - people
  return (
    <span>
      {counted(people, 'person', 'people')}, {counted(workloads, 'workload')}
    </span>
  )
}

const columns: readonly Column<Engagement>[] = [
  {
    id: 'engagement',
    title: 'Engagement',
    by: ({ name }) => name.toLowerCase(),
    cell: ({ name, slug, state, members }) => (
      <span className="block min-w-0">
        <span className="flex items-baseline gap-1.5">
          <span className="flex h-[1lh] items-center self-start">
            <Icon name="gate" className="size-3 text-soft" />
          </span>
          <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
        </span>
        <span className="block pl-[18px] text-tiny text-soft">
          <bdi>{slug}</bdi>
          <span className="block beside-sm:hidden">
            <State is={state} />
          </span>
          <span className="block beside-sm:hidden">
            <Members members={members} />
          </span>
        </span>
      </span>
    ),
  },
  { id: 'state', title: 'State', from: 'sm', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  {
    id: 'members',
    title: 'Members',
    from: 'sm',
    by: ({ members }) => members.length,
    cell: ({ members }) => <Members members={members} />,
  },
  {
    id: 'sponsor',
    title: 'Sponsor',
    from: 'md',
    by: ({ sponsorName }) => sponsorName ?? '',
    cell: ({ sponsor, sponsorName, mine }) => (
      <span className="inline-flex items-baseline gap-1.5">
        <Thing id={sponsor} name={sponsorName === null ? null : visible(sponsorName)} brief />
        {mine ? <span className="text-tiny font-medium text-ink">you</span> : null}
      </span>
    ),
  },
  {
    id: 'left',
    title: 'Left',
    align: 'end',
    by: ({ until }) => until,
    cell: ({ state, until }) =>
      state === 'ended' ? <span className="text-faint">over</span> : <Countdown until={until} over="its end has come" soonMs={soonMs} />,
  },
]

/** The screen. */
export function Engagements(): ReactElement {
  const [search, change] = useView()
  const may = useMay('engagement:list', {})
  const isOwn = search.which === 'yours' || may.state === 'no'
  const engagements = useList('engagement:list', { limit: 100, mine: isOwn }, { when: may.state !== 'asking' })
  const state = states.find(({ id }) => id === search.state)?.id ?? 'open'
  return (
    <PeoplePage
      title="Engagements"
      line="A partner’s people, agents and services as one unit: one sponsor, one end. What is of one is refused while nobody confirms that it needs to know."
      actions={
        <LinkButton to="/people/engagements/new" weight="primary">
          Begin an engagement
        </LinkButton>
      }
    >
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <Choose
          label="Which engagements"
          value={state}
          onChange={(id) => change({ state: id === 'open' ? undefined : id })}
          choices={states}
        />
        <Whose label="Whose engagements" may={may} isOwn={isOwn} onChange={(which) => change({ which })} />
      </div>
      <OnlyYours may={may} />
      <Shown of={engagements} what="engagements">
        {(listed) => {
          const found = listed.items.filter((one) => state === 'all' || (one.state === 'ended') === (state === 'ended'))
          return (
            <>
              <Table
                label="Engagements"
                rows={found}
                idOf={({ id }) => id}
                columns={columns}
                to={({ id }) => place('/people/engagements/$engagement', { engagement: id })}
                empty={
                  <Empty title={state === 'open' ? 'No engagement is open.' : 'There is none.'}>
                    A partner’s guests can also be invited one by one.
                  </Empty>
                }
              />
              <More of={{ ...listed, items: found }} one="engagement" />
            </>
          )
        }}
      </Shown>
    </PeoplePage>
  )
}
