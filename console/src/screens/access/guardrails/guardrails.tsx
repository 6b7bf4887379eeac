// Guardrails: what nobody may, whatever was granted. The organization's own, with where each holds and whether it is in force; and those that ship.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { LinkButton } from '../link-button.tsx'
import { PolicyText } from './policy.tsx'
import { TermsSaid } from './terms.tsx'

type Guardrail = OutputOf<'guardrail:list'>['items'][number]

const columns: readonly Column<Guardrail>[] = [
  {
    id: 'guardrail',
    title: 'Guardrail',
    by: ({ guardrail }) => guardrail,
    cell: ({ guardrail, title, ...terms }) => (
      <span className="block min-w-0">
        <span className="font-medium">{guardrail}</span>
        <bdi className="block text-small text-soft [overflow-wrap:anywhere]">{visible(title)}</bdi>
        <span className="mt-0.5 block text-tiny beside-md:hidden">
          <TermsSaid of={terms} />
        </span>
      </span>
    ),
  },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  { id: 'where', title: 'Holds', from: 'md', cell: (one) => <TermsSaid of={one} /> },
  { id: 'version', title: 'Version', from: 'md', align: 'end', by: ({ version }) => version, cell: ({ version }) => version },
  {
    id: 'since',
    title: 'In force since',
    from: 'lg',
    by: ({ activatedAt }) => activatedAt ?? '',
    cell: ({ activatedAt }) => <When at={activatedAt} none="not yet" />,
  },
]

const states = [
  { id: 'all', name: 'All' },
  { id: 'active', name: 'In force' },
  { id: 'draft', name: 'Drafts' },
  { id: 'retired', name: 'Retired' },
]

/** What the name of a shipped guardrail says: `guardrail/maker-is-not-reviewer` is “Maker is not reviewer”. */
function saidBy(id: string): string {
  const words = id.replace(/^guardrail\//, '').replaceAll('-', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** The screen. */
export function Guardrails(): ReactElement {
  const [search, change] = useView()
  const reading = useRead('guardrail:list', {})
  const state = states.find(({ id }) => id === search.state)?.id ?? 'all'
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (...texts: readonly string[]): boolean => words.every((word) => texts.join(' ').toLowerCase().includes(word))
  return (
    <AccessPage
      title="Guardrails"
      line="What nobody may, whatever was granted. A change that breaks one of its examples is refused."
      actions={
        <LinkButton to="/access/new-guardrail" weight="primary">
          Draft a guardrail
        </LinkButton>
      }
    >
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <Choose
          label="Which guardrails"
          value={state}
          onChange={(id) => change({ state: id === 'all' ? undefined : id })}
          choices={states}
        />
        <Search
          label="Filter by name, title or policy"
          value={search.find ?? ''}
          onChange={(find) => change({ find: find === '' ? undefined : find })}
        />
      </div>
      <Shown of={reading} what="guardrails">
        {({ items, shipped }) => {
          const own = items.filter((one) => (state === 'all' || one.state === state) && matches(one.guardrail, one.title, one.policy))
          const others = shipped.filter(({ id, policy }) => matches(id, policy))
          return (
            <>
              <Section title="Of this organization" note={String(own.length)}>
                <Table
                  label="Guardrails of this organization"
                  rows={own}
                  idOf={({ guardrail }) => guardrail}
                  columns={columns}
                  to={({ guardrail }) => place('/access/guardrails/$guardrail', { guardrail })}
                  empty={
                    items.length === 0 ? (
                      <Empty title="It has none of its own yet." command="npx twinlock guardrail create --help">
                        Those below hold all the same. <Link to="/access/new-guardrail">Draft one</Link>: it decides nothing before it is
                        put into force.
                      </Empty>
                    ) : (
                      <Empty title="No guardrail is like that." />
                    )
                  }
                />
              </Section>
              <Section title="That ship with the product" note={`${others.length}, in every organization`}>
                <ul>
                  {others.map(({ id, policy }) => (
                    <li key={id} className="border-b border-line/70 last:border-b-0">
                      <details>
                        <summary className="rounded-mark py-1.5">
                          <span className="font-medium">{saidBy(id)}</span> <code className="font-mono text-tiny text-faint">{id}</code>
                        </summary>
                        <div className="pb-3">
                          <PolicyText text={policy} label={`the policy ${id}`} />
                        </div>
                      </details>
                    </li>
                  ))}
                </ul>
              </Section>
            </>
          )
        }}
      </Shown>
    </AccessPage>
  )
}
