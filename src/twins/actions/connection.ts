// Actions on connections: where a run or a promoted service may reach, through the broker alone. The credential is sealed as it comes in and never shown.
import { z } from 'zod'
import { sideOf } from '../../credentials/index.ts'
import { requireActivePerson } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  pageInput,
  pageOf,
  sensitivity,
  slugText,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { findEnvironment } from '../find.ts'
import { keepSecret, secretHeader, secretValue } from '../secret.ts'

const connectionOutput = z.object({
  id: idOf('con'),
  environment: idOf('env'),
  slug: z.string(),
  access: z.enum(['read', 'write', 'control']),
  baseUrl: z.string(),
  sensitivity,
  owner: z.string(),
  counterpart: z.string().nullable(),
  hasSecret: z.boolean(),
  state: z.enum(['active', 'suspended']),
})

const loopbackNames = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** Reads a base URL that a person typed: http or https, no credentials, query or fragment. */
function readBaseUrl(text: string): URL {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw fail('invalid', 'The base URL is not a URL.', { pointer: '/baseUrl' })
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw fail('invalid', 'A connection speaks http or https.', { pointer: '/baseUrl' })
  if (url.username !== '' || url.password !== '') {
    throw fail('secret_found', 'The base URL holds a credential.', {
      pointer: '/baseUrl',
      next: 'Give it as `secret`, so that it is sealed and injected by the broker.',
    })
  }
  if (url.search !== '' || url.hash !== '') throw fail('invalid', 'A base URL has no query and no fragment.', { pointer: '/baseUrl' })
  return url
}

/** A credential travels over TLS, or stays on this machine. */
function requirePrivateWay(url: URL, hasSecret: boolean): void {
  if (!hasSecret || url.protocol === 'https:' || loopbackNames.has(url.hostname)) return
  throw fail('invalid', 'A connection with a credential speaks https, or stays on loopback.', { pointer: '/baseUrl' })
}

/** Creates a connection of one environment, with its sealed credential and its counterpart in another environment. */
export const createConnection = action({
  name: 'connection:create',
  summary: 'Create a connection of one environment, with its credential sealed and its counterpart named.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({
    environment: idOf('env'),
    slug: slugText,
    access: z.enum(['read', 'write', 'control']),
    baseUrl: z.string().max(300),
    sensitivity,
    owner: idOf('per'),
    counterpart: idOf('con').optional(),
    secret: z
      .strictObject({ header: secretHeader, value: secretValue })
      .optional()
      .meta({ description: 'The upstream credential: the header that carries it and its value. Sealed at once, never shown again.' }),
  }),
  output: connectionOutput,
  locate: async ({ input, tx, principal }) => {
    const environment = await findEnvironment(tx, input.environment)
    await requireActivePerson(tx, input.owner, '/owner')
    return { resource: organizationEntity(principal.org), environment, found: environment }
  },
  async perform({ input, found: environment, tx, ports, principal }) {
    const url = readBaseUrl(input.baseUrl)
    requirePrivateWay(url, input.secret !== undefined)
    if (input.counterpart !== undefined) await requireCounterpart(tx, input.counterpart, environment.id)
    const taken = await tx
      .selectFrom('connection')
      .select('id')
      .where('environment_id', '=', environment.id)
      .where('slug', '=', input.slug)
      .executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'This environment has a connection with this slug already.', { pointer: '/slug' })
    const place = { org: principal.org, environment: environment.id, side: sideOf(environment), id: newId('sec', ports), version: 1 }
    if (input.secret !== undefined) await keepSecret(tx, input.secret.value, place, ports, '/secret/value')
    const secretId = input.secret === undefined ? null : place.id
    const id = newId('con', ports)
    await tx
      .insertInto('connection')
      .values({
        org_id: principal.org,
        id,
        environment_id: environment.id,
        slug: input.slug,
        access: input.access,
        base_url: url.href.replace(/\/$/, ''),
        sensitivity: input.sensitivity,
        owner_id: input.owner,
        counterpart_id: input.counterpart ?? null,
        secret_id: secretId,
        secret_header: input.secret?.header ?? null,
        loopback: loopbackNames.has(url.hostname),
        state: 'active',
        created_at: new Date(ports.clock.now()),
      })
      .execute()
    return {
      result: {
        id,
        environment: input.environment,
        slug: input.slug,
        access: input.access,
        baseUrl: url.href.replace(/\/$/, ''),
        sensitivity: input.sensitivity,
        owner: input.owner,
        counterpart: input.counterpart ?? null,
        hasSecret: secretId !== null,
        state: 'active' as const,
      },
      facts: { slug: input.slug, access: input.access, sensitivity: input.sensitivity, secret: secretId },
      related: [
        { rel: 'connection', type: 'Connection', id },
        { rel: 'owner', type: 'Person', id: input.owner },
        ...(input.counterpart === undefined ? [] : [{ rel: 'counterpart', type: 'Connection', id: input.counterpart }]),
      ],
      texts: { baseUrl: url.href },
    }
  },
})

async function requireCounterpart(tx: Tx, id: string, environment: string): Promise<void> {
  const row = await tx.selectFrom('connection').select('environment_id').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('invalid', 'There is no connection with this id.', { pointer: '/counterpart' })
  if (row.environment_id === environment) throw fail('invalid', 'A counterpart lives in another environment.', { pointer: '/counterpart' })
}

/** Lists connections; their credentials are never shown. */
export const listConnections = action({
  name: 'connection:list',
  summary: 'List connections with their counterparts; credentials are never shown.',
  effect: 'read',
  roles: ['author', 'operator', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(connectionOutput),
  locate: locateOrganization,
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('connection')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    const items = page.items.map((row) => ({
      id: row.id,
      environment: row.environment_id,
      slug: row.slug,
      access: row.access,
      baseUrl: row.base_url,
      sensitivity: row.sensitivity,
      owner: row.owner_id,
      counterpart: row.counterpart_id,
      hasSecret: row.secret_id !== null,
      state: row.state,
    }))
    return { result: { items, next: page.next } }
  },
})
