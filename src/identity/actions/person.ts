// Actions on people: joining, one-time links, leaving. Names and addresses go into sidecars, never into an entry.
import { z } from 'zod'
import {
  action,
  base64url,
  fail,
  idOf,
  newId,
  organizationEntity,
  organizationType,
  pageInput,
  pageOf,
  sensitivities,
  sensitivity,
  slugText,
  titleText,
  toPage,
} from '../../kernel/index.ts'
import { endPerson } from '../leave.ts'
import { findPerson } from '../people.ts'
import { newSecretToken } from '../secret-token.ts'
import { linkTtlSeconds } from '../session.ts'

const personOutput = z.object({
  id: idOf('per'),
  slug: z.string(),
  name: z.string(),
  clearance: sensitivity,
  state: z.enum(['active', 'left']),
})

interface PersonRow {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly clearance: number
  readonly state: 'active' | 'left'
}

function shown(person: PersonRow) {
  return {
    id: person.id,
    slug: person.slug,
    name: person.name,
    clearance: sensitivities[person.clearance] ?? 'public',
    state: person.state,
  }
}

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
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ input, tx, ports, principal }) {
    const id = newId('per', ports)
    const clearance = sensitivities.indexOf(input.clearance)
    const salt = base64url(ports.random.bytes(16))
    const { slug, name, email } = input
    const taken = await tx
      .selectFrom('person')
      .select('id')
      .where((eb) => eb.or([eb('slug', '=', slug), eb('email', '=', email)]))
      .executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'Somebody here has this slug or address already.', { pointer: '/slug' })
    const row = { id, slug, name, email, clearance, state: 'active' as const, salt, created_at: new Date(ports.clock.now()) }
    await tx
      .insertInto('person')
      .values({ org_id: principal.org, ...row })
      .execute()
    return {
      result: shown(row),
      facts: { clearance: input.clearance },
      related: [{ rel: 'person', type: 'Person', id }],
      texts: { name, email },
    }
  },
})

/** Lists the people of the organization. */
export const listPeople = action({
  name: 'person:list',
  summary: 'List the people of the organization.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(personOutput),
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('person')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { ...page, items: page.items.map(shown) } }
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
    if (found.state !== 'active') throw fail('conflict', 'This person has left.', { pointer: '/person' })
    const { token, hash } = newSecretToken('twl', principal.org, ports)
    const expires = new Date(ports.clock.now() + linkTtlSeconds * 1000)
    await tx
      .insertInto('one_time_link')
      .values({ org_id: principal.org, hash, person_id: found.id, expires_at: expires, used_at: null })
      .execute()
    return {
      result: { person: found.id, token, expiresAt: expires.toISOString() },
      facts: { link: hash.slice(0, 16), ttlSeconds: linkTtlSeconds },
      related: [{ rel: 'person', type: 'Person', id: found.id }],
    }
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
  output: z.object({ person: idOf('per'), sessions: z.number(), links: z.number(), ended: z.record(z.string(), z.number()) }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ found, tx, ports, principal }) {
    await ports.holdAdmissions(tx)
    const left = await endPerson(tx, ports, { org: principal.org, person: found.id })
    const result = { person: found.id, ...left, ended: { ...left.ended } }
    return {
      result,
      facts: { ...left },
      related: [{ rel: 'person', type: 'Person', id: found.id }],
      takesAway: true,
    }
  },
})
