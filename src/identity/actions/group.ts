// Actions on groups: making one, and who is in it. To put somebody into a group is to give him what the group holds, and is decided as such; to take
// somebody out is exact at admission. Names come from administrators; members are found within the organization.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  isId,
  type Locating,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type Ports,
  slugText,
  type Tx,
  titleText,
} from '../../kernel/index.ts'
import {
  findGroup,
  groupEntity,
  groupMembersMax,
  groupType,
  requireNoCircle,
  selfAndMembers,
  standingBehind,
  workloadsBroughtBy,
} from '../groups.ts'
import { requireActivePerson } from '../people.ts'
import type { GroupTable } from '../tables.ts'

/** A group as it is answered. */
export const groupOutput = z.object({
  id: idOf('grp'),
  slug: z.string(),
  name: z.string(),
  owner: idOf('per'),
  members: z.array(z.string()).meta({ description: 'Who and what is in it directly; of more than 1,000, the first.' }),
  memberCount: z.number(),
})

const memberId = z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc'), idOf('grp')])

/** How many members are named where a group is answered. */
const membersShown = 1_000

async function countMembers(tx: Tx, group: string): Promise<number> {
  const query = tx.selectFrom('group_member').select((eb) => eb.fn.countAll<number>().as('count'))
  return (await query.where('group_id', '=', group).executeTakeFirstOrThrow()).count
}

/** A group with its direct members, as it is answered. */
export async function shownGroup(tx: Tx, { id, slug, name, owner_id: owner }: Selectable<GroupTable>) {
  const query = tx.selectFrom('group_member').select('member_id').where('group_id', '=', id)
  const members = await query.orderBy('member_id').limit(membersShown).execute()
  const memberCount = members.length < membersShown ? members.length : await countMembers(tx, id)
  return { id, slug, name, owner, members: members.map((row) => row.member_id), memberCount }
}

/** Makes a group, which holds nothing and nobody. */
export const createGroup = action({
  name: 'group:create',
  summary: 'Make a group of people, workloads and other groups; it holds nothing until something is granted to it.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, name: titleText, owner: idOf('per') }),
  output: groupOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    await requireActivePerson(tx, input.owner, '/owner')
    const taken = await tx.selectFrom('group').select('id').where('slug', '=', input.slug).executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'A group has this slug already.', { pointer: '/slug' })
    const { slug, name, owner } = input
    const row = { org_id: principal.org, id: newId('grp', ports), slug, name, owner_id: owner, created_at: new Date(ports.clock.now()) }
    await tx.insertInto('group').values(row).execute()
    return {
      result: await shownGroup(tx, row),
      related: [
        { rel: 'group', type: 'Group', id: row.id },
        { rel: 'owner', type: 'Person', id: owner },
      ],
      texts: { name },
    }
  },
})

async function requireMember(tx: Tx, member: string): Promise<void> {
  if (isId('grp', member)) {
    await tx
      .selectFrom('group')
      .select('id')
      .where('id', '=', member)
      .forUpdate()
      .executeTakeFirstOrThrow(() => noMember())
    return
  }
  const person = await tx.selectFrom('person').select('state').where('id', '=', member).executeTakeFirst()
  const workload = await tx.selectFrom('workload').select('state').where('id', '=', member).executeTakeFirst()
  if (person?.state !== 'active' && (workload === undefined || workload.state === 'ended')) throw noMember()
}

function noMember(): Error {
  return fail('invalid', 'There is no active person, workload or group with this id.', { pointer: '/member' })
}

async function requireRoom(tx: Tx, group: string, member: string): Promise<void> {
  const there = await tx
    .selectFrom('group_member')
    .select('member_id')
    .where('group_id', '=', group)
    .where('member_id', '=', member)
    .executeTakeFirst()
  if (there !== undefined) throw fail('conflict', 'It is in the group already.', { pointer: '/member' })
  const count = await countMembers(tx, group)
  if (count >= groupMembersMax) throw fail('too_large', `A group has at most ${groupMembersMax} members.`, { pointer: '/member' })
}

const membership = z.strictObject({ group: idOf('grp'), member: memberId })

function membershipFacts({ group, member }: z.output<typeof membership>) {
  return [
    { rel: 'group', type: 'Group', id: group },
    { rel: 'grantee', type: 'Member', id: member },
  ]
}

async function locateGroup({
  input,
  tx,
  principal,
}: {
  input: z.output<typeof membership>
  tx: Tx
  ports: Ports
  principal: { org: string }
}) {
  const found = await findGroup(tx, input.group)
  return { resource: groupEntity(found), others: [organizationEntity(principal.org)], found }
}

/** Whether somebody puts a workload in whose key he brought, and another could do it: whatever the group is given after this, he is given too. */
async function isBringing(
  { tx, ports, principal: { chain } }: Pick<Locating<unknown>, 'tx' | 'ports' | 'principal'>,
  members: readonly string[],
) {
  const brought = await workloadsBroughtBy(tx, members, chain)
  return brought.length > 0 && (await ports.administrators.others(tx, ports.clock.now(), chain))
}

/** Puts somebody, or a group, into a group: he is given what it holds. */
export const addToGroup = action({
  name: 'group:add',
  summary:
    'Put a person, a workload or a group into a group: it is given everything that the group holds, so it takes somebody who may give that.',
  effect: 'change',
  roles: ['admin'],
  resource: groupType,
  context: { grantees: 'Set<String>' },
  input: membership,
  output: groupOutput,
  locate: async (it) => {
    const members = await selfAndMembers(it.tx, it.input.member)
    const grantees = [...(await standingBehind(it.tx, members)), ...((await isBringing(it, members)) ? [it.principal.id] : [])]
    return { ...(await locateGroup(it)), context: { grantees } }
  },
  async perform({ input, found, tx, ports, principal }) {
    await tx.selectFrom('group').select('id').where('id', '=', found.id).forUpdate().execute()
    await requireMember(tx, input.member)
    await requireNoCircle(tx, found.id, input.member)
    await requireRoom(tx, found.id, input.member)
    await ports.giving.requireMayGive({ tx, ports, giver: principal, group: found.id, member: input.member })
    const row = { org_id: principal.org, group_id: found.id, member_id: input.member, added_at: new Date(ports.clock.now()) }
    await tx.insertInto('group_member').values(row).execute()
    return { result: await shownGroup(tx, found), related: membershipFacts(input) }
  },
})

/** Takes somebody, or a group, out of a group. When this returns, nothing is admitted through the membership any more. */
export const removeFromGroup = action({
  name: 'group:remove',
  summary: 'Take a person, a workload or a group out of a group. When this returns, nothing is admitted through it any more.',
  effect: 'change',
  roles: ['admin'],
  resource: groupType,
  input: membership,
  output: groupOutput,
  locate: locateGroup,
  async perform({ input, found, tx, ports }) {
    const removed = await tx
      .deleteFrom('group_member')
      .where('group_id', '=', found.id)
      .where('member_id', '=', input.member)
      .executeTakeFirst()
    if (removed.numDeletedRows === 0n) throw fail('invalid', 'It is not in the group.', { pointer: '/member' })
    const holders = await selfAndMembers(tx, input.member)
    const runs = await ports.dependents.endFor(tx, { holders, at: new Date(ports.clock.now()), ports })
    return { result: await shownGroup(tx, found), facts: { runs }, related: membershipFacts(input), takesAway: true }
  },
})
