// Actions on people: joining, one-time links, leaving. Names and addresses go into sidecars, never into an entry.
import { z } from 'zod'
import {
  action,
  base64url,
  fail,
  idOf,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type PersonId,
  type Ports,
  type Principal,
  reasonText,
  sensitivity,
  sensitivityLevel,
  slugText,
  type Tx,
  titleText,
} from '../../kernel/index.ts'
import { endPerson } from '../leave.ts'
import { findPerson, type PersonRow, personOutput, shownPerson } from '../people.ts'
import { keepingAdministrator } from '../scim/administrators.ts'
import { newSecretToken } from '../secret-token.ts'
import { linkTtlSeconds } from '../session.ts'
import { sessionLimits } from '../session-limits.ts'
import { signInRules } from '../sign-in/rules.ts'

/** A human as a resource of decisions. */
export const personType = { name: 'Person', attributes: { clearance: 'Long', chain: 'Set<String>' }, parents: ['Organization'] } as const

/** Adds a person, who holds nothing yet. */
export const createPerson = action({
  name: 'person:create',
  summary: 'Add a person, who holds nothing until something is granted.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, name: titleText, email: z.email().max(200), clearance: sensitivity.default('internal') }),
  output: personOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const id = newId('per', ports)
    const clearance = sensitivityLevel(input.clearance)
    const salt = base64url(ports.random.bytes(16))
    const { slug, name, email } = input
    const taken = await tx
      .selectFrom('person')
      .select('id')
      .where((eb) => eb.or([eb('slug', '=', slug), eb('email_key', '=', eb.fn<string>('lower', [eb.val(email)]))]))
      .executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'Somebody here has this slug or address already.', { pointer: '/slug' })
    const row = { id, slug, name, email, clearance, state: 'active' as const, salt, created_at: new Date(ports.clock.now()) }
    await tx
      .insertInto('person')
      .values({ org_id: principal.org, ...row })
      .execute()
    return {
      result: shownPerson(row),
      facts: { clearance: input.clearance },
      related: [{ rel: 'person', type: 'Person', id }],
      texts: { name, email },
    }
  },
})

const changeInput = z.strictObject({
  person: idOf('per'),
  name: titleText.optional(),
  clearance: sensitivity.optional(),
  reason: reasonText,
})

async function requireOwnName(tx: Tx, person: string): Promise<void> {
  const said = await tx.selectFrom('directory_user').select('person_id').where('person_id', '=', person).executeTakeFirst()
  if (said !== undefined)
    throw fail('conflict', 'A directory says what this person is called.', { pointer: '/name', next: 'Change it there.' })
}

/** Changes what a person is called or cleared for. His address stays: whoever has another is somebody else to a provider. */
export const changePerson = action({
  name: 'person:change',
  summary: 'Change what a person is called, or cleared for. Nobody clears somebody for more than he is cleared for himself.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: changeInput,
  output: personOutput,
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ input, found, tx, ports, principal }) {
    if (found.state !== 'active') throw fail('conflict', 'This person has left.', { pointer: '/person' })
    const name = input.name ?? found.name
    const clearance = input.clearance === undefined ? found.clearance : sensitivityLevel(input.clearance)
    if (name === found.name && clearance === found.clearance) throw fail('invalid', 'It is like that already.', { pointer: '/name' })
    if (name !== found.name) await requireOwnName(tx, found.id)
    if (clearance > found.clearance && clearance > principal.clearance)
      throw fail('denied', 'Nobody clears somebody for more than he is cleared for himself.', { next: 'Name a lower clearance.' })
    const isLess = clearance < found.clearance
    if (isLess) await ports.holdAdmissions(tx)
    await tx.updateTable('person').set({ name, clearance }).where('id', '=', found.id).execute()
    const after = { ...found, name, clearance }
    return {
      result: shownPerson(after),
      facts: { clearance: shownPerson(after).clearance, before: shownPerson(found).clearance },
      related: [{ rel: 'person', type: 'Person', id: found.id }],
      texts: { name, reason: input.reason },
      takesAway: isLess,
    }
  },
})

