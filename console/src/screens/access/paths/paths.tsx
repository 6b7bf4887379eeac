// The paths of a twin, data set or artifact: who can change what goes in, who can observe what comes out, who can move it into production; by what, under which
// conditions, and when last. Topology is governed: reading it is recorded, so it is read when it is asked for and not again and again.
import type { ReactElement } from 'react'
import { type Reading, useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Partial, Shown } from '../../../design/conditions.tsx'
import { Search, Select } from '../../../design/field.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { counted, exact } from '../../../design/time.ts'
import { When } from '../../../design/when.tsx'
import { type SearchChange, useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { type Directory, useDirectory } from '../names.ts'
import { Pick } from '../pick.tsx'
import { Who } from '../who.tsx'
import { ToxicBadge } from './badge.tsx'
import { BecausePath } from './because-path.tsx'
import { Columns } from './columns.tsx'
import { filterNames, keyOf, meanings, narrowed, type Told, toxicOf } from './narrow.ts'
import { PathTable } from './path-table.tsx'

type Query = Readonly<Record<string, string | undefined>>
type Change = (to: SearchChange, isStep?: boolean) => void

/** How many principals are read at once: the server gives all paths of each. */
const principalsMax = 500

/** The screen. */
export function Paths(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory()
  const target = search.of ?? (of.twins.length === 1 ? of.twins[0]?.id : undefined)
  const reading = useRead('access:paths', { target: target ?? '', limit: principalsMax }, { when: target !== undefined, every: false })
  return (
    <AccessPage
      title="Paths"
      line="Who can change what goes into a twin, observe what comes out of it, or move that into production. Reading this is recorded."
      actions={reading.state === 'ready' ? <Button onPress={reading.again}>Read again</Button> : undefined}
    >
      <div className="mb-4 max-w-md">
        <Pick
          label="Of the twin, data set or artifact"
          value={target}
          onChange={(id) => change({ of: id, because: undefined }, true)}
          choices={of.twins}
          ids={['twn', 'ast', 'art']}
        />
      </div>
      {target === undefined ? (
        <Empty title="Choose what it is about." command="npx twinlock access paths --target twn_…">
          A twin by its name; a data set or an artifact by its id. A twin’s and an artifact’s own page lead here as well.
        </Empty>
      ) : (
        <Shown of={reading} what="the paths">
          {(told) => <Whole told={told} reading={reading} target={target} search={search} change={change} of={of} />}
        </Shown>
      )}
    </AccessPage>
  )
}

interface WholeProps {
  readonly told: Told
  readonly reading: Reading<unknown>
  readonly target: string
  readonly search: Query
  readonly change: Change
  readonly of: Directory
}

function Whole({ told, reading, target, search, change, of }: WholeProps): ReactElement {
  const left = narrowed(told, search, of.nameOf)
  const isNarrowed = filterNames.some((name) => search[name] !== undefined)
  const chosen = told.paths.find((path) => keyOf(path) === search.because)
  const open = (key: string): void => change({ because: key }, true)
  return (
    <>
      <NotAll told={told} />
      <ToxicOnes told={told} of={of} />
      <Filters search={search} change={change} of={of} />
      <p className="mb-3 flex flex-wrap items-baseline gap-x-3 text-small text-faint">
        <span>
          {isNarrowed ? `${left.length} of ${counted(told.paths.length, 'path')}` : counted(told.paths.length, 'path')} of{' '}
          <Who id={target} of={of} />
          {reading.state === 'ready' ? `, as of ${exact(reading.at)}` : ''}
        </span>
        {isNarrowed ? (
          <button
            type="button"
            className="text-accent underline"
            onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])), true)}
          >
            Show all paths
          </button>
        ) : null}
      </p>
      {search.view === 'table' ? (
        <PathTable paths={left} toxic={told.toxic} of={of} onOpen={open} />
      ) : (
        <Columns paths={left} toxic={told.toxic} of={of} onOpen={open} isNarrowed={isNarrowed} isGlass={search.only === 'glass'} />
      )}
      <FormerOnes former={told.former} of={of} />
      {chosen === undefined ? null : (
        <BecausePath path={chosen} toxic={toxicOf(chosen, told.toxic)} of={of} onClose={() => change({ because: undefined })} />
      )}
    </>
  )
}

