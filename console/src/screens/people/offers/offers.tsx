// What somebody was asked to answer for: each thing with who answers for it until then, and what stands still meanwhile; taking it over, or declining it.
import { type ReactElement, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useList } from '../../../api/queries.ts'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Act } from '../../../design/act.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { Tick } from '../../access/tick.tsx'
import { Thing } from '../../audit/thing.tsx'
import { Lacks } from '../fresh.tsx'
import { More } from '../more.tsx'
import { PeoplePage } from '../people-page.tsx'

type Offered = OutputOf<'ownership:list'>['items'][number]

interface RowProps {
  readonly of: Offered
  readonly isChosen: boolean
  readonly onChoose: (isChosen: boolean) => void
}

function Row({ of: { id, kind, name, owner, isOrphan, stops, offer }, isChosen, onChoose }: RowProps): ReactElement {
  return (
    <li className="grid gap-x-6 items-baseline gap-y-0.5 border-b border-line/70 py-2 last:border-b-0 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
      <Tick on={isChosen} onChange={onChoose}>
        <span className="min-w-0">
          <span className="font-medium">
            <Thing id={id} name={visible(name)} linked />
          </span>{' '}
          <span className="text-small text-soft">{kind}</span>
        </span>
      </Tick>
      <span className="min-w-0 pl-6 text-soft md:pl-0">
        {isOrphan ? (
          <>
            <bdi>{visible(owner.name)}</bdi> has left. Until somebody takes it over: {stops}
          </>
        ) : (
          <>
            <bdi>{visible(owner.name)}</bdi> answers for it until then.
          </>
        )}
      </span>
      {offer === null ? null : (
        <span className="pl-6 text-small text-faint md:pl-0 md:text-right">
          by <bdi>{visible(offer.by.name)}</bdi>, <When at={offer.at} />
        </span>
      )}
    </li>
  )
}

function Answer({ things }: { readonly things: readonly string[] }): ReactElement {
  if (things.length === 0) return <Lacks>Choose what you answer.</Lacks>
  const what = counted(things.length, 'thing')
  return (
    <div className="flex flex-wrap gap-2">
      <Act
        action="ownership:accept"
        label="Take over"
        title={`Take over ${what}`}
        weight="primary"
        input={() => ({ things })}
        before={<p>You answer for {what} from then on: you decide over what is done with them, and what stood still goes on.</p>}
        after={({ accepted }) => {
          const resumed = accepted.filter((one) => one.resumed).length
          return (
            <p>
              You answer for {counted(accepted.length, 'thing')}
              {resumed === 0 ? '' : `; ${resumed} of them go on again`}.
            </p>
          )
        }}
      />
      <Act
        action="ownership:decline"
        label="Decline"
        title={`Decline ${what}`}
        input={(reason) => ({ things, reason })}
        reason="Why not; whoever asked reads it, and it goes on the record."
        before={<p>Nothing changes hands: whoever answers for them goes on to, and what stands still goes on standing still.</p>}
        after={({ declined }) => <p>{counted(declined.length, 'thing')} declined.</p>}
      />
    </div>
  )
}

/** The screen. */
export function Offers(): ReactElement {
  const now = useStore(session)
  const me = now.state === 'somebody' ? now.here.person.id : ''
  const offered = useList('ownership:list', { offeredTo: me, limit: 50 }, { when: me !== '' })
  const [left, setLeft] = useState<readonly string[]>([])
  return (
    <PeoplePage
      title="Offered to you"
      below="/people/ownership"
      line="What you were asked to answer for. Nothing changes hands before you take it over."
    >
      <Shown of={offered} what="what was offered to you" rows={3}>
        {(listed) =>
          listed.items.length === 0 ? (
            <Empty title="Nothing is offered to you.">
              What you answer for already is on <Link to={place('/people/$person', { person: me })}>your own view</Link>.
            </Empty>
          ) : (
            <Section title="To answer" note={counted(listed.items.length, 'thing')}>
              <ul className="mb-3">
                {listed.items.map((one) => (
                  <Row
                    key={one.id}
                    of={one}
                    isChosen={!left.includes(one.id)}
                    onChoose={(isChosen) => setLeft(isChosen ? left.filter((id) => id !== one.id) : [...left, one.id])}
                  />
                ))}
              </ul>
              <Answer things={listed.items.flatMap(({ id }) => (left.includes(id) ? [] : [id]))} />
              {listed.more === undefined ? null : <More of={listed} one="thing" />}
            </Section>
          )
        }
      </Shown>
    </PeoplePage>
  )
}
