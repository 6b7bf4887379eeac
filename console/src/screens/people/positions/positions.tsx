// Positions: the names that people have for what somebody does here, each for roles on things.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { place } from '../../../design/link.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { type Directory, useDirectory } from '../../access/names.ts'
import { TermList } from '../mappings/terms.tsx'
import { PeoplePage } from '../people-page.tsx'

type Position = OutputOf<'position:list'>['items'][number]

const states = [
  { id: 'active', name: 'In use' },
  { id: 'retired', name: 'Retired' },
  { id: 'all', name: 'All' },
] as const

function columnsOf(of: Directory): readonly Column<Position>[] {
  return [
    {
      id: 'position',
      title: 'Position',
      by: ({ position }) => position,
      cell: ({ position, title }) => (
        <span className="block min-w-0">
          <bdi className="font-medium">{position}</bdi>
          <bdi className="block text-tiny text-soft [overflow-wrap:anywhere]">{visible(title)}</bdi>
        </span>
      ),
    },
    { id: 'gives', title: 'Stands for', cell: ({ gives }) => <TermList terms={gives} of={of} /> },
    { id: 'state', title: 'State', from: 'sm', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  ]
}

/** The screen. */
export function Positions(): ReactElement {
  const [search, change] = useView()
  const positions = useRead('position:list', {})
  const of = useDirectory(positions.state === 'ready', false)
  const state = states.find(({ id }) => id === search.state)?.id ?? 'active'
  return (
    <PeoplePage
      title="Positions"
      line="Names for what somebody does here. A mapping gives one; when it changes, everybody who holds it changes with it."
      actions={
        <LinkButton to="/people/positions/new" weight="primary">
          Name a position
        </LinkButton>
      }
    >
      <div className="mb-4">
        <Choose
          label="Which positions"
          value={state}
          onChange={(id) => change({ state: id === 'active' ? undefined : id })}
          choices={states}
        />
      </div>
      <Shown of={positions} what="positions">
        {({ items }) => {
          const found = items.filter((one) => state === 'all' || one.state === state)
          return (
            <>
              <Table
                label="Positions"
                rows={found}
                idOf={({ position }) => position}
                columns={columnsOf(of)}
                also={[of]}
                to={({ position }) => place('/people/positions/$position', { position })}
                empty={<Empty title="No position is named.">A mapping can give roles without one.</Empty>}
              />
              <p className="mt-3 text-small text-faint">{counted(found.length, 'position')}</p>
            </>
          )
        }}
      </Shown>
    </PeoplePage>
  )
}
