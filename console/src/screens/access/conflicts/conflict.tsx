// One conflict that was declared: its two sides, who holds both of them all the same, and its end.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Link, place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { visible } from '../../../design/visible.ts'
import { useParam } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { HeldTogether, useHeldTogether } from './held-together.tsx'
import { SideSaid } from './side.tsx'
import type { Sides } from './sides.ts'

function End({ slug }: { readonly slug: string }): ReactElement {
  const go = useGo()
  return (
    <Act
      action="conflict:end"
      label="Retire"
      title={`Retire ${slug}`}
      weight="danger"
      input={(reason) => ({ slug, reason })}
      reason="Why both may be held together again; goes on the record."
      before={<p>Later grants are no longer held to it. Its name is not given to another.</p>}
      after={() => <p>It is over. What was refused because of it can be given now.</p>}
      onDone={() => go('/access/conflicts')}
    />
  )
}

function Whole({ sides }: { readonly sides: Sides }): ReactElement {
  const held = useHeldTogether(sides)
  return (
    <>
      <Section title="Kept apart">
        <Facts>
          <Fact name="The one side">
            <SideSaid of={sides.one} />
          </Fact>
          <Fact name="The other side">
            <SideSaid of={sides.other} />
          </Fact>
          <Fact name="On the record">
            <Link to={place('/audit', {}, { action: 'conflict:declare' })}>Conflicts that were declared, by whom and why</Link>
          </Fact>
        </Facts>
      </Section>
      <Section title="Who holds both now" note="from before it was declared, or given in spite of it">
        <HeldTogether of={held} />
      </Section>
    </>
  )
}

/** The screen. */
export function Conflict(): ReactElement {
  const slug = useParam('conflict')
  const reading = useRead('conflict:list', {})
  const found = reading.state === 'ready' ? reading.data.items.find((one) => one.stops && one.slug === slug) : undefined
  return (
    <AccessPage
      title={visible(slug)}
      below="/access/conflicts"
      line={found === undefined ? undefined : 'It stops grants that would bring both together.'}
      actions={found === undefined ? undefined : <End slug={slug} />}
    >
      <Shown of={reading} what="the conflict">
        {() =>
          found === undefined ? (
            <Empty title="No conflict of this name holds.">
              It was retired, or never declared. <Link to="/access/conflicts">Those that hold</Link> say what is kept apart.
            </Empty>
          ) : (
            <Whole sides={found} />
          )
        }
      </Shown>
    </AccessPage>
  )
}
