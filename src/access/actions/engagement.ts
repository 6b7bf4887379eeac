// Actions on engagements: one unit of guests, agents and services of a partner, with one sponsor, one need to know and one end. Nothing is admitted for what is of
// it before the sponsor has confirmed that need; when he takes that back, or the end has come, nothing is any more.
import { z } from 'zod'
import { callerEntity } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  moment,
  newId,
  organizationEntity,
  organizationType,
  pageInput,
  pageOf,
  reasonText,
  slugText,
  type Tx,
  titleText,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { prolongGivable } from '../guests/bound-grants.ts'
import { endEngagement } from '../guests/ending.ts'
import {
  answersFor,
  type Engagement,
  engagementDaysMax,
  engagementEntity,
  engagementOutput,
  engagementType,
  findEngagement,
  holdEngagement,
  join,
  shownEngagement,
} from '../guests/engagement.ts'
import { aboveProjects, findGuest, guestProjectsMax, requireEnd, requireSponsor } from '../guests/guest.ts'

async function located(tx: Tx, id: string) {
  const found = await findEngagement(tx, id)
  return { resource: engagementEntity(found, answersFor(found)), others: [organizationEntity(found.org_id)], found }
}

/** What an entry about an engagement says. */
export function factsOf({ slug, projects, until, state }: Engagement) {
  return { engagement: slug, projects, until: toMoment(until), state }
}

/** What an entry about an engagement is found by. */
export function relatedTo({ id, sponsor_id }: Engagement) {
  return [
    { rel: 'engagement', type: 'Engagement', id },
    { rel: 'sponsor', type: 'Person', id: sponsor_id },
  ]
}

/** Makes an engagement, which lets nothing through until its sponsor confirms the need to know. */
export const createEngagement = action({
  name: 'engagement:create',
  summary:
    'Begin an engagement with a partner: projects, a sponsor and an end. Nothing is let through until the sponsor confirms the need to know.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    slug: slugText,
    name: titleText,
    sponsor: idOf('per').optional().meta({ description: 'Who answers for it; you, where it is left out.' }),
    projects: z.array(idOf('prj')).min(1).max(guestProjectsMax),
    until: moment.meta({ description: `When all of it ends, at most ${engagementDaysMax} days from now.` }),
    reason: reasonText,
  }),
  output: engagementOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const sponsor = input.sponsor ?? principal.id
    await requireSponsor(tx, sponsor)
    await aboveProjects(tx, ports, input.projects)
    const taken = await tx.selectFrom('engagement').select('id').where('slug', '=', input.slug).executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'An engagement has, or had, this slug.', { pointer: '/slug' })
    const row: Engagement = {
      org_id: principal.org,
      id: newId('eng', ports),
      slug: input.slug,
      name: input.name,
      sponsor_id: sponsor,
      sponsor_left: false,
      projects: [...new Set<string>(input.projects)],
      until: requireEnd(input.until, ports, engagementDaysMax),
      state: 'unconfirmed',
      created_by: principal.id,
      created_at: new Date(ports.clock.now()),
      ended_at: null,
    }
    await tx.insertInto('engagement').values(row).execute()
    return {
      result: await shownEngagement(tx, row, principal),
      facts: factsOf(row),
      related: relatedTo(row),
      texts: { name: input.name, reason: input.reason },
    }
  },
})

/** Lists engagements: those that somebody answers for without a role, everybody's with one. */
export const listEngagements = action({
  name: 'engagement:list',
  summary: 'List engagements with partners: who answers for them, and until when they last. Those that you answer for without a role.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: engagementType,
  input: z.strictObject({
    ...pageInput,
    mine: z.stringbool().or(z.boolean()).default(false).meta({ description: 'Only those that you answer for.', type: 'boolean' }),
  }),
  output: pageOf(engagementOutput),
  locate: async ({ input, principal }) => ({
    resource: engagementEntity({ org_id: principal.org, id: principal.org }, input.mine ? callerEntity(principal).attributes.self : ''),
    others: [organizationEntity(principal.org)],
    found: undefined,
  }),
  async perform({ input, tx, principal }) {
    let query = tx
      .selectFrom('engagement')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (input.mine) query = query.where('sponsor_id', '=', principal.id).where('sponsor_left', '=', false)
    const page = toPage(await query.execute(), input.limit)
    return { result: { ...page, items: await Promise.all(page.items.map((row) => shownEngagement(tx, row, principal))) } }
  },
})

/** Shows an engagement. */
export const showEngagement = action({
  name: 'engagement:show',
  summary: 'Show an engagement: its guests, agents and services, its sponsor and its end.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: engagementType,
  input: z.strictObject({ engagement: idOf('eng') }),
  output: engagementOutput,
  locate: ({ input, tx }) => located(tx, input.engagement),
  async perform({ found, tx, principal }) {
    return { result: await shownEngagement(tx, found, principal) }
  },
})

const memberInput = z.union([idOf('gst'), idOf('pip'), idOf('agt'), idOf('svc')])

