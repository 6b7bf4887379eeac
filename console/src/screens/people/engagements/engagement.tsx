// One engagement: what is of it, who answers for it, how long it lasts, and whether it is let through.
import type { ReactElement } from 'react'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Notice, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Id } from '../../../design/id.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Thing } from '../../audit/thing.tsx'
import { History } from '../people/stands-for.tsx'
import { PeoplePage } from '../people-page.tsx'
import { Projects } from '../projects-field.tsx'
import { AddTo, EndEngagement, Extend, NameAnother, NeedToKnow } from './change-engagement.tsx'
import { type Engagement as ShownEngagement, soonMs, standing } from './engagement-words.tsx'

interface OfEngagement {
  readonly engagement: ShownEngagement
}

function About({ engagement, of }: OfEngagement & { readonly of: Directory }): ReactElement {
  const { id, slug, sponsor, sponsorName, projects, until, state, endedAt, createdAt } = engagement
  return (
    <Section title="What it is">
      <Facts>
        <Fact name="Sponsor">
          <Thing id={sponsor} name={sponsorName === null ? null : visible(sponsorName)} linked />
        </Fact>
        <Fact name="On">
          <Projects ids={projects} of={of} />
          <span className="block text-small text-soft">Nothing that is of it reaches farther.</span>
        </Fact>
        {state === 'active' || state === 'ended' ? <Fact name="Need to know">{standing(state)}</Fact> : null}
        {state === 'ended' ? (
          <Fact name="Ended">
            <When at={endedAt} />
          </Fact>
        ) : (
          <Fact name="Ends">
            <When at={until} /> <span className="text-soft">with everything that is of it</span>
          </Fact>
        )}
        <Fact name="Begun">
          <When at={createdAt} />
        </Fact>
        <Fact name="Short name">
          <code className="font-mono text-tiny">{slug}</code>
        </Fact>
        <Fact name="Engagement">
          <Id id={id} />
        </Fact>
      </Facts>
    </Section>
  )
}

function Members({ engagement: { id, members } }: OfEngagement): ReactElement {
  const parts = [
    { kind: 'person', title: 'People', none: 'Nobody is of it.' },
    { kind: 'workload', title: 'Pipelines, agents and services', none: 'No workload is of it.' },
  ] as const
  return (
    <Section
      title="Of it"
      note={counted(members.length, 'member')}
      actions={<Link to={place('/people/guests/new', {}, { engagement: id })}>Invite a guest into it</Link>}
    >
      <div className="grid gap-x-12 gap-y-4 md:grid-cols-2">
        {parts.map(({ kind, title, none }) => {
          const own = members.filter((one) => one.kind === kind)
          return (
            <div key={kind}>
              <h3 className="mb-1 text-small text-soft">{title}</h3>
              {own.length === 0 ? (
                <p className="text-faint">{none}</p>
              ) : (
                <ul>
                  {own.map(({ member, name }) => (
                    <li key={member} className="border-b border-line/70 py-1.5 last:border-b-0">
                      <Thing id={member} name={name === null ? null : visible(name)} linked />
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )
        })}
      </div>
    </Section>
  )
}

function Actions({ engagement }: OfEngagement): ReactElement {
  const [, change] = useView()
  return (
    <>
      <NeedToKnow engagement={engagement} />
      <Button onPress={() => change({ edit: 'add' }, true)}>Put in…</Button>
      <Button onPress={() => change({ edit: 'extend' }, true)}>Prolong it…</Button>
      <Button onPress={() => change({ edit: 'sponsor' }, true)}>Another sponsor…</Button>
      <EndEngagement engagement={engagement} />
    </>
  )
}

const forms = { add: AddTo, extend: Extend, sponsor: NameAnother } as const

/** The screen. */
export function Engagement({ id }: { readonly id: string }): ReactElement {
  const [{ edit = '' }, change] = useView()
  const reading = useRead('engagement:show', { engagement: id })
  const of = useDirectory(reading.state === 'ready', false)
  const engagement = reading.state === 'ready' ? reading.data : undefined
  const isOpen = engagement !== undefined && engagement.state !== 'ended'
  const Form = isOpen && Object.hasOwn(forms, edit) ? forms[edit as keyof typeof forms] : undefined // by the line itself
  return (
    <PeoplePage
      title={engagement === undefined ? 'Engagement' : visible(engagement.name)}
      mark={<Icon name="gate" className="text-soft" />}
      below="/people/engagements"
      line={
        engagement === undefined ? undefined : (
          <>
            <State is={engagement.state} />
            {isOpen ? (
              <span>
                <Countdown until={engagement.until} over="its end has come" soonMs={soonMs} after="left" />
              </span>
            ) : null}
          </>
        )
      }
      actions={isOpen && Form === undefined ? <Actions engagement={engagement} /> : undefined}
    >
      <Shown of={reading} what="the engagement">
        {(shown) => (
          <>
            {shown.state === 'unconfirmed' || shown.state === 'suspended' ? <Notice tone="warn" title={standing(shown.state)} /> : null}
            {Form === undefined ? null : <Form engagement={shown} onDone={() => change({ edit: undefined, until: undefined })} />}
            <About engagement={shown} of={of} />
            <Members engagement={shown} />
            <History of={id} />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
