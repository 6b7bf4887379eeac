// Guests: a person from elsewhere, invited into projects, in a role, until a day, by somebody who answers for him. Names and addresses come from whoever invites;
// the person is found by his address, so that nobody is here twice.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { GuestTable } from '../../identity/index.ts'
import {
  type Entity,
  type EntityRef,
  fail,
  idOf,
  organizationRef,
  type Ports,
  type Principal,
  type ResourceType,
  roles,
  type Tx,
  toMoment,
} from '../../kernel/index.ts'
import { called } from '../called.ts'

/** An invitation as its row says. */
export type Guest = Selectable<GuestTable>

/** How long somebody may be a guest, from now, in days. */
export const guestDaysMax = 180
/** How many projects one invitation is for. */
export const guestProjectsMax = 20

const dayMs = 86_400_000

/** The roles that a guest may have: he administers nothing. */
export const guestRoles = roles.filter((role) => role !== 'admin')

/** A guest as a resource. What names its sponsor as `self` is the sponsor's to do. */
export const guestType = {
  name: 'Guest',
  attributes: { self: 'String' },
  parents: ['Project', 'Organization'],
} as const satisfies ResourceType

/** A guest as an entity; `self` is whose it is to do. */
export function guestEntity({ org_id, id, projects }: Pick<Guest, 'org_id' | 'id' | 'projects'>, self: string): Entity {
  const above: EntityRef[] = [...projects.map((project) => ({ type: 'Project', id: project })), organizationRef(org_id)]
  return { type: 'Guest', id, attributes: { self }, parents: above }
}

/** A guest as he is answered. */
export const guestOutput = z.object({
  id: idOf('gst'),
  person: idOf('per'),
  slug: z.string(),
  name: z.string(),
  sponsor: idOf('per'),
  sponsorName: z.string().nullable(),
  asked: z.string().nullable().meta({ description: 'Who was asked to become the sponsor and has not accepted yet.' }),
  role: z.enum(roles),
  projects: z.array(z.string()),
  environments: z.array(z.string()),
  until: z.string(),
  state: z.enum(['invited', 'active', 'paused', 'ended']),
  engagement: z.string().nullable(),
  invitedBy: z.string(),
  createdAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  mine: z.boolean().meta({ description: 'Whether the caller is the sponsor.' }),
})

/** Guests as they are answered to somebody. */
export async function shownGuests(
  tx: Tx,
  rows: readonly Guest[],
  principal: Pick<Principal, 'id'>,
): Promise<z.input<typeof guestOutput>[]> {
  if (rows.length === 0) return []
  const people = await tx
    .selectFrom('person')
    .select(['id', 'slug', 'name'])
    .where('id', 'in', [...new Set(rows.map(({ person_id }) => person_id))])
    .execute()
  const byId = new Map(people.map((one) => [one.id, one]))
  const names = await called(
    tx,
    rows.map(({ sponsor_id }) => sponsor_id),
  )
  return rows.map((row) => ({
    id: row.id,
    person: row.person_id,
    slug: byId.get(row.person_id)?.slug ?? '',
    name: byId.get(row.person_id)?.name ?? '',
    sponsor: row.sponsor_id,
    sponsorName: names.get(row.sponsor_id) ?? null,
    asked: row.asked_id,
    role: z.enum(roles).parse(row.role),
    projects: row.projects,
    environments: row.environments,
    until: row.until.toISOString(),
    state: row.state,
    engagement: row.engagement_id,
    invitedBy: row.invited_by,
    createdAt: toMoment(row.created_at),
    endedAt: toMoment(row.ended_at),
    mine: row.sponsor_id === principal.id,
  }))
}

/** One guest as he is answered. */
export async function shownGuest(tx: Tx, row: Guest, principal: Pick<Principal, 'id'>): Promise<z.input<typeof guestOutput>> {
  const [shown] = await shownGuests(tx, [row], principal)
  if (shown === undefined) throw fail('internal', 'A guest is not shown.')
  return shown
}

/** Finds an invitation. Throws `not_found`. */
export async function findGuest(tx: Tx, id: string): Promise<Guest> {
  const row = await tx.selectFrom('guest').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no guest with this id.')
  return row
}

/** An invitation, held as it is until the transaction ends. */
export async function holdGuest(tx: Tx, id: string): Promise<Guest> {
  return tx.selectFrom('guest').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
}

/** An end that a guest or an engagement may have. Throws `invalid`. */
export function requireEnd(until: string, { clock }: Pick<Ports, 'clock'>, days: number): Date {
  const end = new Date(until)
  if (end.getTime() <= clock.now()) throw fail('invalid', 'This moment has passed.', { pointer: '/until' })
  if (end.getTime() > clock.now() + days * dayMs) throw fail('invalid', `This is more than ${days} days from now.`, { pointer: '/until' })
  return end
}

/** Whoever answers for somebody from elsewhere works here himself. Throws `invalid`. */
export async function requireSponsor(tx: Tx, id: string): Promise<void> {
  const person = await tx.selectFrom('person').select('state').where('id', '=', id).executeTakeFirst()
  const guest = await tx.selectFrom('guest').select('id').where('person_id', '=', id).executeTakeFirst()
  if (person?.state === 'active' && guest === undefined) return
  throw fail('invalid', 'A sponsor is an active person who is no guest himself.', { pointer: '/sponsor' })
}

/** Where the projects of an invitation or an engagement lie. Throws `invalid`. */
export async function aboveProjects(tx: Tx, { scopes }: Pick<Ports, 'scopes'>, projects: readonly string[]): Promise<EntityRef[]> {
  const found: EntityRef[] = []
  for (const [at, id] of projects.entries()) {
    const above = await scopes.above(tx, { type: 'Project', id })
    if (above === undefined) throw fail('invalid', 'There is no project with this id.', { pointer: `/projects/${at}` })
    for (const one of above) if (!found.some(({ id: known }) => known === one.id)) found.push(one)
  }
  return found
}
