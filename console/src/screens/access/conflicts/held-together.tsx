// Who holds both sides of a conflict: by which grants, one of each side. A conflict binds what is given later; what these hold stays until somebody takes it away.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { type Reading, useRead } from '../../../api/queries.ts'
import { Partial, Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Id } from '../../../design/id.tsx'
import { place } from '../../../design/link.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { Thing } from '../../audit/thing.tsx'
import type { Sides } from './sides.ts'

type Preview = OutputOf<'conflict:preview'>
type Held = Preview['items'][number]

const grant = (id: string): ReactElement => <Id plain id={id} to={place('/access/grants', {}, { grant: id })} />

const columns: readonly Column<Held>[] = [
  {
    id: 'holder',
    title: 'Who',
    by: ({ name, holder }) => (name ?? holder).toLowerCase(),
    cell: ({ holder, name, one, other }) => (
      <span className="block min-w-0">
        <Thing id={holder} name={name === null ? null : visible(name)} linked />
        <span className="block pl-[18px] text-tiny beside-sm:hidden">
          {grant(one)} {grant(other)}
        </span>
      </span>
    ),
  },
  { id: 'one', title: 'The one side by', from: 'sm', cell: ({ one }) => grant(one) },
  { id: 'other', title: 'The other side by', from: 'sm', cell: ({ other }) => grant(other) },
]

/** Reads who holds both; nothing while the sides are not whole. */
export function useHeldTogether(sides: Sides | undefined): Reading<Preview> {
  const input = sides === undefined ? { one: [], other: [] } : { one: [...sides.one], other: [...sides.other] }
  return useRead('conflict:preview', input, { when: sides !== undefined, every: false, keepFormer: true })
}

/** Who holds both, or that nobody does. */
export function HeldTogether({ of: reading }: { readonly of: Reading<Preview> }): ReactElement {
  return (
    <Shown of={reading} what="who holds both" rows={2}>
      {({ items, cut }) => (
        <>
          {cut ? (
            <Partial title="There may be more.">Not everything that is held was looked at: there is too much of it for one look.</Partial>
          ) : null}
          {items.length > 0 ? (
            <Table label="Who holds both" rows={items} idOf={({ holder }) => holder} columns={columns} />
          ) : cut ? null : (
            <p className="flex items-center gap-1.5 py-1 text-good">
              <Icon name="check" />
              Nobody holds both now.
            </p>
          )}
        </>
      )}
    </Shown>
  )
}
