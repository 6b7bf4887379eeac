// Guests and engagements that wait for somebody: their sponsor before their end, whoever is asked to answer for them, whoever may name another where nobody does.
import { namesOf } from '../../twins/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

const dayMs = 86_400_000
const [soonDays, urgentDays] = [14, 3]

/** What is said of an end that is near. */
function near(until: Date, now: number): string {
  return until.getTime() - now <= urgentDays * dayMs ? `It ends within ${urgentDays} days.` : `It ends within ${soonDays} days.`
}

interface Ending {
  readonly id: string
  readonly created_at: Date
  readonly until: Date
}

/** What is the same of all of them: which it is, since when it is here, and when it ends. */
function waiting(type: 'Guest' | 'Engagement', { id, created_at, until }: Ending) {
  return { subject: { type, id }, since: created_at.toISOString(), until: until.toISOString() }
}

/** Guests whom the caller answers for and whose end is near. */
export async function guestsEnding(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('guest')
    .select(['id', 'person_id', 'created_at', 'until'])
    .where('sponsor_id', '=', principal.id)
    .where('state', '=', 'active')
    .where('until', '>', new Date(now))
    .where('until', '<=', new Date(now + soonDays * dayMs))
    .orderBy('until')
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const nameOf = await namesOf(
    tx,
    rows.map(({ person_id }) => person_id),
  )
  return bounded(it, rows).map((row) => ({
    kind: 'guest_ending',
    ...waiting('Guest', row),
    title: `${nameOf(row.person_id) ?? row.person_id} is your guest`,
    why: `${near(row.until, now)} Prolong it if it is still needed; otherwise nothing is to be done.`,
    action: 'guest:extend',
  }))
}

/** Guests for whom the caller is asked to answer. */
export async function guestsToAccept(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('guest')
    .select(['id', 'person_id', 'created_at', 'until'])
    .where('until', '>', new Date(now))
    .where((eb) =>
      eb.or([
        eb.and([eb('asked_id', '=', principal.id), eb('state', '!=', 'ended')]),
        eb.and([eb('sponsor_id', '=', principal.id), eb('state', '=', 'invited'), eb('asked_id', 'is', null)]),
      ]),
    )
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const nameOf = await namesOf(
    tx,
    rows.map(({ person_id }) => person_id),
  )
  return bounded(it, rows).map((row) => ({
    kind: 'guest_to_accept',
    ...waiting('Guest', row),
    title: `${nameOf(row.person_id) ?? row.person_id} as a guest`,
    why: 'You are asked to answer for this guest, who is let in when you accept.',
    action: 'guest:accept',
  }))
}

/** Guests whose sponsor has left, for whoever may ask somebody else to answer for them. */
export async function guestsPaused(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('guest')
    .select(['id', 'person_id', 'sponsor_id', 'created_at', 'until'])
    .where('state', '=', 'paused')
    .where('until', '>', new Date(now))
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const reason = 'Whether another sponsor could be asked.'
  const mine = await onlyWhere(it, 'guest:sponsor', bounded(it, rows), ({ id }) => ({ guest: id, sponsor: principal.id, reason }))
  const nameOf = await namesOf(
    tx,
    mine.flatMap(({ person_id, sponsor_id }) => [person_id, sponsor_id]),
  )
  return mine.map((row) => ({
    kind: 'guest_paused',
    ...waiting('Guest', row),
    title: `${nameOf(row.person_id) ?? row.person_id} has no sponsor`,
    why: `${nameOf(row.sponsor_id) ?? 'The sponsor'} has left. Nothing is admitted for the guest until somebody accepts to answer for it.`,
    action: 'guest:sponsor',
  }))
}

/** Engagements that the caller answers for: whose end is near, or which nobody has confirmed. */
export async function engagementsWaiting(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('engagement')
    .select(['id', 'name', 'state', 'created_at', 'until'])
    .where('sponsor_id', '=', principal.id)
    .where('sponsor_left', '=', false)
    .where('state', '!=', 'ended')
    .where('until', '>', new Date(now))
    .where((eb) => eb.or([eb('state', '!=', 'active'), eb('until', '<=', new Date(now + soonDays * dayMs))]))
    .orderBy('until')
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  return bounded(it, rows).map((row) => {
    const isOn = row.state === 'active'
    return {
      kind: isOn ? 'engagement_ending' : 'engagement_to_confirm',
      ...waiting('Engagement', row),
      title: row.name,
      why: isOn ? `${near(row.until, now)} All of it ends then.` : 'Nothing of it is let through until you confirm that it needs to know.',
      action: isOn ? 'engagement:extend' : 'engagement:confirm',
    }
  })
}

/** Engagements whose sponsor has left, for whoever may name another. */
export async function engagementsPaused(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const rows = await tx
    .selectFrom('engagement')
    .select(['id', 'name', 'sponsor_id', 'created_at', 'until'])
    .where('sponsor_left', '=', true)
    .where('state', '!=', 'ended')
    .where('until', '>', new Date(now))
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const reason = 'Whether another sponsor could be named.'
  const mine = await onlyWhere(it, 'engagement:sponsor', bounded(it, rows), ({ id }) => ({ engagement: id, sponsor: principal.id, reason }))
  const nameOf = await namesOf(
    tx,
    mine.map(({ sponsor_id }) => sponsor_id),
  )
  return mine.map((row) => ({
    kind: 'engagement_paused',
    ...waiting('Engagement', row),
    title: `${row.name} has no sponsor`,
    why: `${nameOf(row.sponsor_id) ?? 'The sponsor'} has left. Nothing of it is let through until another sponsor confirms that it needs to know.`,
    action: 'engagement:sponsor',
  }))
}
