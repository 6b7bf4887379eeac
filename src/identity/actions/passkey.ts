// Actions on passkeys: one's own are offered, added, named and removed by oneself, in a session that was signed in to lately; an administrator sees and removes
// anybody's and adds nobody's. What a passkey opened ends with it.
import { z } from 'zod'
import {
  action,
  base64url,
  fail,
  fromBase64url,
  idOf,
  type Located,
  newId,
  organizationEntity,
  organizationRef,
  organizationType,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  type Tx,
  titleText,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { findPerson } from '../people.ts'
import { challengeSeconds, holderName, newPasskeyShape, passkeyPlace, passkeysMax, requireNamedPlace } from '../sign-in/passkeys.ts'
import { attemptName, spendOnce } from '../sign-in/proof.ts'
import { callerEntity, sessionType } from './session.ts'

const listed = z.object({
  id: idOf('psk'),
  person: idOf('per'),
  name: z.string(),
  synced: z.boolean().meta({ description: 'Whether it is kept by more than one device.' }),
  state: z.enum(['active', 'suspended']).meta({ description: 'Suspended: there seems to be a copy of it, and it signs in no more.' }),
  createdAt: z.string(),
  usedAt: z.string().nullable(),
})

const stateShape = z.strictObject({ challenge: z.string(), session: z.string(), at: z.number() })

/** A person's passkeys as a resource: his own to him, an administrator's by his role on the organization. */
function passkeysOf(principal: Principal, person: string, id: string): Pick<Located<undefined>, 'resource' | 'others'> {
  return {
    resource: { type: sessionType.name, id, attributes: { self: person }, parents: [organizationRef(principal.org)] },
    others: [organizationEntity(principal.org)],
  }
}

async function findPasskey(tx: Tx, id: string) {
  const row = await tx.selectFrom('passkey').selectAll().where('id', '=', id).where('state', '<>', 'removed').executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no passkey with this id.')
  return row
}

const related = (passkey: string, person: string) => [
  { rel: 'passkey', type: 'Passkey', id: passkey },
  { rel: 'person', type: 'Person', id: person },
]

/** Offers to make a passkey: what the browser asks the device for. */
export const offerPasskey = action({
  name: 'passkey:offer',
  summary: 'Begin to make a passkey: what a browser asks its device for, good for five minutes in this session.',
  effect: 'read',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({}),
  output: z.object({
    challenge: z.string(),
    rpId: z.string(),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    exclude: z.array(z.string()).meta({ description: 'Passkeys that are there already.' }),
    state: z.string().meta({ description: 'To be sent back with the answer.' }),
  }),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ tx, ports, principal }) {
    const place = passkeyPlace(ports.baseUrl)
    requireNamedPlace(place)
    const person = await findPerson(tx, principal.id)
    const there = await tx
      .selectFrom('passkey')
      .select('credential_id')
      .where('person_id', '=', person.id)
      .where('state', '=', 'active')
      .execute()
    const challenge = base64url(ports.random.bytes(32))
    const state = { challenge, session: principal.credential ?? '', at: ports.clock.now() }
    return {
      result: {
        challenge,
        rpId: place.rpId,
        user: { id: holderName(principal.org, person.id), name: person.slug, displayName: person.name },
        exclude: there.map(({ credential_id }) => credential_id),
        state: base64url(ports.signInSeal.seal(principal.org, 'challenge', person.id, JSON.stringify(state))),
      },
    }
  },
})

/** The challenge that was offered to this very session, used up. Throws `sign_in_expired`, `sign_in_replayed`. */
async function takeChallenge(tx: Tx, ports: Ports, principal: Principal, sealed: string): Promise<string> {
  const expired = () => fail('sign_in_expired', 'This session was offered no passkey in the last five minutes.', { next: 'Begin again.' })
  let state: z.output<typeof stateShape>
  try {
    state = stateShape.parse(JSON.parse(ports.signInSeal.open(principal.org, 'challenge', principal.id, fromBase64url(sealed))))
  } catch {
    throw expired() // what does not open was not offered here
  }
  if (state.session !== principal.credential || ports.clock.now() - state.at > challengeSeconds * 1000) throw expired()
  await spendOnce(tx, principal.org, [{ hash: attemptName(state.challenge, ports) }], ports)
  return state.challenge
}

async function requireRoom(tx: Tx, person: string, credential: string): Promise<void> {
  const there = await tx
    .selectFrom('passkey')
    .select(['person_id', 'credential_id', 'state'])
    .where((eb) => eb.or([eb('person_id', '=', person), eb('credential_id', '=', credential)]))
    .execute()
  if (there.some(({ credential_id }) => credential_id === credential))
    throw fail('conflict', 'This passkey is, or was, here already.', { pointer: '/answer/id' })
  if (there.filter(({ state }) => state !== 'removed').length >= passkeysMax)
    throw fail('conflict', `A person has ${passkeysMax} passkeys at most.`, { next: 'Remove one that you do not use.' })
}

/** Adds a passkey of one's own. */
export const addPasskey = action({
  name: 'passkey:add',
  summary: 'Add a passkey of one’s own, made by the device for what was offered.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({
    name: titleText,
    state: z
      .string()
      .max(1_000)
      .regex(/^[\w-]+$/),
    answer: newPasskeyShape,
  }),
  output: listed,
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ input, tx, ports, principal }) {
    const challenge = await takeChallenge(tx, ports, principal, input.state)
    const made = await ports.passkeys.register(passkeyPlace(ports.baseUrl), challenge, input.answer)
    await requireRoom(tx, principal.id, made.credentialId)
    const row = {
      org_id: principal.org,
      id: newId('psk', ports),
      person_id: principal.id,
      credential_id: made.credentialId,
      public_key: made.publicKey,
      counter: made.counter,
      transports: made.transports.join(' '),
      synced: made.isSynced,
      name: input.name,
      state: 'active' as const,
      created_at: new Date(ports.clock.now()),
      used_at: null,
    }
    await tx.insertInto('passkey').values(row).execute()
    return {
      result: shown(row),
      facts: { synced: row.synced },
      related: related(row.id, principal.id),
      texts: { name: input.name },
    }
  },
})

