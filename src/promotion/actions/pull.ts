// The fetch: a promoted service takes what its channel points at. Everybody else is refused, whatever they hold.
import { z } from 'zod'
import { requireGoing } from '../../identity/index.ts'
import { action, base64, type Digest, digestText, fail, idOf, type ResourceType } from '../../kernel/index.ts'
import { artifactFile, artifactManifest } from '../../outputs/index.ts'
import { requireOwners } from '../../runs/index.ts'

/** A channel as a resource: `self` is the workload that its promotion made. */
const channelType = { name: 'Channel', attributes: { self: 'String' }, parents: ['Organization'] } as const satisfies ResourceType

const channelName = z.string().regex(/^[a-z0-9-]{1,40}@[a-z0-9-]{1,40}$/, 'must be <channel>@<environment>')

/** Fetches what a channel points at, as the service that was promoted for it. */
export const pullArtifact = action({
  name: 'artifact:pull',
  summary: 'Fetch what a channel points at, as the service that was promoted for it.',
  effect: 'consequence',
  roles: [],
  by: ['service'],
  resource: channelType,
  input: z.strictObject({ channel: channelName }),
  output: z.object({
    artifact: idOf('art'),
    digest: digestText,
    promotion: idOf('prm'),
    files: z.array(artifactFile.extend({ content: z.string().meta({ contentEncoding: 'base64' }) })),
    attestations: z.array(z.object({ predicateType: z.string(), envelope: z.json() })),
  }),
  locate: async ({ input, tx, principal }) => {
    const [slug = '', at = ''] = input.channel.split('@')
    const environment = await tx.selectFrom('environment').selectAll().where('slug', '=', at).executeTakeFirst()
    if (environment === undefined) throw fail('not_found', 'There is no such channel.')
    const channel = await tx
      .selectFrom('channel')
      .selectAll()
      .where('environment_id', '=', environment.id)
      .where('slug', '=', slug)
      .executeTakeFirst()
    if (channel === undefined)
      throw fail('not_found', 'There is no such channel.', { next: 'Nothing was promoted to it, or it was rolled back.' })
    const promotion = await tx
      .selectFrom('promotion')
      .select(['workload_id', 'expires_at'])
      .where('id', '=', channel.promotion_id)
      .executeTakeFirstOrThrow()
    const parents = [{ type: 'Organization', id: principal.org }]
    const resource = { type: 'Channel', id: `${environment.id}/${slug}`, attributes: { self: promotion.workload_id }, parents }
    return { resource, environment, found: { channel, expiresAt: promotion.expires_at } }
  },
  async perform({ input, found: { channel, expiresAt }, tx, ports }) {
    await requireGoing(tx)
    // Its service may live on by another promotion, and what that one gives is not this.
    if (expiresAt.getTime() <= ports.clock.now())
      throw fail('not_promoted', `The promotion on the channel \`${input.channel}\` has ended.`, {
        next: 'Promote it again.',
      })
    await requireOwners(tx, [{ what: `the channel \`${input.channel}\``, owner: channel.owner_id }], ports.clock.now())
    const artifact = await tx.selectFrom('artifact').selectAll().where('id', '=', channel.artifact_id).executeTakeFirstOrThrow()
    const manifest = artifactManifest.parse(artifact.manifest)
    const files = []
    for (const file of manifest.files) files.push({ ...file, content: base64(await ports.blobs.get(file.digest as Digest)) }) // the schema holds digests to their form
    const attestations = await tx
      .selectFrom('attestation')
      .select(['predicate_type', 'envelope'])
      .where('subject_id', '=', artifact.id)
      .orderBy('at')
      .execute()
    return {
      result: {
        artifact: artifact.id,
        digest: artifact.digest,
        promotion: channel.promotion_id,
        files,
        attestations: attestations.map((row) => ({ predicateType: row.predicate_type, envelope: z.json().parse(row.envelope) })),
      },
      facts: { channel: input.channel, digest: artifact.digest },
      related: [
        { rel: 'artifact', type: 'Artifact', id: artifact.id },
        { rel: 'promotion', type: 'Promotion', id: channel.promotion_id },
      ],
    }
  },
})
