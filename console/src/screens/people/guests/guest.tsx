// One guest: on what, as what, until when, and who answers for it. The sponsor prolongs it, asks somebody else to, or ends it; each says what it will do before.
import type { ReactElement } from 'react'
import { useList, useRead } from '../../../api/queries.ts'
import { Act } from '../../../design/act.tsx'
import { Button } from '../../../design/button.tsx'
import { Notice, Shown } from '../../../design/conditions.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { KindMark } from '../../../design/kind.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Environments } from '../../access/who.tsx'
import { Thing } from '../../audit/thing.tsx'
import { AnotherSponsor } from '../another-sponsor.tsx'
import { History } from '../people/stands-for.tsx'
import { PeoplePage } from '../people-page.tsx'
import { Projects } from '../projects-field.tsx'
import { Prolong } from '../prolong.tsx'
import { Somebody } from '../somebody.tsx'
import { Reminders, type Guest as ShownGuest, standing } from './guest-words.tsx'

const daysMax = 180
const soonMs = 14 * 86_400_000

interface OfGuest {
  readonly guest: ShownGuest
  readonly of: Directory
}

function About({ guest, of }: OfGuest): ReactElement {
  const { id, person, name, role, projects, environments, until, state, sponsor, sponsorName, asked, engagement, endedAt } = guest
  return (
    <Section title="The invitation">
      <Facts>
        <Fact name="Guest">
          <Thing id={person} name={visible(name)} linked />
        </Fact>
        <Fact name="As">{role}</Fact>
        <Fact name="On">
          <Projects ids={projects} of={of} />
          <span className="block text-small text-soft">Nothing reaches farther, whatever else the guest is given.</span>
        </Fact>
        <Fact name="In">
          <Environments ids={environments} of={of} none="every environment" />
        </Fact>
        <Fact name="Sponsor">
          <Thing id={sponsor} name={sponsorName === null ? null : visible(sponsorName)} linked />
          {asked === null ? null : (
            <span className="mt-0.5 flex flex-wrap items-baseline gap-x-1.5 text-small text-soft">
              asked to answer from now on <Somebody id={asked} />
            </span>
          )}
        </Fact>
        {state === 'ended' ? (
          <Fact name="Ended">
            <When at={endedAt} />
          </Fact>
        ) : (
          <>
            <Fact name="Ends">
              <When at={until} /> <span className="text-soft">for whatever was given with it, exactly then</span>
            </Fact>
            <Fact name="The sponsor is reminded">
              <Reminders until={until} />
            </Fact>
          </>
        )}
        {engagement === null ? null : (
          <Fact name="Of the engagement">
            <Thing id={engagement} name={null} linked brief />
          </Fact>
        )}
        <Fact name="Invitation">
          <Id id={id} />
        </Fact>
      </Facts>
    </Section>
  )
}

interface Changing {
  readonly guest: ShownGuest
  readonly onDone: () => void
}

function Extend({ guest: { id, until, mine, sponsorName }, onDone }: Changing): ReactElement {
  return (
    <Prolong until={until} daysMax={daysMax} onDone={onDone}>
      {(end) => (
        <Act
          action="guest:extend"
          label="Prolong it"
          title="Prolong the invitation"
          weight="primary"
          input={(reason) => ({ guest: id, until: end, reason })}
          reason="Why the guest is still needed; goes on the record."
          notNow={mine ? undefined : `Only the sponsor prolongs it: ${sponsorName === null ? 'somebody else' : visible(sponsorName)}.`}
          before={
            <p>
              It lasts to <When at={end} />, as far as it is still the inviter’s to give; else it is refused.
            </p>
          }
          after={({ until: to }) => (
            <p>
              It ends <When at={to} /> now.
            </p>
          )}
          onDone={onDone}
        />
      )}
    </Prolong>
  )
}

function AskAnother({ guest: { id }, onDone }: Changing): ReactElement {
  return (
    <AnotherSponsor title="Ask another sponsor" label="Who answers for the guest from then on" onDone={onDone}>
      {(sponsor) => (
        <Act
          action="guest:sponsor"
          label="Ask for it"
          title="Ask another sponsor"
          weight="primary"
          input={(reason) => ({ guest: id, sponsor, reason })}
          reason="Why somebody else answers for the guest; goes on the record."
          before={<p>It is asked, and begins when it is accepted. Until then nothing changes.</p>}
          after={() => <p>It is asked.</p>}
          onDone={onDone}
        />
      )}
    </AnotherSponsor>
  )
}

