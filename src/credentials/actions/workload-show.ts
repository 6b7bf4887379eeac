// One standing workload, for whoever sees all of them, for its owner and for itself: what it is called and trusted by, which keys are good and until when, and
// how many tokens end if one of them does. The private halves are nowhere in Twinlock.
import { z } from 'zod'
import {
  action,
  environmentClass,
  fail,
  idOf,
  organizationEntity,
  type Principal,
  sensitivities,
  sensitivity,
  type Tx,
} from '../../kernel/index.ts'
import { shownWorkload, workloadId, workloadOutput, workloadSeers, workloadType } from './workload.ts'

const workloadDetail = workloadOutput.extend({
  ownerName: z.string().nullable(),
  environmentSlug: z.string(),
  environmentClass,
  clearance: sensitivity,
  createdAt: z.string(),
  broughtBy: z
    .object({ id: idOf('per'), name: z.string().nullable() })
    .nullable()
    .meta({ description: 'The person who brought its key; null where a part of the product did.' }),
  promotion: idOf('prm').nullable().meta({ description: 'The promotion that it was made by.' }),
  tokens: z.number().meta({ description: 'How many of its access tokens hold now.' }),
})

async function locate(tx: Tx, principal: Principal, id: string) {
  const row = await tx.selectFrom('workload').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no workload with this id.')
  // A workload's chain ends with its owner: as him, it would see everything else that he answers for.
  const self = principal.kind === 'person' ? row.owner_id : row.id
  const parents = [{ type: 'Organization', id: principal.org }]
  return {
    resource: { type: 'Workload', id: row.id, attributes: { self, owner: row.owner_id }, parents },
    others: [organizationEntity(principal.org)],
    found: row,
  }
}

async function liveTokens(tx: Tx, holder: string, now: Date): Promise<number> {
  const { live } = await tx
    .selectFrom('credential')
    .select((eb) => eb.fn.countAll<string>().as('live'))
    .where('holder_id', '=', holder)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(live)
}

/** Shows a standing workload. */
export const showWorkload = action({
  name: 'workload:show',
  summary:
    'Show a workload: who answers for it, its keys and until when they are good, and how many of its tokens hold. Its owner without a role.',
  effect: 'read',
  roles: workloadSeers,
  by: ['person', 'pipeline', 'agent', 'service'],
  resource: workloadType,
  input: z.strictObject({ workload: workloadId }),
  output: workloadDetail,
  locate: ({ input, tx, principal }) => locate(tx, principal, input.workload),
  async perform({ found: row, tx, ports }) {
    const now = ports.clock.now()
    const environment = await ports.environments.find(tx, row.environment_id)
    const people = await tx
      .selectFrom('person')
      .select(['id', 'name'])
      .where('id', 'in', [row.owner_id, row.brought_by ?? row.owner_id])
      .execute()
    const nameOf = (id: string): string | null => people.find((one) => one.id === id)?.name ?? null
    return {
      result: {
        ...shownWorkload(row, environment, now),
        ownerName: nameOf(row.owner_id),
        environmentSlug: environment.slug,
        environmentClass: environment.class,
        clearance: sensitivities[row.clearance] ?? 'public',
        createdAt: row.created_at.toISOString(),
        broughtBy: row.brought_by === null ? null : { id: row.brought_by, name: nameOf(row.brought_by) },
        promotion: row.promotion_id,
        tokens: await liveTokens(tx, row.id, new Date(now)),
      },
    }
  },
})
