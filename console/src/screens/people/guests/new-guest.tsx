// Inviting a guest: who, as what, on which projects, until which day, and who answers for it. What it will do is said before.
import { type ReactElement, useState } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { useMay } from '../../../api/may.ts'
import { useRead } from '../../../api/queries.ts'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Act } from '../../../design/act.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Select, TextField } from '../../../design/field.tsx'
import { place, useGo } from '../../../design/link.tsx'
import { Section } from '../../../design/page.tsx'
import { visible } from '../../../design/visible.ts'
import { useNow, When } from '../../../design/when.tsx'
import { useView } from '../../../shell/view.ts'
import { shippedRoles, wordsIn } from '../../access/grants/grant-terms.ts'
import { EnvironmentFields } from '../../access/grants/terms-fields.tsx'
import { type Directory, useDirectory } from '../../access/names.ts'
import { Pick } from '../../access/pick.tsx'
import { Environments } from '../../access/who.tsx'
import { Thing } from '../../audit/thing.tsx'
import { endOfDay, wrongWith } from '../day.ts'
import { Beside } from '../form-section.tsx'
import { firstLack, isSlug, Lacks, slugFrom } from '../fresh.tsx'
import { useLookup } from '../lookup.ts'
import { ClearanceField, type clearances } from '../people/new-person.tsx'
import { PeoplePage } from '../people-page.tsx'
import { Projects, ProjectsField } from '../projects-field.tsx'
import { UntilField } from '../until.tsx'
import { Reminders } from './guest-words.tsx'

const daysMax = 180
const roles = shippedRoles.filter((role) => role !== 'admin')

interface Known {
  readonly name: string
  readonly slug: string
  readonly address: string
  readonly clearance: (typeof clearances)[number]
}

type Search = Readonly<Record<string, string | undefined>>

function lackOf(known: Known, search: Search, now: number): string | undefined {
  return firstLack(
    [known.name.trim() === '', 'Say what the guest is called first.'],
    [!isSlug(known.slug), 'A short name has lower-case letters, digits and hyphens.'],
    [!/^\S+@\S+\.\S+$/.test(known.address.trim()), 'Say the address first.'],
    [!roles.some((one) => one === search.role), 'Choose the role.'],
    [wordsIn(search.projects).length === 0, 'Choose at least one project.'],
    [wrongWith(search.until, { now, daysMax }) !== undefined, wrongWith(search.until, { now, daysMax }) ?? ''],
  )
}

function invitationOf(known: Known, search: Search): Omit<InputOf<'guest:invite'>, 'reason'> {
  const environments = wordsIn(search.environments)
  return {
    name: known.name.trim(),
    slug: known.slug,
    address: known.address.trim(),
    clearance: known.clearance,
    role: roles.find((one) => one === search.role) ?? 'observer',
    projects: [...wordsIn(search.projects)],
    ...(environments.length === 0 ? {} : { environments: [...environments] }),
    until: endOfDay(search.until) ?? '',
    ...(search.sponsor === undefined ? {} : { sponsor: search.sponsor }),
    ...(search.engagement === undefined ? {} : { engagement: search.engagement }),
  }
}

interface ForeseenProps {
  readonly search: Search
  readonly of: Directory
  readonly sponsor: string
  readonly sponsorName: string | undefined
  readonly isOther: boolean
}

/** What the invitation will do. */
function Foreseen({ search, of, sponsor, sponsorName, isOther }: ForeseenProps): ReactElement {
  const until = endOfDay(search.until)
  return (
    <Section title="What it will do">
      <Facts>
        <Fact name="Gives">
          {search.role === undefined ? <span className="text-faint">choose the role</span> : `the role ${search.role}`}
        </Fact>
        <Fact name="On">
          <Projects ids={wordsIn(search.projects)} of={of} />
        </Fact>
        <Fact name="In">
          <Environments ids={wordsIn(search.environments)} of={of} none="every environment" />
        </Fact>
        <Fact name="Begins">{isOther ? 'when the sponsor has accepted; before that, the guest is nobody' : 'at once'}</Fact>
        <Fact name="Ends">{until === undefined ? <span className="text-faint">say the last day</span> : <When at={until} />}</Fact>
        <Fact name="Sponsor">
          <span className="inline-flex flex-wrap items-baseline gap-x-2">
            <Thing id={sponsor} name={sponsorName === undefined ? null : visible(sponsorName)} brief />
            <span className="text-soft">prolongs it, and nobody else</span>
          </span>
        </Fact>
        {until === undefined ? null : (
          <Fact name="Reminded">
            <Reminders until={until} />
          </Fact>
        )}
      </Facts>
    </Section>
  )
}

interface Sponsor {
  readonly id: string
  readonly name: string | undefined
  /** Whether it is somebody else, who accepts first. */
  readonly isOther: boolean
  /** Whoever looks. */
  readonly self: string
}