/** What ending it will do: whether the person has another invitation is known to whoever may list them. */
function EndIt({ guest: { id, person, name, mine } }: { readonly guest: ShownGuest }): ReactElement {
  const others = useList('guest:list', { limit: 200, mine })
  const other =
    others.state === 'ready'
      ? others.data.items.filter((one) => one.person === person && one.id !== id && one.state !== 'ended')
      : undefined
  return (
    <Act
      action="guest:end"
      label="End it now"
      title={`End the invitation of ${visible(name)}`}
      weight="danger"
      input={(reason) => ({ guest: id, reason })}
      reason="Why it ends before its time; goes on the record."
      before={
        <>
          <p>
            Nothing is admitted by it any more, from the moment that the answer is there: what was given with it ends, and so do its live
            runs.
          </p>
          {other === undefined ? null : other.length > 0 ? (
            <p>
              The guest has {counted(other.length, 'other invitation')}, and stays by {other.length === 1 ? 'that' : 'those'}.
            </p>
          ) : (
            <p>
              It is the last one{mine ? ' that you answer for' : ''}: with the last invitation the person has left, with every session and
              whatever else was given.
            </p>
          )}
        </>
      }
      after={({ grants, runs, left }) => (
        <p>
          {counted(grants, 'grant')} and {counted(runs, 'live run')} ended.{' '}
          {left ? 'The person has left.' : 'The person stays, by another invitation.'}{' '}
          {left ? <Link to={place('/identity/leaving/$person', { person })}>What became of it</Link> : null}
        </p>
      )}
    />
  )
}

function Accept({ guest: { id, name, role } }: { readonly guest: ShownGuest }): ReactElement {
  return (
    <Act
      action="guest:accept"
      label="Answer for the guest"
      title={`Answer for ${visible(name)}`}
      weight="primary"
      input={() => ({ guest: id })}
      before={
        <p>
          The guest is let in as {role}, until the end. You are reminded of that, you prolong it or end it, and when you leave, nothing is
          admitted for the guest before somebody else accepts.
        </p>
      }
      after={() => <p>You answer for the guest. It is let in.</p>}
    />
  )
}

function Actions({ guest }: { readonly guest: ShownGuest }): ReactElement {
  const [, change] = useView()
  return (
    <>
      {guest.state === 'invited' || guest.asked !== null ? <Accept guest={guest} /> : null}
      <Button onPress={() => change({ edit: 'extend' }, true)}>Prolong it…</Button>
      <Button onPress={() => change({ edit: 'sponsor' }, true)}>Ask another sponsor…</Button>
      <EndIt guest={guest} />
    </>
  )
}

/** The screen. */
export function Guest({ id }: { readonly id: string }): ReactElement {
  const [{ edit }, change] = useView()
  const reading = useRead('guest:show', { guest: id })
  const of = useDirectory(reading.state === 'ready', false)
  const guest = reading.state === 'ready' ? reading.data : undefined
  const isOpen = guest !== undefined && guest.state !== 'ended'
  const done = (): void => change({ edit: undefined, until: undefined })
  return (
    <PeoplePage
      title={guest === undefined ? 'Guest' : visible(guest.name)}
      mark={<KindMark kind="person" />}
      below="/people/guests"
      line={
        guest === undefined ? undefined : (
          <>
            <State is={guest.state} />
            <span>guest, as {guest.role}</span>
            {isOpen ? (
              <span>
                <Countdown until={guest.until} over="its end has come" soonMs={soonMs} after="left" />
              </span>
            ) : null}
          </>
        )
      }
      actions={isOpen && edit === undefined ? <Actions guest={guest} /> : undefined}
    >
      <Shown of={reading} what="the guest">
        {(shown) => (
          <>
            {shown.state === 'active' || shown.state === 'ended' ? null : (
              <Notice tone="warn" title={standing(shown.state)}>
                {shown.asked === null && shown.state === 'paused' ? 'Ask another sponsor.' : ''}
              </Notice>
            )}
            {isOpen && edit === 'extend' ? <Extend guest={shown} onDone={done} /> : null}
            {isOpen && edit === 'sponsor' ? <AskAnother guest={shown} onDone={done} /> : null}
            <About guest={shown} of={of} />
            <History of={id} />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
