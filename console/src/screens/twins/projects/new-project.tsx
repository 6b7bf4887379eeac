// Making a project: nothing lies in it, and nobody holds anything in it, until somebody gives it.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { Link, place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { visible } from '../../../design/visible.ts'
import { useView } from '../../../shell/view.ts'
import { Beside } from '../../people/form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../../people/fresh.tsx'
import { useFaults } from '../faults.tsx'
import { OnlyFor, useMe } from '../may-make.tsx'
import { OwnerField } from '../owner-field.tsx'
import { TwinsPage } from '../twins-page.tsx'
import { someProject } from './projects.tsx'

function Foretold(): ReactElement {
  return (
    <Section title="What it comes to">
      <Facts>
        <Fact name="Holds">nothing, until a twin is made in it</Fact>
        <Fact name="Reached by">
          whoever holds a role on the organization
          <span className="block text-small text-soft">A role given on the project alone reaches what lies in it, and nothing else.</span>
        </Fact>
        <Fact name="Short name">stays: commands and scripts name it by that</Fact>
      </Facts>
    </Section>
  )
}

function Fields(): ReactElement {
  const go = useGo()
  const me = useMe()
  const [search, change] = useView()
  const [name, setName] = useState('')
  const [written, setSlug] = useState<string>()
  const slug = written ?? slugFrom(name)
  const owner = search.owner ?? me?.id
  const input: InputOf<'project:create'> = { slug, name: name.trim(), owner: owner ?? '' }
  const faults = useFaults(input)
  const lacks = firstLack(
    [input.name === '', 'Say what it is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [owner === undefined, 'Choose who answers for it.'],
  )
  return (
    <Beside beside={<Foretold />}>
      <TextField label="Name" value={name} onChange={setName} maxLength={120} error={faults.at('name')} isRequired autoFocus />
      <TextField
        label="Short name"
        value={slug}
        onChange={setSlug}
        hint="What commands call it."
        maxLength={40}
        error={faults.at('slug')}
        isRequired
        mono
      />
      <OwnerField
        value={owner}
        onChange={(to) => change({ owner: to })}
        hint="Who is asked what it is for, and by whom it is kept in order."
        fault={faults.at('owner')}
      />
      {lacks !== undefined ? (
        <Lacks>{lacks}</Lacks>
      ) : (
        <Act
          action="project:create"
          label="Make the project"
          title={`Make the project ${visible(input.name)}`}
          weight="primary"
          input={() => input}
          asked={{ ...input, slug: 'project', name: 'Project' }}
          before={
            <p>
              <bdi className="font-medium">{visible(input.name)}</bdi> is there from then on, empty. Nobody gains anything by it.
            </p>
          }
          after={({ id }) => (
            <p>
              It is there. <Link to={place('/twins/new', {}, { project: id })}>Make a twin</Link> in it, or{' '}
              <Link to={place('/access/new-grant', {}, { scopeType: 'Project', scope: id })}>give access</Link> to it.
            </p>
          )}
          onDone={() => go('/projects')}
          onRefused={faults.onRefused}
        />
      )}
    </Beside>
  )
}

/** The screen. */
export function NewProject(): ReactElement {
  const me = useMe()
  return (
    <TwinsPage title="New project" below="/projects" line="A folder of twins that access is given on.">
      <OnlyFor action="project:create" asked={someProject(me?.id)}>
        <Fields />
      </OnlyFor>
    </TwinsPage>
  )
}
