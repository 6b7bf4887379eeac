// Actions on guests: inviting somebody from elsewhere, seeing who is here, ending it. A guest holds a role on the projects of his invitation until its end, which
// cannot be left out; he is nobody before his sponsor has accepted. What is written of him comes from whoever invites him.
import { z } from 'zod'
import { callerEntity } from '../../identity/index.ts'
import {
  action,
  base64url,
  type Entity,
  fail,
  idOf,
  moment,
  newId,
  organizationEntity,
  organizationRef,
  type Performing,
  pageInput,
  pageOf,
  type ResourceType,
  reasonText,
  sensitivity,
  sensitivityLevel,
  slugText,
  titleText,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { endInvitation } from '../guests/ending.ts'
import { findEngagement, join } from '../guests/engagement.ts'
import { giveGuest, requireMayInvite, requireWithinEngagement } from '../guests/give.ts'
import {
  aboveProjects,
  findGuest,
  type Guest,
  guestDaysMax,
  guestEntity,
  guestOutput,
  guestProjectsMax,
  guestRoles,
  guestType,
  holdGuest,
  requireEnd,
  requireSponsor,
  shownGuest,
  shownGuests,
} from '../guests/guest.ts'

/** The invitations into projects: what is decided on when somebody is invited. */
const invitationsType = { name: 'Invitations', attributes: {}, parents: ['Project', 'Organization'] } as const satisfies ResourceType

/** Why somebody is a guest, and what of it an entry says. */
function factsOf(guest: Guest) {
  const { role, projects, environments, engagement_id: engagement, state } = guest
  return { role, projects, environments, until: toMoment(guest.until), engagement, state }
}

/** What an entry about a guest is found by. */
export function relatedTo(guest: Guest, grants: readonly string[] = []) {
  return [
    { rel: 'guest', type: 'Guest', id: guest.id },
    { rel: 'person', type: 'Person', id: guest.person_id },
    { rel: 'sponsor', type: 'Person', id: guest.sponsor_id },
    ...(guest.engagement_id === null ? [] : [{ rel: 'engagement', type: 'Engagement', id: guest.engagement_id }]),
    ...grants.map((id) => ({ rel: 'grant', type: 'Grant', id })),
  ]
}

const inviteInput = z.strictObject({
  name: titleText,
  slug: slugText,
  address: z.email().max(200),
  clearance: sensitivity.default('internal'),
  role: z.enum(guestRoles),
  projects: z.array(idOf('prj')).min(1).max(guestProjectsMax),
  environments: z.array(idOf('env')).max(20).default([]).meta({ description: 'Only in these environments; everywhere when empty.' }),
  until: moment.meta({ description: `When it ends, at most ${guestDaysMax} days from now.` }),
  sponsor: idOf('per').optional().meta({ description: 'Who answers for the guest: you, or somebody who accepts first.' }),
  engagement: idOf('eng').optional().meta({ description: 'The engagement that the guest is of, and ends with.' }),
  reason: reasonText,
})
type Inviting = Performing<'guest:invite', z.output<typeof inviteInput>, undefined>

async function newPerson({ input, tx, ports, principal }: Inviting): Promise<string> {
  const { slug, name, address, clearance } = input
  const taken = await tx.selectFrom('person').select('id').where('slug', '=', slug).executeTakeFirst()
  if (taken !== undefined) throw fail('conflict', 'Somebody here has this slug already.', { pointer: '/slug' })
  if (sensitivityLevel(clearance) > principal.clearance)
    throw fail('denied', 'Nobody clears a guest for more than he is cleared for himself.', { next: 'Name a lower clearance.' })
  const id = newId('per', ports)
  await tx
    .insertInto('person')
    .values({
      org_id: principal.org,
      id,
      slug,
      name,
      email: address,
      clearance: sensitivityLevel(clearance),
      state: 'active',
      salt: base64url(ports.random.bytes(16)),
      created_at: new Date(ports.clock.now()),
    })
    .execute()
  return id
}

/** The person that a guest is: somebody new, or who is or was a guest here under this address. A second invitation clears him for nothing more. */
async function personOf(it: Inviting): Promise<string> {
  const { input, tx } = it
  const there = await tx
    .selectFrom('person')
    .select(['id', 'state'])
    .where('email_key', '=', (eb) => eb.fn<string>('lower', [eb.val(input.address)]))
    .forUpdate()
    .executeTakeFirst()
  if (there === undefined) return newPerson(it)
  if (there.id === it.principal.id) throw fail('denied', 'Nobody invites himself.')
  const before = await tx.selectFrom('guest').select('id').where('person_id', '=', there.id).executeTakeFirst()
  const directory = await tx.selectFrom('directory_user').select('person_id').where('person_id', '=', there.id).executeTakeFirst()
  if (before === undefined || directory !== undefined)
    throw fail('conflict', 'Somebody here has this address already, and is no guest.', { pointer: '/address' })
  if (there.state === 'left') {
    await tx.deleteFrom('person_leaving').where('person_id', '=', there.id).execute()
    await tx.updateTable('person').set({ state: 'active' }).where('id', '=', there.id).execute()
  }
  return there.id
}

async function invitationOf(it: Inviting): Promise<Guest> {
  const { input, ports, principal } = it
  const sponsor = input.sponsor ?? principal.id
  await requireSponsor(it.tx, sponsor)
  return {
    org_id: principal.org,
    id: newId('gst', ports),
    person_id: await personOf(it),
    sponsor_id: sponsor,
    asked_id: null,
    role: input.role,
    projects: [...new Set<string>(input.projects)],
    environments: [...input.environments],
    until: requireEnd(input.until, ports, guestDaysMax),
    state: sponsor === principal.id ? 'active' : 'invited',
    engagement_id: input.engagement ?? null,
    invited_by: principal.id,
    created_at: new Date(ports.clock.now()),
    ended_at: null,
  }
}

/** Whoever was here before comes under the rules of the engagement: his live runs end, where these do not let them go on. */
async function endRuns({ tx, ports }: Pick<Inviting, 'tx' | 'ports'>, { person_id }: Guest): Promise<number> {
  return ports.dependents.endFor(tx, { holders: [person_id], at: new Date(ports.clock.now()), ports })
}

/** Invites somebody from elsewhere. */
export const inviteGuest = action({
  name: 'guest:invite',
  summary: 'Invite somebody from elsewhere into projects, in a role, until a day. Somebody here answers for the guest.',
  effect: 'change',
  roles: ['admin'],
  resource: invitationsType,
  input: inviteInput,
  output: guestOutput,
  locate: async ({ input, tx, ports, principal }) => {
    const parents = await aboveProjects(tx, ports, input.projects)
    // Named by none of the projects: who else is invited, by name and address, is no evidence of one.
    return { resource: { type: invitationsType.name, id: principal.org, attributes: {}, parents }, found: undefined }
  },
  async perform(it) {
    const { input, tx, ports, principal } = it
    for (const [at, environment] of input.environments.entries())
      if (!(await ports.scopes.exists(tx, { type: 'Environment', id: environment })))
        throw fail('invalid', 'There is no environment with this id.', { pointer: `/environments/${at}` })
    const guest = await invitationOf(it)
    await requireWithinEngagement(tx, guest)
    await requireMayInvite(it, guest)
    await tx.insertInto('guest').values(guest).execute()
    if (guest.engagement_id !== null) await join(tx, await findEngagement(tx, guest.engagement_id), guest.person_id, guest.created_at)
    const grants = guest.state === 'active' ? await giveGuest(it, guest) : []
    const runs = guest.engagement_id === null ? 0 : await endRuns(it, guest)
    return {
      result: await shownGuest(tx, guest, principal),
      facts: { ...factsOf(guest), runs },
      related: relatedTo(guest, grants),
      texts: { name: input.name, address: input.address, reason: input.reason },
      // Whoever is put into an engagement is under its rules from now on.
      takesAway: guest.engagement_id !== null,
    }
  },
})

/** Whose list somebody asks for: his own guests without a role, everybody's with one. */
function listEntity(org: string, self: string): Entity {
  return { type: guestType.name, id: org, attributes: { self }, parents: [organizationRef(org)] }
}

/** Lists guests. */
export const listGuests = action({
  name: 'guest:list',
  summary: 'List guests, with their sponsors and until when they are here. Those that you answer for without a role.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: guestType,
  input: z.strictObject({
    ...pageInput,
    mine: z
      .stringbool()
      .or(z.boolean())
      .default(false)
      .meta({ description: 'Only those that you answer for, or are asked to.', type: 'boolean' }),
  }),
  output: pageOf(guestOutput),
  locate: async ({ input, principal }) => ({
    resource: listEntity(principal.org, input.mine ? callerEntity(principal).attributes.self : ''),
    others: [organizationEntity(principal.org)],
    found: undefined,
  }),
  async perform({ input, tx, principal }) {
    let query = tx
      .selectFrom('guest')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (input.mine) query = query.where((eb) => eb.or([eb('sponsor_id', '=', principal.id), eb('asked_id', '=', principal.id)]))
    const page = toPage(await query.execute(), input.limit)
    return { result: { ...page, items: await shownGuests(tx, page.items, principal) } }
  },
})

/** Shows a guest. */
export const showGuest = action({
  name: 'guest:show',
  summary: 'Show a guest: in which projects, in which role, until when, and who answers for it.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: guestType,
  input: z.strictObject({ guest: idOf('gst') }),
  output: guestOutput,
  locate: async ({ input, tx, principal }) => {
    const found = await findGuest(tx, input.guest)
    const self = found.asked_id === principal.id ? principal.id : found.sponsor_id
    return { resource: guestEntity(found, self), others: [organizationEntity(found.org_id)], found }
  },
  async perform({ found, tx, principal }) {
    return { result: await shownGuest(tx, found, principal) }
  },
})

const endedOutput = guestOutput.extend({
  grants: z.number().meta({ description: 'How many grants ended.' }),
  runs: z.number().meta({ description: 'How many live runs ended.' }),
  left: z.boolean().meta({ description: 'Whether the person has left with it: it was the last invitation.' }),
})

/** Ends an invitation. When this returns, nothing is admitted by it any more. */
export const endGuest = action({
  name: 'guest:end',
  summary: 'End an invitation. When this returns, nothing is admitted by it any more; with the last one, the person has left.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: guestType,
  input: z.strictObject({ guest: idOf('gst'), reason: reasonText }),
  output: endedOutput,
  locate: async ({ input, tx }) => {
    const found = await findGuest(tx, input.guest)
    return { resource: guestEntity(found, found.sponsor_id), others: [organizationEntity(found.org_id)], found }
  },
  async perform({ input, found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const guest = await holdGuest(tx, found.id)
    if (guest.state === 'ended') throw fail('conflict', 'This invitation has ended.')
    const ended = await endInvitation(tx, ports, guest, 'contract_ended')
    return {
      result: { ...(await shownGuest(tx, await findGuest(tx, guest.id), principal)), ...ended },
      facts: { ...factsOf({ ...guest, state: 'ended' }), ...ended },
      related: relatedTo(guest),
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})

/** Ends an invitation whose end has come. */
export const lapseGuest = action({
  name: 'guest:lapse',
  summary: 'End an invitation whose end has come.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: guestType,
  input: z.strictObject({ guest: idOf('gst') }),
  output: z.object({ ended: z.boolean() }),
  locate: async ({ input, tx }) => {
    const found = await findGuest(tx, input.guest)
    return { resource: guestEntity(found, ''), others: [organizationEntity(found.org_id)], found }
  },
  async perform({ found, tx, ports }) {
    await ports.holdAdmissions(tx)
    const guest = await holdGuest(tx, found.id)
    if (guest.state === 'ended' || guest.until.getTime() > ports.clock.now()) return { result: { ended: false }, isUnchanged: true }
    const ended = await endInvitation(tx, ports, guest, 'contract_ended')
    return {
      result: { ended: true },
      facts: { ...factsOf({ ...guest, state: 'ended' }), ...ended },
      related: relatedTo(guest),
      takesAway: true,
    }
  },
})
