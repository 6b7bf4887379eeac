// One person: who he is and what a directory says of him, the groups that he is in, what he holds and through what, where he is signed in, what hangs on him.
import type { ReactElement, ReactNode } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Button } from '../../../design/button.tsx'
import { Partial, Shown } from '../../../design/conditions.tsx'
import { Copy } from '../../../design/copy.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Id } from '../../../design/id.tsx'
import { KindMark } from '../../../design/kind.tsx'
import { Link, place } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { Sensitivity, State } from '../../../design/state.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Countdown, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { LinkButton } from '../../access/link-button.tsx'
import { useDirectory } from '../../access/names.ts'
import { Thing } from '../../audit/thing.tsx'
import { becauseWord } from '../../identity/leaving/words.ts'
import { FormSection } from '../form-section.tsx'
import { attributeWords } from '../mappings/source.tsx'
import { PeoplePage } from '../people-page.tsx'
import { ChangeAddress } from './change-address.tsx'
import { ChangePerson } from './change-person.tsx'
import { HeldTable } from './held.tsx'
import { OneTimeLink } from './one-time-link.tsx'
import { SignedIn } from './signed-in.tsx'
import { AnswersFor, History, LiveRuns } from './stands-for.tsx'

type ShownPerson = OutputOf<'person:show'>

function Row({ children }: { readonly children: ReactNode }): ReactElement {
  return <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-b border-line/70 py-1.5 last:border-b-0">{children}</li>
}

function Who({ person }: { readonly person: ShownPerson }): ReactElement {
  const { id, slug, address, clearance, since, leftAt, because, said } = person
  return (
    <Section title="Who it is">
      <Facts>
        <Fact name="Person">
          <Id id={id} />
        </Fact>
        <Fact name="Short name">
          <code className="font-mono text-tiny">{visible(slug)}</code>
        </Fact>
        <Fact name="Address">
          <span className="inline-flex items-center gap-1">
            <bdi className="[overflow-wrap:anywhere]">{visible(address)}</bdi>
            <Copy text={address} what="the address" />
          </span>
        </Fact>
        <Fact name="Clearance">
          <Sensitivity is={clearance} />
        </Fact>
        <Fact name="Here since">
          <When at={since} />
        </Fact>
        {leftAt === null ? null : (
          <Fact name="Left">
            <When at={leftAt} />, <span>{becauseWord[because ?? ''] ?? because}</span>
          </Fact>
        )}
        {said === null ? null : (
          <Fact name={said.id.startsWith('dir_') ? 'A directory says' : 'The provider said'}>
            {said.attributes.length === 0 ? (
              <span className="text-soft">nothing that a mapping may ask for</span>
            ) : (
              <ul>
                {said.attributes.map(({ attribute, value }) => (
                  <li key={attribute}>
                    <span className="text-soft">{attributeWords[attribute]}</span> <bdi className="font-medium">{visible(value)}</bdi>
                  </li>
                ))}
              </ul>
            )}
            <span className="block text-tiny text-soft">
              in <bdi>{visible(said.name)}</bdi>
            </span>
          </Fact>
        )}
      </Facts>
    </Section>
  )
}

function Positions({ person: { holds } }: { readonly person: ShownPerson }): ReactElement | null {
  const positions = [...new Set(holds.flatMap(({ mapping }) => (mapping?.position ? [mapping.position] : [])))]
  if (positions.length === 0) return null
  return (
    <Section title="Positions" note={positions.length}>
      <ul>
        {positions.map((position) => (
          <Row key={position}>
            <Link to={place('/people/positions/$position', { position })}>
              <bdi>{position}</bdi>
            </Link>
          </Row>
        ))}
      </ul>
    </Section>
  )
}