/** Who answers for the guest: whoever looks, unless the URL says somebody else. */
function useSponsor(wanted: string | undefined, choices: readonly { readonly id: string; readonly name: string }[]): Sponsor {
  const here = useStore(session)
  const me = useRead('session:show', {}, { every: false })
  const self = me.state === 'ready' ? (me.data.person?.id ?? me.data.id) : ''
  const isOther = wanted !== undefined && wanted !== self
  const id = wanted ?? self
  const own = here.state === 'somebody' ? here.here.person.name : undefined
  return { id, isOther, self, name: isOther ? choices.find((one) => one.id === id)?.name : own }
}

/** The screen. */
export function NewGuest(): ReactElement {
  const go = useGo()
  const [search, change] = useView()
  const of = useDirectory(true, false)
  const now = useNow()
  const { choices, onType } = useLookup({ people: true, value: search.sponsor })
  const { id: sponsor, name: sponsorName, isOther, self } = useSponsor(search.sponsor, choices)
  const mayList = useMay('engagement:list', {})
  const engagements = useRead('engagement:list', { limit: 100 }, { when: mayList.state === 'yes', every: false })
  const open = engagements.state === 'ready' ? engagements.data.items.filter(({ state }) => state !== 'ended') : []
  const [name, setName] = useState('')
  const [written, setSlug] = useState<string>()
  const [address, setAddress] = useState('')
  const [clearance, setClearance] = useState<(typeof clearances)[number]>('internal')
  const known: Known = { name, slug: written ?? slugFrom(name), address, clearance }
  const lacks = lackOf(known, search, now)
  const engagement = open.find(({ id }) => id === search.engagement)
  const invitation = invitationOf(known, search)
  return (
    <PeoplePage title="Invite a guest" below="/people/guests" line="Somebody from elsewhere. The end cannot be left out.">
      <Beside beside={<Foreseen search={search} of={of} sponsor={sponsor} sponsorName={sponsorName} isOther={isOther} />}>
        <TextField label="Name" value={name} onChange={setName} maxLength={120} isRequired autoFocus />
        <TextField label="Short name" value={known.slug} onChange={setSlug} maxLength={40} isRequired mono />
        <TextField
          label="Address"
          value={address}
          onChange={setAddress}
          type="email"
          maxLength={200}
          hint="Who is a guest by this address already is found again."
          isRequired
        />
        <ClearanceField value={clearance} onChange={setClearance} />
        <Select
          label="Role"
          value={search.role}
          onChange={(role) => change({ role })}
          choices={roles.map((id) => ({ id, name: id }))}
          hint="A guest administers nothing."
        />
        <ProjectsField value={search.projects} onChange={(projects) => change({ projects })} of={of} within={engagement?.projects} />
        <EnvironmentFields search={search} change={change} of={of} />
        <UntilField value={search.until} onChange={(until) => change({ until })} now={now} daysMax={daysMax} />
        <Pick
          label="Sponsor"
          value={sponsor === '' ? undefined : sponsor}
          onChange={(id) => change({ sponsor: id === self ? undefined : id })}
          choices={
            sponsorName === undefined || choices.some(({ id }) => id === sponsor)
              ? choices
              : [{ id: sponsor, name: sponsorName }, ...choices]
          }
          onType={onType}
          ids={['per']}
          hint="Who answers for the guest: you, or somebody who accepts first."
        />
        {open.length === 0 ? null : (
          <Select
            label="Of the engagement"
            value={search.engagement ?? 'none'}
            onChange={(id) => change({ engagement: id === 'none' ? undefined : id })}
            choices={[{ id: 'none', name: 'none' }, ...open.map(({ id, name: called }) => ({ id, name: visible(called) }))]}
            hint="Then the guest ends with it."
          />
        )}
        {lacks !== undefined ? (
          <Lacks>{lacks}</Lacks>
        ) : (
          <Act
            action="guest:invite"
            label="Invite the guest"
            weight="primary"
            input={(reason) => ({ ...invitation, reason })}
            asked={{
              ...invitation,
              name: 'Guest',
              slug: 'guest',
              address: 'guest@elsewhere.example',
              reason: 'To see whether it is allowed.',
            }}
            reason="Why somebody from elsewhere is here; goes on the record."
            before={
              <p>
                <bdi className="font-medium">{name.trim()}</bdi> is invited as {invitation.role}
                {isOther ? ', and is nobody before the sponsor has accepted.' : ', from the moment that the answer is there.'} It must be
                yours to give, until then.
              </p>
            }
            after={({ state }) => (
              <p>
                {state === 'active'
                  ? 'The guest is let in. Make a one-time link, or send the guest to your provider.'
                  : 'The sponsor is asked.'}
              </p>
            )}
            onDone={({ id }) => go(place('/people/guests/$guest', { guest: id }))}
          />
        )}
      </Beside>
    </PeoplePage>
  )
}