/** What of it is not shown, and why. */
function NotAll({ told: { paths, totals, withheld, next, toxic, toxicTotal } }: { readonly told: Told }): ReactElement | null {
  const all = [totals.input, totals.output, totals.production].reduce((sum, { paths: held, glass }) => sum + held + glass, 0)
  return (
    <>
      {next === null && toxic.length === toxicTotal ? null : (
        <Partial title={`${paths.length.toLocaleString('en-US')} of ${counted(all, 'path')} are shown.`}>
          Those of the first {principalsMax} identities. All of them by the command:{' '}
          <code className="font-mono text-tiny">npx twinlock access paths</code>.
        </Partial>
      )}
      {withheld === 0 ? null : (
        <Partial title={`${counted(withheld, 'thing')} not shown.`}>
          More sensitive than your clearance reaches; counted and not named.
        </Partial>
      )}
    </>
  )
}

/** Whoever is on more than one of the three, before everything else. */
function ToxicOnes({ told: { toxic, paths }, of }: { readonly told: Told; readonly of: Directory }): ReactElement | null {
  if (toxic.length === 0)
    return paths.length === 0 ? null : (
      <p className="mb-4 text-small text-soft">No identity is on two of the three: nobody can do more than one of them alone.</p>
    )
  return (
    <section aria-label="Toxic combinations" className="mb-5 border-l-2 border-bad py-1 pl-4">
      <h2 className="font-medium text-bad">
        {counted(toxic.length, 'identity', 'identities')} {toxic.length === 1 ? 'is' : 'are'} on two or three of these
      </h2>
      <ul className="mt-1 space-y-1">
        {toxic.map((one) => (
          <li key={one.principal} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <Who id={one.principal} name={one.name === one.principal ? undefined : one.name} of={of} strong />
            <ToxicBadge of={one} />
            <Link to={place('/access/blast', {}, { of: one.principal })} className="order-last text-small">
              What it reaches
            </Link>
            {one.workloads.length === 0 ? null : (
              <span className="inline-flex flex-wrap items-baseline gap-x-1.5 text-small text-soft">
                with what it owns:
                {one.workloads.map((id) => (
                  <Who key={id} id={id} of={of} />
                ))}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const kinds = [
  { id: 'all', name: 'Everybody' },
  { id: 'people', name: 'People' },
  { id: 'workloads', name: 'Workloads' },
]
const uses = [
  { id: 'all', name: 'Used or not' },
  { id: 'used', name: 'Used' },
  { id: 'never', name: 'Never used' },
]

const onlys = [
  { id: 'all', name: 'All' },
  { id: 'toxic', name: 'Toxic' },
  { id: 'held', name: 'Held' },
  { id: 'glass', name: 'Break-glass' },
]

const oneOf = (choices: readonly { readonly id: string }[], word: string | undefined): string =>
  choices.some(({ id }) => id === word) ? (word ?? 'all') : 'all'

function Filters({ search, change, of }: { readonly search: Query; readonly change: Change; readonly of: Directory }): ReactElement {
  const set = (name: string) => (id: string) => change({ [name]: id === 'all' || id === '' ? undefined : id })
  return (
    <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-2">
      <Choose label="Who" value={oneOf(kinds, search.kind)} onChange={set('kind')} choices={kinds} />
      <Choose label="Whether it was used" value={oneOf(uses, search.used)} onChange={set('used')} choices={uses} />
      <Choose label="Which paths" value={oneOf(onlys, search.only)} onChange={set('only')} choices={onlys} />
      <Select
        label="In"
        value={search.environment ?? 'all'}
        onChange={set('environment')}
        choices={[{ id: 'all', name: 'Any environment' }, ...of.environments]}
        inRow
      />
      <Search label="Filter by name, role or group" value={search.find ?? ''} onChange={set('find')} />
      <Choose
        label="How it is shown"
        value={search.view === 'table' ? 'table' : 'all'}
        onChange={set('view')}
        choices={[
          { id: 'all', name: 'Columns' },
          { id: 'table', name: 'Table' },
        ]}
      />
    </div>
  )
}

/** What was done and is not possible any more: actual beside possible. */
function FormerOnes({ former, of }: { readonly former: Told['former']; readonly of: Directory }): ReactElement | null {
  if (former.length === 0) return null
  return (
    <Section title="Done once, not possible any more" note={String(former.length)}>
      <ul>
        {former.map(({ principal, action, lastUsed }) => (
          <li
            key={`${principal} ${action}`}
            className="flex flex-wrap items-baseline gap-x-3 border-b border-line/70 py-1.5 last:border-b-0"
          >
            <Who id={principal} of={of} />
            <span>{meanings[action] ?? action}</span>
            <span className="text-small text-soft">
              <When at={lastUsed} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