function Groups({ person: { groups } }: { readonly person: ShownPerson }): ReactElement {
  return (
    <Section title="In groups" note={counted(groups.length, 'group')}>
      {groups.length === 0 ? (
        <p className="py-1 text-soft">In none.</p>
      ) : (
        <ul>
          {groups.map(({ id, name, isDirect, directory }) => (
            <Row key={id}>
              <Thing id={id} name={visible(name)} linked />
              {isDirect ? null : <span className="text-small text-soft">through another group</span>}
              {directory === null ? null : <span className="text-small text-soft">a directory says so</span>}
            </Row>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Invitations({ person: { invitations } }: { readonly person: ShownPerson }): ReactElement | null {
  if (invitations.length === 0) return null
  return (
    <Section title="Invited" note={counted(invitations.length, 'invitation')}>
      <ul>
        {invitations.map(({ id, role, state, until, sponsor, sponsorName }) => (
          <Row key={id}>
            <Link to={place('/people/guests/$guest', { guest: id })}>as {role}</Link>
            <State is={state} />
            {state === 'ended' ? null : (
              <span>
                <Countdown until={until} over="over" soonMs={3 * 86_400_000} after="left" />
              </span>
            )}
            <span className="inline-flex items-baseline gap-1.5 text-soft">
              sponsor <Thing id={sponsor} name={sponsorName === null ? null : visible(sponsorName)} linked />
            </span>
          </Row>
        ))}
      </ul>
    </Section>
  )
}

/** The screen. */
export function Person({ id }: { readonly id: string }): ReactElement {
  const [{ edit }, change] = useView()
  const reading = useRead('person:show', { person: id })
  const of = useDirectory(reading.state === 'ready', false)
  const person = reading.state === 'ready' ? reading.data : undefined
  const isHere = person?.state === 'active'
  return (
    <PeoplePage
      title={person === undefined ? 'Person' : visible(person.name)}
      mark={<KindMark kind="person" />}
      below="/people"
      line={
        person === undefined ? undefined : (
          <>
            <State is={person.state} />
            <span>{person.kind}</span>
            <span>{counted(person.holds.length, 'grant')}</span>
          </>
        )
      }
      actions={
        person === undefined ? undefined : (
          <>
            {isHere ? <LinkButton to={place('/access/new-grant', {}, { principal: id })}>Give access</LinkButton> : null}
            {isHere ? <Button onPress={() => change({ edit: 'person' }, true)}>Change…</Button> : null}
            <OneTimeLink person={id} name={visible(person.name)} notNow={isHere ? undefined : 'The person has left.'} />
            <LinkButton to={place('/identity/leaving/$person', { person: id })}>{isHere ? 'Offboard…' : 'The leaving'}</LinkButton>
          </>
        )
      }
    >
      <Shown of={reading} what="the person">
        {(shown) => (
          <>
            {shown.truncated ? (
              <Partial title="Not all of it is shown.">The person is in more than 200 groups, or holds more than 200 grants.</Partial>
            ) : null}
            {isHere && edit !== undefined ? (
              <FormSection title="Change" onDone={() => change({ edit: undefined })}>
                <div className="grid gap-x-12 gap-y-8 md:grid-cols-2">
                  <ChangePerson person={shown} onDone={() => change({ edit: undefined })} />
                  <ChangeAddress key={shown.address} person={shown} onDone={() => change({ edit: undefined })} />
                </div>
              </FormSection>
            ) : null}
            <div className="mt-7 grid gap-x-12 gap-y-7 first:mt-0 lg:grid-cols-2">
              <Who person={shown} />
              <div className="min-w-0">
                <Invitations person={shown} />
                <Positions person={shown} />
                <Groups person={shown} />
              </div>
            </div>
            <Section
              title="Holds"
              note={counted(shown.holds.length, 'grant')}
              actions={
                <span className="flex flex-wrap gap-x-4 text-small">
                  <Link to={place('/access/grants', {}, { principal: id })}>Grants to the person</Link>
                  <Link to={place('/access/blast', {}, { of: id })}>What the person reaches</Link>
                </span>
              }
            >
              <HeldTable holds={shown.holds} of={of} />
            </Section>
            <SignedIn person={id} />
            <LiveRuns person={id} />
            <AnswersFor person={id} />
            <History of={id} acts />
          </>
        )}
      </Shown>
    </PeoplePage>
  )
}
