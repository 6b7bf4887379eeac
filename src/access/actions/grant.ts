// Actions on grants: giving a role, or single actions, on a scope, with environments, dates and a reason; taking it away, exactly at admission.
// They are decided on the scope, so that whoever administers a project gives what lies in it. What is asked for comes from outside: it must exist, and be
// the giver's to give.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { groupType, selfAndMembers, standingBehind } from '../../identity/index.ts'
import {
  action,
  type Entity,
  type EntityRef,
  fail,
  idOf,
  isId,
  type Locating,
  moment,
  newId,
  organizationRef,
  type Ports,
  type Principal,
  principalType,
  type ResourceType,
  reasonText,
  roles,
  slugText,
  type Tx,
  toMoment,
} from '../../kernel/index.ts'
import { lacking, requireHeld } from '../bounds.ts'
import { conflictsMet, requireApart } from '../duties.ts'
import type { GrantTable } from '../tables.ts'

const scopeTypes = ['Organization', 'Project', 'Twin', 'Scenario', 'Artifact', 'Connection', 'Channel'] as const
const actionsMax = 50
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
  givenBy: z.string(),
  revokedAt: z.string().nullable(),
})

/** A row as it is answered. */
export function shown(row: Selectable<GrantTable>): z.input<typeof grantOutput> {
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

/** The grants on a scope: what is decided on when one of them is given or taken away. */
const grantsType = { name: 'Grants', attributes: {}, parents: [...scopeTypes] } as const satisfies ResourceType

function grantsEntity(above: readonly EntityRef[]): Entity {
  return { type: 'Grants', id: above[0]?.id ?? '', attributes: {}, parents: above }
}

const grantInput = z.strictObject({
  principal: z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc'), idOf('grp')]),
  role: z.enum(roles).optional().meta({ description: 'A role that ships; or a role of your own, or single actions.' }),
  customRole: slugText.optional().meta({ description: 'A role of your own.' }),
  actions: z.array(z.string().max(60)).min(1).max(actionsMax).optional().meta({ description: 'Single actions, as `noun:verb`.' }),
  scopeType: z.enum(scopeTypes).default('Organization'),
  scope: z
    .string()
    .max(120)
    .optional()
    .meta({ description: 'The id of the scope; the organization where it is left out. A channel is <environment>/<name>.' }),
  environments: z.array(idOf('env')).max(20).default([]).meta({ description: 'Only in these environments; everywhere when empty.' }),
  notBefore: moment.optional(),
  expiresAt: moment.optional(),
  untilRun: idOf('run').optional().meta({ description: 'Until this run ends, however it ends.' }),
  despite: z
    .array(z.string().max(60))
    .max(20)
    .default([])
    .meta({ description: 'Declared conflicts of duties that this is given in spite of.' }),
  reason: reasonText,
})
type GrantInput = z.output<typeof grantInput>

/** Where the scope that somebody names lies. Throws `invalid` for one that is not there. */
async function scopeOf(tx: Tx, ports: Ports, input: GrantInput, org: string): Promise<readonly EntityRef[]> {
  const above = await ports.scopes.above(tx, { type: input.scopeType, id: input.scope ?? org })
  if (above !== undefined) return above
  throw fail('invalid', `There is no ${input.scopeType.toLowerCase()} with this id.`, { pointer: '/scope' })
}

async function requireThere(tx: Tx, ports: Ports, input: GrantInput): Promise<void> {
  for (const [at, environment] of input.environments.entries()) {
    if (!(await ports.scopes.exists(tx, { type: 'Environment', id: environment })))
      throw fail('invalid', 'There is no environment with this id.', { pointer: `/environments/${at}` })
  }
  for (const [at, name] of (input.actions ?? []).entries()) {
    if (!ports.grantable.has(name))
      throw fail('invalid', 'There is no action of this name that can be granted.', { pointer: `/actions/${at}` })
  }
  if (input.untilRun !== undefined && !(await ports.scopes.exists(tx, { type: 'Run', id: input.untilRun })))
    throw fail('invalid', 'There is no live run with this id.', { pointer: '/untilRun' })
}

/** The single actions that are given: those of a role of the organization's own, held as it is until this transaction ends, or those that are named. */
async function actionsOf(tx: Tx, { role, customRole, actions }: GrantInput): Promise<string[]> {
  if ([role, customRole, actions].filter((one) => one !== undefined).length !== 1)
    throw fail('invalid', 'Give either a role or actions.', { pointer: '/role' })
  if (customRole === undefined) return [...new Set(actions)]
  const row = await tx.selectFrom('custom_role').selectAll().where('slug', '=', customRole).forShare().executeTakeFirst()
  if (row?.state === 'active') return row.actions
  throw fail('invalid', 'There is no active role of this organization’s own with this name.', { pointer: '/customRole' })
}

async function rowOf(
  input: GrantInput,
  it: { readonly tx: Tx; readonly ports: Ports; readonly principal: Principal },
  type: string,
): Promise<Selectable<GrantTable>> {
  const { principal, ports } = it
  const row = {
    org_id: principal.org,
    id: newId('grt', ports),
    principal_type: type,
    principal_id: input.principal,
    role: input.role ?? null,
    actions: await actionsOf(it.tx, input),
    scope_type: input.scopeType,
    scope_id: input.scope ?? principal.org,
    environments: [...input.environments],
    not_before: input.notBefore === undefined ? null : new Date(input.notBefore),
    expires_at: input.expiresAt === undefined ? null : new Date(input.expiresAt),
    until_run: input.untilRun ?? null,
    custom_role: input.customRole ?? null,
    given_by: principal.id,
    created_at: new Date(ports.clock.now()),
    revoked_at: null,
  }
  if (row.expires_at !== null && row.expires_at.getTime() <= ports.clock.now())
    throw fail('invalid', 'The grant would have expired already.', { pointer: '/expiresAt' })
  return row
}

async function locateGiving({ input, tx, ports, principal }: Locating<GrantInput>) {
  const above = await scopeOf(tx, ports, input, principal.org)
  const grantees = await standingBehind(tx, await selfAndMembers(tx, input.principal))
  return { resource: grantsEntity(above), context: { grantees }, found: undefined }
}

function factsOf(row: Selectable<GrantTable>) {
  const { role, actions, environments } = row
  const scope = { type: row.scope_type, id: row.scope_id }
  const customRole = row.custom_role === null ? {} : { customRole: row.custom_role }
  return { role, ...customRole, ...(actions.length > 0 ? { actions } : {}), scope, environments, expiresAt: toMoment(row.expires_at) }
}

const conflictsOutput = z
  .array(z.object({ name: z.string(), stops: z.boolean(), holder: z.string(), grant: z.string() }))
  .meta({ description: 'Duties that are kept apart and that somebody holds, or would hold, together.' })

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
    const type = await principalTypeOf(tx, input.principal)
    await requireThere(tx, ports, input)
    const row = await rowOf(input, { tx, ports, principal }, type)
    await requireHeld({ tx, ports, giver: principal, given: row })
    const conflicts = await conflictsMet({ tx, ports, holders: await selfAndMembers(tx, input.principal), given: row })
    requireApart(conflicts, input.despite)
    await tx.insertInto('grant').values(row).execute()
    return {
      result: { ...shown(row), conflicts },
      facts: { ...factsOf(row), ...(conflicts.length > 0 ? { conflicts: [...new Set(conflicts.map(({ name }) => name))] } : {}) },
      related: [
        { rel: 'grant', type: 'Grant', id: row.id },
        { rel: 'grantee', type, id: input.principal },
      ],
      texts: { reason: input.reason },
    }
  },
})

