// Actions on grants: giving a role on a scope, with environments, dates and a reason; taking it away, exactly at admission.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  moment,
  newId,
  organizationEntity,
  organizationType,
  pageInput,
  pageOf,
  principalType,
  reasonText,
  roles,
  type Tx,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import type { GrantTable } from '../tables.ts'

const scopeTypes = ['Organization', 'Project', 'Twin'] as const
const workloadKinds = ['pipeline', 'agent', 'service'] as const

const grantOutput = z.object({
  id: idOf('grt'),
  principal: z.string(),
  role: z.enum(roles),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  notBefore: z.string().nullable(),
  expiresAt: z.string().nullable(),
  givenBy: z.string(),
  revokedAt: z.string().nullable(),
})

function shown(row: Selectable<GrantTable>) {
  return {
    id: row.id,
    principal: row.principal_id,
    role: z.enum(roles).parse(row.role),
    scope: { type: row.scope_type, id: row.scope_id },
    environments: row.environments,
    notBefore: toMoment(row.not_before),
    expiresAt: toMoment(row.expires_at),
    givenBy: row.given_by,
    revokedAt: toMoment(row.revoked_at),
  }
}

async function principalTypeOf(tx: Tx, id: string): Promise<string> {
  const person = await tx.selectFrom('person').select('state').where('id', '=', id).executeTakeFirst()
  if (person?.state === 'active') return principalType('person')
  const workload = await tx.selectFrom('workload').select('kind').where('id', '=', id).where('state', '!=', 'ended').executeTakeFirst()
  const kind = workloadKinds.find((one) => one === workload?.kind)
  if (kind === undefined) throw fail('invalid', 'There is no active person or workload with this id.', { pointer: '/principal' })
  return principalType(kind)
}

/** The grantee, and whoever stands behind it: what a workload is given, its owner has. */
async function behind(tx: Tx, grantee: string): Promise<string[]> {
  const workload = await tx.selectFrom('workload').select('owner_id').where('id', '=', grantee).executeTakeFirst()
  return workload === undefined ? [grantee] : [grantee, workload.owner_id]
}

/** Gives a role to a person or workload, on a scope, in some environments, from when to when, for a reason. */
export const createGrant = action({
  name: 'grant:create',
  summary: 'Give a role to a person or workload: on a scope, in environments, from when to when, for a reason.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({
    principal: z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc')]),
    role: z.enum(roles),
    scopeType: z.enum(scopeTypes).default('Organization'),
    scope: z.string().max(40).optional().meta({ description: 'The id of the project or twin; the organization where it is left out.' }),
    environments: z.array(idOf('env')).max(20).default([]).meta({ description: 'Only in these environments; everywhere when empty.' }),
    notBefore: moment.optional(),
    expiresAt: moment.optional(),
    reason: reasonText,
  }),
  output: grantOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: { grantees: await behind(tx, input.principal) },
    found: undefined,
  }),
  async perform({ input, tx, ports, principal }) {
    const type = await principalTypeOf(tx, input.principal)
    const scope = input.scope ?? principal.org
    if (!(await ports.scopes.exists(tx, { type: input.scopeType, id: scope }))) {
      throw fail('invalid', `There is no ${input.scopeType.toLowerCase()} with this id.`, { pointer: '/scope' })
    }
    for (const [at, environment] of input.environments.entries()) {
      if (!(await ports.scopes.exists(tx, { type: 'Environment', id: environment })))
        throw fail('invalid', 'There is no environment with this id.', { pointer: `/environments/${at}` })
    }
    const row = {
      org_id: principal.org,
      id: newId('grt', ports),
      principal_type: type,
      principal_id: input.principal,
      role: input.role,
      scope_type: input.scopeType,
      scope_id: scope,
      environments: [...input.environments],
      not_before: input.notBefore === undefined ? null : new Date(input.notBefore),
      expires_at: input.expiresAt === undefined ? null : new Date(input.expiresAt),
      given_by: principal.id,
      created_at: new Date(ports.clock.now()),
      revoked_at: null,
    }
    if (row.expires_at !== null && row.expires_at.getTime() <= ports.clock.now())
      throw fail('invalid', 'The grant would have expired already.', { pointer: '/expiresAt' })
    await tx.insertInto('grant').values(row).execute()
    return {
      result: shown(row),
      facts: {
        role: row.role,
        scope: { type: row.scope_type, id: scope },
        environments: row.environments,
        expiresAt: toMoment(row.expires_at),
      },
      related: [
        { rel: 'grant', type: 'Grant', id: row.id },
        { rel: 'grantee', type, id: input.principal },
      ],
      texts: { reason: input.reason },
    }
  },
})

/** Lists grants. */
export const listGrants = action({
  name: 'grant:list',
  summary: 'List grants, with who gave them and until when.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(grantOutput),
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('grant')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { items: page.items.map(shown), next: page.next } }
  },
})

/** Takes a grant away. When this returns, nothing is admitted under it any more. */
export const revokeGrant = action({
  name: 'grant:revoke',
  summary: 'Take a grant away. When this returns, nothing is admitted under it any more.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ grant: idOf('grt'), reason: reasonText }),
  output: grantOutput,
  locate: async ({ input, tx, principal }) => {
    const row = await tx.selectFrom('grant').selectAll().where('id', '=', input.grant).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no grant with this id.')
    return { resource: organizationEntity(principal.org), found: row }
  },
  async perform({ input, found, tx, ports }) {
    if (found.revoked_at !== null) throw fail('conflict', 'This grant was taken away before.')
    const revoked_at = new Date(ports.clock.now())
    await tx.updateTable('grant').set({ revoked_at }).where('id', '=', found.id).execute()
    return {
      result: shown({ ...found, revoked_at }),
      facts: { role: found.role },
      related: [
        { rel: 'grant', type: 'Grant', id: found.id },
        { rel: 'grantee', type: found.principal_type, id: found.principal_id },
      ],
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})
