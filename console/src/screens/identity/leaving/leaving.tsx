// One checklist for one leaver: what ended, what stands still until somebody takes it over, what is left; done when the read-back finds nothing. Before he leaves
// it is what would end, and where his things are handed over.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { KindMark } from '../../../design/kind.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { HandOver } from './hand-over.tsx'
import { Lines } from './lines.tsx'
import { becauseWord } from './words.ts'

type Checklist = OutputOf<'person:leaving'>

/** The screen. */
export function Leaving({ id }: { readonly id: string }): ReactElement {
  const reading = useRead('person:leaving', { person: id })
  const list = reading.state === 'ready' ? reading.data : undefined
  return (
    <IdentityPage
      title={list === undefined ? 'Leaving' : visible(list.person.name)}
      mark={<KindMark kind="person" />}
      below="/identity/leaving"
      line={list === undefined ? undefined : <Line list={list} />}
      actions={list === undefined ? undefined : <Acts list={list} />}
    >
      <Shown of={reading} what="the checklist" rows={5}>
        {(shown) => (
          <>
            <ReadBack list={shown} />
            <Section
              title={shown.phase === 'left' ? 'What ended' : 'What would end'}
              note={<Link to={place('/audit', {}, { resource: id })}>entries</Link>}
            >
              <Lines person={id} lines={shown.lines} hasLeft={shown.phase === 'left'} />
            </Section>
            <HandOver person={id} list={shown} />
          </>
        )}
      </Shown>
    </IdentityPage>
  )
}

function Line({ list: { phase, leftAt, because, person } }: { readonly list: Checklist }): ReactElement {
  return (
    <>
      {phase === 'left' ? null : <State is="active" />}
      {leftAt === null ? null : (
        <span>
          left <When at={leftAt} />
        </span>
      )}
      {because === null ? null : <span>{becauseWord[because] ?? because.replaceAll('_', ' ')}</span>}
      <Link to={place('/people/$id', { id: person.id })}>{visible(person.slug)}</Link>
    </>
  )
}

/** Where it stands: the one line that whoever works the list down looks at. */
function ReadBack({ list: { phase, readBack } }: { readonly list: Checklist }): ReactElement {
  const { at, found, isDone, toHandOver } = readBack
  const looked = (
    <span className="text-soft">
      Read back <When at={at} />: the rows themselves were asked.
    </span>
  )
  if (phase === 'here')
    return (
      <p className="mb-5 flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium">
          {found === 0 ? 'Nothing would end' : `${counted(found, 'thing')} would end`}, {counted(toHandOver, 'thing')} to hand over.
        </span>
        {looked}
      </p>
    )
  const tone = isDone ? 'border-good text-good' : 'border-bad text-bad'
  return (
    <div role="status" className={`mb-5 border-l-2 py-1 pl-4 ${tone}`}>
      <p className="flex items-center gap-1.5 font-medium">
        <Icon name={isDone ? 'check' : 'warn'} />
        {isDone ? 'Done: nothing of it counts any more.' : `Not done: ${counted(found, 'thing')} still there.`}
      </p>
      <p className="text-ink">
        {toHandOver === 0
          ? 'Nothing stands in this name. '
          : `${counted(toHandOver, 'thing')} in this name ${toHandOver === 1 ? 'stands' : 'stand'} still until somebody takes it over. `}
        {looked}
      </p>
    </div>
  )
}

function Acts({ list: { phase, person, readBack, lines } }: { readonly list: Checklist }): ReactElement {
  const name = visible(person.name)
  if (phase === 'left')
    return (
      <Act
        action="person:erase"
        label="Erase who it was"
        title={`Erase who ${name} was`}
        weight="danger"
        input={(reason) => ({ person: person.id, reason })}
        notNow={readBack.isDone ? undefined : 'Only once the read-back finds nothing.'}
        reason="Why it is erased; goes on the record."
        before={
          <p>
            Name, address and what was said of this person are erased, and cannot be had back. The ledger stays whole, and names nobody.
          </p>
        }
        after={({ texts, documents }) => (
          <p>
            It is erased: {counted(texts, 'text')}, {counted(documents, 'document')}.
          </p>
        )}
      />
    )
  const runs = lines.find(({ what }) => what === 'runs')?.remaining ?? 0
  return (
    <Act
      action="person:offboard"
      label="End this person’s time here"
      title={`End the time of ${name} here`}
      weight="danger"
      input={() => ({ person: person.id })}
      before={
        <>
          <p>
            {counted(readBack.found, 'thing')} below {readBack.found === 1 ? 'ends' : 'end'} in one moment
            {runs === 0 ? '' : `, ${counted(runs, 'live run')} among them`}, and nothing is admitted for {name} any more.
          </p>
          {readBack.toHandOver === 0 ? null : (
            <p>
              {counted(readBack.toHandOver, 'thing')} that {name} answers for stand still until somebody takes them over. They can be
              offered before.
            </p>
          )}
        </>
      }
      after={() => <p>{name} has left. See below what became of it.</p>}
    />
  )
}
