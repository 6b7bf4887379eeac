// Actions on sessions: a link, or what was proved, is used up and a session made in one transaction; a session can be ended by whoever holds it.
import { z } from 'zod'
import {
  action,
  type EntryId,
  type Id,
  idOf,
  locateOrganization,
  newId,
  organizationType,
  type Principal,
  type ResourceType,
} from '../../kernel/index.ts'
import { nothingFollowed } from '../following.ts'
import { findPerson } from '../people.ts'
import { newSecretToken } from '../secret-token.ts'
import { type SessionLimits, sessionLimits } from '../session-limits.ts'
import { type Entrance, enter, type Opening } from '../sign-in/entrance.ts'
import { keepSaid } from '../sign-in/said.ts'

/** A signed-in person's session; its own person may do to it what names `person`. */
export const sessionType = { name: 'Session', attributes: { self: 'String' }, parents: ['Organization'] } as const satisfies ResourceType

const ownSession = (person: string, id: string) => ({ type: 'Session', id, attributes: { self: person }, parents: [] })

/** The caller as a resource that is his own: what it names may be done without a role. */
export const callerEntity = ({ id }: Principal) => ownSession(id, id)

/** Uses up what authenticates the request; what is said of him now decides how long his session lasts, too. All of it is asked in one moment. */
async function entered(it: Opening) {
  const limits = () => sessionLimits(it.tx, it.principal.id, it.ports)
  const [entrance, followed, before] = await Promise.all([enter(it), keepSaid(it), limits()])
  return { entrance, followed, limits: followed === nothingFollowed ? before : await limits() }
}

interface Opened {
  readonly entrance: Entrance
  readonly limits: SessionLimits
  readonly device: string
  readonly entry: EntryId
}

async function openSession({ tx, ports, principal }: Opening, { entrance, limits, device, entry }: Opened) {
  const now = ports.clock.now()
  const { ttlSeconds: usual, idleSeconds } = limits
  const left = entrance.lastsUntil == null ? usual : Math.floor((entrance.lastsUntil.getTime() - now) / 1000)
  const ttlSeconds = Math.max(0, Math.min(usual, left))
  const id = newId('ses', ports)
  const { token, hash } = newSecretToken('tws', principal.org, ports)
  const expires = new Date(now + ttlSeconds * 1000)
  const session = {
    ...entrance.columns,
    org_id: principal.org,
    id,
    hash,
    person_id: principal.id,
    created_at: new Date(now),
    expires_at: expires,
    ended_at: null,
    entry_id: entry,
    device,
    idle_seconds: idleSeconds,
  }
  const seen = { org_id: principal.org, session_id: id, at: new Date(now) }
  await Promise.all([tx.insertInto('session').values(session).execute(), tx.insertInto('session_seen').values(seen).execute()])
  return { id, token, expires, ttlSeconds }
}

/** Uses up what authenticates the request, a one-time link or a proof, and opens a session. */
export const createSession = action({
  name: 'session:create',
  summary: 'Sign in with a one-time link, which is used up.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({
    device: z
      .string()
      .max(60)
      .regex(/^[\x20-\x7e]*$/)
      .default('')
      .meta({ description: 'What the device calls itself, in few words.' }),
  }),
  output: z.object({
    id: idOf('ses'),
    token: z.string(),
    expiresAt: z.string(),
    person: z.object({ id: idOf('per'), slug: z.string() }),
    organization: idOf('org'),
  }),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ input, tx, ports, principal, entry }) {
    const it = { tx, ports, principal }
    const { entrance, followed, limits } = await entered(it)
    const { id, token, expires, ttlSeconds } = await openSession(it, { entrance, limits, device: input.device, entry })
    const { sso_id, passkey_id } = entrance.columns
    return {
      result: {
        id,
        token,
        expiresAt: expires.toISOString(),
        person: { id: principal.id, slug: principal.name },
        organization: principal.org,
      },
      facts: { ttlSeconds, via: entrance.via, ...(followed === nothingFollowed ? {} : { mapping: { ...followed } }) },
      takesAway: followed.ended > 0,
      related: [
        { rel: 'session', type: 'Session', id },
        ...(sso_id === null ? [] : [{ rel: 'sso', type: 'Sso', id: sso_id }]),
        ...(passkey_id === null ? [] : [{ rel: 'passkey', type: 'Passkey', id: passkey_id }]),
      ],
      ...(principal.address === undefined ? {} : { texts: { address: principal.address } }),
    }
  },
})

