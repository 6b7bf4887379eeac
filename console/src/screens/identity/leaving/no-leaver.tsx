// Whose leaving: the checklist is one person's, and is gone to from him, or from the list of those who have left.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { Pick } from '../../access/pick.tsx'
import { Thing } from '../../audit/thing.tsx'
import { useLookup } from '../../people/lookup.ts'
import { More } from '../../people/more.tsx'
import { IdentityPage } from '../identity-page.tsx'

type Person = OutputOf<'person:list'>['items'][number]

const pageSize = 50

const columns: readonly Column<Person>[] = [
  {
    id: 'who',
    title: 'Who',
    by: ({ name }) => name.toLowerCase(),
    cell: ({ id, name, slug }) => (
      <span className="block min-w-0">
        <span className="font-medium">
          <Thing id={id} name={visible(name)} brief />
        </span>
        <bdi className="block pl-[18px] text-tiny text-soft">{visible(slug)}</bdi>
      </span>
    ),
  },
  { id: 'kind', title: 'Kind', by: ({ kind }) => kind, cell: ({ kind }) => kind },
  {
    id: 'left',
    title: 'Left',
    by: ({ leftAt }) => leftAt ?? '',
    cell: ({ leftAt }) => (leftAt === null ? <span className="text-soft">not noted</span> : <When at={leftAt} />),
  },
  { id: 'since', title: 'Came', from: 'sm', by: ({ since }) => since, cell: ({ since }) => <When at={since} /> },
]

const checklistOf = (id: string): string => place('/identity/leaving/$id', { id })

/** The screen. */
export function NoLeaver(): ReactElement {
  const go = useGo()
  const { choices, onType } = useLookup({ people: true })
  const left = useList('person:list', { state: 'left', limit: pageSize }, { every: false })
  return (
    <IdentityPage
      title="Leaving"
      below="/identity/leaving"
      line="One checklist for each leaver: what ended, what stands still until somebody takes it over, and a read-back that looks again."
    >
      <Section title="Who leaves">
        <div className="max-w-md">
          <Pick
            label="Somebody who is here"
            value={undefined}
            onChange={(id) => id !== undefined && go(checklistOf(id))}
            choices={choices}
            onType={onType}
            ids={['per']}
            hint="It says what would end and what is to be handed over. Nothing ends by looking."
          />
        </div>
      </Section>
      <Section title="Who has left">
        <Shown of={left} what="who has left">
          {(listed) => (
            <>
              <Table
                label="Who has left"
                rows={listed.items}
                idOf={({ id }) => id}
                columns={columns}
                to={({ id }) => checklistOf(id)}
                empty={<Empty title="Nobody has left.">Whoever does is here, with what became of all that was held.</Empty>}
              />
              {listed.items.length === 0 ? null : <More of={listed} one="person" many="people" />}
            </>
          )}
        </Shown>
      </Section>
    </IdentityPage>
  )
}
