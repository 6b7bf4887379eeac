// One version of a scenario: what a run of it asks for, how it differs from another version (`?against=`), and what a run of it would be allowed in an
// environment (`?in=`). Both are read when they are asked for: looking at them is recorded.
import type { ReactElement } from 'react'
import { useRead } from '../../api/queries.ts'
import { buttonLook } from '../../design/button.tsx'
import { Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { type Choice, Select } from '../../design/field.tsx'
import { Icon } from '../../design/icon.tsx'
import { Digest, Id } from '../../design/id.tsx'
import { Identity } from '../../design/identity.tsx'
import { Link, place } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { When } from '../../design/when.tsx'
import { usePlacedList } from '../../shell/placed-list.ts'
import { useParam, useView } from '../../shell/view.ts'
import { Calls, countsOf, Stops } from '../launch/preview.tsx'
import type { ShownScenario } from './compare.ts'
import { Limits, Parameters, Rules } from './manifest.tsx'
import { VersionDiff } from './version-diff.tsx'
import { type ListedVersion, Versions } from './versions.tsx'

const nothing: Choice = { id: 'nothing', name: 'nothing' }

/** The other versions of the same scenario, newest first. What is listed is metadata. */
function useVersions(scenario: ShownScenario | undefined): readonly ListedVersion[] {
  const input = { twin: scenario?.twin ?? '', slug: scenario?.slug ?? '', limit: 200 }
  const reading = useRead('scenario:list', input, { when: scenario !== undefined, every: 60_000 })
  return reading.state === 'ready' ? [...reading.data.items].sort((one, other) => other.version - one.version) : []
}

/** The screen. */
export function Scenario(): ReactElement {
  const id = useParam('scenario')
  const [search] = useView()
  const reading = useRead('scenario:show', { scenario: id }, { every: false })
  const scenario = reading.state === 'ready' ? reading.data : undefined
  const twin = scenario?.twin
  const to = place('/launch', {}, { twin, scenario: id, environment: search.in })
  return (
    <Page
      title={scenario === undefined ? 'Scenario' : `${scenario.slug} version ${scenario.version}`}
      crumbs={[
        { name: 'Twins', to: '/twins' },
        ...(twin === undefined ? [] : [{ name: scenario?.twinName ?? twin, to: place('/twins/$twin', { twin }) }]),
      ]}
      line={scenario === undefined ? undefined : <Line scenario={scenario} />}
      actions={
        scenario === undefined ? undefined : (
          <Link to={to} quiet className={`${buttonLook('primary')} hover:no-underline`}>
            <Icon name="play" />
            Launch
          </Link>
        )
      }
    >
      <Shown of={reading} what="the scenario">
        {(data) => <Whole scenario={data} />}
      </Shown>
    </Page>
  )
}

function Line({ scenario: { author, authorName, createdAt, newest } }: { readonly scenario: ShownScenario }): ReactElement {
  return (
    <>
      {newest ? (
        <span className="inline-flex items-center gap-1 text-good">
          <Icon name="check" />
          newest version
        </span>
      ) : (
        <span className="inline-flex items-center gap-1 text-warn">
          <Icon name="clock" />
          an older version
        </span>
      )}
      <span className="inline-flex items-baseline gap-1.5">
        published by <Identity brief id={author} name={authorName} /> <When at={createdAt} />
      </span>
    </>
  )
}

function Whole({ scenario }: { readonly scenario: ShownScenario }): ReactElement {
  const versions = useVersions(scenario)
  const { id, digest, manifest } = scenario
  return (
    <>
      <Section title="What a run of it asks for" note="it asks; grants and connections decide">
        <Rules of={manifest.connections} />
      </Section>
      <div className="mt-7 grid gap-x-12 gap-y-7 md:grid-cols-2">
        <Section title="Parameters" note="a launch may replace them">
          <Parameters of={manifest.parameters} />
        </Section>
        <div className="min-w-0">
          <Section title="What it brings, and its limits">
            <Limits of={scenario} />
          </Section>
        </div>
      </div>
      <Changes scenario={scenario} versions={versions} />
      <Allowed scenario={id} />
      {versions.length > 1 ? <Versions versions={versions} shown={id} /> : null}
      <Section title="On the record">
        <Facts>
          <Fact name="Digest">
            <Digest digest={digest} />
          </Fact>
          <Fact name="Scenario">
            <Id id={id} />
          </Fact>
          <Fact name="Elsewhere">
            <span className="flex flex-wrap gap-x-4">
              <Link to={place('/runs', {}, { twin: scenario.twin })}>Runs of its twin</Link>
              <Link to={place('/audit', {}, { resource: id })}>Entries about it</Link>
            </span>
          </Fact>
        </Facts>
      </Section>
    </>
  )
}

/** A chosen id that is not among the choices keeps its place. */
function withLost(choices: readonly Choice[], chosen: string | undefined): readonly Choice[] {
  return chosen === undefined || choices.some(({ id }) => id === chosen) ? choices : [...choices, { id: chosen, name: chosen }]
}

function Changes({ scenario, versions }: { readonly scenario: ShownScenario; readonly versions: readonly ListedVersion[] }): ReactElement {
  const [search, change] = useView()
  const { against } = search
  const other = useRead('scenario:show', { scenario: against ?? '' }, { when: against !== undefined, every: false })
  const choices = versions.filter(({ id }) => id !== scenario.id).map(({ id, version }) => ({ id, name: `version ${version}` }))
  const isAlone = choices.length === 0 && against === undefined
  return (
    <Section
      title="What changed"
      actions={
        isAlone ? undefined : (
          <Select
            label="Compare with"
            value={against ?? nothing.id}
            onChange={(id) => change({ against: id === nothing.id ? undefined : id })}
            choices={withLost([nothing, ...choices], against)}
            inRow
          />
        )
      }
    >
      {against === undefined ? (
        <p className="text-soft">
          {isAlone ? 'This is the only version of it.' : 'Choose a version to see what became of each rule, parameter, asset and limit.'}
        </p>
      ) : (
        <Shown of={other} what="the other version">
          {(data) => <VersionDiff one={data} other={scenario} />}
        </Shown>
      )}
    </Section>
  )
}

function Allowed({ scenario }: { readonly scenario: string }): ReactElement {
  const [search, change] = useView()
  const { reading: environments } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  const choices = (environments.state === 'ready' ? environments.data.items : [])
    .filter((one) => one.class !== 'production' && one.state === 'active')
    .map((one) => ({ id: one.id, name: one.slug, shown: <EnvironmentMark of={one.class} name={one.slug} /> }))
  // Looking is recorded, so it waits for a choice; where there is one environment alone, there is nothing to choose.
  const chosen = search.in ?? (choices.length === 1 ? choices[0]?.id : undefined)
  const preview = useRead(
    'scenario:preview',
    { scenario, environment: chosen ?? '' },
    { when: chosen !== undefined, every: false, keepFormer: true },
  )
  return (
    <Section
      title="What a run of it would be allowed"
      note={chosen !== undefined && preview.state === 'ready' ? countsOf(preview.data.items) : undefined}
      actions={
        <Select
          label="In"
          value={chosen ?? nothing.id}
          onChange={(id) => change({ in: id === nothing.id ? undefined : id })}
          choices={withLost([{ id: nothing.id, name: 'no environment' }, ...choices], chosen)}
          inRow
        />
      }
    >
      {chosen === undefined ? (
        <p className="text-soft">Choose an environment to see each call with its verdict, before anything runs.</p>
      ) : (
        <Shown of={preview} what="what a run would be allowed">
          {({ launch, items }) => (
            <>
              <Stops of={launch} />
              <Calls of={items} />
            </>
          )}
        </Shown>
      )}
    </Section>
  )
}
