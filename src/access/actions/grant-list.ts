// Listing and showing grants: who holds what, who gave it, why and until when, and the policy that it is decided by. The reason is free text of whoever gave
// it, and lies beside its entry while nobody erased it.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationType,
  pageInput,
  pageOf,
  type Tx,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { called } from '../called.ts'
import { endsOf } from '../grant-ends.ts'
import { grantPolicy } from '../grants.ts'
import { reasonsOf } from '../held-grants.ts'
import type { GrantTable } from '../tables.ts'
import { grantOutput, shown } from './grant.ts'

const listed = grantOutput.extend({
  principalName: z.string().nullable(),
  givenByName: z.string().nullable(),
  createdAt: z.string().nullable(),
  reason: z.string().nullable().meta({ description: 'Null where the text was erased.' }),
})

async function shownWithWords(tx: Tx, rows: readonly Selectable<GrantTable>[]): Promise<z.input<typeof listed>[]> {
  const names = await called(
    tx,
    rows.flatMap((row) => [row.principal_id, row.given_by]),
  )
  const ids = rows.map(({ id }) => id)
  const reasons = await reasonsOf(tx, ids)
  const ends = await endsOf(tx, ids)
  return rows.map((row) => ({
    ...shown(row, ends(row.id)),
    principalName: names.get(row.principal_id) ?? null,
    givenByName: names.get(row.given_by) ?? null,
    createdAt: toMoment(row.created_at),
    reason: reasons.get(row.id) ?? null,
  }))
}

/** Lists grants. */
export const listGrants = action({
  name: 'grant:list',
  summary: 'List grants, with who gave them, why and until when.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({
    ...pageInput,
    state: z.enum(['live', 'over']).optional().meta({ description: 'Live: neither taken away nor expired.' }),
    principal: z
      .union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc'), idOf('grp')])
      .optional()
      .meta({ description: 'Given to this person, workload or group itself.' }),
    scope: z.string().max(120).optional().meta({ description: 'Given on the thing with this id.' }),
    role: z.string().max(60).optional().meta({ description: 'Of this role, be it shipped or your own.' }),
  }),
  output: pageOf(listed),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    const { after, state, principal, scope, role, limit } = input
    const now = new Date(ports.clock.now())
    let query = tx
      .selectFrom('grant')
      .selectAll()
      .orderBy('id')
      .limit(limit + 1)
    if (after !== undefined) query = query.where('id', '>', after)
    if (principal !== undefined) query = query.where('principal_id', '=', principal)
    if (scope !== undefined) query = query.where('scope_id', '=', scope)
    if (role !== undefined) query = query.where((eb) => eb.or([eb('role', '=', role), eb('custom_role', '=', role)]))
    if (state === 'live')
      query = query.where('revoked_at', 'is', null).where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    if (state === 'over') query = query.where((eb) => eb.or([eb('revoked_at', 'is not', null), eb('expires_at', '<=', now)]))
    const page = toPage(await query.execute(), limit)
    return { result: { items: await shownWithWords(tx, page.items), next: page.next } }
  },
})

/** Shows a grant. */
export const showGrant = action({
  name: 'grant:show',
  summary: 'Show a grant: who gave it, why and until when, and the policy that it is decided by.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ grant: idOf('grt') }),
  output: listed.extend({ policy: z.string().meta({ description: 'The Cedar policy that permits, with its dates and environments.' }) }),
  locate: async ({ input, tx, principal }) => {
    const found = await tx.selectFrom('grant').selectAll().where('id', '=', input.grant).executeTakeFirst()
    if (found === undefined) throw fail('not_found', 'There is no grant with this id.')
    return { resource: organizationEntity(principal.org), found }
  },
  async perform({ found, tx }) {
    const [grant] = await shownWithWords(tx, [found])
    if (grant === undefined) throw new Error('A grant was not shown.')
    return { result: { ...grant, policy: grantPolicy(found).text } }
  },
})
