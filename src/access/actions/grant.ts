// Actions on grants: giving a role, or single actions, on a scope, with environments, dates and a reason; taking it away, exactly at admission.
// They are decided on the scope, so that whoever administers a project gives what lies in it. What is asked for comes from outside: it must exist, and be
// the giver's to give.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { groupType, selfAndMembers, standingBehind } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  isId,
  type Locating,
  moment,
  organizationRef,
  principalType,
  reasonText,
  roles,
  type Tx,
  toMoment,
} from '../../kernel/index.ts'
import { lacking, requireHeld } from '../bounds.ts'
import { conflictsMet, holdersBeside, holdGiving } from '../duties.ts'
import {
  actionsOf,
  conflictsOutput,
  factsOf,
  type Giver,
  give,
  grantRelated,
  grantRow,
  grantsEntity,
  grantsType,
  requireThere,
  scopeOf,
  termsShape,
} from '../give.ts'
import { endsOf, type GrantEnds, noOtherEnds } from '../grant-ends.ts'
import { bindGrant } from '../guests/bound-grants.ts'
import { otherHandNeeded, requireOtherHand } from '../other-hands.ts'
import type { GrantTable } from '../tables.ts'

const workloadKinds = ['pipeline', 'agent', 'service'] as const

/** A grant as it is answered. */
export const grantOutput = z.object({
  id: idOf('grt'),
  principal: z.string(),
  role: z.enum(roles).nullable().meta({ description: 'Null where single actions were given.' }),
  actions: z.array(z.string()),
  customRole: z.string().nullable().meta({ description: 'The organization’s own role that the actions come from.' }),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  notBefore: z.string().nullable(),
  expiresAt: z.string().nullable(),
  untilRun: z.string().nullable().meta({ description: 'The run whose end is the grant’s.' }),
  untilBatch: z.string().nullable().meta({ description: 'The batch whose end, with that of its last run, is the grant’s.' }),
  untilEngagement: z.string().nullable().meta({ description: 'The engagement whose end is the grant’s.' }),
  untilGuest: z.string().nullable().meta({ description: 'The guest’s invitation whose end is the grant’s.' }),
  mapping: z.string().nullable().meta({ description: 'The mapping that it comes by, and goes with.' }),
  request: z.string().nullable().meta({ description: 'The request that it answers.' }),
  breakGlass: z.boolean().meta({ description: 'Whether its holder gave it to himself by breaking the glass.' }),
  givenBy: z.string(),
  revokedAt: z.string().nullable(),
})

/** A row as it is answered. */
export function shown(row: Selectable<GrantTable>, ends: GrantEnds = noOtherEnds): z.input<typeof grantOutput> {
  return {
    id: row.id,
    principal: row.principal_id,
    role: row.role === null ? null : z.enum(roles).parse(row.role),
    actions: row.actions,
    customRole: row.custom_role,
    scope: { type: row.scope_type, id: row.scope_id },
    environments: row.environments,
    notBefore: toMoment(row.not_before),
    expiresAt: toMoment(row.expires_at),
    untilRun: row.until_run,
    untilBatch: row.until_batch,
    ...ends,
    request: row.request_id,
    breakGlass: row.break_glass,
    givenBy: row.given_by,
    revokedAt: toMoment(row.revoked_at),
  }
}

async function principalTypeOf(tx: Tx, id: string): Promise<string> {
  if (isId('grp', id)) {
    const group = await tx.selectFrom('group').select('id').where('id', '=', id).executeTakeFirst()
    if (group !== undefined) return groupType.name
  }
  const person = await tx.selectFrom('person').select('state').where('id', '=', id).executeTakeFirst()
  if (person?.state === 'active') return principalType('person')
  const workload = await tx.selectFrom('workload').select('kind').where('id', '=', id).where('state', '!=', 'ended').executeTakeFirst()
  const kind = workloadKinds.find((one) => one === workload?.kind)
  if (kind === undefined) throw fail('invalid', 'There is no active person, workload or group with this id.', { pointer: '/principal' })
  return principalType(kind)
}

const grantInput = z.strictObject({
  principal: z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc'), idOf('grp')]),
  ...termsShape,
  expiresAt: moment.optional(),
  untilRun: idOf('run').optional().meta({ description: 'Until this run ends, however it ends.' }),
  untilBatch: idOf('bat').optional().meta({ description: 'Until the last run of this batch ends, however it ends.' }),
  untilEngagement: idOf('eng').optional().meta({ description: 'Until this engagement ends, whenever and however it ends.' }),
  despite: z
    .array(z.string().max(60))
    .max(20)
    .default([])
    .meta({ description: 'Declared conflicts of duties that this is given in spite of.' }),
  reason: reasonText,
})
type GrantInput = z.output<typeof grantInput>

/** The end of the engagement until whose end something is given, which is held as it is. Throws `invalid`. */
async function engagementEnd(tx: Tx, { untilEngagement: id, expiresAt }: GrantInput): Promise<Date | undefined> {
  if (id === undefined) return undefined
  if (expiresAt !== undefined)
    throw fail('invalid', 'The end of the engagement is the end of the grant: name no other.', { pointer: '/expiresAt' })
  const row = await tx.selectFrom('engagement').select(['state', 'until']).where('id', '=', id).forShare().executeTakeFirst()
  if (row === undefined || row.state === 'ended')
    throw fail('invalid', 'There is no engagement with this id that has not ended.', { pointer: '/untilEngagement' })
  return row.until
}

