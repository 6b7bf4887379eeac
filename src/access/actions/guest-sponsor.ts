// What the sponsor of a guest does, and he alone: to answer for him, and to prolong his time. Nobody prolongs his own; nobody answers for somebody without having
// said so; and what somebody lets in, or prolongs, must still be whoever invited's to give.
import { z } from 'zod'
import { action, fail, idOf, moment, organizationEntity, reasonText, type Tx, toMoment } from '../../kernel/index.ts'
import { prolongGrants } from '../guests/bound-grants.ts'
import { giveGuest, inviterFor, requireMayInvite, requireWithinEngagement } from '../guests/give.ts'
import {
  findGuest,
  type Guest,
  guestDaysMax,
  guestEntity,
  guestOutput,
  guestType,
  holdGuest,
  requireEnd,
  requireSponsor,
  shownGuest,
} from '../guests/guest.ts'
import { relatedTo } from './guest.ts'

async function located(tx: Tx, id: string, selfOf: (guest: Guest) => string) {
  const found = await findGuest(tx, id)
  return { resource: guestEntity(found, selfOf(found)), others: [organizationEntity(found.org_id)], found }
}

/** Who is asked to answer for a guest: the sponsor of one who has not begun, or whoever shall follow him. */
const askedOf = ({ state, sponsor_id, asked_id }: Guest): string => asked_id ?? (state === 'invited' ? sponsor_id : '')

function requireTime(guest: Guest, now: number): void {
  if (guest.state === 'ended' || guest.until.getTime() <= now)
    throw fail('conflict', 'This invitation has ended.', { next: 'Invite anew.' })
}

/** Answers for a guest from now on. */
export const acceptGuest = action({
  name: 'guest:accept',
  summary: 'Answer for a guest from now on, as you were asked to. From then on the guest is let in.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: guestType,
  input: z.strictObject({ guest: idOf('gst') }),
  output: guestOutput,
  locate: ({ input, tx }) => located(tx, input.guest, askedOf),
  async perform(it) {
    const { tx, ports, principal } = it
    const guest = await holdGuest(tx, it.found.id)
    requireTime(guest, ports.clock.now())
    if (askedOf(guest) !== principal.id) throw fail('conflict', 'Somebody else is asked by now.')
    await requireSponsor(tx, principal.id)
    const row: Guest = { ...guest, sponsor_id: principal.id, asked_id: null, state: 'active' }
    await requireMayInvite(it, row)
    await tx.updateTable('guest').set({ sponsor_id: row.sponsor_id, asked_id: null, state: 'active' }).where('id', '=', row.id).execute()
    const grants = guest.state === 'invited' ? await giveGuest(it, row) : []
    return {
      result: await shownGuest(tx, row, principal),
      facts: { state: row.state, before: guest.state },
      related: relatedTo(row, grants),
    }
  },
})

/** Prolongs an invitation. */
export const extendGuest = action({
  name: 'guest:extend',
  summary: 'Prolong the time of a guest that you answer for. Nobody else can.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: guestType,
  input: z.strictObject({
    guest: idOf('gst'),
    until: moment.meta({ description: `The new end, at most ${guestDaysMax} days from now.` }),
    reason: reasonText,
  }),
  output: guestOutput,
  locate: ({ input, tx }) => located(tx, input.guest, ({ sponsor_id }) => sponsor_id),
  async perform(it) {
    const { input, tx, ports, principal } = it
    const guest = await holdGuest(tx, it.found.id)
    requireTime(guest, ports.clock.now())
    if (guest.state !== 'active' || guest.sponsor_id !== principal.id)
      throw fail('conflict', 'Only a guest who is let in is prolonged, by his sponsor.')
    const until = requireEnd(input.until, ports, guestDaysMax)
    if (until.getTime() <= guest.until.getTime())
      throw fail('invalid', 'The invitation lasts as long already.', { pointer: '/until', next: 'To end it, use `guest end`.' })
    const row: Guest = { ...guest, until }
    await requireWithinEngagement(tx, row)
    await requireMayInvite(it, row)
    await tx.updateTable('guest').set({ until }).where('id', '=', row.id).execute()
    await prolongGrants(tx, row.id, until)
    return {
      result: await shownGuest(tx, row, principal),
      facts: { until: toMoment(until), before: toMoment(guest.until) },
      related: relatedTo(row),
      texts: { reason: input.reason },
    }
  },
})

/** Asks somebody to answer for a guest. */
export const sponsorGuest = action({
  name: 'guest:sponsor',
  summary: 'Ask somebody to answer for a guest from now on; that begins when it is accepted.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: guestType,
  input: z.strictObject({ guest: idOf('gst'), sponsor: idOf('per'), reason: reasonText }),
  output: guestOutput,
  // Whoever left answers for nobody when he is here again.
  locate: ({ input, tx }) => located(tx, input.guest, ({ state, sponsor_id }) => (state === 'paused' ? '' : sponsor_id)),
  async perform(it) {
    const { input, found, tx, ports, principal } = it
    const guest = await holdGuest(tx, found.id)
    requireTime(guest, ports.clock.now())
    if (principal.id === guest.person_id) throw fail('denied', 'Nobody chooses who answers for himself.')
    await requireSponsor(tx, input.sponsor)
    if (input.sponsor === guest.sponsor_id && guest.state === 'active') throw fail('conflict', 'This person answers for the guest already.')
    const row: Guest = { ...guest, asked_id: input.sponsor, invited_by: await inviterFor(it, guest) }
    await tx.updateTable('guest').set({ asked_id: row.asked_id, invited_by: row.invited_by }).where('id', '=', row.id).execute()
    return {
      result: await shownGuest(tx, row, principal),
      facts: { state: row.state, invitesAnew: row.invited_by !== guest.invited_by },
      related: [...relatedTo(row), { rel: 'asked', type: 'Person', id: input.sponsor }],
      texts: { reason: input.reason },
    }
  },
})
