// What somebody asks about, as a change that was not made: what would be given, taken away, joined or left. It comes from outside and must be there.
import { z } from 'zod'
import { actionsGiven, requireTime, scopeTypes } from '../../../access/index.ts'
import { findGroup, requireNoCircle } from '../../../identity/index.ts'
import { fail, idOf, moment, newId, roles, slugText, type Tx } from '../../../kernel/index.ts'
import { type Change, noChange } from './change.ts'
import type { Foreseeing } from './foresee.ts'
import type { Grant } from './holders.ts'

const holder = z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc'), idOf('grp')])

/** Somebody in a group. */
export const membership = { group: idOf('grp'), member: holder }

/** Something that would be given. */
export const giveShape = {
  principal: holder,
  role: z.enum(roles).optional(),
  customRole: slugText.optional().meta({ description: 'A role of your own.' }),
  actions: z.array(z.string().max(60)).max(50).default([]),
  scopeType: z.enum(scopeTypes).default('Organization'),
  scope: z.string().max(120).optional(),
  environments: z.array(idOf('env')).max(20).default([]),
  notBefore: moment.optional(),
  expiresAt: moment.optional(),
  untilRun: idOf('run').optional().meta({ description: 'Until this run ends.' }),
  untilBatch: idOf('bat').optional().meta({ description: 'Until the last run of this batch ends.' }),
  untilEngagement: idOf('eng').optional().meta({ description: 'Until this engagement ends; its end is that of the grant.' }),
}
/** Something that would be given. */
export const term = z.strictObject(giveShape)
type Term = z.output<typeof term>

async function requireHolder(tx: Tx, id: string, pointer: string): Promise<void> {
  const found =
    (await tx.selectFrom('person').select('id').where('id', '=', id).executeTakeFirst()) ??
    (await tx.selectFrom('workload').select('id').where('id', '=', id).executeTakeFirst()) ??
    (await tx.selectFrom('group').select('id').where('id', '=', id).executeTakeFirst())
  if (found === undefined) throw fail('not_found', 'There is no person, workload or group with this id.', { pointer })
}

async function actionsOf({ tx, ports }: Foreseeing, { role, customRole, actions }: Term, pointer: string): Promise<readonly string[]> {
  const ways = [role !== undefined, customRole !== undefined, actions.length > 0]
  if (ways.filter(Boolean).length !== 1) throw fail('invalid', 'Give either a role or actions.', { pointer: `${pointer}/role` })
  const unknown = actions.findIndex((name) => !ports.grantable.has(name))
  if (unknown !== -1)
    throw fail('invalid', 'There is no action of this name that can be granted.', { pointer: `${pointer}/actions/${unknown}` })
  if (customRole === undefined) return actions
  const row = await tx
    .selectFrom('custom_role')
    .select('actions')
    .where('slug', '=', customRole)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (row === undefined)
    throw fail('not_found', 'There is no active role of this organization’s own with this name.', { pointer: `${pointer}/customRole` })
  return row.actions
}

/** When it would end at the latest. Throws `not_found` for a run, batch or engagement that is not there any more, `invalid` for two ends. */
async function endOf({ tx, ports }: Foreseeing, asked: Term, pointer: string): Promise<Date | null> {
  const { expiresAt, untilRun, untilBatch, untilEngagement } = asked
  if (untilRun !== undefined && !(await ports.scopes.exists(tx, { type: 'Run', id: untilRun })))
    throw fail('not_found', 'There is no live run with this id.', { pointer: `${pointer}/untilRun` })
  if (untilBatch !== undefined && !(await ports.scopes.exists(tx, { type: 'Batch', id: untilBatch })))
    throw fail('not_found', 'There is no batch with this id that is not over.', { pointer: `${pointer}/untilBatch` })
  if (untilEngagement === undefined) return expiresAt === undefined ? null : new Date(expiresAt)
  if (expiresAt !== undefined)
    throw fail('invalid', 'The end of the engagement is the end of the grant: name no other.', { pointer: `${pointer}/expiresAt` })
  const row = await tx.selectFrom('engagement').select(['state', 'until']).where('id', '=', untilEngagement).executeTakeFirst()
  if (row === undefined || row.state === 'ended')
    throw fail('not_found', 'There is no engagement with this id that has not ended.', { pointer: `${pointer}/untilEngagement` })
  return row.until
}