/** What a member is here: the person of an invitation, or a workload. An invitation that outlasts the engagement does not fit into it. */
async function memberOf(tx: Tx, engagement: Engagement, member: string): Promise<string> {
  if (!member.startsWith('gst_')) {
    const workload = await tx.selectFrom('workload').select(['id', 'state']).where('id', '=', member).executeTakeFirst()
    if (workload === undefined || workload.state === 'ended')
      throw fail('invalid', 'There is no workload with this id that has not ended.', { pointer: '/member' })
    return workload.id
  }
  const guest = await findGuest(tx, member).catch(() => {
    throw fail('invalid', 'There is no guest with this id.', { pointer: '/member' })
  })
  if (guest.state === 'ended') throw fail('conflict', 'This invitation has ended.', { pointer: '/member' })
  if (guest.until.getTime() > engagement.until.getTime() || guest.projects.some((project) => !engagement.projects.includes(project)))
    throw fail('conflict', 'The guest is invited for longer, or for other projects, than the engagement.', { pointer: '/member' })
  await tx.updateTable('guest').set({ engagement_id: engagement.id }).where('id', '=', guest.id).execute()
  return guest.person_id
}

/** Puts a guest or a workload into an engagement: from now on it ends with it, and is refused while nobody confirms its need to know. */
export const addToEngagement = action({
  name: 'engagement:add',
  summary: 'Put a guest, an agent, a pipeline or a service into an engagement: it ends with it, and reaches no farther.',
  effect: 'change',
  roles: ['admin'],
  resource: engagementType,
  input: z.strictObject({ engagement: idOf('eng'), member: memberInput }),
  output: engagementOutput,
  locate: ({ input, tx }) => located(tx, input.engagement),
  async perform({ input, found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const row = await holdEngagement(tx, found.id)
    if (row.state === 'ended') throw fail('conflict', 'This engagement is over.')
    const at = new Date(ports.clock.now())
    const member = await memberOf(tx, row, input.member)
    await join(tx, row, member, at)
    const runs = await ports.dependents.endFor(tx, { holders: [member], at, ports })
    return {
      result: await shownEngagement(tx, row, principal),
      facts: { ...factsOf(row), runs },
      related: [...relatedTo(row), { rel: 'member', type: 'Member', id: member }],
      takesAway: true,
    }
  },
})

/** Prolongs an engagement. */
export const extendEngagement = action({
  name: 'engagement:extend',
  summary: 'Prolong an engagement that you answer for. Its guests are prolonged one by one.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: engagementType,
  input: z.strictObject({ engagement: idOf('eng'), until: moment, reason: reasonText }),
  output: engagementOutput,
  locate: ({ input, tx }) => located(tx, input.engagement),
  async perform({ input, found, tx, ports, principal }) {
    const row = await holdEngagement(tx, found.id)
    if (row.state === 'ended' || row.until.getTime() <= ports.clock.now()) throw fail('conflict', 'This engagement is over.')
    const until = requireEnd(input.until, ports, engagementDaysMax)
    if (until.getTime() <= row.until.getTime())
      throw fail('invalid', 'The engagement lasts as long already.', { pointer: '/until', next: 'To end it, use `engagement end`.' })
    await tx.updateTable('engagement').set({ until }).where('id', '=', row.id).execute()
    const grants = await prolongGivable({ tx, ports, principal }, row.id, until)
    const after = { ...row, until }
    return {
      result: await shownEngagement(tx, after, principal),
      facts: { ...factsOf(after), before: toMoment(row.until), grants },
      related: relatedTo(row),
      texts: { reason: input.reason },
    }
  },
})

/** Ends an engagement with everything that is of it. */
export const endEngagementAction = action({
  name: 'engagement:end',
  summary: 'End an engagement: its guests leave, its agents and services stop, and what was given until its end ends, before this returns.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: engagementType,
  input: z.strictObject({ engagement: idOf('eng'), reason: reasonText }),
  output: engagementOutput.extend({ guests: z.number(), workloads: z.number(), grants: z.number() }),
  locate: ({ input, tx }) => located(tx, input.engagement),
  async perform({ input, found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const row = await holdEngagement(tx, found.id)
    if (row.state === 'ended') throw fail('conflict', 'This engagement is over.')
    const ended = await endEngagement(tx, ports, row)
    return {
      result: { ...(await shownEngagement(tx, await findEngagement(tx, row.id), principal)), ...ended },
      facts: { ...factsOf({ ...row, state: 'ended' }), ...ended },
      related: relatedTo(row),
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})

/** Ends an engagement whose end has come. */
export const lapseEngagement = action({
  name: 'engagement:lapse',
  summary: 'End an engagement whose end has come.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: engagementType,
  input: z.strictObject({ engagement: idOf('eng') }),
  output: z.object({ ended: z.boolean() }),
  locate: ({ input, tx }) => located(tx, input.engagement),
  async perform({ found, tx, ports }) {
    await ports.holdAdmissions(tx)
    const row = await holdEngagement(tx, found.id)
    if (row.state === 'ended' || row.until.getTime() > ports.clock.now()) return { result: { ended: false }, isUnchanged: true }
    const ended = await endEngagement(tx, ports, row)
    return {
      result: { ended: true },
      facts: { ...factsOf({ ...row, state: 'ended' }), ...ended },
      related: relatedTo(row),
      takesAway: true,
    }
  },
})

/** Names what is over and has not been ended. */
export const dueEngagements = action({
  name: 'engagement:due',
  summary: 'Name the guests and engagements whose end has come.',
  effect: 'read',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ guests: z.array(idOf('gst')), engagements: z.array(idOf('eng')) }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const now = new Date(ports.clock.now())
    const over = async (table: 'guest' | 'engagement') => {
      const ended = tx.selectFrom(table).select('id').where('state', '!=', 'ended').where('until', '<=', now)
      return (await ended.orderBy('id').limit(100).execute()).map(({ id }) => id)
    }
    return { result: { guests: await over('guest'), engagements: await over('engagement') } }
  },
})