/** Shows what a grant would come to, without giving it. */
export const previewGrant = action({
  name: 'grant:preview',
  summary:
    'Say what giving something would come to, without giving it: what of it is not yours to give, and which duties it would bring together.',
  effect: 'read',
  roles: ['admin'],
  resource: grantsType,
  context: { grantees: 'Set<String>' },
  input: grantInput,
  output: z.object({
    missing: z.array(z.string()).meta({ description: 'Actions that are not the caller’s to give.' }),
    conflicts: conflictsOutput,
  }),
  locate: locateGiving,
  async perform({ input, tx, ports, principal }) {
    const type = await principalTypeOf(tx, input.principal)
    await requireThere(tx, ports, input)
    const given = await rowOf(input, { tx, ports, principal }, type)
    const missing = [...(await lacking({ tx, ports, giver: principal, given }))]
    const conflicts = await conflictsMet({ tx, ports, holders: await selfAndMembers(tx, input.principal), given })
    return { result: { missing, conflicts } }
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
    await tx.updateTable('grant').set({ revoked_at }).where('id', '=', found.id).execute()
    return {
      result: shown({ ...found, revoked_at }),
      facts: factsOf(found),
      related: [
        { rel: 'grant', type: 'Grant', id: found.id },
        { rel: 'grantee', type: found.principal_type, id: found.principal_id },
      ],
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})
