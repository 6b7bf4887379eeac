// Launching a run, or several that differ by their seeds: which scenario, where, and with what; beside it what a run of it would be allowed, before anything
// happens. What is chosen stands in the URL, so that a launch can be prepared by one person and done by another.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../api/call.ts'
import { type Reading, useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Failed, Forbidden, Shown } from '../../design/conditions.tsx'
import { EnvironmentMark } from '../../design/environment-mark.tsx'
import { type Choice, Select, TextField } from '../../design/field.tsx'
import { place, useGo } from '../../design/link.tsx'
import { Page, Section } from '../../design/page.tsx'
import { counted } from '../../design/time.ts'
import { usePlacedList } from '../../shell/placed-list.ts'
import { useView } from '../../shell/view.ts'
import { readParameters, readSeeds } from './parameters.ts'
import { Preview } from './preview.tsx'

const itemsOf = <T,>(reading: Reading<{ readonly items: readonly T[] }>): readonly T[] =>
  reading.state === 'ready' ? reading.data.items : []

interface Chosen {
  readonly twin: string | undefined
  readonly scenario: string | undefined
  readonly environment: string | undefined
}

/** What the URL chooses, with what follows from it: a scenario has one twin, and a twin with one newest scenario needs no choice. */
function useChosen(search: Readonly<Record<string, string | undefined>>): Chosen & {
  readonly twins: readonly Choice[]
  readonly scenarios: readonly Choice[]
  readonly environments: readonly Choice[]
  /** Whether what can be chosen is still on its way. */
  readonly isReading: boolean
  /** What could not be read of it. */
  readonly failed: Extract<Reading<unknown>, { state: 'failed' }> | undefined
} {
  const { reading: listed } = usePlacedList('twin:list', { state: 'active', limit: 200 }, { every: false })
  const { reading: places } = usePlacedList('environment:list', { limit: 200 }, { every: false })
  const twins = itemsOf(listed)
  const environments = itemsOf(places).filter((one) => one.class !== 'production' && one.state === 'active')
  const named = useRead('scenario:show', { scenario: search.scenario ?? '' }, { when: search.scenario !== undefined, every: false })
  const twin = search.twin ?? (named.state === 'ready' ? named.data.twin : undefined) ?? (twins.length === 1 ? twins[0]?.id : undefined)
  const scenarios = itemsOf(
    useRead('scenario:list', { twin: twin ?? '', limit: 200 }, { when: twin !== undefined, every: false, keepFormer: true }),
  ).filter((one) => one.twin === twin)
  const newest = scenarios.filter((one) => one.newest || one.id === search.scenario)
  return {
    twin,
    failed: listed.state === 'failed' ? listed : places.state === 'failed' ? places : undefined,
    isReading: listed.state === 'loading' || places.state === 'loading' || (named.state === 'loading' && search.scenario !== undefined),
    scenario: search.scenario ?? (newest.length === 1 ? newest[0]?.id : undefined),
    environment: search.environment ?? (environments.length === 1 ? environments[0]?.id : undefined),
    twins: twins.map(({ id, slug }) => ({ id, name: slug })),
    scenarios: newest.map(({ id, slug, version, newest: isNewest }) => ({ id, name: `${slug} v${version}${isNewest ? '' : ' (older)'}` })),
    environments: environments.map((one) => ({ id: one.id, name: one.slug, shown: <EnvironmentMark of={one.class} name={one.slug} /> })),
  }
}

