// What a leaver answers for: each thing with what stands still because of it, to whom it was offered, and offering all of it, or some kinds, in one act.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Pick } from '../../access/pick.tsx'
import { Ticks } from '../../access/tick.tsx'
import { Thing } from '../../audit/thing.tsx'
import { useLookup } from '../../people/lookup.ts'
import { type Owned, offeredColumn } from '../../people/ownership/take-back.tsx'
import { Outcome } from './lines.tsx'

type Checklist = OutputOf<'person:leaving'>
type Kind = Owned['kind']

const columns: readonly Column<Owned>[] = [
  {
    id: 'name',
    title: 'Thing',
    by: ({ name }) => name,
    cell: ({ id, kind, name }) => (
      <span className="block min-w-0">
        <Thing id={id} name={visible(name)} linked />
        <span className="block text-small text-soft">{kind}</span>
      </span>
    ),
  },
  { id: 'stops', title: 'While nobody answers for it', from: 'md', cell: ({ stops }) => stops },
  offeredColumn,
]

interface HandOverProps {
  readonly person: string
  readonly list: Checklist
}

/** The things, and handing them over. */
export function HandOver({ person, list }: HandOverProps): ReactElement {
  const reading = useList('ownership:list', { person, limit: 50 })
  const { toHandOver } = list.readBack
  const handed = list.ownership.filter(({ handedOver }) => handedOver > 0)
  return (
    <Section
      title={list.phase === 'left' ? 'What stands in this name' : 'What this person answers for'}
      note={toHandOver === 0 ? 'nothing' : String(toHandOver)}
    >
      {handed.length === 0 ? null : (
        <p className="mb-2 flex flex-wrap items-baseline gap-x-2">
          <Outcome is="handed_over" />
          <span className="text-soft">{handed.map(({ kind, handedOver }) => counted(handedOver, kind)).join(', ')}</span>
        </p>
      )}
      <Shown of={reading} what="what is owned" rows={3}>
        {({ items, more, isReadingMore }) => (
          <>
            <Table
              label="What is owned"
              rows={items}
              idOf={({ id }) => id}
              columns={columns}
              empty={<Empty title="This person answers for nothing." />}
            />
            {more === undefined ? null : (
              <Button onPress={more} isPending={isReadingMore}>
                More
              </Button>
            )}
            {toHandOver === 0 ? null : <Offer person={person} list={list} />}
          </>
        )}
      </Shown>
    </Section>
  )
}

function Offer({ person, list }: HandOverProps): ReactElement {
  const [to, setTo] = useState<string>()
  const owned = list.ownership.filter(({ kind, count }) => count > 0 && kind !== 'scenario')
  const [left, setLeft] = useState<readonly Kind[]>([])
  const kinds = owned.map(({ kind }) => kind).filter((kind) => !left.includes(kind))
  const { choices, onType } = useLookup({ people: true })
  const count = owned.filter(({ kind }) => kinds.includes(kind)).reduce((sum, one) => sum + one.count, 0)
  return (
    <div className="mt-4 flex max-w-xl flex-col items-start gap-4">
      <div className="w-full">
        <Pick
          label="Hand it over to"
          value={to}
          onChange={setTo}
          onType={onType}
          choices={choices.filter(({ id }) => id !== person)}
          ids={['per']}
          hint="Somebody who works here. Nothing changes hands before it is accepted."
        />
      </div>
      {owned.length < 2 ? null : (
        <Ticks
          label="Of these kinds"
          value={kinds}
          onChange={(chosen) => setLeft(owned.map(({ kind }) => kind).filter((kind) => !chosen.includes(kind)))}
          choices={owned.map(({ kind, count: of }) => ({ id: kind, shown: counted(of, kind) }))}
          inColumns
        />
      )}
      {to === undefined || kinds.length === 0 ? null : (
        <Act
          action="person:hand-over"
          label="Offer it"
          title={`Offer ${counted(count, 'thing')}`}
          weight="primary"
          input={(reason) => ({ from: person, to, kinds, reason })}
          reason="Why this person is asked; goes on the record."
          before={<p>{counted(count, 'thing')} are offered. Until they are accepted, what stands still goes on standing still.</p>}
          after={({ offered, left: rest }) => (
            <p>
              {counted(offered.length, 'thing')} offered{rest === 0 ? '' : `, ${rest} left: offer again`}.
            </p>
          )}
        />
      )}
    </div>
  )
}
