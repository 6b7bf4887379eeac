// The broker's decision: may this caller make this call on this connection. Allowed or refused, the call is on the tape before a byte leaves.
// Everything in the input is attacker-controlled: a run in a cell, or a workload on the wire.
import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { pathContext } from '../../access/index.ts'
import type { SecretTable } from '../../credentials/index.ts'
import {
  action,
  digestText,
  type EntryId,
  type EnvironmentRef,
  fail,
  isCoded,
  type Located,
  newId,
  organizationEntity,
  type Performing,
  type Ports,
  type Prepared,
  type Principal,
  prepared,
  type Sendable,
  type Tx,
} from '../../kernel/index.ts'
import { type ConnectionTable, connectionEntity, connectionType, httpMethods } from '../../twins/index.ts'
import { connectionName } from '../connection-name.ts'
import { readRequestPath } from '../request-path.ts'

const callInput = z.strictObject({
  connection: connectionName,
  method: z.enum(httpMethods),
  path: z.string().max(8192),
  /** Digest over method, path, query, passed headers and body. */
  requestDigest: digestText,
  /** A token that the caller brought along, if any; only its own is not refused. */
  bearer: z.string().max(16_384).optional(),
})

type CallInput = z.output<typeof callInput>

/** A credential as it lies in the store: sealed under the key-encryption key of its side, and opened by the broker alone. */
const sealedSecret = z.object({
  id: z.string(),
  header: z.string(),
  environment: z.string(),
  version: z.number(),
  side: z.enum(['simulation', 'production']),
  wrapped: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
})

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

/** A call that goes on the tape. */
interface Taped {
  readonly id: string
  readonly input: CallInput
  readonly connectionId: string | null
  readonly principal: Principal
  readonly entry: EntryId
  /** Why it was refused; nothing where it was allowed. */
  readonly code: string | null
}

/** Calls that go on their tapes, each field a list. */
interface Tapes {
  readonly at: string
  readonly ids: readonly string[]
  readonly holders: readonly string[]
  readonly connectionIds: readonly (string | null)[]
  readonly connections: readonly string[]
  readonly methods: readonly string[]
  readonly paths: readonly string[]
  readonly codes: readonly (string | null)[]
  readonly digests: readonly string[]
  readonly entries: readonly string[]
  readonly tapes: readonly string[]
}

/**
 * Puts calls on their tapes, in this order. Numbers of one holder are given out one after the other: `ends_of_tapes` holds each tape until the transaction ends.
 */
const taping = prepared(
  (_, it: Tapes) => sql`
    insert into call (org_id, id, holder_id, number, connection_id, connection, method, path, decision, code, state, request_digest, entry_id, at)
    select current_org(), c.id, c.holder, tape.last + row_number() over (partition by c.holder order by c.place),
      c.connection_id, c.connection, c.method, c.path,
      case when c.code is null then 'allowed' else 'denied' end, c.code,
      case when c.code is null then 'decided' else 'settled' end, c.request_digest, c.entry, ${it.at}::timestamptz
    from unnest(
      ${it.ids}::text[], ${it.holders}::text[], ${it.connectionIds}::text[], ${it.connections}::text[], ${it.methods}::text[], ${it.paths}::text[],
      ${it.codes}::text[], ${it.digests}::text[], ${it.entries}::text[]
    ) with ordinality as c (id, holder, connection_id, connection, method, path, code, request_digest, entry, place)
    join ends_of_tapes(${it.tapes}::text[]) as tape on tape.holder = c.holder`,
)

function taped(calls: readonly Taped[], ports: Ports): Tapes {
  return {
    at: new Date(ports.clock.now()).toISOString(),
    ids: calls.map(({ id }) => id),
    holders: calls.map(({ principal }) => principal.id),
    connectionIds: calls.map(({ connectionId }) => connectionId),
    connections: calls.map(({ input }) => input.connection),
    methods: calls.map(({ input }) => input.method),
    paths: calls.map(({ input }) => input.path.split('?')[0]?.slice(0, 2000) ?? ''),
    codes: calls.map(({ code }) => code),
    digests: calls.map(({ input }) => input.requestDigest),
    entries: calls.map(({ entry }) => entry),
    tapes: [...new Set(calls.map(({ principal }) => principal.id))],
  }
}

/** A credential as it lies in the store, with what the broker needs to open it. */
type StoredSecret = Pick<Selectable<SecretTable>, 'id' | 'environment_id' | 'version' | 'side' | 'wrapped'>

interface CallFound {
  readonly connection: Selectable<ConnectionTable>
  readonly environment: EnvironmentRef
  /** The newest version of its credential, sealed; nothing where it has none. */
  readonly secret: StoredSecret | undefined
}

function located(input: CallInput, principal: Principal, found: CallFound): Located<CallFound> {
  return {
    resource: connectionEntity(found.connection),
    others: [organizationEntity(principal.org)],
    environment: found.environment,
    context: { method: input.method, ...pathContext(readRequestPath(input.path).path) },
    found,
  }
}

