// Answering an offer: only whom it was made to, and only while he is here. Whoever accepts answers for the thing from the moment that this commits; whoever leaves
// in that moment either leaves first, and accepts nothing, or leaves afterwards, and the thing stops with everything else that is his.
import { z } from 'zod'
import { action, type EntryId, fail, type Ports, type Principal, reasonText, type Tx } from '../../kernel/index.ts'
import { named, speakingOf } from '../ownership/offers.ts'
import { thingIds } from '../ownership/shown.ts'
import { takeOver } from '../ownership/take-over.ts'
import { findThings, type Thing, thingKinds } from '../ownership/things.ts'
import { ownershipOf, ownershipType } from './ownership.ts'

const nothingOffered = (at: number) => fail('not_found', 'Nothing of this was offered to you.', { pointer: `/things/${at}` })

/** The things of open offers to the caller. What was offered to others looks as if it had not been offered. */
async function locateOffers({ tx, principal }: { readonly tx: Tx; readonly principal: Principal }, ids: readonly string[]) {
  const open = await tx
    .selectFrom('ownership_offer')
    .select('thing_id')
    .where('thing_id', 'in', [...ids])
    .where('to_id', '=', principal.id)
    .where('state', '=', 'open')
    .execute()
  const offered = new Set(open.map(({ thing_id }) => thing_id))
  const missing = ids.findIndex((id) => !offered.has(id))
  if (missing !== -1) throw nothingOffered(missing)
  return { ...ownershipOf(principal, ids[0] ?? principal.org, principal.id), found: await findThings(tx, ids) }
}

/** Decides an open offer, once. */
async function decide(
  it: { readonly tx: Tx; readonly ports: Ports; readonly principal: Principal; readonly entry: EntryId },
  things: readonly Thing[],
  state: 'accepted' | 'declined',
) {
  const decided = await it.tx
    .updateTable('ownership_offer')
    .set({ state, decided_at: new Date(it.ports.clock.now()), decided_entry_id: it.entry })
    .where(
      'thing_id',
      'in',
      things.map(({ id }) => id),
    )
    .where('to_id', '=', it.principal.id)
    .where('state', '=', 'open')
    .executeTakeFirst()
  if (Number(decided.numUpdatedRows) !== things.length) throw fail('stale', 'Somebody took one of these offers back at the same time.')
}

/** Accepts things that were offered: from now on the caller answers for them. */
export const acceptOwnership = action({
  name: 'ownership:accept',
  summary: 'Accept things that were offered to you: you answer for them from now on, and what stood still goes on.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: ownershipType,
  input: z.strictObject({ things: thingIds }),
  output: z.object({ accepted: z.array(z.object({ id: z.string(), kind: z.enum(thingKinds), resumed: z.boolean() })) }),
  locate: ({ input, tx, principal }) => locateOffers({ tx, principal }, input.things),
  async perform({ found: things, tx, ports, principal, entry }) {
    // Whoever is ending all that somebody holds, this caller perhaps, is through before, or begins afterwards.
    await ports.holdAdmissions(tx)
    await decide({ tx, ports, principal, entry }, things, 'accepted')
    const accepted: { id: string; kind: Thing['kind']; resumed: boolean }[] = []
    for (const thing of things) {
      const { id, kind } = thing
      accepted.push({ id, kind, resumed: await takeOver(tx, ports, thing, principal) })
    }
    const from = [...new Set(things.map(({ owner_id }) => owner_id))].filter((id) => id !== principal.id)
    return {
      result: { accepted },
      facts: { things: things.length, resumed: accepted.filter(({ resumed }) => resumed).length },
      related: [...from.map((id) => ({ rel: 'from', type: 'Person', id })), ...speakingOf(things, 'accepted')],
      // Whoever answered for it does no more.
      takesAway: true,
    }
  },
})

/** Declines things that were offered. */
export const declineOwnership = action({
  name: 'ownership:decline',
  summary: 'Decline things that were offered to you; whoever answers for them goes on to, and whoever offered them is told.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: ownershipType,
  input: z.strictObject({ things: thingIds, reason: reasonText }),
  output: z.object({ declined: z.array(z.object({ id: z.string(), kind: z.enum(thingKinds) })) }),
  locate: ({ input, tx, principal }) => locateOffers({ tx, principal }, input.things),
  async perform({ input, found: things, tx, ports, principal, entry }) {
    await decide({ tx, ports, principal, entry }, things, 'declined')
    return {
      result: { declined: named(things) },
      facts: { things: things.length },
      related: speakingOf(things, 'declined'),
      texts: { reason: input.reason },
    }
  },
})
