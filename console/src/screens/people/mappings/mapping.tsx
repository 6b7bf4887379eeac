// One mapping: of whom it speaks, what it gives, who holds it by that, and to whom it was not given because duties would come together.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Partial, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Thing } from '../../audit/thing.tsx'
import { History } from '../people/stands-for.tsx'
import { PeoplePage } from '../people-page.tsx'
import { Somebody } from '../somebody.tsx'
import { ChangeMapping, RetireMapping, searchOf } from './change-mapping.tsx'
import { GivenBy } from './mappings.tsx'
import { SourceOf } from './source.tsx'
import { TermLine } from './terms.tsx'

type ShownMapping = OutputOf<'mapping:show'>
type Holder = ShownMapping['holders'][number]

const columns: readonly Column<Holder>[] = [
  {
    id: 'who',
    title: 'Who',
    by: ({ name, principal }) => name ?? principal,
    cell: ({ principal, name }) => <Thing id={principal} name={name === null ? null : visible(name)} linked />,
  },
  {
    id: 'grants',
    title: 'Grants',
    cell: ({ grants }) => (
      <span className="flex flex-col">
        {grants.map((grant) => (
          <Id key={grant} plain id={grant} to={place('/access/grants', {}, { grant })} />
        ))}
      </span>
    ),
  },
]

function About({ mapping, of }: { readonly mapping: ShownMapping; readonly of: Directory }): ReactElement {
  const { id, source, expiresAt, createdBy, createdAt, retiredAt } = mapping
  return (
    <Section title="What it says">
      <Facts>
        <Fact name="Whoever is">
          <SourceOf source={source} linked />
        </Fact>
        <Fact name="Is given">
          <GivenBy mapping={mapping} of={of} />
        </Fact>
        <Fact name="Until">{expiresAt === null ? <span className="text-soft">no end</span> : <When at={expiresAt} />}</Fact>
        <Fact name="Created">
          <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
            <When at={createdAt} /> by <Somebody id={createdBy} />
          </span>
        </Fact>
        {retiredAt === null ? null : (
          <Fact name="Retired">
            <When at={retiredAt} />
          </Fact>
        )}
        <Fact name="Mapping">
          <Id id={id} />
        </Fact>
      </Facts>
    </Section>
  )
}

function Withheld({ mapping: { withheld }, of }: { readonly mapping: ShownMapping; readonly of: Directory }): ReactElement | null {
  if (withheld.length === 0) return null
  return (
    <Section title="Held back" note={counted(withheld.length, 'grant')}>
      <p className="mb-2 text-soft">
        They are like that, and were not given it: duties would come together that are declared apart, or somebody took it away by hand.
      </p>
      <ul>
        {withheld.map(({ principal, name, term }) => (
          <li
            key={`${principal} ${JSON.stringify(term)}`}
            className="flex flex-wrap items-baseline gap-x-3 border-b border-line/70 py-1.5 last:border-b-0"
          >
            <Thing id={principal} name={name === null ? null : visible(name)} linked />
            <TermLine term={term} of={of} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Holders({ mapping: { holders, grants } }: { readonly mapping: ShownMapping }): ReactElement {
  const shown = holders.reduce((sum, one) => sum + one.grants.length, 0)
  return (
    <Section title="Who holds it" note={counted(grants, 'grant')}>
      {shown < grants ? (
        <Partial title={`The first ${counted(holders.length, 'holder')}.`}>There are {counted(grants, 'grant')} by it in all.</Partial>
      ) : null}
      {holders.length === 0 ? (
        <p className="py-1 text-soft">Nobody is like that now. Whoever comes to be is given it at once.</p>
      ) : (
        <Table label="Who holds it" rows={holders} idOf={({ principal }) => principal} columns={columns} />
      )}
    </Section>
  )
}

/** The screen. */
export function Mapping({ id }: { readonly id: string }): ReactElement {
  const [search, change] = useView()
  const reading = useRead('mapping:show', { mapping: id })
  const of = useDirectory(reading.state === 'ready', false)
  const mapping = reading.state === 'ready' ? reading.data : undefined
  const isActive = mapping?.state === 'active'
  const edit = isActive ? search.edit : undefined
  return (
    <PeoplePage
      title={mapping === undefined ? 'Mapping' : visible(mapping.title)}
      below="/people/mappings"
      line={
        mapping === undefined ? undefined : (
          <>
            <State is={mapping.state} />
            <bdi>{mapping.slug}</bdi>
            <span>version {mapping.version}</span>
          </>
        )
      }
      actions={
        mapping === undefined || !isActive || edit !== undefined ? undefined : (
          <>
            <Button onPress={() => change(searchOf(mapping), true)}>Change it…</Button>
            <Button weight="danger" onPress={() => change({ edit: 'retire' }, true)}>
              Retire it…
            </Button>
          </>
        )
      }
    >
      <Shown of={reading} what="the mapping">
        {(shown) => (
          <>
            {edit === 'change' ? <ChangeMapping mapping={shown} of={of} /> : null}
            {edit === 'retire' ? <RetireMapping mapping={shown} of={of} /> : null}
            {edit === undefined ? <About mapping={shown} of={of} /> : null}
            <Withheld mapping={shown} of={of} />
            <Holders mapping={shown} />
            {edit === undefined ? <History of={id} /> : null}
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
