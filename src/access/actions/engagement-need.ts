// The need to know of an engagement: confirmed by its sponsor and nobody else, taken back by him or by an administrator, exact at admission either way.
import { z } from 'zod'
import { action, fail, idOf, organizationEntity, reasonText, type Tx } from '../../kernel/index.ts'
import {
  answersFor,
  type Engagement,
  engagementEntity,
  engagementOutput,
  engagementType,
  findEngagement,
  holdEngagement,
  membersOf,
  shownEngagement,
} from '../guests/engagement.ts'
import { requireSponsor } from '../guests/guest.ts'
import { factsOf, relatedTo } from './engagement.ts'

async function located(tx: Tx, id: string) {
  const found = await findEngagement(tx, id)
  return { resource: engagementEntity(found, answersFor(found)), others: [organizationEntity(found.org_id)], found }
}

async function held(tx: Tx, id: string, now: number): Promise<Engagement> {
  const row = await holdEngagement(tx, id)
  if (row.state === 'ended' || row.until.getTime() <= now) throw fail('conflict', 'This engagement is over.')
  return row
}

const input = z.strictObject({ engagement: idOf('eng'), reason: reasonText })

/** Confirms that an engagement needs to know. */
export const confirmEngagement = action({
  name: 'engagement:confirm',
  summary: 'Confirm, as its sponsor, that an engagement needs to know what it may reach. From then on it is let through.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: engagementType,
  input,
  output: engagementOutput,
  locate: ({ input: asked, tx }) => located(tx, asked.engagement),
  async perform({ input: asked, found, tx, ports, principal }) {
    const row = await held(tx, found.id, ports.clock.now())
    if (answersFor(row) !== principal.id) throw fail('conflict', 'Somebody else answers for this engagement by now.')
    if (row.state === 'active') throw fail('conflict', 'This was confirmed before.')
    await tx.updateTable('engagement').set({ state: 'active' }).where('id', '=', row.id).execute()
    const after: Engagement = { ...row, state: 'active' }
    return {
      result: await shownEngagement(tx, after, principal),
      facts: factsOf(after),
      related: relatedTo(after),
      texts: { reason: asked.reason },
    }
  },
})

/** Takes the need to know back. When this returns, nothing of the engagement is admitted any more. */
export const suspendEngagement = action({
  name: 'engagement:suspend',
  summary: 'Say that an engagement needs to know nothing for now. When this returns, nothing is admitted for what is of it.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: engagementType,
  input,
  output: engagementOutput.extend({ runs: z.number().meta({ description: 'How many live runs ended.' }) }),
  locate: ({ input: asked, tx }) => located(tx, asked.engagement),
  async perform({ input: asked, found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const now = ports.clock.now()
    const row = await held(tx, found.id, now)
    if (row.state !== 'active') throw fail('conflict', 'Nobody has confirmed that it needs to know.')
    await tx.updateTable('engagement').set({ state: 'suspended' }).where('id', '=', row.id).execute()
    const runs = await ports.dependents.endFor(tx, { holders: await membersOf(tx, row.id), at: new Date(now), ports })
    const after: Engagement = { ...row, state: 'suspended' }
    return {
      result: { ...(await shownEngagement(tx, after, principal)), runs },
      facts: { ...factsOf(after), runs },
      related: relatedTo(after),
      texts: { reason: asked.reason },
      takesAway: true,
    }
  },
})

/** Names another sponsor, who confirms the need to know anew. */
export const sponsorEngagement = action({
  name: 'engagement:sponsor',
  summary: 'Name another sponsor of an engagement. Nothing is let through until that one confirms the need to know.',
  effect: 'change',
  roles: ['admin'],
  resource: engagementType,
  input: z.strictObject({ engagement: idOf('eng'), sponsor: idOf('per'), reason: reasonText }),
  output: engagementOutput,
  locate: ({ input: asked, tx }) => located(tx, asked.engagement),
  async perform({ input: asked, found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const now = ports.clock.now()
    const row = await held(tx, found.id, now)
    await requireSponsor(tx, asked.sponsor)
    if (asked.sponsor === answersFor(row)) throw fail('conflict', 'This person answers for it already.', { pointer: '/sponsor' })
    await tx
      .updateTable('engagement')
      .set({ sponsor_id: asked.sponsor, sponsor_left: false, state: 'unconfirmed' })
      .where('id', '=', row.id)
      .execute()
    const runs = await ports.dependents.endFor(tx, { holders: await membersOf(tx, row.id), at: new Date(now), ports })
    const after: Engagement = { ...row, sponsor_id: asked.sponsor, sponsor_left: false, state: 'unconfirmed' }
    return {
      result: await shownEngagement(tx, after, principal),
      facts: { ...factsOf(after), runs },
      related: relatedTo(after),
      texts: { reason: asked.reason },
      takesAway: true,
    }
  },
})
