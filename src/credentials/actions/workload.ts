// Actions on standing workloads: registering one with its own public key, listing, suspending; and issuing their tokens.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { personType, requireActivePerson, requireGoing, type WorkloadTable } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  isId,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type Principal,
  pageInput,
  pageOf,
  type ResourceType,
  sensitivity,
  sensitivityLevel,
  slugText,
  type Tx,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { workloadSpiffeId } from '../authenticate-token.ts'
import { EcJwk, thumbprint } from '../jose/index.ts'
import { mintToken, workloadTokenSecondsMax } from '../mint.ts'
import type { EnvironmentFacts } from '../ports.ts'
import { suspend } from '../suspend.ts'

/** A standing workload as a resource; it may do to itself what names `self`. */
export const workloadType = {
  name: 'Workload',
  attributes: { self: 'String', owner: 'String' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** The id of a standing workload. */
export const workloadId = z.union([idOf('pip'), idOf('agt'), idOf('svc')])
/** A standing workload as it is answered. */
export const workloadOutput = z.object({
  id: workloadId,
  kind: z.enum(['pipeline', 'agent', 'service']),
  slug: z.string(),
  environment: idOf('env'),
  owner: idOf('per'),
  state: z.enum(['pending', 'active', 'suspended', 'ended']),
  spiffeId: z.string(),
  thumbprint: z.string().nullable(),
  former: z
    .object({ thumbprint: z.string(), until: z.string() })
    .nullable()
    .meta({ description: 'The key before, while it is still good.' }),
  expiresAt: z.string().nullable(),
})

/** Refuses a key that is or was a workload's: it belongs to one alone, and is brought once. Throws `conflict`. */
export async function requireNobodysKey(tx: Tx, print: string): Promise<void> {
  const known = await tx
    .selectFrom('workload')
    .select('id')
    .where((eb) => eb.or([eb('thumbprint', '=', print), eb('former_thumbprint', '=', print)]))
    .executeTakeFirst()
  if (known !== undefined)
    throw fail('conflict', 'This key is, or was, that of a workload. A key belongs to one workload alone, and is brought once.', {
      pointer: '/jwk',
    })
}

const prefixes = { pipeline: 'pip', agent: 'agt', service: 'svc' } as const

/** Registers a pipeline, agent or service with its public key. In production it stays pending until a promotion makes it active. */
export const createWorkload = action({
  name: 'workload:create',
  summary: 'Register a pipeline, agent or service with its own public key.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({
    kind: z.enum(['pipeline', 'agent', 'service']),
    slug: slugText,
    environment: idOf('env'),
    owner: idOf('per'),
    clearance: sensitivity.default('internal'),
    jwk: EcJwk.meta({ description: 'The public key, P-256.', type: 'object' }),
  }),
  output: workloadOutput,
  locate: async ({ input, tx, ports, principal }) => {
    const environment = await ports.environments.find(tx, input.environment)
    await requireActivePerson(tx, input.owner, '/owner')
    return { resource: organizationEntity(principal.org), environment, found: environment }
  },
  async perform({ input, found: environment, tx, ports, principal }) {
    const id = newId(prefixes[input.kind], ports)
    const taken = await tx
      .selectFrom('workload')
      .select('id')
      .where('environment_id', '=', environment.id)
      .where('kind', '=', input.kind)
      .where('slug', '=', input.slug)
      .executeTakeFirst()
    if (taken !== undefined)
      throw fail('conflict', `There is a workload of this kind with this slug in that environment already.`, { pointer: '/slug' })
    const print = thumbprint(input.jwk, ports.sha256)
    await requireNobodysKey(tx, print)
    const row = {
      id,
      kind: input.kind,
      slug: input.slug,
      environment_id: environment.id,
      owner_id: input.owner,
      brought_by: principal.chain.find((one) => isId('per', one)) ?? null,
      clearance: sensitivityLevel(input.clearance),
      state: environment.class === 'production' ? ('pending' as const) : ('active' as const),
      jwk: JSON.stringify(input.jwk),
      thumbprint: print,
      expires_at: null,
      promotion_id: null,
      created_at: new Date(ports.clock.now()),
    }
    await tx
      .insertInto('workload')
      .values({ org_id: principal.org, ...row })
      .execute()
    const spiffeId = workloadSpiffeId(environment.trustDomain, row)
    return {
      result: {
        id,
        kind: row.kind,
        slug: row.slug,
        environment: environment.id,
        owner: input.owner,
        state: row.state,
        spiffeId,
        thumbprint: print,
        former: null,
        expiresAt: null,
      },
      facts: { spiffeId, thumbprint: print, state: row.state },
      related: [
        { rel: 'workload', type: 'Workload', id },
        { rel: 'owner', type: personType.name, id: input.owner },
      ],
    }
  },
})

