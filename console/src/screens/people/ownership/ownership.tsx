// Ownership across the organization: what nobody answers for, with what stands still because of it and who answers meanwhile; and which groups that are.
import type { ReactElement } from 'react'
import { useList, useRead } from '../../../api/queries.ts'
import { Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { LinkButton } from '../../access/link-button.tsx'
import { Thing } from '../../audit/thing.tsx'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'
import { FallbackGroups } from './fallbacks.tsx'
import { type Owned, offeredColumn } from './take-back.tsx'

const columns: readonly Column<Owned>[] = [
  {
    id: 'what',
    title: 'What',
    by: ({ name }) => name.toLowerCase(),
    cell: ({ id, name, kind, stops }) => (
      <span className="block min-w-0">
        <span className="font-medium">
          <Thing id={id} name={visible(name)} linked />
        </span>
        <span className="block pl-[18px] text-tiny text-soft">
          {kind}
          <span className="block beside-md:hidden">{stops}</span>
        </span>
      </span>
    ),
  },
  { id: 'stops', title: 'While nobody answers for it', from: 'md', cell: ({ stops }) => <span className="text-soft">{stops}</span> },
  {
    id: 'owner',
    title: 'Whose it was',
    by: ({ owner }) => owner.name,
    cell: ({ owner, since }) => (
      <span className="block min-w-0">
        <Link to={place('/identity/leaving/$person', { person: owner.id })}>
          <bdi>{visible(owner.name)}</bdi>
        </Link>
        {since === null ? null : (
          <span className="block text-tiny text-soft">
            <When at={since} />
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'fallback',
    title: 'Answers meanwhile',
    from: 'lg',
    by: ({ fallback }) => fallback.name,
    cell: ({ fallback: { id, name } }) =>
      id === null ? <span className="text-soft">{name}</span> : <Thing id={id} name={visible(name)} linked />,
  },
  offeredColumn,
]

function Orphans(): ReactElement {
  const orphans = useList('ownership:list', { orphans: true, limit: 50 })
  const count = orphans.state === 'ready' && orphans.data.more === undefined ? orphans.data.items.length : undefined
  return (
    <Section title="Nobody answers for" note={count === undefined || count === 0 ? undefined : counted(count, 'thing')}>
      <Shown of={orphans} what="what nobody answers for" rows={2}>
        {(listed) =>
          listed.items.length === 0 ? (
            <p className="flex items-center gap-1.5 py-1 text-good">
              <Icon name="check" />
              Somebody answers for everything.
            </p>
          ) : (
            <>
              <Table label="What nobody answers for" rows={listed.items} idOf={({ id }) => id} columns={columns} />
              {listed.more === undefined ? null : <More of={listed} one="thing" />}
            </>
          )
        }
      </Shown>
    </Section>
  )
}

/** The screen. */
export function Ownership(): ReactElement {
  const fallbacks = useRead('ownership:fallbacks', {})
  return (
    <PeoplePage
      title="Ownership"
      line="Everything that stands has somebody who answers for it. Where the owner has left, it stands still until somebody takes it over."
      actions={<LinkButton to="/people/offers">Offered to you</LinkButton>}
    >
      <Shown of={fallbacks} what="who answers">
        {({ items }) => (
          <>
            <Orphans />
            <FallbackGroups items={items} />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
