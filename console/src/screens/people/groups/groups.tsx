// Groups: yours and those that a directory makes, with how many are in each. Members are counted and not read: one may have a hundred thousand.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { place } from '../../../design/link.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { Thing } from '../../audit/thing.tsx'
import { FindField } from '../find-field.tsx'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'

type Group = OutputOf<'group:list'>['items'][number]

const pageSize = 100

const sourceOf = ({ directory }: Group): string => (directory === null ? 'your own' : visible(directory.name))

const columns: readonly Column<Group>[] = [
  {
    id: 'group',
    title: 'Group',
    by: ({ name }) => name.toLowerCase(),
    cell: (group) => (
      <span className="block min-w-0">
        <span className="font-medium">
          <Thing id={group.id} name={visible(group.name)} brief />
        </span>
        <span className="block pl-[18px] text-tiny text-soft">
          <bdi>{visible(group.slug)}</bdi>
          <span className="beside-sm:hidden">
            , <bdi>{sourceOf(group)}</bdi>
          </span>
        </span>
      </span>
    ),
  },
  {
    id: 'members',
    title: 'In it directly',
    align: 'end',
    by: ({ memberCount }) => memberCount,
    cell: ({ memberCount }) => memberCount.toLocaleString('en-US'),
  },
  {
    id: 'from',
    title: 'Who says so',
    from: 'sm',
    by: sourceOf,
    cell: (group) => (
      <span className={group.directory === null ? 'text-soft' : ''}>
        {group.directory === null ? null : <span className="text-soft">the directory </span>}
        <bdi>{sourceOf(group)}</bdi>
      </span>
    ),
  },
  {
    id: 'owner',
    title: 'Owner',
    from: 'md',
    by: ({ ownerName }) => ownerName ?? '',
    cell: ({ owner, ownerName }) => <Thing id={owner} name={ownerName === null ? null : visible(ownerName)} brief />,
  },
]

/** The screen. */
export function Groups(): ReactElement {
  const [{ find }, change] = useView()
  const groups = useList('group:list', { limit: pageSize, brief: true, ...(find === undefined ? {} : { find }) }, { keepFormer: true })
  return (
    <PeoplePage
      title="Groups"
      line="Whoever is in a group holds what is given to it, and loses it when he is taken out."
      actions={
        <LinkButton to="/people/groups/new" weight="primary">
          Make a group
        </LinkButton>
      }
    >
      {groups.state === 'failed' ? null : (
        <div className="mb-4 flex">
          <FindField label="Find by name" value={find} onChange={(to) => change({ find: to })} />
        </div>
      )}
      <Shown of={groups} what="groups">
        {(listed) => (
          <>
            <Table
              label="Groups"
              rows={listed.items}
              idOf={({ id }) => id}
              columns={columns}
              to={({ id }) => place('/people/groups/$group', { group: id })}
              empty={
                find === undefined ? (
                  <Empty title="There is no group." command="twinlock group create --slug operators --name Operators --owner <person>">
                    Make one, or connect a directory: its groups come with it.
                  </Empty>
                ) : (
                  <Empty title="No group is called like that.">
                    <Button onPress={() => change({ find: undefined }, true)}>Show every group</Button>
                  </Empty>
                )
              }
            />
            <More of={listed} one="group" />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
