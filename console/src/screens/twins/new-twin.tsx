// Making a twin: what it is called, what a run of it executes, how sensitive it is, and who answers for it. Nothing of it runs before a scenario is published.
import { type ReactElement, useState } from 'react'
import type { InputOf, OutputOf } from '../../api/call.ts'
import { useStore } from '../../api/store.ts'
import { Act } from '../../design/act.tsx'
import { Code } from '../../design/code.tsx'
import { Empty, Loading } from '../../design/conditions.tsx'
import { Fact, Facts } from '../../design/facts.tsx'
import { type Choice, Select, TextField } from '../../design/field.tsx'
import { Link, place, useGo } from '../../design/link.tsx'
import { Section } from '../../design/page.tsx'
import { Sensitivity } from '../../design/state.tsx'
import { visible } from '../../design/visible.ts'
import { usePlacedList } from '../../shell/placed-list.ts'
import { project } from '../../shell/project.ts'
import { useView } from '../../shell/view.ts'
import { Beside } from '../people/form-section.tsx'
import { firstLack, isSlug, Lacks } from '../people/fresh.tsx'
import { clearances } from '../people/people/new-person.tsx'
import { Marked, useFaults } from './faults.tsx'
import { OnlyFor, useMe } from './may-make.tsx'
import { OwnerField } from './owner-field.tsx'
import { someTwin, useProjectChoices } from './project-choices.ts'
import { TwinsPage } from './twins-page.tsx'

type Input = InputOf<'twin:create'>
type Listed = OutputOf<'twin:list'>['items'][number]

/** Words that twins here have already, so that nobody has to guess one. */
function usedBefore(twins: readonly Listed[], of: 'kind' | 'program'): string {
  const words = [...new Set(twins.map((twin) => twin[of]))].slice(0, 5)
  return words.length === 0 ? '' : ` Twins here have ${words.map(visible).join(', ')}.`
}

function Foretold({ input }: { readonly input: Input }): ReactElement {
  const slug = isSlug(input.slug) ? input.slug : '<twin>'
  return (
    <Section title="What it comes to">
      <Facts>
        <Fact name="Sensitivity">
          <Sensitivity is={input.sensitivity} />
          <span className="block text-small text-soft">What a run of it makes is never less sensitive than this.</span>
        </Fact>
        <Fact name="Runs">
          not yet
          <span className="block text-small text-soft">A scenario says how it runs and what a run of it may touch:</span>
        </Fact>
      </Facts>
      <div className="mt-3">
        <Code text={`npx twinlock scenario publish ${slug} --help`} />
      </div>
    </Section>
  )
}

/** The form. */
function Fields({ projects }: { readonly projects: readonly Choice[] }): ReactElement {
  const go = useGo()
  const me = useMe()
  const here = useStore(project)
  const [search, change] = useView()
  const [typed, setTyped] = useState({ slug: '', kind: '', program: '' })
  const set = (name: keyof typeof typed) => (value: string) => setTyped((before) => ({ ...before, [name]: value.trim() }))
  const { reading: listed } = usePlacedList('twin:list', { limit: 100 }, { every: false })
  const twins = listed.state === 'ready' ? listed.data.items : []
  const first = projects.length === 1 ? projects[0]?.id : undefined
  const { project: of = here ?? first, owner = me?.id } = search
  const sensitivity = clearances.find((one) => one === search.sensitivity) ?? 'internal'
  const input: Input = { ...typed, project: of ?? '', owner: owner ?? '', sensitivity }
  const faults = useFaults(input)
  const word = 'lower-case letters, digits and hyphens.'
  const lacks = firstLack(
    [of === undefined, 'Choose the project that it lies in.'],
    [typed.slug === '', 'Say what it is called first.'],
    [!isSlug(typed.slug), `A short name has ${word}`],
    [!isSlug(typed.kind), `Say what kind of thing it is the twin of, in ${word}`],
    [!isSlug(typed.program), `Name the program that a run of it executes, in ${word}`],
    [owner === undefined, 'Choose who answers for it.'],
  )
  return (
    <Beside beside={<Foretold input={input} />}>
      <Marked fault={faults.at('project')}>
        <Select label="Project" value={of} onChange={(id) => change({ project: id })} choices={projects} hint="It stays in it." />
      </Marked>
      <TextField
        label="Short name"
        value={typed.slug}
        onChange={set('slug')}
        hint="What people and commands call it; no two twins have the same."
        maxLength={40}
        error={faults.at('slug')}
        isRequired
        mono
      />
      <TextField
        label="Kind"
        value={typed.kind}
        onChange={set('kind')}
        hint={`What it is the twin of: a process, a robot.${usedBefore(twins, 'kind')}`}
        maxLength={40}
        error={faults.at('kind')}
        isRequired
        mono
      />
      <TextField
        label="Program"
        value={typed.program}
        onChange={set('program')}
        hint={`What a run of it executes.${usedBefore(twins, 'program')}`}
        maxLength={40}
        error={faults.at('program')}
        isRequired
        mono
      />
      <Marked fault={faults.at('sensitivity')}>
        <Select
          label="Sensitivity"
          value={sensitivity}
          onChange={(id) => change({ sensitivity: id })}
          choices={clearances.map((id) => ({ id, name: id }))}
          hint="Who is cleared for less sees nothing of it."
        />
      </Marked>
      <OwnerField
        value={owner}
        onChange={(to) => change({ owner: to })}
        hint="When this person leaves, it stops until somebody takes it over."
        fault={faults.at('owner')}
      />
      {lacks !== undefined ? (
        <Lacks>{lacks}</Lacks>
      ) : (
        <Act
          action="twin:create"
          label="Make the twin"
          title={`Make the twin ${input.slug}`}
          weight="primary"
          input={() => input}
          asked={{ ...input, slug: 'twin', kind: 'process', program: 'program' }}
          before={
            <p>
              <strong className="font-medium">{input.slug}</strong> is there from then on. Nothing of it runs before somebody publishes a
              scenario, and what its runs make stays in quarantine.
            </p>
          }
          after={() => <p>It is there. A scenario comes next.</p>}
          onDone={({ id }) => go(place('/twins/$twin', { twin: id }))}
          onRefused={faults.onRefused}
        />
      )}
    </Beside>
  )
}

function Form(): ReactElement {
  const me = useMe()
  const here = useStore(project)
  const [search] = useView()
  const projects = useProjectChoices()
  if (projects.state === 'loading') return <Loading what="the projects" rows={3} />
  const choices = projects.state === 'ready' ? projects.data : []
  if (choices.length === 0)
    return (
      <Empty title="There is no project to make it in.">
        A twin lies in a project. <Link to="/projects/new">Make one first</Link>.
      </Empty>
    )
  // Whether he may at all is asked of the project that is chosen, else of any.
  const of = search.project ?? here ?? choices[0]?.id
  return (
    <OnlyFor action="twin:create" asked={someTwin(me?.id, of)}>
      <Fields projects={choices} />
    </OnlyFor>
  )
}

/** The screen. */
export function NewTwin(): ReactElement {
  return (
    <TwinsPage
      title="New twin"
      below="/twins"
      line="The governed model of something: it has an owner, a sensitivity, and scenarios that say how it runs."
    >
      <Form />
    </TwinsPage>
  )
}
