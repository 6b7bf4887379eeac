// How invitations and engagements end: at their end, by their sponsor, with their sponsor. Whoever has no other invitation has left then, as anybody who leaves.
// The store alone is touched; whoever calls this holds admissions back first, and says that something was taken away.
import { type Because, countOf, endPerson, type Holder } from '../../identity/index.ts'
import type { OrgId, Ports, Tx } from '../../kernel/index.ts'
import { endGrantsBoundTo } from './bound-grants.ts'
import { type Engagement, membersOf } from './engagement.ts'
import type { Guest } from './guest.ts'

/** What ended with an invitation. */
export interface InvitationEnded {
  readonly grants: number
  readonly runs: number
  /** Whether the person has left with it: there was no other invitation of his. */
  readonly left: boolean
}

const openStates = ['invited', 'active', 'paused'] as const

async function hasOther(tx: Tx, { id, person_id }: Guest): Promise<boolean> {
  const other = await tx
    .selectFrom('guest')
    .select('id')
    .where('person_id', '=', person_id)
    .where('id', '!=', id)
    .where('state', 'in', openStates)
    .executeTakeFirst()
  return other !== undefined
}

/** Ends an invitation with what it gave; with the last one of a person his time here. */
export async function endInvitation(tx: Tx, ports: Ports, guest: Guest, because: Because): Promise<InvitationEnded> {
  const at = new Date(ports.clock.now())
  if (await hasOther(tx, guest)) {
    await tx.updateTable('guest').set({ state: 'ended', ended_at: at, asked_id: null }).where('id', '=', guest.id).execute()
    const grants = await endGrantsBoundTo(tx, guest.id, at)
    const runs = await ports.dependents.endFor(tx, { holders: [guest.person_id], at, ports })
    return { grants, runs, left: false }
  }
  // The invitation and what it gave end with the rest of what he holds, so that his checklist counts them.
  const ended = await endPerson(tx, ports, { org: guest.org_id as OrgId, person: guest.person_id, because }) // the column holds nothing else
  return { grants: ended.grants ?? 0, runs: ended.runs ?? 0, left: true }
}

/** What ended with an engagement. */
export interface EngagementEnded {
  readonly guests: number
  readonly workloads: number
  readonly grants: number
}

/** Ends an engagement: its guests, its agents and services, and what was given until its end. */
export async function endEngagement(tx: Tx, ports: Ports, engagement: Engagement): Promise<EngagementEnded> {
  const at = new Date(ports.clock.now())
  await tx.updateTable('engagement').set({ state: 'ended', ended_at: at }).where('id', '=', engagement.id).execute()
  const guests = await tx
    .selectFrom('guest')
    .selectAll()
    .where('engagement_id', '=', engagement.id)
    .where('state', 'in', openStates)
    .execute()
  for (const guest of guests) await endInvitation(tx, ports, guest, 'engagement_over')
  const workloads = (await membersOf(tx, engagement.id)).filter((id) => !id.startsWith('per_'))
  for (const workload of workloads) {
    await ports.workloadStop.stop(tx, { workload, at, ports })
    // What rooms keep for somebody by his id they keep for a workload in the same way.
    const leaver = { org: engagement.org_id as OrgId, person: workload, at, ports } // the column holds nothing else
    for (const holder of ports.holders) await holder.endFor(tx, leaver)
  }
  return { guests: guests.length, workloads: workloads.length, grants: await endGrantsBoundTo(tx, engagement.id, at) }
}

/** Invitations of a person who leaves. */
export const invitationsOfPeople: Holder = {
  what: 'invitations',
  becomes: 'ended',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('guest')
      .set({ state: 'ended', ended_at: at, asked_id: null })
      .where('person_id', '=', person)
      .where('state', 'in', openStates)
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person }) => countOf(tx.selectFrom('guest').where('person_id', '=', person).where('state', 'in', openStates)),
}

/** Guests of a sponsor who leaves: nothing is admitted for them until somebody else accepts to answer for them. Those who had not begun do not begin. */
export const guestsOfSponsors: Holder = {
  what: 'guests',
  becomes: 'stopped',
  async endFor(tx, { org, person, at, ports }) {
    const paused = await tx
      .updateTable('guest')
      .set({ state: 'paused' })
      .where('sponsor_id', '=', person)
      .where('state', '=', 'active')
      .returning('person_id')
      .execute()
    const asked = await tx
      .updateTable('guest')
      .set({ state: 'ended', ended_at: at })
      .where('sponsor_id', '=', person)
      .where('state', '=', 'invited')
      .executeTakeFirst()
    await tx.updateTable('guest').set({ asked_id: null }).where('asked_id', '=', person).execute()
    const holders = paused.map(({ person_id }) => person_id)
    if (holders.length > 0) await ports.dependents.endFor(tx, { holders, at, ports })
    // What acts for a guest, and what he answers for, stops as if he had left; it goes on when somebody takes it over.
    const owned = ports.holders.filter(({ what }) => what === 'workloads' || what === 'waiting_runs' || what === 'owned_things')
    for (const guest of holders) for (const holder of owned) await holder.endFor(tx, { org, person: guest, at, ports })
    return paused.length + Number(asked.numUpdatedRows)
  },
  remaining: (tx, { person }) =>
    countOf(tx.selectFrom('guest').where('sponsor_id', '=', person).where('state', 'in', ['invited', 'active'])),
}

const answeredFor = (tx: Tx, person: string) =>
  tx.selectFrom('engagement').where('sponsor_id', '=', person).where('sponsor_left', '=', false).where('state', '!=', 'ended')

/** Engagements of a sponsor who leaves: nobody confirms any more that they need to know, not even he when he comes back, until another sponsor is named. */
export const engagementsOfSponsors: Holder = {
  what: 'engagements',
  becomes: 'stopped',
  async endFor(tx, { person, at, ports }) {
    const there = await answeredFor(tx, person).select(['id', 'state']).forUpdate().execute()
    for (const { id, state } of there) {
      const isOn = state === 'active'
      await tx
        .updateTable('engagement')
        .set({ sponsor_left: true, ...(isOn ? { state: 'suspended' as const } : {}) })
        .where('id', '=', id)
        .execute()
      if (isOn) await ports.dependents.endFor(tx, { holders: await membersOf(tx, id), at, ports })
    }
    return there.length
  },
  remaining: (tx, { person }) => countOf(answeredFor(tx, person)),
}