function formerOf({ former_thumbprint, former_until }: Selectable<WorkloadTable>, now: number) {
  if (former_thumbprint === null || former_until === null || former_until.getTime() <= now) return null
  return { thumbprint: former_thumbprint, until: former_until.toISOString() }
}

/** The roles that see every workload. */
export const workloadSeers = ['admin', 'operator', 'reviewer', 'deployer', 'auditor'] as const

/** A row as it is answered. */
export function shownWorkload(
  row: Selectable<WorkloadTable>,
  { trustDomain }: EnvironmentFacts,
  now: number,
): z.input<typeof workloadOutput> {
  return {
    id: row.id,
    kind: row.kind,
    slug: row.slug,
    environment: row.environment_id,
    owner: row.owner_id,
    state: row.state,
    spiffeId: workloadSpiffeId(trustDomain, row),
    thumbprint: row.thumbprint,
    former: formerOf(row, now),
    expiresAt: toMoment(row.expires_at),
  }
}

/** Lists standing workloads. */
export const listWorkloads = action({
  name: 'workload:list',
  summary: 'List pipelines, agents and services with their owners and keys.',
  effect: 'read',
  roles: workloadSeers,
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(workloadOutput),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    let query = tx
      .selectFrom('workload')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    const items = []
    for (const row of page.items) {
      items.push(shownWorkload(row, await ports.environments.find(tx, row.environment_id), ports.clock.now()))
    }
    return { result: { items, next: page.next } }
  },
})

/** Suspends a workload: its tokens end at once, and it can get no new ones. */
export const suspendWorkload = action({
  name: 'workload:suspend',
  summary: 'Stop a workload: its tokens end at once, it gets no new ones, and the live runs that it started end.',
  effect: 'change',
  roles: ['admin'],
  resource: workloadType,
  input: z.strictObject({ workload: workloadId }),
  output: z.object({ id: workloadId, tokensEnded: z.number(), ended: z.record(z.string(), z.number()) }),
  locate: async ({ input, tx, principal }) => {
    const row = await tx.selectFrom('workload').selectAll().where('id', '=', input.workload).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no workload with this id.')
    const parents = [{ type: 'Organization', id: principal.org }]
    return { resource: { type: 'Workload', id: row.id, attributes: { self: row.id, owner: row.owner_id }, parents }, found: row }
  },
  async perform({ found, tx, ports }) {
    await ports.holdAdmissions(tx)
    const { tokensEnded, ended } = await suspend(tx, found.id, new Date(ports.clock.now()), ports)
    return { result: { id: found.id, tokensEnded, ended }, facts: { tokensEnded, ended }, takesAway: true }
  },
})

function secondsLeft({ provedKey }: Principal, now: number): number {
  return provedKey?.until === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((provedKey.until - now) / 1000))
}

/** Issues an access token to a workload that proved its key in this very request. */
export const issueToken = action({
  name: 'token:issue',
  summary: 'Exchange a private-key JWT for a short-lived access token in the workload’s own environment.',
  effect: 'change',
  roles: [],
  by: ['pipeline', 'agent', 'service'],
  servedBy: 'oauth',
  resource: workloadType,
  input: z.strictObject({}),
  output: z.object({ accessToken: z.string(), expiresIn: z.number(), spiffeId: z.string() }),
  locate: async ({ tx, ports, principal }) => {
    const environment = await ports.environments.find(tx, principal.environment ?? '')
    const row = await tx.selectFrom('workload').selectAll().where('id', '=', principal.id).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no workload with this id.')
    return {
      resource: { type: 'Workload', id: row.id, attributes: { self: row.id, owner: row.owner_id }, parents: [] },
      environment,
      found: { row, environment },
    }
  },
  async perform({ found: { row, environment }, tx, ports, principal }) {
    await requireGoing(tx)
    if (row.state !== 'active')
      throw fail('not_promoted', 'This workload is pending: no promotion made it active yet.', {
        next: 'Have its promotion approved and crossed.',
      })
    const warrant = environment.class === 'production' ? await ports.promotions.warrant(principal.org, row.id) : undefined
    const spiffeId = workloadSpiffeId(environment.trustDomain, row)
    const key = principal.provedKey?.thumbprint ?? row.thumbprint ?? ''
    // What the key before gets ends with it.
    const ttlSeconds = Math.min(workloadTokenSecondsMax, secondsLeft(principal, ports.clock.now()))
    const minted = await mintToken(
      tx,
      {
        org: principal.org,
        environment,
        holder: row.id,
        spiffeId,
        audience: ports.baseUrl,
        ttlSeconds,
        typ: 'at+jwt',
        claims: { client_id: spiffeId, key },
        ...(warrant === undefined ? {} : { warrant }),
      },
      ports,
    )
    return {
      result: { accessToken: minted.token, expiresIn: ttlSeconds, spiffeId },
      facts: { jti: minted.jti, spiffeId, ttlSeconds, audience: ports.baseUrl, key },
      related: [{ rel: 'credential', type: 'Credential', id: minted.jti }],
    }
  },
})
