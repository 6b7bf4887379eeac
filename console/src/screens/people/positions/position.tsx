// One position: what it stands for, which mappings give it, who holds it.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { useDirectory } from '../../access/names.ts'
import { termsText, writtenTerm } from '../mappings/draft.ts'
import { TermList } from '../mappings/terms.tsx'
import { PeoplePage } from '../people-page.tsx'
import { Somebody } from '../somebody.tsx'
import { ChangePosition } from './change-position.tsx'
import { PeopleOf } from './people-of.tsx'

interface MappingNameProps {
  readonly mapping: string
}

function MappingName({ mapping }: MappingNameProps): ReactElement {
  const shown = useRead('mapping:show', { mapping }, { every: false })
  if (shown.state !== 'ready') return <Id id={mapping} to={place('/people/mappings/$mapping', { mapping })} />
  return (
    <Link to={place('/people/mappings/$mapping', { mapping })}>
      <bdi>{visible(shown.data.title)}</bdi>
    </Link>
  )
}

/** The screen. */
export function Position({ id }: { readonly id: string }): ReactElement {
  const [search, change] = useView()
  const reading = useRead('position:show', { position: id })
  const of = useDirectory(reading.state === 'ready', false)
  const position = reading.state === 'ready' ? reading.data : undefined
  const isActive = position?.state === 'active'
  const isChanging = isActive && search.edit !== undefined
  return (
    <PeoplePage
      title={visible(id)}
      below="/people/positions"
      line={
        position === undefined ? undefined : (
          <>
            <State is={position.state} />
            <bdi>{visible(position.title)}</bdi>
            <span>version {position.version}</span>
          </>
        )
      }
      actions={
        position === undefined || !isActive || isChanging ? undefined : (
          <>
            <Button onPress={() => change({ edit: 'change', gives: termsText(position.gives.map(writtenTerm)) }, true)}>Change it…</Button>
            <Act
              action="position:retire"
              label="Retire"
              title={`Retire ${id}`}
              weight="danger"
              input={(reason) => ({ position: id, reason })}
              reason="Why it ends; goes on the record."
              notNow={position.mappings.length > 0 ? 'Mappings give it: retire or change them first.' : undefined}
              before={<p>No mapping gives it, so nobody loses anything. Its name is not given to another.</p>}
              after={() => <p>It is retired.</p>}
            />
          </>
        )
      }
    >
      <Shown of={reading} what="the position">
        {(shown) =>
          isChanging ? (
            <ChangePosition position={shown} of={of} />
          ) : (
            <>
              <Section title="What it stands for">
                <Facts>
                  <Fact name="Gives">
                    <TermList terms={shown.gives} of={of} />
                  </Fact>
                  <Fact name="Created">
                    <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
                      <When at={shown.createdAt} /> by <Somebody id={shown.createdBy} />
                    </span>
                  </Fact>
                  {shown.retiredAt === null ? null : (
                    <Fact name="Retired">
                      <When at={shown.retiredAt} />
                    </Fact>
                  )}
                </Facts>
              </Section>
              <Section
                title="Given by"
                note={counted(shown.mappings.length, 'mapping')}
                actions={
                  isActive ? <Link to={place('/people/mappings/new', {}, { position: id })}>Make a mapping that gives it</Link> : null
                }
              >
                {shown.mappings.length === 0 ? (
                  <p className="py-1 text-soft">By none: nobody holds it.</p>
                ) : (
                  <ul>
                    {shown.mappings.map((mapping) => (
                      <li key={mapping} className="border-b border-line/70 py-1.5 last:border-b-0">
                        <MappingName mapping={mapping} />
                      </li>
                    ))}
                  </ul>
                )}
              </Section>
              <PeopleOf position={id} />
            </>
          )
        }
      </Shown>
    </PeoplePage>
  )
}
