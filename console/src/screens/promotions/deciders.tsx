// Who may decide and who may not, each with why: by the same decision that the act itself meets.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { Partial, Shown } from '../../design/conditions.tsx'
import { Identity } from '../../design/identity.tsx'
import { Said } from '../../design/said.tsx'
import { Decision, State } from '../../design/state.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { When } from '../../design/when.tsx'
import type { ReviewedPromotion } from './identities.tsx'

type Deciders = OutputOf<'promotion:deciders'>
type Person = Deciders['people'][number]

/** The sentence of a guardrail without its name, which the drawer of an act tells. */
function plainly(because: string): string {
  const sentence = because.replace(/^guardrail\/[a-z-]+: /, '')
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function May({ verdict: { may, because } }: { readonly verdict: Person['approve'] }): ReactElement {
  return (
    <span className="block max-w-80">
      <Decision allowed={may} word={may ? 'may' : 'may not'} />
      {may ? null : (
        <span className="block text-tiny text-soft">
          <Said text={plainly(because)} />
        </span>
      )}
    </span>
  )
}

const columns: readonly Column<Person>[] = [
  {
    id: 'person',
    title: 'Person',
    by: ({ person }) => person.name,
    cell: ({ person, roles, isMaker, decided }) => (
      <span className="block min-w-0">
        <Identity brief id={person.id} name={person.name} />
        <span className="block pl-[18px] text-tiny text-faint">
          {[...roles, ...(isMaker ? ['had a hand in making it'] : [])].join(', ') || 'no role'}
        </span>
        {decided === null ? null : (
          <span className="block pl-[18px] text-tiny">
            <State is={decided} />
          </span>
        )}
      </span>
    ),
  },
  { id: 'approve', title: 'Approve', cell: ({ approve }) => <May verdict={approve} /> },
  { id: 'cross', title: 'Carry across', cell: ({ cross }) => <May verdict={cross} /> },
]

/** Those who may come first. */
const inOrder = (people: readonly Person[]): readonly Person[] =>
  [...people].sort((one, other) => Number(other.approve.may || other.cross.may) - Number(one.approve.may || one.cross.may))

/** Decisions that were made about it, newest version first. */
function Given({ given }: { readonly given: ReviewedPromotion['approvals']['given'] }): ReactElement | null {
  if (given.length === 0) return null
  return (
    <ul className="mb-3">
      {given.map(({ person, personName, decision, version, at }) => (
        <li key={`${person} ${version} ${at}`} className="flex flex-wrap items-baseline gap-x-3 border-b border-line/70 py-1.5">
          <State is={decision} />
          <span>version {version}</span>
          <Identity brief id={person} name={personName} />
          <span className="text-small text-soft">
            <When at={at} />
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Decisions so far, and who could make the next one. */
export function WhoDecides({ promotion }: { readonly promotion: ReviewedPromotion }): ReactElement {
  // Governed content: read when the review is opened and when something was done, not again and again.
  const reading = useRead('promotion:deciders', { promotion: promotion.id }, { every: false })
  return (
    <>
      <Given given={promotion.approvals.given} />
      <Shown of={reading} what="who decides" rows={3}>
        {({ people, now, truncated }) => (
          <>
            <p className="mb-2 text-soft">{promotion.state === 'approved' ? now.cross.because : now.approve.because}</p>
            {truncated ? (
              <Partial title="Not everybody is shown.">More people hold a role here than are decided about at once.</Partial>
            ) : null}
            <Table label="Who may decide" rows={inOrder(people)} idOf={({ person }) => person.id} columns={columns} />
          </>
        )}
      </Shown>
    </>
  )
}