/** The grant that would be given. Throws `not_found`, `invalid`. */
export async function given(it: Foreseeing, asked: Term, pointer: string): Promise<Grant> {
  const { tx, ports, org } = it
  await requireHolder(tx, asked.principal, `${pointer}/principal`)
  const actions = await actionsOf(it, asked, pointer)
  const scope = { type: asked.scopeType, id: asked.scope ?? org }
  if (!(await ports.scopes.exists(tx, scope)))
    throw fail('not_found', `There is no ${scope.type.toLowerCase()} with this id.`, { pointer: `${pointer}/scope` })
  for (const id of asked.environments)
    if (!(await ports.scopes.exists(tx, { type: 'Environment', id })))
      throw fail('not_found', 'There is no environment with this id.', { pointer: `${pointer}/environments` })
  const times = { notBefore: asked.notBefore === undefined ? null : new Date(asked.notBefore), expiresAt: await endOf(it, asked, pointer) }
  requireTime(times, ports.clock.now(), pointer)
  return {
    org_id: org,
    id: newId('grt', ports),
    principal_type: asked.principal.startsWith('grp_') ? 'Group' : 'Person',
    principal_id: asked.principal,
    role: asked.role ?? null,
    actions: [...actions],
    scope_type: scope.type,
    scope_id: scope.id,
    environments: [...asked.environments],
    not_before: times.notBefore,
    expires_at: times.expiresAt,
    until_run: asked.untilRun ?? null,
    until_batch: asked.untilBatch ?? null,
    custom_role: asked.customRole ?? null,
    request_id: null,
    break_glass: false,
    given_by: '',
    created_at: new Date(ports.clock.now()),
    revoked_at: null,
  }
}

/** A grant that could be taken away. Throws `not_found`. */
export async function liveGrant(tx: Tx, id: string, pointer: string): Promise<Grant> {
  const there = await tx.selectFrom('grant').selectAll().where('id', '=', id).where('revoked_at', 'is', null).executeTakeFirst()
  if (there === undefined) throw fail('not_found', 'There is no live grant with this id.', { pointer })
  return there
}

/**
 * Somebody joins or leaves a group, or the group ends: everybody leaves it, it leaves every group, and what it holds goes. A group that would be in itself is refused
 * as it would be when it is put in: that nobody gains would be true, and no answer. Throws `not_found`, `conflict`, `too_large`.
 */
export async function changeOfGroup(
  tx: Tx,
  asked:
    | { readonly kind: 'join' | 'leave'; readonly group: string; readonly member: string }
    | { readonly kind: 'dissolve'; readonly group: string },
): Promise<Change> {
  await findGroup(tx, asked.group)
  if (asked.kind === 'dissolve') {
    const rows = await tx
      .selectFrom('group_member')
      .select(['group_id', 'member_id'])
      .where((eb) => eb.or([eb('group_id', '=', asked.group), eb('member_id', '=', asked.group)]))
      .execute()
    const revoked = await tx
      .selectFrom('grant')
      .selectAll()
      .where('principal_id', '=', asked.group)
      .where('revoked_at', 'is', null)
      .execute()
    return { ...noChange, revoked, left: rows.map((row) => ({ group: row.group_id, member: row.member_id })) }
  }
  await requireHolder(tx, asked.member, '/change/member')
  const { group, member } = asked
  if (asked.kind === 'join') await requireNoCircle(tx, group, member, '/change/member')
  return asked.kind === 'join' ? { ...noChange, joined: [{ group, member }] } : { ...noChange, left: [{ group, member }] }
}

/** A role gains or loses actions, or ends: every grant of it holds other actions, or is gone. */
export async function changeOfRole(
  { tx, ports }: Foreseeing,
  asked: { readonly role: string; readonly add: readonly string[]; readonly remove: readonly string[]; readonly retire: boolean },
): Promise<Change> {
  const unknown = asked.add.findIndex((name) => !ports.grantable.has(name))
  if (unknown !== -1) throw fail('invalid', 'There is no action of this name that can be granted.', { pointer: `/change/add/${unknown}` })
  const isShipped = roles.some((one) => one === asked.role)
  if (!isShipped) {
    const row = await tx
      .selectFrom('custom_role')
      .select('slug')
      .where('slug', '=', asked.role)
      .where('state', '=', 'active')
      .executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no role with this name.', { pointer: '/change/role' })
  }
  const changed = (actions: readonly string[]): string[] => [...new Set([...actions, ...asked.add]).difference(new Set(asked.remove))]
  // All grants of a role that ships hold the same; one of a role of the organization's own says itself what it holds.
  const shipped = isShipped ? changed(actionsGiven({ role: asked.role, actions: [] }, ports.grantable)) : undefined
  const to = (from: Grant): Grant | undefined =>
    asked.retire ? undefined : { ...from, role: null, actions: shipped ?? changed(from.actions) }
  return { ...noChange, altering: { column: isShipped ? 'role' : 'custom_role', name: asked.role, to } }
}

/** A mapping ends, and with it every grant that came by it. */
export async function changeOfMapping(tx: Tx, mapping: string): Promise<Change> {
  const there = await tx.selectFrom('mapping').select('id').where('id', '=', mapping).executeTakeFirst()
  if (there === undefined) throw fail('not_found', 'There is no mapping with this id.', { pointer: '/change/mapping' })
  const revoked = await tx
    .selectFrom('grant')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where('id', 'in', (eb) => eb.selectFrom('mapped_grant').select('grant_id').where('mapping_id', '=', mapping))
    .execute()
  return { ...noChange, revoked }
}
