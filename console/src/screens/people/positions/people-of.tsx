// Who holds a position now, by whichever mapping: the first of them, and the way to all.
import type { ReactElement } from 'react'
import { useList } from '../../../api/queries.ts'
import { Shown } from '../../../design/conditions.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { visible } from '../../../design/visible.ts'
import { Thing } from '../../audit/thing.tsx'

const shownMax = 20

/** The section. */
export function PeopleOf({ position }: { readonly position: string }): ReactElement {
  const people = useList('person:list', { position, state: 'active', limit: shownMax })
  return (
    <Section
      title="Who holds it"
      note={people.state === 'ready' ? `${people.data.items.length}${people.data.more === undefined ? '' : ' and more'}` : undefined}
      actions={<Link to={place('/people', {}, { position })}>All of them</Link>}
    >
      <Shown of={people} what="who holds it" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="py-1 text-soft">Nobody now.</p>
          ) : (
            <p className="flex flex-wrap gap-x-5 gap-y-1 py-1">
              {items.map(({ id, name }) => (
                <Thing key={id} id={id} name={visible(name)} linked />
              ))}
            </p>
          )
        }
      </Shown>
    </Section>
  )
}