/** Makes a one-time sign-in link for a person. */
export const linkPerson = action({
  name: 'person:link',
  summary: 'Make a one-time sign-in link for a person, good for ten minutes.',
  effect: 'change',
  roles: ['admin'],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({ person: idOf('per') }),
  output: z.object({ person: idOf('per'), token: z.string(), expiresAt: z.string() }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ found, tx, ports, principal }) {
    const { requireSso } = await signInRules(tx)
    // Whoever holds this machine has other ways in; what he makes is a break-glass link, and is seen as one.
    if (requireSso && principal.kind !== 'system') {
      throw fail('sso_required', 'People of this organization sign in through its provider.', {
        next: 'Where that is not possible, make a break-glass link: `twinlock person break-glass`. Every administrator sees it.',
      })
    }
    return makeLink({ tx, ports, principal, person: found, breakGlass: requireSso })
  },
})

interface MakingLink {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly person: PersonRow
  readonly breakGlass: boolean
}

/** When a session that a link opened ends, in which its own person makes another link for himself: one after the other would never end. */
async function endOfChain({ tx, ports, principal, person }: MakingLink): Promise<Date | null> {
  if (principal.id !== person.id) return null
  const session = await tx
    .selectFrom('session')
    .select(['created_at', 'expires_at'])
    .where('id', '=', principal.credential ?? '')
    .where('sso_id', 'is', null)
    .where('passkey_id', 'is', null)
    .where('recovery', '=', false)
    .executeTakeFirst()
  if (session === undefined) return null
  const { ttlSeconds } = await sessionLimits(tx, person.id, ports)
  return new Date(Math.min(session.expires_at.getTime(), session.created_at.getTime() + ttlSeconds * 1000))
}

async function makeLink(it: MakingLink) {
  const { tx, ports, principal, person, breakGlass: isBreakGlass } = it
  const { org } = principal
  if (person.state !== 'active') throw fail('conflict', 'This person has left.', { pointer: '/person' })
  const { token, hash } = newSecretToken('twl', org, ports)
  const expires = new Date(ports.clock.now() + linkTtlSeconds * 1000)
  await tx
    .insertInto('one_time_link')
    .values({
      org_id: org,
      hash,
      person_id: person.id,
      expires_at: expires,
      used_at: null,
      break_glass: isBreakGlass,
      lasts_until: await endOfChain(it),
      made_in: principal.kind === 'person' ? (principal.credential ?? null) : null,
    })
    .execute()
  return {
    result: { person: person.id as PersonId, token, expiresAt: expires.toISOString() }, // the column holds nothing else
    facts: { link: hash.slice(0, 16), ttlSeconds: linkTtlSeconds, ...(isBreakGlass ? { breakGlass: true } : {}) },
    related: [{ rel: 'person', type: 'Person', id: person.id }],
  }
}

/** Makes a one-time link past the provider that the organization requires. */
export const breakGlass = action({
  name: 'person:break-glass',
  summary:
    'Make a one-time link for a person although the organization requires its provider: for when that is down. Every administrator sees it.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ person: idOf('per'), reason: reasonText }),
  output: z.object({ person: idOf('per'), token: z.string(), expiresAt: z.string() }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ input, found, tx, ports, principal }) {
    const made = await makeLink({ tx, ports, principal, person: found, breakGlass: true })
    return { ...made, texts: { reason: input.reason } }
  },
})

/** Ends a person's time here: sessions, links and grants end at once, and so do the live runs that he operates. */
export const offboardPerson = action({
  name: 'person:offboard',
  summary: 'End what a person holds: sessions, links, grants and the live runs that he operates.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ person: idOf('per') }),
  output: z.object({
    person: idOf('per'),
    ended: z.record(z.string(), z.number()).meta({ description: 'How many ended, by what it was.' }),
  }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const ended = await keepingAdministrator(tx, ports, () => endPerson(tx, ports, { org: principal.org, person: found.id }))
    return {
      result: { person: found.id, ended: { ...ended } },
      facts: { ended },
      related: [{ rel: 'person', type: 'Person', id: found.id }],
      takesAway: true,
    }
  },
})