const targets = prepared((tx, { slug, environment }: { slug: string; environment: string }) =>
  tx
    .selectFrom('connection')
    .innerJoin('environment', (join) =>
      join.onRef('environment.org_id', '=', 'connection.org_id').onRef('environment.id', '=', 'connection.environment_id'),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('secret')
          .select(['secret.version', 'secret.side', 'secret.wrapped', 'secret.environment_id as kept_in'])
          .whereRef('secret.org_id', '=', 'connection.org_id')
          .whereRef('secret.id', '=', 'connection.secret_id')
          .orderBy('secret.version', 'desc')
          .limit(1)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .selectAll('connection')
    .select(['environment.class', 'newest.version', 'newest.side', 'newest.wrapped', 'newest.kept_in'])
    .where('connection.slug', '=', slug)
    .orderBy((eb) => eb('connection.environment_id', '=', environment), 'desc')
    .limit(1),
)

/**
 * The connection that a slug means in an environment, with its environment and its credential. One of another environment is found too, so that the decision
 * can name what was tried. The credential is read in the transaction that decides: a version that was replaced before the call was decided is never used.
 */
async function findTarget(tx: Tx, slug: string, environment: string): Promise<CallFound> {
  const [row] = await targets({ slug, environment }).execute(tx)
  if (row === undefined)
    throw fail('undeclared_connection', `Nothing called \`${slug}\` is connected in this environment.`, {
      next: 'Declare it in the manifest, and have it connected.',
    })
  const { class: environmentClass, version, side, wrapped, kept_in, ...connection } = row
  const found = { connection, environment: { id: connection.environment_id, class: environmentClass } }
  if (connection.secret_id === null) return { ...found, secret: undefined }
  if (version === null || side === null || wrapped === null || kept_in === null)
    throw fail('internal', 'The credential of this connection is missing.')
  return { ...found, secret: { id: connection.secret_id, environment_id: kept_in, version, side, wrapped } }
}

type Calling = Performing<'connection:call', CallInput, CallFound>

function done({ input, found: { connection, secret } }: Calling, call: string) {
  const { path, query } = readRequestPath(input.path)
  const sealed =
    secret === undefined || connection.secret_header === null
      ? null
      : {
          id: secret.id,
          header: connection.secret_header,
          environment: secret.environment_id,
          version: secret.version,
          side: secret.side,
          wrapped: secret.wrapped,
        }
  return {
    result: { call, baseUrl: connection.base_url, path, query, loopback: connection.loopback, secret: sealed },
    facts: { call, connection: connection.slug, method: input.method, path, request: input.requestDigest, secret: sealed?.id ?? null },
    related: [{ rel: 'call', type: 'Call', id: call }],
  }
}

/** Calls of one transaction, in order: put on their tapes by what takes the statement, and answered. */
async function callAll(its: readonly Calling[], put: (statement: Prepared<unknown>) => unknown) {
  const [first] = its
  if (first === undefined) return []
  if (its.some(({ found }) => found.connection.state !== 'active')) throw fail('conflict', 'This connection is suspended.')
  const { ports } = first
  const calls = its.map((it) => ({ ...it, id: newId('cal', ports), connectionId: it.found.connection.id, code: null }))
  await put(taping(taped(calls, ports)))
  return calls.map((it) => done(it, it.id))
}

/** How several calls are located and decided together: each target is looked up once. What is out of the ordinary is left to the action itself. */
export const callTogether = {
  async locate(tx: Tx, its: readonly { readonly input: unknown; readonly principal: Principal }[]) {
    // The door has just parsed each of them with this action's schema.
    const calls = its.map(({ input, principal }) => ({ call: input as CallInput, principal, environment: principal.environment ?? '' }))
    const keyOf = ({ call, environment }: (typeof calls)[number]) => `${environment} ${call.connection}`
    const wanted = new Map(calls.map((one) => [keyOf(one), one]))
    const look = async ([key, { call, environment }]: readonly [string, (typeof calls)[number]]) =>
      [key, await unlessRefused(() => findTarget(tx, call.connection, environment))] as const
    const found = new Map(await Promise.all([...wanted].map(look)))
    return Promise.all(
      calls.map((one) => {
        const there = found.get(keyOf(one))
        const isPlain = there?.connection.state === 'active' && one.call.bearer === undefined
        return isPlain ? unlessRefused(() => located(one.call, one.principal, there)) : undefined
      }),
    )
  },
  // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
  perform: (its: readonly Performing<string, unknown, unknown>[], last: (statement: Sendable) => void) =>
    callAll(its as readonly Calling[], last),
}

async function unlessRefused<T>(find: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await find()
  } catch (error) {
    if (isCoded(error)) return undefined
    throw error
  }
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
    secret: sealedSecret.nullable(),
  }),
  locate: async ({ input, tx, principal }) => {
    // Read first: what is no path is refused before anything is looked up.
    readRequestPath(input.path)
    await requireOwnBearer(tx, input.bearer, principal)
    return located(input, principal, await findTarget(tx, input.connection, principal.environment ?? ''))
  },
  async perform(it) {
    const [answer] = await callAll([it], (statement) => statement.execute(it.tx))
    if (answer === undefined) throw fail('internal', 'A call was not answered.')
    return answer
  },
  async refused({ input, tx, ports, principal, entry, code }) {
    const connection = await tx
      .selectFrom('connection')
      .select('id')
      .where('slug', '=', input.connection)
      .where('environment_id', '=', principal.environment ?? '')
      .executeTakeFirst()
    const call = { id: newId('cal', ports), input, connectionId: connection?.id ?? null, principal, entry, code }
    await taping(taped([call], ports)).execute(tx)
  },
})
