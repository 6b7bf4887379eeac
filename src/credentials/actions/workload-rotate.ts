// Another key for a standing workload, while the one before stays good for some hours. Whoever holds a workload's key acts as it, so who may bring one is narrow:
// the workload itself, with the key that it has; and its owner, where he already could act as it, or nothing is at stake. What production trusts was proved before
// people approved it, and is followed by itself alone.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { requireNothingAtStake } from '../../access/index.ts'
import type { WorkloadTable } from '../../identity/index.ts'
import { action, fail, idOf, type Performing, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { EcJwk, thumbprint } from '../jose/index.ts'
import { revokeTokensOf } from '../mint.ts'
import type { EnvironmentFacts } from '../ports.ts'
import { requireNobodysKey, workloadType } from './workload.ts'

/** How long the key before may stay good. */
const overlapHoursMax = 168

interface Found {
  readonly row: Selectable<WorkloadTable>
  readonly environment: EnvironmentFacts
}

async function locate(tx: Tx, ports: Ports, principal: Principal, id: string) {
  const row = await tx.selectFrom('workload').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no workload with this id.')
  const environment = await ports.environments.find(tx, row.environment_id)
  // A workload's chain ends with its owner: as him, it would bring the keys of everything else that he answers for.
  const self = principal.kind === 'person' ? row.owner_id : row.id
  const parents = [{ type: 'Organization', id: principal.org }]
  return {
    resource: { type: 'Workload', id: row.id, attributes: { self, owner: row.owner_id }, parents },
    environment,
    found: { row, environment },
  }
}

async function requireMayBring(tx: Tx, ports: Ports, { row, environment }: Found, principal: Principal): Promise<void> {
  if (row.state !== 'active' && row.state !== 'pending') throw fail('conflict', `This workload is ${row.state}.`, { pointer: '/workload' })
  // Whoever holds the key before still gets tokens by it: were those good for this, he would outlive the overlap, and end the key that follows his.
  if (principal.id === row.id && principal.provedKey?.thumbprint === row.thumbprint) return
  if (principal.id === row.id)
    throw fail('denied', 'This token was got by the key before: only the newest key is followed by another.', {
      next: 'Get a token by the newest key; if that is lost, have the workload’s owner bring the next.',
    })
  if (environment.class === 'production')
    throw fail('denied', 'What production trusts was proved before it was approved: only the workload itself brings its next key.', {
      next: 'Rotate it as the workload, with the key that it has; if that is lost, suspend it and promote another.',
    })
  if (row.brought_by !== principal.id) await requireNothingAtStake({ tx, ports, workload: row.id })
}

const rotation = z.strictObject({
  workload: z.union([idOf('pip'), idOf('agt'), idOf('svc')]),
  jwk: EcJwk.meta({ description: 'The next public key, P-256.', type: 'object' }),
  overlapHours: z.coerce
    .number()
    .int()
    .min(0)
    .max(overlapHoursMax)
    .default(24)
    .meta({ description: 'How long the key before stays good; 0 ends it at once, with every token that it got.' }),
})

async function keepKeys(
  { input, found, tx, ports, principal }: Performing<string, z.output<typeof rotation>, Found>,
  print: string,
): Promise<Date> {
  const { row } = found
  const until = new Date(ports.clock.now() + input.overlapHours * 3_600_000)
  await tx
    .updateTable('workload')
    .set({
      jwk: JSON.stringify(input.jwk),
      thumbprint: print,
      former_jwk: JSON.stringify(row.jwk),
      former_thumbprint: row.thumbprint,
      former_until: until,
      // By itself, it is whoever brought the key that it showed.
      ...(principal.kind === 'person' ? { brought_by: principal.id, former_brought_by: row.brought_by } : {}),
    })
    .where('id', '=', row.id)
    .execute()
  return until
}

/** Gives a workload another key. */
export const rotateWorkload = action({
  name: 'workload:rotate',
  summary:
    'Bring the next key of a workload: as the workload, or as its owner. The one before stays good for some hours, then it gets no token any more.',
  effect: 'change',
  roles: [],
  by: ['person', 'pipeline', 'agent', 'service'],
  resource: workloadType,
  input: rotation,
  output: z.object({
    id: rotation.shape.workload,
    thumbprint: z.string(),
    former: z.string().nullable().meta({ description: 'The thumbprint of the key before.' }),
    formerUntil: z.string().meta({ description: 'Until when that one stays good.' }),
    tokensEnded: z.number(),
  }),
  locate: ({ input, tx, ports, principal }) => locate(tx, ports, principal, input.workload),
  async perform(it) {
    const { input, tx, ports, principal } = it
    await ports.holdAdmissions(tx)
    const row = await tx.selectFrom('workload').selectAll().where('id', '=', it.found.row.id).forUpdate().executeTakeFirstOrThrow()
    const found = { ...it.found, row }
    await requireMayBring(tx, ports, found, principal)
    const print = thumbprint(input.jwk, ports.sha256)
    await requireNobodysKey(tx, print)
    const until = await keepKeys({ ...it, found }, print)
    const tokensEnded = input.overlapHours === 0 ? await revokeTokensOf(tx, row.id, new Date(ports.clock.now())) : 0
    const facts = { thumbprint: print, former: row.thumbprint, formerUntil: until.toISOString(), tokensEnded }
    return {
      result: { id: input.workload, ...facts },
      facts,
      related: [{ rel: 'workload', type: 'Workload', id: row.id }],
      takesAway: true,
    }
  },
})
