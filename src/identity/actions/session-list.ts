// A person's sessions, listed and ended: one's own by oneself, those of others by an administrator. Where a session was opened from lies erasable beside the
// entry of its beginning, and reads as unknown once it is erased. What a device calls itself is its own word.
import { sql } from 'kysely'
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  type Located,
  organizationEntity,
  organizationRef,
  type Principal,
  pageInput,
  pageOf,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { endLinksMade, endSessionsOpened } from '../opened-from.ts'
import { findPerson } from '../people.ts'
import { familyOf, networks, placeOf } from '../place.ts'
import { sessionType } from './session.ts'

/** How a session was opened. */
const ways = ['link', 'break_glass', 'sso', 'passkey', 'recovery'] as const

type Opened = { readonly [column in 'sso_id' | 'passkey_id']: string | null } & { readonly [column in 'break_glass' | 'recovery']: boolean }

function wayOf({ sso_id, passkey_id, break_glass, recovery }: Opened): (typeof ways)[number] {
  if (sso_id !== null) return 'sso'
  if (passkey_id !== null) return 'passkey'
  if (recovery) return 'recovery'
  return break_glass ? 'break_glass' : 'link'
}

const listed = z.object({
  id: idOf('ses'),
  person: idOf('per'),
  here: z.boolean().meta({ description: 'Whether this request came with it.' }),
  device: z.string().meta({ description: 'What the device called itself, in few words; empty where it did not.' }),
  address: z.string().nullable().meta({ description: 'Where it was opened from; null where that is not known or was erased.' }),
  family: z.string().meta({ description: 'The family of the device, by its own word.' }),
  network: z.enum(networks).meta({ description: 'The kind of network that it was opened from.' }),
  place: z.string().nullable().meta({ description: 'The neighbourhood of that address; null where there is none to name.' }),
  via: z.enum(ways),
  sso: idOf('sso').nullable(),
  acr: z.string().nullable(),
  authenticatedAt: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  expiresAt: z.string(),
  idleSeconds: z.number(),
})

/** A session of a person as a resource: his own to him, an administrator's by his role on the organization. */
function sessionOf(principal: Principal, person: string, id: string): Pick<Located<undefined>, 'resource' | 'others'> {
  return {
    resource: { type: sessionType.name, id, attributes: { self: person }, parents: [organizationRef(principal.org)] },
    others: [organizationEntity(principal.org)],
  }
}

/** When a session ends at the latest, and how long it may lie unused: by the limits that it was opened with, and those that were noted when it was last seen. */
const endsAt = sql<Date>`least(s.expires_at, seen.ends_at)`
const idleSeconds = sql<number>`least(s.idle_seconds, seen.idle_seconds)`

/** Whether a session would be taken still: what lies unused for too long has ended, whoever has noted it. */
const isLive = (now: Date) =>
  sql<boolean>`${endsAt} > ${now} and coalesce(seen.at, s.created_at) + ${idleSeconds} * interval '1 second' >= ${now}`

/** Lists the live sessions of a person: one's own, or as an administrator anybody's. */
export const listSessions = action({
  name: 'person:sessions',
  summary: 'List the live sessions of a person: device, place, when last used, until when. One’s own without a role.',
  effect: 'read',
  roles: ['admin'],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({ person: idOf('per'), ...pageInput }),
  output: pageOf(listed),
  locate: async ({ input, tx, principal }) => {
    const person = await findPerson(tx, input.person)
    return { ...sessionOf(principal, person.id, person.id), found: person.id }
  },
  async perform({ input, found: person, tx, ports, principal }) {
    let query = tx
      .selectFrom('session as s')
      .leftJoin('session_seen as seen', 'seen.session_id', 's.id')
      .leftJoin('sidecar as place', (join) => join.onRef('place.entry_id', '=', 's.entry_id').on('place.name', '=', 'address'))
      .selectAll('s')
      .select(['seen.at as seen_at', 'place.content as address', endsAt.as('ends_at'), idleSeconds.as('idle')])
      .where('s.person_id', '=', person)
      .where('s.ended_at', 'is', null)
      .where(isLive(new Date(ports.clock.now())))
      .orderBy('s.id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('s.id', '>', input.after)
    const { items, next } = toPage(await query.execute(), input.limit)
    return {
      result: {
        items: items.map((row) => ({
          id: row.id,
          person: row.person_id,
          here: row.id === principal.credential,
          device: row.device,
          address: row.address,
          family: familyOf(row.device),
          ...placeOf(row.address),
          via: wayOf(row),
          sso: row.sso_id,
          acr: row.acr,
          authenticatedAt: toMoment(row.authenticated_at),
          createdAt: row.created_at.toISOString(),
          lastUsedAt: (row.seen_at ?? row.created_at).toISOString(),
          expiresAt: row.ends_at.toISOString(),
          idleSeconds: row.idle,
        })),
        next,
      },
    }
  },
})

/** Ends a session, wherever it is, and what came out of it. */
export const revokeSession = action({
  name: 'session:revoke',
  summary: 'End a session of one’s own on whatever device, or of anybody by an administrator.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({ session: idOf('ses') }),
  output: z.object({ id: idOf('ses'), ended: z.boolean() }),
  locate: async ({ input, tx, principal }) => {
    const row = await tx.selectFrom('session').select('person_id').where('id', '=', input.session).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no session with this id.')
    return { ...sessionOf(principal, row.person_id, input.session), found: row.person_id }
  },
  async perform({ input, found: person, tx, ports }) {
    // Whoever is opening a link at this moment that was made in it is through before, or not at all.
    await ports.holdAdmissions(tx)
    const { session } = input
    const at = new Date(ports.clock.now())
    const ended = await endSessionsOpened(tx, { session }, at)
    const links = await endLinksMade(tx, { session }, at)
    return {
      result: { id: session, ended: ended.includes(session) },
      facts: { sessions: ended.length, links },
      related: [{ rel: 'person', type: 'Person', id: person }],
      takesAway: true,
    }
  },
})
