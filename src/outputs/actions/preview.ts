// What a run of a scenario would be allowed in an environment, before anybody launches it: whether the caller may launch it, what else would stop it, and
// each call of its manifest decided as the broker would decide it. Nothing is made, and a run is decided about again, call by call.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { because, type Policy, pathContext, permissionPolicy, wouldAllow } from '../../access/index.ts'
import { callConnectionCapability } from '../../egress/index.ts'
import {
  action,
  environmentClass,
  idOf,
  isCoded,
  newId,
  organizationEntity,
  type Ports,
  type Principal,
  sensitivity,
  sensitivityLevel,
  type Tx,
} from '../../kernel/index.ts'
import { type Launching, prepareLaunch } from '../../runs/index.ts'
import {
  type ConnectionTable,
  connectionBySlug,
  connectionEntity,
  findAsset,
  findEnvironment,
  findScenario,
  findTwin,
  type Manifest,
  manifestSchema,
  namesOf,
  scenarioType,
} from '../../twins/index.ts'

const verdict = z.enum(['allowed', 'not_available', 'denied'])

const previewOutput = z.object({
  scenario: idOf('scn'),
  environment: idOf('env'),
  environmentSlug: z.string(),
  environmentClass,
  launch: z.object({
    /** Whether the caller may, and nothing else stops it. */
    isAllowed: z.boolean(),
    you: z.object({ may: z.boolean(), because: z.string() }),
    /** What else would stop it; the first such thing. */
    stops: z.array(z.object({ code: z.string(), detail: z.string() })),
  }),
  items: z.array(
    z.object({
      connection: z.string(),
      connectionId: idOf('con').nullable(),
      access: z.enum(['read', 'write', 'control']).nullable(),
      sensitivity: sensitivity.nullable(),
      method: z.string(),
      path: z.string(),
      verdict,
      because: z.string(),
    }),
  ),
  assets: z.array(z.object({ name: z.string(), id: idOf('ast'), slug: z.string(), sensitivity, ownerName: z.string().nullable() })),
  limits: z.object({ deadlineSeconds: z.number(), memoryMegabytes: z.number(), filesMax: z.number(), bytesMax: z.number() }),
})

type Item = z.input<typeof previewOutput>['items'][number]
type Connection = Selectable<ConnectionTable>

/** The run that would be: it has the rules of its manifest and nothing else. */
function wouldBeRun({ environment, twin }: Launching, caller: Principal, ports: Ports): Principal {
  const id = newId('run', ports)
  return {
    kind: 'run',
    id,
    org: caller.org,
    name: id,
    clearance: sensitivityLevel(twin.sensitivity),
    chain: [id, ...caller.chain],
    environment: environment.id,
  }
}

/** A path that a pattern matches, so that the broker's own decision can be asked. */
const examplePath = (pattern: string): string =>
  pattern
    .replace(/\/\*\*$/, '/1')
    .replaceAll('{id}', '1')
    .replaceAll('*', '1')

function decideCall(run: Principal, connection: Connection, rule: { method: string; path: string }, found: Launching, ports: Ports) {
  const terms = { org_id: run.org, holder_id: run.id, number: 1, connection_id: connection.id, methods: [rule.method], path: rule.path }
  const policies: Policy[] = [permissionPolicy('RunIdentity', { ...terms, origin_id: found.scenario.id })]
  const located = {
    resource: connectionEntity(connection),
    others: [organizationEntity(run.org)],
    environment: found.environment,
    context: { method: rule.method, ...pathContext(examplePath(rule.path)) },
    found: undefined,
  }
  const capability = callConnectionCapability
  return wouldAllow(ports.decider, { capability, principal: run, located, policies, version: 0, now: ports.clock.now() })
}

function itemOf(
  connection: Connection | undefined,
  rule: { method: string; path: string },
  run: Principal,
  found: Launching,
  ports: Ports,
) {
  if (connection === undefined)
    return { verdict: 'not_available' as const, because: `The environment \`${found.environment.slug}\` has no connection of this name.` }
  if (connection.state !== 'active') return { verdict: 'not_available' as const, because: 'The connection is suspended here.' }
  const decision = decideCall(run, connection, rule, found, ports)
  if (decision.allowed) return { verdict: 'allowed' as const, because: 'The manifest asks for it, and nothing forbids it.' }
  return { verdict: 'denied' as const, because: because(callConnectionCapability, decision, []) }
}