/** What would be given: checked to be there, and held as it is until this transaction ends. Throws `invalid`. */
async function givenBy({ tx, ports, principal }: Giver, input: GrantInput): Promise<Selectable<GrantTable>> {
  const type = await principalTypeOf(tx, input.principal)
  await requireThere(tx, ports, input)
  if (input.untilRun !== undefined && !(await ports.scopes.exists(tx, { type: 'Run', id: input.untilRun })))
    throw fail('invalid', 'There is no live run with this id.', { pointer: '/untilRun' })
  if (input.untilBatch !== undefined && !(await ports.scopes.exists(tx, { type: 'Batch', id: input.untilBatch })))
    throw fail('invalid', 'There is no batch with this id that is not over.', { pointer: '/untilBatch' })
  const end = await engagementEnd(tx, input)
  const expiresAt = end ?? (input.expiresAt === undefined ? null : new Date(input.expiresAt))
  const giving = { to: { type, id: input.principal }, expiresAt, untilRun: input.untilRun, untilBatch: input.untilBatch }
  return grantRow({ tx, ports, principal }, input, await actionsOf(tx, input), giving)
}

async function locateGiving({ input, tx, ports, principal }: Locating<GrantInput>) {
  const above = await scopeOf(tx, ports, input, principal.org)
  const grantees = await standingBehind(tx, await selfAndMembers(tx, input.principal))
  return { resource: grantsEntity(above), context: { grantees }, found: undefined }
}

/** Gives a role or single actions to somebody, on a scope, in some environments, from when to when, for a reason. */
export const createGrant = action({
  name: 'grant:create',
  summary: 'Give a role or single actions to a person, workload or group: on a scope, in environments, from when to when, for a reason.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: grantsType,
  context: { grantees: 'Set<String>' },
  input: grantInput,
  output: grantOutput.extend({ conflicts: conflictsOutput }),
  locate: locateGiving,
  async perform({ input, tx, ports, principal }) {
    const giver = { tx, ports, principal }
    // Where admissions are held back, that comes before what is given until its end is held: whoever ends that takes them in the same order.
    await holdGiving(tx)
    const row = await givenBy(giver, input)
    await requireHeld({ tx, ports, giver: principal, given: row })
    await requireOtherHand({ tx, ports, giver: principal, given: row, to: row.principal_id })
    const conflicts = await give(giver, row, input.despite)
    if (input.untilEngagement !== undefined) await bindGrant(tx, row, input.untilEngagement)
    const ends = { ...noOtherEnds, untilEngagement: input.untilEngagement ?? null }
    return {
      result: { ...shown(row, ends), conflicts },
      facts: factsOf(row, conflicts, ends),
      related: grantRelated(row),
      texts: { reason: input.reason },
    }
  },
})

/** Shows what a grant would come to, without giving it. */
export const previewGrant = action({
  name: 'grant:preview',
  summary:
    'Say what giving something would come to, without giving it: what of it is not yours to give, whether it takes another hand, and which duties it would bring together.',
  effect: 'read',
  roles: ['admin'],
  resource: grantsType,
  context: { grantees: 'Set<String>' },
  input: grantInput.partial({ reason: true }),
  output: z.object({
    missing: z.array(z.string()).meta({ description: 'Actions that are not the caller’s to give.' }),
    otherHand: z
      .object({ workloads: z.array(z.string()), stakes: z.array(z.string()) })
      .nullable()
      .meta({ description: 'What takes another hand: workloads whose key the caller brought would hold it, and this is at stake.' }),
    conflicts: conflictsOutput,
  }),
  locate: ({ input, ...it }) => locateGiving({ ...it, input: { ...input, reason: '' } }),
  async perform({ input, tx, ports, principal }) {
    const given = await givenBy({ tx, ports, principal }, { ...input, reason: '' })
    const missing = [...(await lacking({ tx, ports, giver: principal, given }))]
    const needed = await otherHandNeeded({ tx, ports, giver: principal, given, to: input.principal })
    const otherHand = needed === undefined ? null : { workloads: [...needed.workloads], stakes: [...needed.stakes] }
    const conflicts = await conflictsMet({ tx, ports, holders: await holdersBeside(tx, input.principal), given })
    return { result: { missing, otherHand, conflicts } }
  },
})

/** Takes a grant away. When this returns, nothing is admitted under it any more. */
export const revokeGrant = action({
  name: 'grant:revoke',
  summary: 'Take a grant away. When this returns, nothing is admitted under it any more.',
  effect: 'change',
  roles: ['admin'],
  resource: grantsType,
  input: z.strictObject({ grant: idOf('grt'), reason: reasonText }),
  output: grantOutput,
  locate: async ({ input, tx, ports, principal }) => {
    const row = await tx.selectFrom('grant').selectAll().where('id', '=', input.grant).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no grant with this id.')
    const above = await ports.scopes.above(tx, { type: row.scope_type, id: row.scope_id })
    return { resource: grantsEntity(above ?? [organizationRef(principal.org)]), found: row }
  },
  async perform({ input, found, tx, ports }) {
    if (found.revoked_at !== null) throw fail('conflict', 'This grant was taken away before.')
    const revoked_at = new Date(ports.clock.now())
    await ports.holdAdmissions(tx)
    await tx.updateTable('grant').set({ revoked_at }).where('id', '=', found.id).execute()
    const holders = await selfAndMembers(tx, found.principal_id)
    const runs = await ports.dependents.endFor(tx, { holders, at: revoked_at, ports })
    const ends = (await endsOf(tx, [found.id]))(found.id)
    return {
      result: shown({ ...found, revoked_at }, ends),
      facts: { ...factsOf(found, [], ends), runs },
      related: grantRelated(found),
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})
