// Engagements: guests, agents and services of a partner, with one sponsor and one end. Until the sponsor confirms that there is a need to know, and while he has
// taken that back, nothing is admitted for what is of it.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { EngagementTable } from '../../identity/index.ts'
import { type Entity, fail, idOf, organizationRef, type Principal, type ResourceType, type Tx, toMoment } from '../../kernel/index.ts'
import { called } from '../called.ts'

/** An engagement as its row says. */
export type Engagement = Selectable<EngagementTable>

/** How long an engagement may last, from now, in days. */
export const engagementDaysMax = 366
/** How many members an engagement has. */
const engagementMembersMax = 500

/** An engagement as a resource. What names its sponsor as `self` is the sponsor's to do. */
export const engagementType = {
  name: 'Engagement',
  attributes: { self: 'String' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** An engagement as an entity; `self` is whose it is to do. */
export function engagementEntity({ org_id, id }: Pick<Engagement, 'org_id' | 'id'>, self: string): Entity {
  return { type: 'Engagement', id, attributes: { self }, parents: [organizationRef(org_id)] }
}

/** Who answers for an engagement: its sponsor, unless he has left since he became it; nobody then, until another is named. */
export function answersFor({ sponsor_id, sponsor_left }: Pick<Engagement, 'sponsor_id' | 'sponsor_left'>): string {
  return sponsor_left ? '' : sponsor_id
}

/** An engagement as it is answered. */
export const engagementOutput = z.object({
  id: idOf('eng'),
  slug: z.string(),
  name: z.string(),
  sponsor: idOf('per'),
  sponsorName: z.string().nullable(),
  sponsorLeft: z.boolean().meta({ description: 'Whether the sponsor has left, and nobody answers for it until another is named.' }),
  projects: z.array(z.string()),
  until: z.string(),
  state: z.enum(['unconfirmed', 'active', 'suspended', 'ended']),
  members: z.array(z.object({ member: z.string(), name: z.string().nullable(), kind: z.enum(['person', 'workload']) })),
  createdBy: z.string(),
  createdAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  mine: z.boolean().meta({ description: 'Whether the caller is the sponsor.' }),
})

/** The people and workloads of an engagement. */
export async function membersOf(tx: Tx, engagement: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('engagement_member')
    .select('member_id')
    .where('engagement_id', '=', engagement)
    .orderBy('member_id')
    .execute()
  return rows.map(({ member_id }) => member_id)
}

/** An engagement as it is answered to somebody. */
export async function shownEngagement(
  tx: Tx,
  row: Engagement,
  principal: Pick<Principal, 'id'>,
): Promise<z.input<typeof engagementOutput>> {
  const members = await membersOf(tx, row.id)
  const names = await called(tx, [row.sponsor_id, ...members])
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    sponsor: row.sponsor_id,
    sponsorName: names.get(row.sponsor_id) ?? null,
    sponsorLeft: row.sponsor_left,
    projects: row.projects,
    until: row.until.toISOString(),
    state: row.state,
    members: members.map((member) => ({
      member,
      name: names.get(member) ?? null,
      kind: member.startsWith('per_') ? ('person' as const) : ('workload' as const),
    })),
    createdBy: row.created_by,
    createdAt: toMoment(row.created_at),
    endedAt: toMoment(row.ended_at),
    mine: answersFor(row) === principal.id,
  }
}

/** Finds an engagement. Throws `not_found`. */
export async function findEngagement(tx: Tx, id: string): Promise<Engagement> {
  const row = await tx.selectFrom('engagement').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no engagement with this id.')
  return row
}

/** An engagement, held as it is until the transaction ends. */
export async function holdEngagement(tx: Tx, id: string): Promise<Engagement> {
  return tx.selectFrom('engagement').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
}

/** Puts somebody or a workload into an engagement; whatever was of one that is over may be of another. Throws `conflict`, `too_large`. */
export async function join(tx: Tx, engagement: Engagement, member: string, at: Date): Promise<void> {
  const before = await tx
    .selectFrom('engagement_member as m')
    .innerJoin('engagement as e', (on) => on.onRef('e.org_id', '=', 'm.org_id').onRef('e.id', '=', 'm.engagement_id'))
    .select(['e.id', 'e.state'])
    .where('m.member_id', '=', member)
    .executeTakeFirst()
  if (before?.id === engagement.id) return
  if (before !== undefined && before.state !== 'ended')
    throw fail('conflict', 'It is of another engagement already.', { pointer: '/member' })
  if ((await membersOf(tx, engagement.id)).length >= engagementMembersMax)
    throw fail('too_large', `An engagement has at most ${engagementMembersMax} members.`)
  await tx.deleteFrom('engagement_member').where('member_id', '=', member).execute()
  await tx
    .insertInto('engagement_member')
    .values({ org_id: engagement.org_id, member_id: member, engagement_id: engagement.id, added_at: at })
    .execute()
}
