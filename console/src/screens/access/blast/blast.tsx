// Blast radius: everything that a person, workload, connection or twin reaches if it is stolen. Reading it is recorded, so it is read when it is asked for.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { Empty, Partial, Shown } from '../../../design/conditions.tsx'
import { Search } from '../../../design/field.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { Sensitivity } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { When } from '../../../design/when.tsx'
import { type SearchChange, useView } from '../../../shell/view.ts'
import { AccessPage } from '../access-page.tsx'
import { type Directory, useDirectory } from '../names.ts'
import { legWord } from '../paths/narrow.ts'
import { Pick } from '../pick.tsx'
import { Who } from '../who.tsx'
import { Acts, groups } from './acts.tsx'
import { Calls, Credentials, Onward, Owns } from './holds.tsx'
import type { Told } from './told.ts'

type Query = Readonly<Record<string, string | undefined>>

/** The screen. */
export function Blast(): ReactElement {
  const [search, change] = useView()
  const of = useDirectory()
  const reading = useRead('access:blast', { of: search.of ?? '' }, { when: search.of !== undefined, every: false })
  return (
    <AccessPage
      title="Blast radius"
      line="What somebody reaches who steals this identity, this credential or this twin. Reading it is recorded."
      actions={reading.state === 'ready' ? <Button onPress={reading.again}>Read again</Button> : undefined}
    >
      <div className="mb-4 max-w-md">
        <Pick
          label="Of the person, workload, group, connection or twin"
          value={search.of}
          onChange={(id) => change({ of: id }, true)}
          choices={[...of.people, ...of.workloads, ...of.groups, ...of.connections, ...of.twins]}
          ids={['per', 'grp', 'pip', 'agt', 'svc', 'con', 'twn', 'run', 'ses']}
        />
      </div>
      {search.of === undefined ? (
        <Empty title="Choose what is stolen." command="npx twinlock access blast --of per_…">
          Somebody or something by its name; a run or a session by its id.
        </Empty>
      ) : (
        <Shown of={reading} what="the blast radius">
          {(told) => <Whole told={told} search={search} change={change} of={of} />}
        </Shown>
      )}
    </AccessPage>
  )
}

interface WholeProps {
  readonly told: Told
  readonly search: Query
  readonly change: (to: SearchChange) => void
  readonly of: Directory
}

function Whole({ told, search, change, of }: WholeProps): ReactElement {
  const { acts, calls, holds, onward, actual, toxic, withheld, cut, twins, twinsTotal } = told
  const group = groups.find(({ id }) => id === search.group)?.id ?? 'all'
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const left = acts.filter((one) => {
    const said = `${one.action} ${one.scope.name} ${one.scope.id}`.toLowerCase()
    return (group === 'all' || one.group === group) && words.every((word) => said.includes(word))
  })
  return (
    <>
      {toxic.length === 0 ? null : (
        <p className="mb-4 flex items-start gap-1.5 border-l-2 border-bad py-1 pl-3 font-medium text-bad">
          <Icon name="warn" className="mt-0.5" />
          Toxic: {toxic.map((leg) => legWord[leg]).join(' and ')} in one hand. Whoever steals it needs nobody else.
        </p>
      )}
      {cut ? <Partial title="There is more than is shown.">The first acts, calls and things are shown; it reaches more.</Partial> : null}
      {withheld === 0 ? null : (
        <Partial title={`${counted(withheld, 'thing')} not shown.`}>
          More sensitive than your clearance reaches; counted and not named.
        </Partial>
      )}
      <Totals told={told} />
      <Twins twins={twins} total={twinsTotal} />
      <Section title="What it could do" note={counted(acts.length, 'act')}>
        <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-2">
          <Choose
            label="Which acts"
            value={group}
            onChange={(id) => change({ group: id === 'all' ? undefined : id })}
            choices={[{ id: 'all', name: 'All' }, ...groups.map(({ id, name }) => ({ id, name }))]}
          />
          <Search
            label="Filter by action or thing"
            value={search.find ?? ''}
            onChange={(find) => change({ find: find === '' ? undefined : find })}
          />
        </div>
        <Acts acts={left} directory={of} />
      </Section>
      <Section title="What it could call" note={counted(calls.length, 'rule')}>
        <Calls of={calls} directory={of} />
      </Section>
      <Section title="What it could give to others" note={onward.length === 0 ? 'nothing' : counted(onward.length, 'grant')}>
        <Onward of={onward} directory={of} />
      </Section>
      <Section title="Credentials, runs and what it answers for" note="what has to be ended or changed if it is stolen">
        <Credentials of={holds} directory={of} />
        <Owns of={holds.owns} directory={of} />
      </Section>
      <Section title="What it really did" note="by the ledger, the latest first">
        <Actual of={actual} who={told.of.id} />
      </Section>
    </>
  )
}

/** How much there is of each kind, at a glance. */
function Totals({ told: { totals } }: { readonly told: Told }): ReactElement {
  return (
    <dl className="grid grid-cols-2 gap-x-10 gap-y-3 md:flex border-y border-line py-3">
      {groups.map(({ id, does }) => (
        <div key={id} className="flex flex-col-reverse">
          <dt className="text-small text-soft">{does}</dt>
          <dd className={`text-title ${totals[id] === 0 ? 'text-faint' : ''}`}>{totals[id].toLocaleString('en-US')}</dd>
        </div>
      ))}
      {totals.glass === 0 ? null : (
        <div className="flex flex-col-reverse">
          <dt className="text-small text-soft">more by breaking the glass</dt>
          <dd className="text-title">{totals.glass.toLocaleString('en-US')}</dd>
        </div>
      )}
    </dl>
  )
}

function Twins({ twins, total }: { readonly twins: Told['twins']; readonly total: number }): ReactElement {
  return (
    <Section title="Twins that it reaches" note={counted(total, 'twin')}>
      {twins.length < total ? <Partial title="Not all are named.">The first {twins.length} are.</Partial> : null}
      {twins.length === 0 ? (
        <p className="text-soft">None.</p>
      ) : (
        <ul>
          {twins.map(({ id, name, sensitivity, legs, glass }) => (
            <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line/70 py-1.5 last:border-b-0">
              <Link to={place('/access/paths', {}, { of: id })}>
                <Who id={id} name={name} of={{ nameOf: () => undefined }} />
              </Link>
              <Sensitivity is={sensitivity} />
              <span className="text-small text-soft">
                {[...legs.map((leg) => legWord[leg]), ...glass.map((leg) => `${legWord[leg]} by breaking the glass`)].join(', ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Actual({ of: actual, who }: { readonly of: Told['actual']; readonly who: string }): ReactElement {
  if (actual.length === 0) return <p className="text-soft">Nothing, so far.</p>
  return (
    <>
      <ul className="grid gap-x-8 sm:grid-cols-2">
        {actual.map(({ action, times, lastUsed }) => (
          <li key={action} className="flex flex-wrap items-baseline justify-between gap-x-3 border-b border-line/70 py-1">
            <code className="font-mono text-tiny">{action}</code>
            <span className="text-small text-soft">
              {counted(times, 'time')}, last <When at={lastUsed} />
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-2">
        <Link to={place('/audit', {}, { principal: who })}>Every entry of it</Link>
      </p>
    </>
  )
}
