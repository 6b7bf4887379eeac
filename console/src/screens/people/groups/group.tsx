// One group: who answers for it, which directory says who is in it, what it gives, and who and what is in it.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Id } from '../../../design/id.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { useDirectory } from '../../access/names.ts'
import { Thing } from '../../audit/thing.tsx'
import { History } from '../people/stands-for.tsx'
import { PeoplePage } from '../people-page.tsx'
import { everyMs } from '../settled.ts'
import { ChangeMembers } from './change-members.tsx'
import { GroupGives } from './group-gives.tsx'
import { Members } from './members.tsx'

type ShownGroup = OutputOf<'group:show'>

function About({ group }: { readonly group: ShownGroup }): ReactElement {
  const { id, slug, owner, ownerName, directory, createdAt, counts, everybody, within } = group
  return (
    <Section title="What it is">
      <Facts>
        <Fact name="Group">
          <Id id={id} />
        </Fact>
        <Fact name="Short name">
          <code className="font-mono text-tiny">{visible(slug)}</code>
        </Fact>
        <Fact name="Who says who is in it">
          {directory === null ? (
            'administrators here'
          ) : (
            <>
              the directory{' '}
              <Link to={place('/identity/directories/$directory', { directory: directory.id })}>
                <bdi>{visible(directory.name)}</bdi>
              </Link>
            </>
          )}
        </Fact>
        <Fact name="Owner">
          <Thing id={owner} name={ownerName === null ? null : visible(ownerName)} linked />
        </Fact>
        <Fact name="In it directly">
          {counted(counts.people, 'person', 'people')}, {counted(counts.workloads, 'workload')}, {counted(counts.groups, 'group')}
        </Fact>
        <Fact name="In it however deep">{counted(everybody, 'person or workload', 'people and workloads')}</Fact>
        {within.length === 0 ? null : (
          <Fact name="It is in">
            <ul>
              {within.map((above) => (
                <li key={above.id} className="flex flex-wrap items-baseline gap-x-2">
                  <Thing id={above.id} name={visible(above.name)} linked />
                  {above.isDirect ? null : <span className="text-small text-soft">through another group</span>}
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name="Created">
          <When at={createdAt} />
        </Fact>
      </Facts>
    </Section>
  )
}

/** The screen. */
export function Group({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('group:show', { group: id }, { every: everyMs })
  const [search, change] = useView()
  const of = useDirectory(reading.state === 'ready', false)
  const group = reading.state === 'ready' ? reading.data : undefined
  const isChanging = search.change !== undefined
  return (
    <PeoplePage
      title={group === undefined ? 'Group' : visible(group.name)}
      mark={<Icon name="person" className="text-soft" />}
      below="/people/groups"
      line={
        group === undefined ? undefined : (
          <>
            <span>{counted(group.memberCount, 'member')}</span>
            {group.directory === null ? null : (
              <span>
                said by the directory <bdi>{visible(group.directory.name)}</bdi>
              </span>
            )}
          </>
        )
      }
      actions={
        group === undefined || isChanging ? undefined : (
          <Button onPress={() => change({ change: 'join', member: undefined }, true)}>Put somebody in…</Button>
        )
      }
    >
      <Shown of={reading} what="the group">
        {(shown) => (
          <>
            {isChanging ? (
              <ChangeMembers group={id} name={shown.name} isSaid={shown.directory !== null} of={of} />
            ) : (
              <>
                <About group={shown} />
                <GroupGives group={id} within={shown.within} of={of} />
              </>
            )}
            <Section title="In it" note={counted(shown.memberCount, 'member')}>
              <Members group={id} count={shown.memberCount} isSaid={shown.directory !== null} />
            </Section>
            {isChanging ? null : <History of={id} />}
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