/** The screen. */
export function Launch(): ReactElement {
  const [search, change] = useView()
  const chosen = useChosen(search)
  const [parameters, setParameters] = useState('')
  const [read, seeds] = [readParameters(parameters), readSeeds(search.seed ?? '')]
  const { scenario, environment } = chosen
  const isChosen = scenario !== undefined && environment !== undefined
  const preview = useRead(
    'scenario:preview',
    { scenario: scenario ?? '', environment: environment ?? '' },
    { when: isChosen, keepFormer: true, every: false },
  )
  return (
    <Page title="Launch a run" crumbs={[{ name: 'Runs', to: '/runs' }]}>
      <div className="grid gap-x-12 gap-y-8 md:grid-cols-[20rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          {chosen.failed === undefined ? null : chosen.failed.problem.isForbidden ? (
            <Forbidden problem={chosen.failed.problem} again={chosen.failed.again} />
          ) : (
            <Failed problem={chosen.failed.problem} again={chosen.failed.again} what="what can be chosen" />
          )}
          <Select
            label="Twin"
            value={chosen.twin}
            onChange={(twin) => change({ twin, scenario: undefined })}
            choices={chosen.twins}
            isReading={chosen.isReading}
          />
          <Select
            label="Scenario"
            value={scenario}
            onChange={(id) => change({ scenario: id })}
            choices={chosen.scenarios}
            isReading={chosen.isReading}
            hint="The newest version of each; an older one by its link."
          />
          <Select
            label="Environment"
            value={environment}
            onChange={(id) => change({ environment: id })}
            choices={chosen.environments}
            isReading={chosen.isReading}
            hint="Runs are simulation: they never execute in production."
          />
          <TextField
            label="Seed, or seeds"
            value={search.seed ?? ''}
            onChange={(text) => change({ seed: text === '' ? undefined : text })}
            hint="The same seed gives the same run. Empty: a random one. Several runs together: 1..20, or 3,5,9."
            error={errorOf(seeds)}
            maxLength={1_000}
            mono
          />
          <TextField
            label="Parameters"
            value={parameters}
            onChange={setParameters}
            hint="A JSON object over the scenario’s own values. Empty: as the scenario says."
            error={errorOf(read)}
            lines={4}
            mono
            maxLength={20_000}
          />
          <LaunchButton
            asked={askedOf(chosen, seeds, read)}
            stops={preview.state === 'ready' && isChosen ? preview.data.launch.stops.map(({ detail }) => detail) : []}
            name={chosen.scenarios.find(({ id }) => id === scenario)?.name ?? 'the scenario'}
          />
        </div>
        <div className="min-w-0">
          {isChosen ? (
            <Shown of={preview} what="what a run would be allowed">
              {(data) => <Preview of={data} />}
            </Shown>
          ) : (
            <Section title="What a run of it would be allowed">
              <p className="py-3 text-soft">This shows here before you launch, connection by connection.</p>
            </Section>
          )}
        </div>
      </div>
    </Page>
  )
}

const errorOf = (typed: object): string | undefined => ('error' in typed ? String(typed.error) : undefined)

/** What would be launched: one run, or several together; or why there is nothing yet. */
type Asked =
  | { readonly one: InputOf<'run:launch'> }
  | { readonly many: InputOf<'batch:launch'>; readonly count: number }
  | { readonly lacks: string }

function askedOf(
  { scenario, environment }: Chosen,
  seeds: ReturnType<typeof readSeeds>,
  parameters: ReturnType<typeof readParameters>,
): Asked {
  if (scenario === undefined || environment === undefined) return { lacks: 'Choose a scenario and an environment first.' }
  if ('error' in seeds || 'error' in parameters) return { lacks: 'Put right what is marked above.' }
  const what = {
    scenario,
    environment,
    // An object out of JSON.parse.
    ...(parameters.value === undefined ? {} : { parameters: parameters.value as NonNullable<InputOf<'run:launch'>['parameters']> }),
  }
  if ('many' in seeds) return { many: { ...what, seeds: seeds.many }, count: seeds.count }
  return { one: { ...what, ...(seeds.one === undefined ? {} : { seed: seeds.one }) } }
}

interface LaunchButtonProps {
  readonly asked: Asked
  readonly stops: readonly string[]
  readonly name: string
}

function LaunchButton({ asked, stops, name }: LaunchButtonProps): ReactElement {
  const go = useGo()
  const notNow = stops.length === 0 ? undefined : stops.join(' ')
  if ('lacks' in asked) return <p className="text-small text-soft">{asked.lacks}</p>
  if ('many' in asked) return <LaunchMany {...asked} name={name} notNow={notNow} />
  return (
    <Act
      action="run:launch"
      label="Launch"
      title={`Launch ${name}`}
      weight="primary"
      input={() => asked.one}
      notNow={notNow}
      before={
        <>
          <p>
            A run is queued with an identity of its own. It can touch what the preview shows as allowed and nothing else, and its
            credentials end with it.
          </p>
          <p className="text-soft">You are on its record as the one who launched it.</p>
        </>
      }
      after={({ id }) => (
        <p>
          It is queued as <code className="font-mono text-tiny">{id}</code>.
        </p>
      )}
      onDone={({ id }) => go(place('/runs/$run', { run: id }))}
    />
  )
}

interface LaunchManyProps {
  readonly many: InputOf<'batch:launch'>
  readonly count: number
  readonly name: string
  readonly notNow: string | undefined
}

function LaunchMany({ many, count, name, notNow }: LaunchManyProps): ReactElement {
  const go = useGo()
  const runs = counted(count, 'run')
  return (
    <Act
      action="batch:launch"
      label={`Launch ${runs}`}
      title={`Launch ${runs} of ${name}`}
      weight="primary"
      input={() => many}
      notNow={notNow}
      before={
        <>
          <p>
            {runs} are queued together, one for each seed: all of them, or none. Each has an identity of its own, can touch what the preview
            shows as allowed and nothing else, and loses its credentials when it ends.
          </p>
          <p className="text-soft">You are on the record of each as the one who launched it. All of them can be ended at once.</p>
        </>
      }
      after={({ id, size }) => (
        <p>
          {counted(size, 'run')} are queued as the batch <code className="font-mono text-tiny">{id}</code>.
        </p>
      )}
      onDone={({ id }) => go(place('/batches/$batch', { batch: id }))}
    />
  )
}
