// Looking at one twin whole: who answers for it, its scenarios with their versions, what its newest scenarios may touch in each environment, and whether it
// is privileged. It shows topology, so it is governed content. It lies here because what feeds production is known here.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { action, digestText, environmentClass, idOf, organizationEntity, sensitivity, type Tx } from '../../kernel/index.ts'
import { findTwin, manifestSchema, namesOf, type ScenarioTable, twinOutput, twinType } from '../../twins/index.ts'

const versionsMax = 500

const version = z.object({
  id: idOf('scn'),
  version: z.number(),
  digest: digestText,
  author: z.string(),
  authorName: z.string().nullable(),
  createdAt: z.string(),
})

const used = z.object({
  slug: z.string(),
  /** The newest scenarios that name it. */
  scenarios: z.array(z.string()),
  /** Where a connection of this name is, and what it is there. */
  environments: z.array(
    z.object({
      id: idOf('con'),
      environment: idOf('env'),
      environmentSlug: z.string(),
      environmentClass,
      access: z.enum(['read', 'write', 'control']),
      sensitivity,
      state: z.enum(['active', 'suspended']),
      owner: idOf('per'),
      ownerName: z.string().nullable(),
      /** The connection that stands for it in production. */
      counterpart: idOf('con').nullable(),
      counterpartName: z.string().nullable(),
    }),
  ),
})

const twinDetail = twinOutput.extend({
  projectName: z.string().nullable(),
  ownerName: z.string().nullable(),
  createdAt: z.string(),
  scenarios: z.array(z.object({ slug: z.string(), newest: z.number(), versions: z.array(version) })),
  /** Whether there are more versions than are shown; the newest are. */
  truncated: z.boolean(),
  connections: z.array(used),
  /** Derived: it can influence a release, feeds production, or may be given control or credentials. */
  privileged: z.object({ is: z.boolean(), because: z.array(z.string()) }),
})

type Detail = z.input<typeof twinDetail>
type Scenario = Selectable<ScenarioTable>

function newestOfEach(rows: readonly Scenario[]): Scenario[] {
  const newest = new Map<string, Scenario>()
  for (const row of rows) if ((newest.get(row.slug)?.version ?? 0) < row.version) newest.set(row.slug, row)
  return [...newest.values()]
}

/** The slugs of connections that the newest scenarios name, each with who names it. */
function namedConnections(newest: readonly Scenario[]): ReadonlyMap<string, string[]> {
  const named = new Map<string, string[]>()
  for (const { slug, manifest } of newest)
    for (const { connection } of manifestSchema.parse(manifest).connections) named.set(connection, [...(named.get(connection) ?? []), slug])
  return named
}

async function connectionsOf(tx: Tx, named: ReadonlyMap<string, string[]>) {
  if (named.size === 0) return []
  return tx
    .selectFrom('connection')
    .innerJoin('environment', (join) =>
      join.onRef('environment.org_id', '=', 'connection.org_id').onRef('environment.id', '=', 'connection.environment_id'),
    )
    .select(['connection.id', 'connection.slug', 'connection.access', 'connection.sensitivity', 'connection.state', 'connection.owner_id'])
    .select(['connection.counterpart_id', 'connection.secret_id', 'environment.id as environment', 'environment.slug as environment_slug'])
    .select('environment.class as environment_class')
    .where('connection.slug', 'in', [...named.keys()])
    .orderBy('connection.id')
    .execute()
}

type Connected = Awaited<ReturnType<typeof connectionsOf>>

async function privilegeOf(tx: Tx, twin: string, connections: Connected): Promise<Detail['privileged']> {
  const because: string[] = []
  const controls = [...new Set(connections.filter((one) => one.access === 'control').map((one) => one.slug))]
  if (controls.length > 0) because.push(`Its scenarios name a connection for control: ${controls.join(', ')}.`)
  const keyed = [...new Set(connections.filter((one) => one.secret_id !== null).map((one) => one.slug))]
  if (keyed.length > 0) because.push(`Calls on its behalf are made with credentials: ${keyed.join(', ')}.`)
  const promotions = await tx.selectFrom('promotion').select(['state', 'channel']).where('twin_id', '=', twin).execute()
  const feeding = [...new Set(promotions.filter((one) => one.state === 'crossed').map((one) => one.channel))]
  if (feeding.length > 0) because.push(`What it made feeds production: ${feeding.map((channel) => `the channel ${channel}`).join(', ')}.`)
  const open = promotions.filter((one) => ['requested', 'checked', 'in_review', 'approved', 'crossing'].includes(one.state)).length
  if (open > 0) because.push(`It can influence a release: ${open === 1 ? 'one promotion' : `${open} promotions`} of what it made wait.`)
  return { is: because.length > 0, because }
}

function scenariosIn(rows: readonly Scenario[], names: (id: string) => string | null): Detail['scenarios'] {
  return newestOfEach(rows)
    .sort((a, b) => a.slug.localeCompare(b.slug))
    .map(({ slug, version: newest }) => ({
      slug,
      newest,
      versions: rows
        .filter((row) => row.slug === slug)
        .map(({ id, version: number, digest, author_id, created_at }) => ({
          id,
          version: number,
          digest,
          author: author_id,
          authorName: names(author_id),
          createdAt: created_at.toISOString(),
        })),
    }))
}

/** Shows a twin whole. */
export const showTwin = action({
  name: 'twin:show',
  summary: 'Show a twin: who answers for it, the versions of its scenarios, what they may touch where, whether it is privileged.',
  effect: 'content',
  roles: ['author', 'operator', 'observer', 'reviewer'],
  resource: twinType,
  input: z.strictObject({ twin: idOf('twn') }),
  output: twinDetail,
  locate: async ({ input, tx, principal }) => {
    const found = await findTwin(tx, input.twin)
    return { resource: found.entity, others: [...found.above, organizationEntity(principal.org)], found: found.twin }
  },
  async perform({ found: twin, tx }) {
    const query = tx.selectFrom('scenario').selectAll().where('twin_id', '=', twin.id).orderBy('id', 'desc')
    const rows = await query.limit(versionsMax + 1).execute()
    const shown = rows.slice(0, versionsMax)
    const named = namedConnections(newestOfEach(shown))
    const connections = await connectionsOf(tx, named)
    const names = await namesOf(tx, [
      twin.project_id,
      twin.owner_id,
      ...shown.map((row) => row.author_id),
      ...connections.flatMap((one) => [one.owner_id, one.counterpart_id]),
    ])
    const { id, slug, kind, program, project_id, owner_id, sensitivity: level, state, created_at } = twin
    return {
      result: {
        ...{ id, slug, kind, program, project: project_id, owner: owner_id, sensitivity: level, state },
        projectName: names(project_id),
        ownerName: names(owner_id),
        createdAt: created_at.toISOString(),
        scenarios: scenariosIn(shown, names),
        truncated: rows.length > versionsMax,
        connections: [...named].map(([connection, scenarios]) => ({
          slug: connection,
          scenarios,
          environments: connections
            .filter((one) => one.slug === connection)
            .map((one) => ({
              id: one.id,
              environment: one.environment,
              environmentSlug: one.environment_slug,
              environmentClass: one.environment_class,
              access: one.access,
              sensitivity: one.sensitivity,
              state: one.state,
              owner: one.owner_id,
              ownerName: names(one.owner_id),
              counterpart: one.counterpart_id,
              counterpartName: names(one.counterpart_id),
            })),
        })),
        privileged: await privilegeOf(tx, id, connections),
      },
      facts: { scenarios: shown.length },
    }
  },
})
