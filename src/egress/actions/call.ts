// The broker's decision: may this caller make this call on this connection. Allowed or refused, the call is on the tape before a byte leaves.
// Everything in the input is attacker-controlled: a run in a cell, or a workload on the wire.
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import { z } from 'zod'
import { pathContext } from '../../access/index.ts'
import {
  action,
  digestText,
  type EntryId,
  fail,
  newId,
  organizationEntity,
  type Ports,
  type Principal,
  type Tx,
} from '../../kernel/index.ts'
import { type ConnectionTable, connectionEntity, connectionType, findEnvironment, httpMethods } from '../../twins/index.ts'
import { readRequestPath } from '../request-path.ts'

const callInput = z.strictObject({
  connection: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  method: z.enum(httpMethods),
  path: z.string().max(8192),
  /** Digest over method, path, query, passed headers and body. */
  requestDigest: digestText,
  /** A token that the caller brought along, if any; only its own is not refused. */
  bearer: z.string().max(16_384).optional(),
})

type CallInput = z.output<typeof callInput>

async function findConnection(tx: Tx, slug: string, environment: string): Promise<Selectable<ConnectionTable>> {
  const all = await tx.selectFrom('connection').selectAll().where('slug', '=', slug).execute()
  // One of another environment is found too, so that the decision can name what was tried.
  const found = all.find((row) => row.environment_id === environment) ?? all[0]
  if (found === undefined)
    throw fail('undeclared_connection', `Nothing called \`${slug}\` is connected in this environment.`, {
      next: 'Declare it in the manifest, and have it connected.',
    })
  return found
}

async function requireOwnBearer(tx: Tx, bearer: string | undefined, principal: Principal): Promise<void> {
  if (bearer === undefined) return
  const own = await tx.selectFrom('credential').select('holder_id').where('id', '=', jtiOf(bearer)).executeTakeFirst()
  if (own?.holder_id !== principal.id)
    throw fail('foreign_token', 'The token that came along is not this caller’s own.', {
      next: 'Send no token: the channel already says who calls.',
    })
}

/** The jti that a token claims, unverified: it is only ever compared with what we issued to this very caller. */
function jtiOf(token: string): string {
  const payload = token.split('.')[1] ?? ''
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const jti = typeof claims === 'object' && claims !== null && 'jti' in claims ? claims.jti : undefined
    return typeof jti === 'string' ? jti : ''
  } catch {
    return '' // not one of ours: no credential has an empty id
  }
}

/** Puts a call on the tape. Numbers of one holder are given out one after the other. */
async function tape(
  tx: Tx,
  row: { input: CallInput; connectionId: string | null; principal: Principal; entry: EntryId; code: string | null },
  ports: Ports,
): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${row.principal.id}, 0))`.execute(tx)
  const last = await tx
    .selectFrom('call')
    .select('number')
    .where('holder_id', '=', row.principal.id)
    .orderBy('number', 'desc')
    .executeTakeFirst()
  const id = newId('cal', ports)
  await tx
    .insertInto('call')
    .values({
      org_id: row.principal.org,
      id,
      holder_id: row.principal.id,
      number: (last?.number ?? 0) + 1,
      connection_id: row.connectionId,
      connection: row.input.connection,
      method: row.input.method,
      path: row.input.path.split('?')[0]?.slice(0, 2000) ?? '',
      decision: row.code === null ? 'allowed' : 'denied',
      code: row.code,
      state: row.code === null ? 'decided' : 'settled',
      status: null,
      request_digest: row.input.requestDigest,
      response_digest: null,
      response_bytes: null,
      duration_ms: null,
      entry_id: row.entry,
      at: new Date(ports.clock.now()),
    })
    .execute()
  return id
}

/** Decides one call of a run or a promoted workload, and records it before the upstream hears of it. */
export const callConnection = action({
  name: 'connection:call',
  summary: 'Make one call on a connection through the broker.',
  effect: 'change',
  roles: [],
  by: ['run', 'pipeline', 'agent', 'service'],
  servedBy: 'broker',
  resource: connectionType,
  context: { method: 'String', path: 'String', slashes: 'Long', shape: 'String' },
  input: callInput,
  output: z.object({
    call: z.string(),
    baseUrl: z.string(),
    path: z.string(),
    query: z.string(),
    loopback: z.boolean(),
    secret: z.object({ id: z.string(), header: z.string(), environment: z.string(), production: z.boolean() }).nullable(),
  }),
  locate: async ({ input, tx, principal }) => {
    const { path } = readRequestPath(input.path)
    await requireOwnBearer(tx, input.bearer, principal)
    const connection = await findConnection(tx, input.connection, principal.environment ?? '')
    const environment = await findEnvironment(tx, connection.environment_id)
    return {
      resource: connectionEntity(connection),
      others: [organizationEntity(principal.org)],
      environment,
      context: { method: input.method, ...pathContext(path) },
      found: { connection, environment },
    }
  },
  async perform({ input, found: { connection, environment }, tx, ports, principal, entry }) {
    if (connection.state !== 'active') throw fail('conflict', 'This connection is suspended.')
    const { path, query } = readRequestPath(input.path)
    const call = await tape(tx, { input, connectionId: connection.id, principal, entry, code: null }, ports)
    const secret =
      connection.secret_id === null || connection.secret_header === null
        ? null
        : {
            id: connection.secret_id,
            header: connection.secret_header,
            environment: environment.id,
            production: environment.class === 'production',
          }
    return {
      result: { call, baseUrl: connection.base_url, path, query, loopback: connection.loopback, secret },
      facts: { call, connection: connection.slug, method: input.method, path, request: input.requestDigest, secret: secret?.id ?? null },
      related: [{ rel: 'call', type: 'Call', id: call }],
    }
  },
  async refused({ input, tx, ports, principal, entry, code }) {
    const connection = await tx
      .selectFrom('connection')
      .select('id')
      .where('slug', '=', input.connection)
      .where('environment_id', '=', principal.environment ?? '')
      .executeTakeFirst()
    await tape(tx, { input, connectionId: connection?.id ?? null, principal, entry, code }, ports)
  },
})
