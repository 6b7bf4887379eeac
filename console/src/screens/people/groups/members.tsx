// Who and what is in a group directly: found by name, page by page, and drawn only where one looks. Pressing one shows what would come of taking it out.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { type Listed, type Reading, useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { LongTable } from '../../../design/long-table.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table, useWidth } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { Thing } from '../../audit/thing.tsx'
import { FindField } from '../find-field.tsx'
import { More } from '../more.tsx'
import { everyMs } from '../settled.ts'

/** A member as it is listed. */
export type Member = OutputOf<'group:members'>['items'][number]

const pageSize = 200
/** Up to so many are a plain table, whose rows are links of their own. */
const plainMax = 100
/** So many rows before the end of what was read, the next page is asked for. */
const ahead = 60

const kinds = [
  { id: 'any', name: 'All' },
  { id: 'person', name: 'People' },
  { id: 'workload', name: 'Workloads' },
  { id: 'group', name: 'Groups' },
] as const

const stateOf = ({ state }: Member): string => state ?? ''

interface MembersProps {
  readonly group: string
  readonly count: number
  /** Whether a directory says who is in it. */
  readonly isSaid: boolean
}

function Name({ member: { member, name }, isLinked }: { readonly member: Member; readonly isLinked: boolean }): ReactElement {
  return <Thing id={member} name={visible(name)} linked={isLinked} brief />
}

const Said = ({ member: { said } }: { readonly member: Member }): ReactElement =>
  said ? <span>the directory</span> : <span className="text-soft">somebody here</span>

interface ListProps {
  readonly listed: Listed<Member>
  readonly isSaid: boolean
  readonly onTakeOut: (member: string) => void
}

function Few({ listed: { items }, isSaid, onTakeOut }: ListProps): ReactElement {
  const said: readonly Column<Member>[] = isSaid
    ? [{ id: 'said', title: 'Who says so', from: 'sm', by: (one) => String(one.said), cell: (one) => <Said member={one} /> }]
    : []
  const columns: readonly Column<Member>[] = [
    { id: 'who', title: 'Who', by: ({ name }) => name.toLowerCase(), cell: (one) => <Name member={one} isLinked /> },
    {
      id: 'state',
      title: 'State',
      from: 'sm',
      by: stateOf,
      cell: (one) => (one.state === null ? <span className="text-faint">–</span> : <State is={stateOf(one)} />),
    },
    { id: 'since', title: 'Since', from: 'sm', by: ({ since }) => since, cell: ({ since }) => <When at={since} /> },
    ...said,
    {
      id: 'out',
      title: 'Membership',
      align: 'end',
      cell: ({ member, name }) => (
        <Button weight="quiet" onPress={() => onTakeOut(member)} label={`Take out ${visible(name)}`} className="-my-1.5">
          Take out
        </Button>
      ),
    },
  ]
  return <Table label="Members" rows={items} idOf={({ member }) => member} columns={columns} />
}

function Many({ listed: { items, more, isReadingMore }, isSaid, onTakeOut }: ListProps): ReactElement {
  const isWide = useWidth('sm')
  const read = (_first: number, last: number): void => {
    if (last > items.length - ahead && !isReadingMore) more?.()
  }
  return (
    <LongTable
      label="Members"
      count={items.length}
      rowAt={(at) => items[at]}
      onSight={read}
      height="50vh"
      onOpen={({ member }) => onTakeOut(member)}
      columns={[
        { id: 'who', title: 'Who', width: 'minmax(10rem,2fr)', cell: (one) => <Name member={one} isLinked={false} /> },
        ...(isWide
          ? [
              { id: 'slug', title: 'Short name', width: 'minmax(8rem,1fr)', cell: (one: Member) => <bdi>{visible(one.slug)}</bdi> },
              { id: 'since', title: 'Since', width: '10rem', cell: (one: Member) => <When at={one.since} /> },
              ...(isSaid ? [{ id: 'said', title: 'Who says so', width: '9rem', cell: (one: Member) => <Said member={one} /> }] : []),
            ]
          : []),
      ]}
    />
  )
}

function useMembers(group: string): Reading<Listed<Member>> {
  const [{ find, kind }] = useView()
  const asked = kinds.find(({ id }) => id === kind)?.id ?? 'any'
  return useList(
    'group:members',
    { group, limit: pageSize, ...(find === undefined ? {} : { find }), ...(asked === 'any' ? {} : { kind: asked }) },
    { keepFormer: true, every: everyMs },
  )
}

/** The list, with its filters. */
export function Members({ group, count, isSaid }: MembersProps): ReactElement {
  const [{ find, kind }, change] = useView()
  const members = useMembers(group)
  const isNarrowed = find !== undefined || kind !== undefined
  const takeOut = (member: string): void => change({ member, change: 'leave' }, true)
  if (count === 0) return <Empty title="Nobody and nothing is in it.">Put somebody in, or another group.</Empty>
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-2">
        <Choose
          label="Which members"
          value={kinds.find(({ id }) => id === kind)?.id ?? 'any'}
          onChange={(id) => change({ kind: id === 'any' ? undefined : id })}
          choices={kinds}
        />
        <FindField label="Find a member by name or address" value={find} onChange={(to) => change({ find: to })} />
      </div>
      <Shown of={members} what="members" rows={4}>
        {(listed) => (
          <>
            {listed.items.length === 0 ? (
              <Empty title="No member is like that.">
                <Button onPress={() => change({ find: undefined, kind: undefined }, true)}>Show every member</Button>
              </Empty>
            ) : listed.items.length > plainMax ? (
              <Many listed={listed} isSaid={isSaid} onTakeOut={takeOut} />
            ) : (
              <Few listed={listed} isSaid={isSaid} onTakeOut={takeOut} />
            )}
            <More of={listed} one="member" all={isNarrowed ? undefined : count} />
          </>
        )}
      </Shown>
    </>
  )
}
