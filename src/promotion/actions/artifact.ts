// Looking at one artifact: what it is, why it is as sensitive as it is, what was checked of it, whether it is still in quarantine, and who can read it now.
// It lies here because its checks and its way out are the crossing's.
import { z } from 'zod'
import { action, idOf, type Ports, type Tx } from '../../kernel/index.ts'
import {
  type ArtifactFound,
  artifactFile,
  artifactManifest,
  artifactRow,
  artifactRows,
  artifactType,
  findArtifact,
  readArtifact,
  sensitivitySource,
} from '../../outputs/index.ts'
import { findCandidates, foresee } from '../candidates.ts'
import { nothingSecretInside, provenanceHolds, runCredentialsEnded, runSucceeded } from '../gate/artifact-checks.ts'
import { inGateOrder } from '../gate/gate.ts'

const check = z.object({
  name: z.string(),
  result: z.enum(['passed', 'failed', 'not_assessed']),
  blocking: z.boolean(),
  detail: z.string(),
})

const artifactDetail = artifactRow.extend({
  files: z.array(artifactFile),
  sensitivityBecause: z.array(sensitivitySource),
  findings: z.array(z.json()),
  /** What the gate checked for its newest promotion; for one that nobody asked to promote, what can be said of it without reading every byte. */
  checks: z.object({ of: z.enum(['promotion', 'artifact']), promotion: idOf('prm').nullable(), items: z.array(check) }),
  quarantine: z.object({
    since: z.string(),
    /** The promotion that took it out, where one did. */
    leftBy: idOf('prm').nullable(),
    leftAt: z.string().nullable(),
    detail: z.string(),
  }),
  visibleTo: z.object({
    principals: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string(), via: z.string() })),
    truncated: z.boolean(),
  }),
  attestations: z.array(z.object({ predicateType: z.string(), envelope: z.json() })),
})

type Detail = z.input<typeof artifactDetail>

async function newestPromotion(tx: Tx, artifact: string) {
  return tx.selectFrom('promotion').select('id').where('artifact_id', '=', artifact).orderBy('id', 'desc').executeTakeFirst()
}

async function checksOf(tx: Tx, artifact: ArtifactFound, ports: Ports): Promise<Detail['checks']> {
  const promotion = await newestPromotion(tx, artifact.artifact.id)
  const made =
    promotion === undefined
      ? []
      : await tx
          .selectFrom('promotion_check')
          .select(['name', 'result', 'blocking', 'detail'])
          .where('promotion_id', '=', promotion.id)
          .execute()
  if (promotion !== undefined && made.length > 0) return { of: 'promotion', promotion: promotion.id, items: inGateOrder(made) }
  const items = []
  for (const { name, blocking, assess } of [runSucceeded, provenanceHolds, nothingSecretInside, runCredentialsEnded]) {
    const { result, detail } = await assess({ artifact, tx, ports })
    items.push({ name, blocking, result, detail })
  }
  const detail = 'Every byte is compared with its digest when a promotion is checked.'
  return {
    of: 'artifact',
    promotion: promotion?.id ?? null,
    items: [...items, { name: 'digest', blocking: true, result: 'not_assessed', detail }],
  }
}

async function quarantineOf(tx: Tx, { artifact }: ArtifactFound): Promise<Detail['quarantine']> {
  const since = artifact.sealed_at.toISOString()
  const left = await tx
    .selectFrom('promotion')
    .select(['id', 'crossed_at'])
    .where('artifact_id', '=', artifact.id)
    .where('crossed_at', 'is not', null)
    .orderBy('crossed_at')
    .executeTakeFirst()
  if (artifact.state === 'destroyed') return { since, leftBy: null, leftAt: null, detail: 'It was destroyed.' }
  if (left === undefined)
    return { since, leftBy: null, leftAt: null, detail: 'It is in quarantine: nothing of it leaves by the hands that made it.' }
  return {
    since,
    leftBy: left.id,
    leftAt: left.crossed_at?.toISOString() ?? null,
    detail: 'It left quarantine when a promotion of it crossed.',
  }
}

/** Who is decided to read it now, by the door's own decision; and the services whose channel points at it. */
async function visibleTo(tx: Tx, { artifact, entity, above, environment }: ArtifactFound, ports: Ports): Promise<Detail['visibleTo']> {
  const { all, truncated } = await findCandidates(tx, { roles: readArtifact.roles, also: [] }, ports)
  const located = { resource: entity, others: above, environment, found: undefined }
  const readers = all
    .map((one) => ({ one, told: foresee(readArtifact, one, located, ports) }))
    .filter(({ told }) => told.may)
    .map(({ one: { principal, name }, told }) => ({ kind: principal.kind, id: principal.id, name, via: told.because }))
  const channels = await tx
    .selectFrom('channel')
    .innerJoin('promotion', (join) =>
      join.onRef('promotion.org_id', '=', 'channel.org_id').onRef('promotion.id', '=', 'channel.promotion_id'),
    )
    .innerJoin('workload', (join) =>
      join.onRef('workload.org_id', '=', 'promotion.org_id').onRef('workload.id', '=', 'promotion.workload_id'),
    )
    .select(['workload.id', 'workload.kind', 'workload.slug', 'channel.slug as channel'])
    .where('channel.artifact_id', '=', artifact.id)
    .where('workload.state', '=', 'active')
    .where((eb) => eb.or([eb('workload.expires_at', 'is', null), eb('workload.expires_at', '>', new Date(ports.clock.now()))]))
    .orderBy('workload.id')
    .limit(50)
    .execute()
  const pulling = channels.map(({ id, kind, slug, channel }) => ({ kind, id, name: slug, via: `The channel \`${channel}\` points at it.` }))
  return { principals: [...readers, ...pulling], truncated }
}

/** Shows an artifact: digest, files, sensitivity with its chain, what was checked, its quarantine, and who can read it now. */
export const showArtifact = action({
  name: 'artifact:show',
  summary: 'Show an artifact: digest, files, why it is as sensitive as it is, what was checked, and who can read it now.',
  effect: 'content',
  roles: ['author', 'operator', 'observer', 'exporter', 'reviewer'],
  resource: artifactType,
  input: z.strictObject({ artifact: idOf('art') }),
  output: artifactDetail,
  locate: async ({ input, tx }) => {
    const found = await findArtifact(tx, input.artifact)
    return { resource: found.entity, others: found.above, environment: found.environment, found }
  },
  async perform({ found, tx, ports }) {
    const { artifact } = found
    const [row] = await artifactRows(tx, { id: artifact.id, limit: 1 })
    if (row === undefined) throw new Error(`The run of ${artifact.id} is not there.`)
    const attestations = await tx
      .selectFrom('attestation')
      .select(['predicate_type', 'envelope'])
      .where('subject_id', '=', artifact.id)
      .orderBy('at')
      .execute()
    return {
      result: {
        ...row,
        files: artifactManifest.parse(artifact.manifest).files,
        sensitivityBecause: z.array(sensitivitySource).parse(artifact.because),
        findings: z.array(z.json()).parse(artifact.findings),
        checks: await checksOf(tx, found, ports),
        quarantine: await quarantineOf(tx, found),
        visibleTo: await visibleTo(tx, found, ports),
        attestations: attestations.map((one) => ({ predicateType: one.predicate_type, envelope: z.json().parse(one.envelope) })),
      },
      facts: { digest: artifact.digest },
    }
  },
})
