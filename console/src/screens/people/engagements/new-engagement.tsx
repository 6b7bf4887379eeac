// Beginning an engagement with a partner: nothing is let through by that, until its sponsor confirms that it needs to know.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { useNow, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { wordsIn } from '../../access/grants/grant-terms.ts'
import { useDirectory } from '../../access/names.ts'
import { Pick } from '../../access/pick.tsx'
import { endOfDay, wrongWith } from '../day.ts'
import { Beside } from '../form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'
import { PeoplePage } from '../people-page.tsx'
import { Projects, ProjectsField } from '../projects-field.tsx'
import { UntilField } from '../until.tsx'
import { engagementDaysMax as daysMax } from './engagement-words.tsx'

/** The screen. */
export function NewEngagement(): ReactElement {
  const go = useGo()
  const [{ sponsor, projects, until }, change] = useView()
  const of = useDirectory(true, false)
  const now = useNow()
  const { choices, onType } = useLookup({ people: true, value: sponsor })
  const [name, setName] = useState('')
  const [written, setSlug] = useState<string>()
  const slug = written ?? slugFrom(name)
  const end = endOfDay(until)
  const wrong = wrongWith(until, { now, daysMax })
  const lacks = firstLack(
    [name.trim() === '', 'Say what it is called first.'],
    [!isSlug(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [wordsIn(projects).length === 0, 'Choose at least one project.'],
    [wrong !== undefined, wrong ?? ''],
  )
  const wish: Omit<InputOf<'engagement:create'>, 'reason'> = {
    slug,
    name: name.trim(),
    projects: [...wordsIn(projects)],
    until: end ?? '',
    ...(sponsor === undefined ? {} : { sponsor }),
  }
  return (
    <PeoplePage title="Begin an engagement" below="/people/engagements" line="One sponsor, one end, for everything that is of it.">
      <Beside
        beside={
          <Section title="What it will do">
            <Facts>
              <Fact name="Begins">when the sponsor has confirmed that it needs to know; before that, nothing of it is let through</Fact>
              <Fact name="On">
                <Projects ids={wordsIn(projects)} of={of} />
              </Fact>
              <Fact name="Ends">{end === undefined ? <span className="text-faint">say the last day</span> : <When at={end} />}</Fact>
              <Fact name="With it end">its guests, its workloads with their tokens and live runs, and what was given until its end</Fact>
            </Facts>
          </Section>
        }
      >
        <TextField label="Name" value={name} onChange={setName} maxLength={120} isRequired autoFocus />
        <TextField label="Short name" value={slug} onChange={setSlug} maxLength={40} isRequired mono />
        <ProjectsField value={projects} onChange={(to) => change({ projects: to })} of={of} />
        <UntilField value={until} onChange={(to) => change({ until: to })} now={now} daysMax={daysMax} />
        <Pick
          label="Sponsor"
          value={sponsor}
          onChange={(id) => change({ sponsor: id })}
          choices={choices}
          onType={onType}
          ids={['per']}
          placeholder="You, or somebody else by name"
          hint="Who answers for it and confirms that it needs to know; you, where nobody else is chosen."
        />
        {lacks !== undefined ? (
          <Lacks>{lacks}</Lacks>
        ) : (
          <Act
            action="engagement:create"
            label="Begin it"
            title="Begin the engagement"
            weight="primary"
            input={(reason) => ({ ...wish, reason })}
            asked={{ ...wish, name: 'Engagement', slug: 'engagement', reason: 'To see whether it is allowed.' }}
            reason="Why there is such an engagement; goes on the record."
            before={
              <p>
                Nothing is let through by it before the sponsor has confirmed that it needs to know. It ends <When at={end ?? null} />, with
                everything that is of it.
              </p>
            }
            after={() => <p>It has begun. Invite its guests and add its workloads; the sponsor confirms the need to know.</p>}
            onDone={({ id }) => go(place('/people/engagements/$engagement', { engagement: id }))}
          />
        )}
      </Beside>
    </PeoplePage>
  )
}
