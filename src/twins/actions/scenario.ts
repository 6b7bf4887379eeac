// Actions on scenarios: publishing a sealed version, listing, showing. A version is never changed; a change is a new version.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  action,
  digestText,
  fail,
  idOf,
  type Json,
  newId,
  organizationEntity,
  pageInput,
  pageOf,
  sensitivityLevel,
  slugText,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { findAsset, findScenario, findTwin, scenarioType, twinType } from '../find.ts'
import { manifestSchema } from '../manifest.ts'
import { type Names, namesOf } from '../names.ts'
import { refuseSecretsInJson, scenarioDigest } from '../seal.ts'
import type { ScenarioTable } from '../tables.ts'
import { usesOf } from './asset.ts'

const scenarioOutput = z.object({
  id: idOf('scn'),
  twin: idOf('twn'),
  slug: z.string(),
  version: z.number(),
  digest: digestText,
  author: z.string(),
  createdAt: z.string(),
})

const scenarioRow = scenarioOutput.extend({
  twinName: z.string().nullable(),
  authorName: z.string().nullable(),
  /** Whether no later version of it was published. */
  newest: z.boolean(),
})

function shown(row: Selectable<ScenarioTable>) {
  const { id, twin_id, slug, version, digest, author_id, created_at } = row
  return { id, twin: twin_id, slug, version, digest, author: author_id, createdAt: created_at.toISOString() }
}

function shownRow(row: Selectable<ScenarioTable>, names: Names, newest: ReadonlyMap<string, number>): z.input<typeof scenarioRow> {
  const isNewest = newest.get(row.slug) === row.version
  return { ...shown(row), twinName: names(row.twin_id), authorName: names(row.author_id), newest: isNewest }
}

/** The newest version of each scenario of a twin. */
async function newestVersions(tx: Tx, twin: string): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .selectFrom('scenario')
    .select((eb) => ['slug', eb.fn.max('version').as('version')])
    .where('twin_id', '=', twin)
    .groupBy('slug')
    .execute()
  return new Map(rows.map(({ slug, version }) => [slug, version]))
}

/** Publishes a new version of a scenario: scanned for secrets, sealed by digest. */
export const publishScenario = action({
  name: 'scenario:publish',
  summary: 'Publish a new version of a scenario: scanned for secrets at the door, sealed by digest.',
  effect: 'change',
  roles: ['author'],
  system: ['starter'],
  resource: twinType,
  context: { privilegedTwin: 'Boolean' },
  input: z.strictObject({ twin: idOf('twn'), slug: slugText, manifest: manifestSchema }),
  output: scenarioOutput,
  locate: async ({ input, tx, ports, principal }) => {
    const { entity, above, twin } = await findTwin(tx, input.twin)
    const context = { privilegedTwin: await ports.scopes.isPrivileged(tx, entity) }
    const also = await usesOf(tx, input.manifest.assets, { project: twin.project_id })
    return { resource: entity, others: [...above, organizationEntity(principal.org)], context, also, found: twin }
  },
  async perform({ input, found: twin, tx, ports, principal }) {
    if (twin.state === 'retired') throw fail('twin_retired', 'This twin is retired; nothing of it runs any more.')
    refuseSecretsInJson('manifest', input.manifest as Json, ports) // the schema admits nothing but JSON
    const assets = []
    for (const [at, use] of input.manifest.assets.entries()) {
      const asset = await tx.selectFrom('asset').select(['id', 'digest', 'project_id']).where('id', '=', use.asset).executeTakeFirst()
      if (asset?.project_id !== twin.project_id)
        throw fail('invalid', 'There is no asset with this id in the project.', { pointer: `/manifest/assets/${at}/asset` })
      assets.push(asset)
    }
    const last = await tx
      .selectFrom('scenario')
      .select('version')
      .where('twin_id', '=', twin.id)
      .where('slug', '=', input.slug)
      .orderBy('version', 'desc')
      .executeTakeFirst()
    const version = (last?.version ?? 0) + 1
    const sealed = {
      twin: twin.id,
      program: twin.program,
      slug: input.slug,
      version,
      manifest: input.manifest as Json,
      assets: assets.map((asset) => asset.digest),
    }
    const row = {
      org_id: principal.org,
      id: newId('scn', ports),
      twin_id: twin.id,
      slug: input.slug,
      version,
      digest: scenarioDigest(sealed, ports.sha256),
      manifest: JSON.stringify(input.manifest),
      author_id: principal.id,
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('scenario').values(row).execute()
    return {
      result: shown(row),
      facts: { slug: row.slug, version, digest: row.digest },
      related: [
        { rel: 'scenario', type: 'Scenario', id: row.id },
        ...assets.map((asset) => ({ rel: 'input', type: 'Asset', id: asset.id })),
      ],
    }
  },
})

/** Lists the scenario versions of a twin, oldest first. */
export const listScenarios = action({
  name: 'scenario:list',
  summary: 'List the scenario versions of a twin.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'reviewer', 'auditor'],
  resource: twinType,
  input: z.strictObject({ twin: idOf('twn'), slug: slugText.optional(), ...pageInput }),
  output: pageOf(scenarioRow),
  locate: async ({ input, tx, principal }) => {
    const found = await findTwin(tx, input.twin)
    return { resource: found.entity, others: [...found.above, organizationEntity(principal.org)], found: found.twin }
  },
  async perform({ input, found, tx }) {
    let query = tx
      .selectFrom('scenario')
      .selectAll()
      .where('twin_id', '=', found.id)
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (input.slug !== undefined) query = query.where('slug', '=', input.slug)
    const { items, next } = toPage(await query.execute(), input.limit)
    const names = await namesOf(tx, [found.id, ...items.map((row) => row.author_id)])
    const newest = await newestVersions(tx, found.id)
    return { result: { items: items.map((row) => shownRow(row, names, newest)), next } }
  },
})

/** Shows a scenario version with its manifest: governed content. */
export const showScenario = action({
  name: 'scenario:show',
  summary: 'Show a scenario version with its manifest.',
  effect: 'content',
  roles: ['author', 'operator', 'observer', 'reviewer'],
  resource: scenarioType,
  input: z.strictObject({ scenario: idOf('scn') }),
  output: scenarioRow.extend({
    manifest: manifestSchema,
    assets: z.array(z.object({ name: z.string(), id: idOf('ast'), digest: digestText })),
  }),
  locate: async ({ input, tx, principal }) => {
    const row = await findScenario(tx, input.scenario)
    const { twin, entity, above } = await findTwin(tx, row.twin_id)
    const attributes = { author: row.author_id, sensitivity: sensitivityLevel(twin.sensitivity) }
    const resource = { type: 'Scenario', id: row.id, attributes, parents: [{ type: 'Twin', id: twin.id }] }
    return { resource, others: [entity, ...above, organizationEntity(principal.org)], found: row }
  },
  async perform({ found, tx }) {
    const manifest = manifestSchema.parse(found.manifest)
    const assets = []
    for (const { name, asset } of manifest.assets) {
      const row = await findAsset(tx, asset)
      assets.push({ name, id: row.id, digest: row.digest })
    }
    const names = await namesOf(tx, [found.twin_id, found.author_id])
    const row = shownRow(found, names, await newestVersions(tx, found.twin_id))
    return { result: { ...row, manifest, assets }, facts: { digest: found.digest } }
  },
})