interface ShownPasskey {
  readonly id: string
  readonly person_id: string
  readonly name: string
  readonly synced: boolean
  readonly state: 'active' | 'suspended' | 'removed'
  readonly created_at: Date
  readonly used_at: Date | null
}

function shown(row: ShownPasskey) {
  return {
    id: row.id,
    person: row.person_id,
    name: row.name,
    synced: row.synced,
    state: row.state === 'active' ? ('active' as const) : ('suspended' as const),
    createdAt: row.created_at.toISOString(),
    usedAt: toMoment(row.used_at),
  }
}

/** Lists the passkeys of a person: one's own, or as an administrator anybody's. */
export const listPasskeys = action({
  name: 'person:passkeys',
  summary: 'List the passkeys of a person, and how many of his recovery codes are unused. One’s own without a role.',
  effect: 'read',
  roles: ['admin'],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({ person: idOf('per'), ...pageInput }),
  output: pageOf(listed).extend({
    recoveryCodes: z.number(),
    possible: z.boolean().meta({ description: 'Whether passkeys work here: they need a name.' }),
  }),
  locate: async ({ input, tx, principal }) => {
    const person = await findPerson(tx, input.person)
    return { ...passkeysOf(principal, person.id, person.id), found: person.id }
  },
  async perform({ input, found: person, tx, ports }) {
    let query = tx
      .selectFrom('passkey')
      .selectAll()
      .where('person_id', '=', person)
      .where('state', '<>', 'removed')
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const { items, next } = toPage(await query.execute(), input.limit)
    const left = await tx
      .selectFrom('recovery_code')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('person_id', '=', person)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    return { result: { items: items.map(shown), next, recoveryCodes: Number(left.count), possible: isPossible(ports) } }
  },
})

function isPossible({ baseUrl }: Pick<Ports, 'baseUrl'>): boolean {
  return !/^\[|^[\d.]+$/.test(passkeyPlace(baseUrl).rpId)
}

/** Gives a passkey of one's own another name. */
export const renamePasskey = action({
  name: 'passkey:rename',
  summary: 'Give a passkey of one’s own another name.',
  effect: 'change',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({ passkey: idOf('psk'), name: titleText }),
  output: listed,
  locate: async ({ input, tx, principal }) => {
    const row = await findPasskey(tx, input.passkey)
    return { ...passkeysOf(principal, row.person_id, row.id), found: row }
  },
  async perform({ input, found, tx }) {
    await tx.updateTable('passkey').set({ name: input.name }).where('id', '=', found.id).execute()
    return { result: shown({ ...found, name: input.name }), related: related(found.id, found.person_id), texts: { name: input.name } }
  },
})

/** Ends the sessions that a passkey opened. */
async function endSessions(tx: Tx, passkey: string, { clock }: Pick<Ports, 'clock'>): Promise<number> {
  const ended = await tx
    .updateTable('session')
    .set({ ended_at: new Date(clock.now()) })
    .where('passkey_id', '=', passkey)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}

const ending = z.object({ id: idOf('psk'), sessions: z.number() })

/** Removes a passkey, and ends the sessions that it opened. */
export const removePasskey = action({
  name: 'passkey:remove',
  summary: 'Remove a passkey of one’s own, or of anybody by an administrator; the sessions that it opened end.',
  effect: 'change',
  roles: ['admin'],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({ passkey: idOf('psk') }),
  output: ending,
  locate: async ({ input, tx, principal }) => {
    const row = await findPasskey(tx, input.passkey)
    return { ...passkeysOf(principal, row.person_id, row.id), found: row.person_id }
  },
  async perform({ input, found: person, tx, ports }) {
    // Whoever is signing in with it at this moment is through before, or not at all.
    await ports.holdAdmissions(tx)
    await tx.updateTable('passkey').set({ state: 'removed' }).where('id', '=', input.passkey).execute()
    const sessions = await endSessions(tx, input.passkey, ports)
    return { result: { id: input.passkey, sessions }, facts: { sessions }, related: related(input.passkey, person), takesAway: true }
  },
})

/** Takes a passkey out of use whose counter went back: there are two of it. */
export const suspendPasskey = action({
  name: 'passkey:suspend',
  summary: 'Take a passkey out of use whose counter went back, which only a copy of it can do.',
  effect: 'change',
  roles: [],
  system: ['sign-in'],
  resource: organizationType,
  input: z.strictObject({ passkey: idOf('psk'), counter: z.number().int().min(0), known: z.number().int().min(0) }),
  output: ending,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findPasskey(tx, input.passkey),
  }),
  async perform({ input, found, tx, ports }) {
    await ports.holdAdmissions(tx)
    await tx
      .updateTable('passkey')
      .set({ state: 'suspended', used_at: new Date(ports.clock.now()) })
      .where('id', '=', found.id)
      .execute()
    const sessions = await endSessions(tx, found.id, ports)
    const facts = { sessions, counter: input.counter, known: input.known }
    return { result: { id: input.passkey, sessions }, facts, related: related(found.id, found.person_id), takesAway: true }
  },
})