async function itemsOf(tx: Tx, manifest: Manifest, found: Launching, run: Principal, ports: Ports): Promise<Item[]> {
  const items: Item[] = []
  for (const { connection: slug, allow } of manifest.connections) {
    const connection = await connectionBySlug(tx, found.environment.id, slug)
    const { id: connectionId = null, access = null, sensitivity: level = null } = connection ?? {}
    for (const { methods, path } of allow)
      for (const method of methods)
        items.push({
          ...{ connection: slug, connectionId, access, sensitivity: level, method, path },
          ...itemOf(connection, { method, path }, run, found, ports),
        })
  }
  return items
}

async function assetsOf(tx: Tx, manifest: Manifest) {
  const assets = []
  for (const { name, asset } of manifest.assets) assets.push({ name, row: await findAsset(tx, asset) })
  const names = await namesOf(
    tx,
    assets.map(({ row }) => row.owner_id),
  )
  return assets.map(({ name, row }) => ({ name, id: row.id, slug: row.slug, sensitivity: row.sensitivity, ownerName: names(row.owner_id) }))
}

async function stopsOf(tx: Tx, found: Launching, ports: Ports): Promise<{ code: string; detail: string }[]> {
  try {
    await prepareLaunch(tx, found, {}, ports)
    return []
  } catch (error) {
    if (!isCoded(error)) throw error
    return [{ code: error.code, detail: error.message }]
  }
}

/** Previews a run of a scenario in an environment. */
export const previewScenario = action({
  name: 'scenario:preview',
  summary: 'Say what a run of a scenario would be allowed in an environment: each call of its manifest, and the launch itself.',
  effect: 'content',
  roles: ['author', 'operator', 'observer', 'reviewer'],
  resource: scenarioType,
  input: z.strictObject({ scenario: idOf('scn'), environment: idOf('env') }),
  output: previewOutput,
  locate: async ({ input, tx, principal }) => {
    const scenario = await findScenario(tx, input.scenario)
    const { twin, entity, above } = await findTwin(tx, scenario.twin_id)
    const environment = await findEnvironment(tx, input.environment)
    const attributes = { author: scenario.author_id, sensitivity: sensitivityLevel(twin.sensitivity) }
    const resource = { type: 'Scenario', id: scenario.id, attributes, parents: [{ type: 'Twin', id: twin.id }] }
    return { resource, others: [entity, ...above, organizationEntity(principal.org)], environment, found: { scenario, twin, environment } }
  },
  async perform({ allowed, input, found, tx, ports, principal }) {
    const manifest = manifestSchema.parse(found.scenario.manifest)
    const { environment } = found
    const asked = { action: 'run:launch', input: { scenario: input.scenario, environment: input.environment } }
    const [told] = await ports.examiner.examine(tx, { principal, version: allowed.version }, [asked])
    const may = told?.allowed === true
    const said = because({ roles: ['operator'] }, { allowed: may, policies: told?.policies ?? [] }, may ? ['operator'] : [])
    const why = told?.besides === undefined ? said : (told.detail ?? said)
    const stops = await stopsOf(tx, found, ports)
    const { deadlineSeconds, memoryMegabytes, outputs } = manifest
    return {
      result: {
        scenario: input.scenario,
        environment: input.environment,
        environmentSlug: environment.slug,
        environmentClass: environment.class,
        launch: { isAllowed: may && stops.length === 0, you: { may, because: why }, stops },
        items: await itemsOf(tx, manifest, found, wouldBeRun(found, principal, ports), ports),
        assets: await assetsOf(tx, manifest),
        limits: { deadlineSeconds, memoryMegabytes, ...outputs },
      },
      facts: { environment: environment.id, digest: found.scenario.digest },
    }
  },
})
