// Asking to promote: what may leave, where to, as whom, with what. The request fixes the hands that made it; later steps refuse those hands.
import { z } from 'zod'
import { readTape } from '../../egress/index.ts'
import { action, base64url, fail, idOf, newId, type Sensitivity, slugText, type Tx } from '../../kernel/index.ts'
import { artifactType, findArtifact } from '../../outputs/index.ts'
import { findEnvironment, findTwin } from '../../twins/index.ts'
import { connectionsOf } from '../gate/environment-checks.ts'
import { narrow, type Proposal } from '../narrow.ts'
import { promotionOutput, showPromotionRow } from '../shown.ts'

const day = 86_400_000

/** What stands for each connection in an environment: one that stands for it elsewhere is of no use there. */
async function counterparts(tx: Tx, environment: string): Promise<Map<string, string | null>> {
  const rows = await tx
    .selectFrom('connection as c')
    .innerJoin('connection as there', (join) => join.onRef('there.org_id', '=', 'c.org_id').onRef('there.id', '=', 'c.counterpart_id'))
    .select(['c.id', 'there.id as counterpart'])
    .where('there.environment_id', '=', environment)
    .execute()
  return new Map(rows.map((row) => [row.id, row.counterpart]))
}

interface Crossing {
  readonly run: string
  readonly sensitivity: Sensitivity
  readonly proposal: Proposal
}

/** How many must approve: two where the run controlled something, or the service would; or where what crosses, or is reached, is as sensitive as anything can be. */
async function approvalsFor(tx: Tx, { run, sensitivity, proposal }: Crossing): Promise<number> {
  const reached = await connectionsOf(tx, proposal, 'connection')
  const isGrave = reached.some((one) => one.access === 'control' || one.sensitivity === 'restricted')
  return sensitivity === 'restricted' || isGrave || (await isPrivileged(tx, run)) ? 2 : 1
}

async function isPrivileged(tx: Tx, run: string): Promise<boolean> {
  const control = await tx
    .selectFrom('permission')
    .innerJoin('connection', (join) =>
      join.onRef('connection.org_id', '=', 'permission.org_id').onRef('connection.id', '=', 'permission.connection_id'),
    )
    .select('permission.number')
    .where('holder_id', '=', run)
    .where('connection.access', '=', 'control')
    .executeTakeFirst()
  return control !== undefined
}

/** Asks to promote an artifact to a production service, on a channel. */
export const requestPromotion = action({
  name: 'promotion:request',
  summary: 'Ask to promote an artifact: to which environment, for which service, on which channel.',
  effect: 'change',
  roles: ['operator'],
  resource: artifactType,
  input: z.strictObject({
    artifact: idOf('art'),
    environment: idOf('env'),
    service: idOf('svc'),
    channel: slugText,
    days: z.coerce.number().int().min(1).max(365).default(90).meta({ description: 'How long the new identity lives.' }),
  }),
  output: promotionOutput,
  locate: async ({ input, tx }) => {
    const found = await findArtifact(tx, input.artifact)
    const target = await findEnvironment(tx, input.environment)
    const workload = await tx
      .selectFrom('workload')
      .selectAll()
      .where('id', '=', input.service)
      .where('environment_id', '=', target.id)
      .executeTakeFirst()
    if (workload === undefined)
      throw fail('invalid', 'There is no such service in that environment.', {
        pointer: '/service',
        next: 'Register it with its own key: `twinlock workload create`.',
      })
    return { resource: found.entity, others: found.above, environment: found.environment, found: { ...found, target, workload } }
  },
  async perform({ input, found, tx, ports, principal }) {
    const { artifact, run, target, workload } = found
    if (target.class !== 'production') throw fail('invalid', 'A promotion goes to a production environment.', { pointer: '/environment' })
    if (run.environment_id === target.id)
      throw fail('invalid', 'The run happened in that environment already.', { pointer: '/environment' })
    if (artifact.state === 'destroyed') throw fail('conflict', 'The artifact was destroyed.')
    if (workload.state !== 'pending' && workload.state !== 'active') {
      throw fail('conflict', `The service is ${workload.state}.`, { pointer: '/service', next: 'Name one that can be promoted.' })
    }
    const { twin } = await findTwin(tx, run.twin_id)
    if (twin.state === 'retired') throw fail('twin_retired', 'This twin is retired; nothing of it crosses any more.')
    const granted = await tx.selectFrom('permission').selectAll().where('holder_id', '=', run.id).orderBy('number').execute()
    const proposal = narrow(granted, await readTape(tx, run.id), await counterparts(tx, target.id))
    const now = ports.clock.now()
    const makers = [...new Set([...found.makers, ...principal.chain, workload.owner_id, workload.id])]
    const row = {
      org_id: principal.org,
      id: newId('prm', ports),
      artifact_id: artifact.id,
      run_id: run.id,
      twin_id: run.twin_id,
      source_id: run.environment_id,
      environment_id: target.id,
      workload_id: workload.id,
      state: 'requested' as const,
      channel: input.channel,
      owner_id: workload.owner_id,
      proposal: JSON.stringify(proposal),
      nonce: base64url(ports.random.bytes(24)),
      key_proved_at: null,
      thumbprint: null,
      approvals_needed: await approvalsFor(tx, { run: run.id, sensitivity: artifact.sensitivity, proposal }),
      makers,
      requested_by: principal.id,
      requested_at: new Date(now),
      crossed_by: null,
      cross_entry: null,
      crossed_at: null,
      expires_at: new Date(now + input.days * day),
      version: 1,
    }
    await tx.insertInto('promotion').values(row).execute()
    return {
      result: showPromotionRow(row),
      facts: { channel: `${input.channel}@${target.slug}`, rules: proposal.rules.length, granted: proposal.granted.length, makers },
      related: [
        { rel: 'promotion', type: 'Promotion', id: row.id },
        { rel: 'artifact', type: 'Artifact', id: artifact.id },
        { rel: 'service', type: 'Workload', id: workload.id },
        { rel: 'owner', type: 'Person', id: workload.owner_id },
      ],
    }
  },
})
