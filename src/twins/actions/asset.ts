// Actions on assets: a world, model or dataset is sealed by digest, scanned at the door, owned and classified. Whoever names one, in a scenario version that he
// seals or by launching a run of it, may use that asset: it can be granted apart from everything else of its project.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { requireActivePerson } from '../../identity/index.ts'
import {
  type Also,
  action,
  base64,
  type Digest,
  digestText,
  type EnvironmentRef,
  fail,
  fromBase64,
  idOf,
  newId,
  organizationEntity,
  pageInput,
  pageOf,
  projectEntity,
  projectType,
  sensitivity,
  slugText,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { assetType, findAsset, findProject, locatedAsset } from '../find.ts'
import { refuseSecrets } from '../seal.ts'
import { scanBytes } from '../secret-scan/index.ts'
import type { AssetTable } from '../tables.ts'

/** The largest asset that one request carries. */
export const assetBytesMax = 16_777_216

const assetOutput = z.object({
  id: idOf('ast'),
  project: idOf('prj'),
  slug: z.string(),
  version: z.number(),
  digest: digestText,
  bytes: z.number(),
  mediaType: z.string(),
  sensitivity,
  owner: z.string(),
})

function shown(row: Selectable<AssetTable>): z.input<typeof assetOutput> {
  const { id, project_id, slug, version, digest, bytes, media_type, sensitivity: level, owner_id } = row
  return { id, project: project_id, slug, version, digest, bytes, mediaType: media_type, sensitivity: level, owner: owner_id }
}

/** Seals an asset. The same bytes are kept once. */
export const addAsset = action({
  name: 'asset:add',
  summary: 'Seal an asset (a world, model or dataset) by digest, scanned at the door.',
  effect: 'change',
  roles: ['author'],
  system: ['starter'],
  resource: projectType,
  bodyBytesMax: 24_000_000,
  input: z.strictObject({
    project: idOf('prj'),
    slug: slugText,
    mediaType: z
      .string()
      .regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/)
      .max(100),
    sensitivity,
    owner: idOf('per'),
    content: z
      .string()
      .max(Math.ceil(assetBytesMax / 3) * 4)
      .meta({ description: 'The bytes, base64.', contentEncoding: 'base64' }),
  }),
  output: assetOutput,
  locate: async ({ input, tx }) => {
    const project = await findProject(tx, input.project)
    await requireActivePerson(tx, input.owner, '/owner')
    return { resource: projectEntity(project.org_id, project.id), others: [organizationEntity(project.org_id)], found: project }
  },
  async perform({ input, tx, ports, principal }) {
    const bytes = fromBase64(input.content)
    if (bytes.length === 0) throw fail('invalid', 'The asset is empty.', { pointer: '/content' })
    const scan = scanBytes(input.slug, bytes, ports)
    refuseSecrets(scan.findings, `The asset \`${input.slug}\``)
    const digest = await ports.blobs.put(bytes)
    const last = await tx
      .selectFrom('asset')
      .select('version')
      .where('project_id', '=', input.project)
      .where('slug', '=', input.slug)
      .orderBy('version', 'desc')
      .executeTakeFirst()
    const row = {
      id: newId('ast', ports),
      slug: input.slug,
      version: (last?.version ?? 0) + 1,
      digest,
      bytes: bytes.length,
      sensitivity: input.sensitivity,
    }
    await tx
      .insertInto('asset')
      .values({
        org_id: principal.org,
        project_id: input.project,
        media_type: input.mediaType,
        owner_id: input.owner,
        created_at: new Date(ports.clock.now()),
        ...row,
      })
      .execute()
    return {
      result: { ...row, project: input.project, mediaType: input.mediaType, owner: input.owner },
      facts: {
        slug: row.slug,
        version: row.version,
        digest,
        bytes: bytes.length,
        sensitivity: row.sensitivity,
        scannedWhole: scan.truncated === false,
      },
      related: [
        { rel: 'asset', type: 'Asset', id: row.id },
        { rel: 'owner', type: 'Person', id: input.owner },
      ],
    }
  },
})

/** Lists the assets of a project. */
export const listAssets = action({
  name: 'asset:list',
  summary: 'List the assets of a project.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'auditor'],
  resource: projectType,
  input: z.strictObject({ project: idOf('prj'), ...pageInput }),
  output: pageOf(assetOutput),
  locate: async ({ input, tx }) => {
    const project = await findProject(tx, input.project)
    return { resource: projectEntity(project.org_id, project.id), others: [organizationEntity(project.org_id)], found: project }
  },
  async perform({ input, found, tx }) {
    let query = tx
      .selectFrom('asset')
      .selectAll()
      .where('project_id', '=', found.id)
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { items: page.items.map(shown), next: page.next } }
  },
})

/** Shows what is known of an asset; its bytes are read apart. */
export const showAsset = action({
  name: 'asset:show',
  summary: 'Show an asset: its digest, how sensitive it is, who answers for it.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'auditor'],
  resource: assetType,
  input: z.strictObject({ asset: idOf('ast') }),
  output: assetOutput,
  locate: async ({ input, tx }) => locatedAsset(await findAsset(tx, input.asset)),
  perform: async ({ found }) => ({ result: shown(found) }),
})

/** Reads an asset: governed content. */
export const readAsset = action({
  name: 'asset:read',
  summary: 'Read what an asset holds.',
  effect: 'content',
  roles: ['author', 'operator', 'observer', 'reviewer'],
  resource: assetType,
  input: z.strictObject({ asset: idOf('ast') }),
  output: assetOutput.extend({ content: z.string().meta({ description: 'The bytes, base64.', contentEncoding: 'base64' }) }),
  locate: async ({ input, tx }) => locatedAsset(await findAsset(tx, input.asset)),
  async perform({ found, ports }) {
    const bytes = await ports.blobs.get(found.digest as Digest) // the column holds digests alone
    return { result: { ...shown(found), content: base64(bytes) }, facts: { digest: found.digest, bytes: bytes.length } }
  },
})

/** Uses an asset: decided for each that a scenario version names, when it is sealed and when a run of it is launched. */
export const useAsset = action({
  name: 'asset:use',
  summary: 'Use an asset: seal a scenario version that names it, launch a run that is given it.',
  effect: 'read',
  roles: ['author', 'operator'],
  system: ['starter'],
  servedBy: 'within',
  resource: assetType,
  input: z.strictObject({ asset: idOf('ast') }),
  output: z.object({ id: idOf('ast') }),
  locate: async ({ input, tx }) => locatedAsset(await findAsset(tx, input.asset)),
  perform: async ({ found }) => ({ result: { id: found.id } }),
})

/**
 * What naming assets of a project takes: whoever names them may use each, in the environment where that happens in one. What is not there takes nothing;
 * whoever goes on with it finds that out.
 */
export async function usesOf(
  tx: Tx,
  named: readonly { readonly asset: string }[],
  { project, environment }: { readonly project: string; readonly environment?: EnvironmentRef },
): Promise<Also[]> {
  const ids = [...new Set(named.map(({ asset }) => asset))]
  if (ids.length === 0) return []
  const there = tx.selectFrom('asset').selectAll().where('id', 'in', ids).where('project_id', '=', project)
  const assets = await there.orderBy('id').execute()
  return assets.map((asset) => ({ capability: useAsset, located: locatedAsset(asset, environment) }))
}
