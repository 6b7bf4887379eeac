// Offering things to somebody, and taking an offer back: by whoever answers for them now, or an administrator. Nothing changes hands here.

import { sql } from 'kysely'
import { z } from 'zod'
import { findPerson, requireActivePerson } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  reasonText,
  type Tx,
} from '../../kernel/index.ts'
import { Answering } from '../ownership/answering.ts'
import { named, offerThings, speakingOf } from '../ownership/offers.ts'
import { thingIds } from '../ownership/shown.ts'
import { findThings, standingThings, type Thing, thingKinds } from '../ownership/things.ts'
import { ownershipOf, ownershipType } from './ownership.ts'

const namedThings = z.array(z.object({ id: z.string(), kind: z.enum(thingKinds) }))

interface Asking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** Things with the resource that they are decided on: the caller's own where he answers for every one of them. */
async function locateThings({ tx, ports, principal }: Asking, ids: readonly string[]) {
  const things = await findThings(tx, ids)
  const answering = new Answering(tx, ports)
  let isOwn = true
  for (const thing of things) isOwn &&= await answering.isAnswering(principal, thing)
  return { ...ownershipOf(principal, ids[0] ?? principal.org, isOwn ? principal.id : ''), found: things }
}

function requireOfferable(things: readonly Thing[], to: string, by: string): void {
  for (const [at, { kind, name, owner_id, stands_still }] of things.entries()) {
    const pointer = `/things/${at}`
    // It stopped when he left, and whoever comes back holds nothing: somebody else says that it goes on in his name.
    if (owner_id === to && stands_still && to === by)
      throw fail('denied', `\`${name}\` stopped when you left: nobody lets what is his go on by himself.`, {
        next: 'Have an administrator offer it to you, or to somebody else.',
      })
    if (kind === 'scenario') throw fail('invalid', `The scenario \`${name}\` goes with its twin.`, { pointer, next: 'Offer the twin.' })
    if (owner_id === to && !stands_still) throw fail('conflict', `He owns \`${name}\` already.`, { pointer })
  }
}

/** Offers things to somebody, who is asked to accept. */
export const offerOwnership = action({
  name: 'ownership:offer',
  summary: 'Offer things to somebody, who is asked to accept; until then whoever answers for them goes on to.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: ownershipType,
  input: z.strictObject({ things: thingIds, to: idOf('per'), reason: reasonText }),
  output: z.object({ to: idOf('per'), offered: namedThings, until: z.literal('accepted') }),
  locate: async ({ input, tx, ports, principal }) => {
    await requireActivePerson(tx, input.to, '/to')
    return locateThings({ tx, ports, principal }, input.things)
  },
  async perform({ input, found: things, tx, ports, principal, entry }) {
    requireOfferable(things, input.to, principal.id)
    await offerThings(tx, things, { principal, to: input.to, at: new Date(ports.clock.now()), entry })
    return {
      result: { to: input.to, offered: named(things), until: 'accepted' as const },
      facts: { things: things.length },
      related: [{ rel: 'offered_to', type: 'Person', id: input.to }, ...speakingOf(things, 'offered')],
      texts: { reason: input.reason },
    }
  },
})

/** Takes offers back. */
export const withdrawOwnership = action({
  name: 'ownership:withdraw',
  summary: 'Take offers of things back before they are decided.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: ownershipType,
  input: z.strictObject({ things: thingIds, reason: reasonText }),
  output: z.object({ withdrawn: namedThings }),
  locate: ({ input, tx, ports, principal }) => locateThings({ tx, ports, principal }, input.things),
  async perform({ input, found: things, tx, ports }) {
    const open = await tx
      .updateTable('ownership_offer')
      .set({ state: 'withdrawn', decided_at: new Date(ports.clock.now()) })
      .where(
        'thing_id',
        'in',
        things.map(({ id }) => id),
      )
      .where('state', '=', 'open')
      .returning('thing_id')
      .execute()
    if (open.length === 0) throw fail('conflict', 'None of this is offered to anybody.', { pointer: '/things' })
    const withdrawn = things.filter(({ id }) => open.some(({ thing_id }) => thing_id === id))
    return {
      result: { withdrawn: named(withdrawn) },
      facts: { things: withdrawn.length },
      related: speakingOf(withdrawn, 'withdrawn'),
      texts: { reason: input.reason },
    }
  },
})

const handedOverMax = 1000

/** Offers all that a person owns to somebody, in one act. */
export const handOver = action({
  name: 'person:hand-over',
  summary:
    'Offer everything that a person owns, or some kinds of it, to somebody else in one act; what a leaver owns stands still until it is accepted.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    from: idOf('per'),
    to: idOf('per'),
    kinds: z
      .array(z.enum(thingKinds))
      .min(1)
      .max(thingKinds.length)
      .optional()
      .meta({ description: 'Only these kinds; all where it is left out.' }),
    reason: reasonText,
  }),
  output: z.object({ from: idOf('per'), to: idOf('per'), offered: namedThings, left: z.number() }),
  locate: async ({ input, tx, principal }) => {
    await findPerson(tx, input.from)
    await requireActivePerson(tx, input.to, '/to')
    return { resource: organizationEntity(principal.org), found: undefined }
  },
  async perform({ input, tx, ports, principal, entry }) {
    const { from, to, kinds, reason } = input
    if (from === to) throw fail('invalid', 'It would be handed over to whoever has it.', { pointer: '/to' })
    const { rows } = await sql<Thing>`
      select * from ${standingThings} t where t.owner_id = ${from} and t.through is null
        and (${kinds === undefined}::boolean or t.kind = any(${[...(kinds ?? [])]}::text[])) order by t.id limit ${handedOverMax + 1}`.execute(
      tx,
    )
    const things = rows.slice(0, handedOverMax)
    if (things.length === 0) throw fail('conflict', 'There is nothing of that to hand over.', { pointer: '/from' })
    await offerThings(tx, things, { principal, to, at: new Date(ports.clock.now()), entry })
    return {
      result: { from, to, offered: named(things), left: rows.length - things.length },
      facts: { things: things.length },
      related: [{ rel: 'from', type: 'Person', id: from }, { rel: 'offered_to', type: 'Person', id: to }, ...speakingOf(things, 'offered')],
      texts: { reason },
    }
  },
})
