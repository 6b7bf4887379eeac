// Duties that are kept apart: the conflicts that this organization declared, which stop grants, and those that ship, which are shown before one.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { AccessPage } from '../access-page.tsx'
import { LinkButton } from '../link-button.tsx'
import { HeldTogether, useHeldTogether } from './held-together.tsx'
import { SideSaid } from './side.tsx'

type Conflict = OutputOf<'conflict:list'>['items'][number]

const columns: readonly Column<Conflict>[] = [
  {
    id: 'conflict',
    title: 'Conflict',
    by: ({ slug }) => slug,
    cell: ({ slug, one, other }) => (
      <span className="block min-w-0">
        <span className="font-medium [overflow-wrap:anywhere]">{slug}</span>
        <span className="block text-small beside-sm:hidden">
          <SideSaid of={one} /> <span className="text-soft">apart from</span> <SideSaid of={other} />
        </span>
      </span>
    ),
  },
  { id: 'one', title: 'The one side', from: 'sm', cell: ({ one }) => <SideSaid of={one} /> },
  { id: 'other', title: 'The other side', from: 'sm', cell: ({ other }) => <SideSaid of={other} /> },
]

function Shipped({ of: { one, other } }: { readonly of: Conflict }): ReactElement {
  const [isOpen, setOpen] = useState(false)
  const held = useHeldTogether(isOpen ? { one, other } : undefined)
  return (
    <li className="border-b border-line/70 last:border-b-0">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="rounded-mark py-1.5">
          <span className="font-medium">{one.join(', ')}</span> <span className="text-soft">and</span>{' '}
          <span className="font-medium">{other.join(', ')}</span>
        </summary>
        <div className="pb-3 pl-4">{isOpen ? <HeldTogether of={held} /> : null}</div>
      </details>
    </li>
  )
}

/** The screen. */
export function Conflicts(): ReactElement {
  const reading = useRead('conflict:list', {})
  return (
    <AccessPage
      title="Duties kept apart"
      line="What nobody shall hold together. It binds what is given later, and takes nothing away."
      actions={
        <LinkButton to="/access/new-conflict" weight="primary">
          Declare a conflict
        </LinkButton>
      }
    >
      <Shown of={reading} what="conflicts">
        {({ items }) => {
          const [own, shipped] = [items.filter(({ stops }) => stops), items.filter(({ stops }) => !stops)]
          return (
            <>
              <Section title="Of this organization" note={own.length === 0 ? undefined : `${own.length}, each stops a grant`}>
                <Table
                  label="Conflicts of this organization"
                  rows={own}
                  idOf={({ slug }) => slug}
                  columns={columns}
                  to={({ slug }) => place('/access/conflicts/$conflict', { conflict: slug })}
                  empty={
                    <Empty title="It has declared none of its own." command="npx twinlock conflict declare --help">
                      Those that ship are below: they are shown before something is given, and stop nothing.{' '}
                      <Link to="/access/new-conflict">Declare one</Link> that stops it.
                    </Empty>
                  }
                />
              </Section>
              <Section title="That ship with the product" note={`${shipped.length}, shown before a grant; open one to see who holds both`}>
                <ul>
                  {shipped.map((one) => (
                    <Shipped key={one.slug} of={one} />
                  ))}
                </ul>
              </Section>
            </>
          )
        }}
      </Shown>
    </AccessPage>
  )
}