const heldGrant = z.object({
  id: idOf('grt'),
  role: z.string(),
  scope: z.object({ kind: z.string(), id: z.string() }),
  environments: z.array(z.string()).meta({ description: 'Only in these environments; everywhere when empty.' }),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  reason: z.string().nullable().meta({ description: 'Null where the text was erased.' }),
})

/** Says who the caller is, and what he was given. */
export const showSession = action({
  name: 'session:show',
  summary: 'Say who is signed in, and what roles he holds where.',
  effect: 'read',
  roles: [],
  by: ['person', 'pipeline', 'agent', 'service', 'run'],
  resource: sessionType,
  input: z.strictObject({}),
  output: z.object({
    kind: z.string(),
    id: z.string(),
    name: z.string(),
    organization: idOf('org'),
    organizationSlug: z.string(),
    organizationName: z.string(),
    person: z
      .object({ id: idOf('per'), slug: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'Null for a workload.' }),
    spiffeId: z.string().nullable(),
    grants: z.array(heldGrant),
    names: z
      .record(z.string(), z.string())
      .meta({ description: 'How the things and environments of these grants are called, by their ids: `slug`, or `slug@version`.' }),
  }),
  locate: async ({ principal }) => ({ resource: ownSession(principal.id, principal.credential ?? principal.id), found: undefined }),
  async perform({ principal, tx, ports }) {
    const organization = await tx.selectFrom('organization').select(['slug', 'name']).executeTakeFirstOrThrow()
    const person = principal.kind === 'person' ? await findPerson(tx, principal.id) : undefined
    const grants = await ports.entitlements.of(tx, principal.id, ports.clock.now())
    const held = grants.flatMap(({ scope, environments }) => [...(scope.kind === 'organization' ? [] : [scope.id]), ...environments])
    const names = await ports.slugs.of(tx, held)
    return {
      result: {
        kind: principal.kind,
        id: principal.id,
        name: principal.name,
        organization: principal.org,
        organizationSlug: organization.slug,
        organizationName: organization.name,
        person: person === undefined ? null : { id: person.id, slug: person.slug, name: person.name },
        spiffeId: principal.spiffeId ?? null,
        grants: grants.map((grant) => ({ ...grant, environments: [...grant.environments] })),
        names: Object.fromEntries(names),
      },
    }
  },
})

/** Ends the caller's own session. */
export const endSession = action({
  name: 'session:end',
  summary: 'Sign out: end the session that this request came with.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({}),
  output: z.object({
    ended: z.boolean(),
    sso: idOf('sso')
      .nullable()
      .meta({ description: 'The connection that it came through: the provider may hold a session of its own still.' }),
    session: idOf('ses').nullable().meta({ description: 'The session that ended.' }),
  }),
  locate: async ({ principal }) => ({ resource: ownSession(principal.id, principal.credential ?? principal.id), found: undefined }),
  async perform({ tx, ports, principal }) {
    const ended = await tx
      .updateTable('session')
      .set({ ended_at: new Date(ports.clock.now()) })
      .where('id', '=', principal.credential ?? '')
      .where('ended_at', 'is', null)
      .returning(['id', 'sso_id'])
      .executeTakeFirst()
    const sso = (ended?.sso_id ?? null) as Id<'sso'> | null // the column holds nothing else
    const session = (ended?.id ?? null) as Id<'ses'> | null // as above
    return { result: { ended: ended !== undefined, sso, session }, takesAway: true }
  },
})

/** Records how many requests nobody could be found behind, by code, since the last time. */
export const recordRefusals = action({
  name: 'session:refusals',
  summary: 'Record how many requests nobody could be found behind.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({ counts: z.record(z.string().max(60), z.number().int().min(1)) }),
  output: z.object({ total: z.number() }),
  locate: locateOrganization,
  perform: async ({ input }) => {
    const total = Object.values(input.counts).reduce((sum, count) => sum + count, 0)
    return { result: { total }, facts: { counts: input.counts } }
  },
})
