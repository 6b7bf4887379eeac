// What is done to an engagement: more is put into it, it is prolonged or given another sponsor, its need to know is confirmed or taken back, it is ended.
import { type ReactElement, useState } from 'react'
import { Act } from '../../../design/act.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import { Pick } from '../../access/pick.tsx'
import { AnotherSponsor } from '../another-sponsor.tsx'
import { Fields, FormSection } from '../form-section.tsx'
import { Lacks } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'
import { Prolong } from '../prolong.tsx'
import { engagementDaysMax as daysMax, type Engagement } from './engagement-words.tsx'

interface OfEngagement {
  readonly engagement: Engagement
}
interface Changing extends OfEngagement {
  readonly onDone: () => void
}

const theSponsor = ({ sponsorName }: Engagement): string => (sponsorName === null ? 'somebody else' : visible(sponsorName))

/** Puts a guest or a workload into it. */
export function AddTo({ engagement: { id, members }, onDone }: Changing): ReactElement {
  const { choices, onType } = useLookup({ workloads: true, guests: true })
  const [member, setMember] = useState<string>()
  const free = choices.filter((one) => !members.some((there) => there.member === one.id))
  return (
    <FormSection title="Put something into it" onDone={onDone}>
      <Fields>
        <Pick
          label="What"
          value={member}
          onChange={setMember}
          choices={free}
          onType={onType}
          ids={['gst', 'pip', 'agt', 'svc']}
          hint="A guest by his invitation, or a pipeline, an agent or a service."
          isRequired
        />
        {member === undefined ? (
          <Lacks>Choose what first.</Lacks>
        ) : (
          <Act
            action="engagement:add"
            label="Put it in"
            title="Put something into the engagement"
            weight="primary"
            input={() => ({ engagement: id, member })}
            before={
              <p>
                It ends with the engagement, and reaches no farther than its projects. Live runs that go on by what is beyond that end, from
                the moment that the answer is there.
              </p>
            }
            after={({ members: all }) => (
              <p>
                {counted(all.length, 'member')} {all.length === 1 ? 'is' : 'are'} of it now.
              </p>
            )}
            onDone={onDone}
          />
        )}
      </Fields>
    </FormSection>
  )
}

/** Prolongs it. */
export function Extend({ engagement, onDone }: Changing): ReactElement {
  const { id, until, mine } = engagement
  return (
    <Prolong until={until} daysMax={daysMax} onDone={onDone}>
      {(end) => (
        <Act
          action="engagement:extend"
          label="Prolong it"
          title="Prolong the engagement"
          weight="primary"
          input={(reason) => ({ engagement: id, until: end, reason })}
          reason="Why it is still needed; goes on the record."
          notNow={mine ? undefined : `Only the sponsor prolongs it: ${theSponsor(engagement)}.`}
          before={
            <p>
              It lasts to <When at={end} />. Its guests are prolonged one by one, by whoever answers for each.
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

/** Names another sponsor. */
export function NameAnother({ engagement: { id }, onDone }: Changing): ReactElement {
  return (
    <AnotherSponsor title="Name another sponsor" label="Who answers for it from now on" onDone={onDone}>
      {(sponsor) => (
        <Act
          action="engagement:sponsor"
          label="Name the sponsor"
          title="Name another sponsor"
          weight="primary"
          input={(reason) => ({ engagement: id, sponsor, reason })}
          reason="Why somebody else answers for it; goes on the record."
          before={<p>Nothing of it is let through any more until the new sponsor has confirmed that it needs to know.</p>}
          after={({ sponsorName }) => (
            <p>
              <bdi>{visible(sponsorName ?? '')}</bdi> answers for it, and confirms the need to know.
            </p>
          )}
          onDone={onDone}
        />
      )}
    </AnotherSponsor>
  )
}

/** Confirms that it needs to know, or takes that back. */
export function NeedToKnow({ engagement }: OfEngagement): ReactElement {
  const { id, state, mine } = engagement
  if (state === 'active')
    return (
      <Act
        action="engagement:suspend"
        label="Take the need to know back"
        input={(reason) => ({ engagement: id, reason })}
        reason="Why it needs to know nothing for now; goes on the record."
        before={
          <p>
            What is of it is refused at its next fetch, and its live runs end, from the moment that the answer is there. Nothing else ends.
          </p>
        }
        after={({ runs }) => <p>Nothing of it is let through; {counted(runs, 'live run')} ended.</p>}
      />
    )
  return (
    <Act
      action="engagement:confirm"
      label="Confirm the need to know"
      weight="primary"
      input={(reason) => ({ engagement: id, reason })}
      reason="What it needs to know, and why; goes on the record."
      notNow={mine ? undefined : `Only the sponsor confirms it: ${theSponsor(engagement)}.`}
      before={<p>What is of it is let through from then on, as far as it is given anything, and no farther than its projects.</p>}
      after={() => <p>It is let through.</p>}
    />
  )
}

/** Ends all of it. */
export function EndEngagement({ engagement: { id, name, members } }: OfEngagement): ReactElement {
  const people = members.filter(({ kind }) => kind === 'person')
  const workloads = members.filter(({ kind }) => kind === 'workload')
  const names = (all: Engagement['members']): string => all.map((one) => visible(one.name ?? one.member)).join(', ')
  return (
    <Act
      action="engagement:end"
      label="End it now"
      title={`End ${visible(name)}`}
      weight="danger"
      input={(reason) => ({ engagement: id, reason })}
      reason="Why it ends before its time; goes on the record."
      before={
        <>
          <p>All of it ends in one moment, before the answer is there:</p>
          <ul className="list-disc space-y-1 pl-5">
            <li>
              {people.length === 0 ? (
                'No guest is of it.'
              ) : (
                <>
                  {counted(people.length, 'guest')} {people.length === 1 ? 'leaves' : 'leave'}, unless somebody else has invited them as
                  well: <bdi>{names(people)}</bdi>.
                </>
              )}
            </li>
            <li>
              {workloads.length === 0 ? (
                'No workload is of it.'
              ) : (
                <>
                  {counted(workloads.length, 'workload')} {workloads.length === 1 ? 'stops' : 'stop'}, with their tokens and live runs:{' '}
                  <bdi>{names(workloads)}</bdi>.
                </>
              )}
            </li>
            <li>What was given until its end ends, to whomever.</li>
          </ul>
          <p>It does not begin again: another engagement would.</p>
        </>
      }
      after={({ guests, workloads: stopped, grants }) => (
        <p>
          It is over: {counted(guests, 'invitation')} ended, {counted(stopped, 'workload')} stopped, {counted(grants, 'grant')} that lasted
          until its end ended.
        </p>
      )}
    />
  )
}
