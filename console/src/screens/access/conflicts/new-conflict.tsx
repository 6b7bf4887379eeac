// Declaring duties that nobody shall hold together: beside it who holds both already, before it is declared. It takes nothing from them.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { useView } from '../../../shell/view.ts'
import { Beside } from '../../people/form-section.tsx'
import { isSlug, Lacks, slugFrom } from '../../people/fresh.tsx'
import { useSettled } from '../../people/settled.ts'
import { AccessPage } from '../access-page.tsx'
import { HeldTogether, useHeldTogether } from './held-together.tsx'
import { SideFields } from './side.tsx'
import { sidesIn } from './sides.ts'

/** What declaring it does to those who hold both already, or that there are none. */
function Already({ count, cut }: { readonly count: number | undefined; readonly cut: boolean }): ReactElement | null {
  if (count === undefined) return null
  if (cut) return <p>Not everything that is held was looked at: more than are shown may hold both already, and keep it.</p>
  if (count === 0) return <p>Nobody holds both now.</p>
  return (
    <p>
      {counted(count, 'holder')} of both already {count === 1 ? 'keeps' : 'keep'} it: take a grant away where that is not meant.
    </p>
  )
}

/** The screen. */
export function NewConflict(): ReactElement {
  const go = useGo()
  const [search, change] = useView()
  const [written, setSlug] = useState<string>()
  const sides = useSettled(sidesIn(search))
  const isWhole = typeof sides !== 'string'
  const held = useHeldTogether(isWhole ? sides : undefined)
  const slug = written ?? (isWhole ? slugFrom(`${sides.one[0]} ${sides.other[0]}`) : '')
  const found = held.state === 'ready' ? held.data : undefined
  return (
    <AccessPage
      title="Declare a conflict"
      below="/access/conflicts"
      line="Nobody is given both from then on, whichever comes first: himself, through groups, or by a workload of his own."
    >
      <Beside
        beside={
          <Section title="Who holds both now" note={found === undefined || !isWhole ? undefined : counted(found.items.length, 'holder')}>
            {isWhole ? (
              <HeldTogether of={held} />
            ) : (
              <p className="py-1 text-soft">Who would be in conflict shows here, before it is declared.</p>
            )}
          </Section>
        }
      >
        <SideFields label="The one side" value={search.one} onChange={(one) => change({ one })} />
        <SideFields label="The other side" value={search.other} onChange={(other) => change({ other })} />
        <TextField
          label="Name"
          value={slug}
          onChange={setSlug}
          hint="What refusals and exceptions call it."
          maxLength={40}
          isRequired
          mono
        />
        {!isWhole ? (
          <Lacks>{sides}</Lacks>
        ) : !isSlug(slug) ? (
          <Lacks>A name has lower-case letters, digits and hyphens.</Lacks>
        ) : (
          <Act
            action="conflict:declare"
            label="Declare it"
            title={`Declare ${slug}`}
            weight="primary"
            input={(reason) => ({ slug, one: [...sides.one], other: [...sides.other], reason })}
            asked={{ slug: 'apart', one: ['author'], other: ['exporter'], reason: 'To see whether it is allowed.' }}
            reason="Why these are kept apart; goes on the record."
            before={
              <>
                <p>
                  Later grants, memberships and hand-overs that would bring both together are refused, unless the conflict is named in spite
                  of it.
                </p>
                <Already count={found?.items.length} cut={found?.cut === true} />
              </>
            }
            after={() => <p>It is declared. Later grants are held to it.</p>}
            onDone={() => go(place('/access/conflicts/$conflict', { conflict: slug }))}
          />
        )}
      </Beside>
    </AccessPage>
  )
}
