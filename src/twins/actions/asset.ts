// Actions on assets: a world, model or dataset is sealed by digest, scanned at the door, owned and classified.
import { z } from 'zod'
import { requireActivePerson } from '../../identity/index.ts'
import {
  action,
  digestText,
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
  toPage,
} from '../../kernel/index.ts'
import { findProject } from '../find.ts'
import { refuseSecrets } from '../seal.ts'
import { scanBytes } from '../secret-scan/index.ts'

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
    const items = page.items.map((row) => ({
      id: row.id,
      project: row.project_id,
      slug: row.slug,
      version: row.version,
      digest: row.digest,
      bytes: row.bytes,
      mediaType: row.media_type,
      sensitivity: row.sensitivity,
      owner: row.owner_id,
    }))
    return { result: { items, next: page.next } }
  },
})
