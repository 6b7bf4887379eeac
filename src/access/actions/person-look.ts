// People as administrators and auditors look at them: who is here, found by what is known of them; and one of them with everything that he holds and through
// what. Names and what a directory says come from outside; they are shown, and decide nothing.
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import {
  describedPeople,
  findInput,
  findPerson,
  isFoundBy,
  mappingAttributes,
  personOutput,
  selfAndGroups,
  selvesAndBelow,
  shownPerson,
} from '../../identity/index.ts'
import {
  action,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  roles,
  slugText,
  type Tx,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { called } from '../called.ts'
import { guestOutput, shownGuests } from '../guests/guest.ts'

const kind = z.enum(['member', 'guest']).meta({ description: 'A guest was invited from elsewhere; everybody else is a member.' })
const listed = personOutput.extend({
  kind,
  since: z.string(),
  leftAt: z.string().nullable().meta({ description: 'When he left; null where he is here.' }),
})

const isGuest = sql<boolean>`exists (select from guest g where g.org_id = p.org_id and g.person_id = p.id)`

/** Everybody who holds a position now: by a mapping that speaks of him, or of a group that he is in. */
function holdersOf(position: string, now: Date): RawBuilder<string> {
  return selvesAndBelow(sql`select g.principal_id from mapping m
    join mapped_grant k on k.org_id = m.org_id and k.mapping_id = m.id
    join "grant" g on g.org_id = k.org_id and g.id = k.grant_id
    where m.position = ${position} and m.state = 'active' and g.revoked_at is null and (g.expires_at is null or g.expires_at > ${now})`)
}

/** Whoever is here again has left no more, whatever is kept of that. */
const leftAtOf = (state: 'active' | 'left', at: Date | null | undefined): string | null => (state === 'left' ? toMoment(at ?? null) : null)

/** Lists people. */
export const listPeople = action({
  name: 'person:list',
  summary: 'List the people of the organization: by name, whether they are here, guests or not, in a group, in a position.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({
    ...pageInput,
    find: findInput.optional(),
    state: personOutput.shape.state.optional(),
    kind: kind.optional(),
    group: idOf('grp').optional().meta({ description: 'Who is in this group, directly or through others.' }),
    position: slugText.optional().meta({ description: 'Who holds this position now.' }),
  }),
  output: pageOf(listed),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    let query = tx
      .selectFrom('person as p')
      .leftJoin('person_leaving as l', (on) => on.onRef('l.org_id', '=', 'p.org_id').onRef('l.person_id', '=', 'p.id'))
      .selectAll('p')
      .select([isGuest.as('is_guest'), 'l.at as left_at'])
      .orderBy('p.id')
      .limit(input.limit + 1)
    const { after, find, state, group, position } = input
    if (after !== undefined) query = query.where('p.id', '>', after)
    if (state !== undefined) query = query.where('p.state', '=', state)
    if (input.kind !== undefined) query = query.where(sql<boolean>`${isGuest} = ${input.kind === 'guest'}`)
    if (group !== undefined) query = query.where('p.id', 'in', selvesAndBelow(sql`select ${group}::text`))
    if (position !== undefined) query = query.where('p.id', 'in', holdersOf(position, new Date(ports.clock.now())))
    if (find !== undefined) query = query.where(isFoundBy(find, sql<string>`concat_ws(' ', p.name, p.slug, p.email)`))
    const { items, next } = toPage(await query.execute(), input.limit)
    return {
      result: {
        items: items.map((row) => ({
          ...shownPerson(row),
          kind: row.is_guest ? ('guest' as const) : ('member' as const),
          since: row.created_at.toISOString(),
          leftAt: leftAtOf(row.state, row.left_at),
        })),
        next,
      },
    }
  },
})

const named = z.object({ id: z.string(), name: z.string() })

const heldOutput = z.object({
  grant: idOf('grt'),
  role: z.enum(roles).nullable(),
  customRole: z.string().nullable(),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  notBefore: z.string().nullable(),
  expiresAt: z.string().nullable(),
  through: named.nullable().meta({ description: 'The group that it was given to; null where he was given it himself.' }),
  mapping: named.extend({ position: z.string().nullable() }).nullable().meta({ description: 'The mapping that it comes by.' }),
  invitation: idOf('gst').nullable().meta({ description: 'The invitation that it came with, and ends with.' }),
})

const shownMax = 200

interface Looking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly person: string
}

/** Where grants come from, beside whoever gave them. */
async function originsOf(tx: Tx, grants: readonly string[]) {
  if (grants.length === 0)
    return { mapped: new Map<string, { id: string; name: string; position: string | null }>(), bound: new Map<string, string>() }
  const mapped = await tx
    .selectFrom('mapped_grant as k')
    .innerJoin('mapping as m', (on) => on.onRef('m.org_id', '=', 'k.org_id').onRef('m.id', '=', 'k.mapping_id'))
    .select(['k.grant_id', 'm.id', 'm.title as name', 'm.position'])
    .where('k.grant_id', 'in', grants)
    .execute()
  const bound = await tx.selectFrom('bound_grant').select(['grant_id', 'bound_id']).where('grant_id', 'in', grants).execute()
  return {
    mapped: new Map(mapped.map(({ grant_id, ...rest }) => [grant_id, rest])),
    bound: new Map(bound.flatMap(({ grant_id, bound_id }) => (bound_id.startsWith('gst_') ? [[grant_id, bound_id] as const] : []))),
  }
}

/** What he holds now, himself and through groups. */
async function heldBy({ tx, ports, person }: Looking): Promise<z.input<typeof heldOutput>[]> {
  const rows = await tx
    .selectFrom('grant')
    .selectAll()
    .where('principal_id', 'in', selfAndGroups(person))
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date(ports.clock.now()))]))
    .orderBy('id')
    .limit(shownMax + 1)
    .execute()
  const { mapped, bound } = await originsOf(
    tx,
    rows.map(({ id }) => id),
  )
  const names = await called(
    tx,
    rows.map((row) => row.principal_id),
  )
  return rows.map((row) => ({
    grant: row.id,
    role: z.enum(roles).nullable().parse(row.role),
    customRole: row.custom_role,
    actions: row.actions,
    scope: { type: row.scope_type, id: row.scope_id },
    environments: row.environments,
    notBefore: toMoment(row.not_before),
    expiresAt: toMoment(row.expires_at),
    through: row.principal_id === person ? null : { id: row.principal_id, name: names.get(row.principal_id) ?? row.principal_id },
    mapping: mapped.get(row.id) ?? null,
    invitation: bound.get(row.id) ?? null,
  }))
}

/** The groups that he is in, directly and through others. */
async function groupsOf({ tx, person }: Looking) {
  const rows = await tx
    .selectFrom('group as g')
    .leftJoin('group_member as m', (on) =>
      on.onRef('m.org_id', '=', 'g.org_id').onRef('m.group_id', '=', 'g.id').on('m.member_id', '=', person),
    )
    .leftJoin('directory_group as d', (on) => on.onRef('d.org_id', '=', 'g.org_id').onRef('d.group_id', '=', 'g.id'))
    .select(['g.id', 'g.name', 'm.member_id', 'd.directory_id'])
    .where('g.id', 'in', selfAndGroups(person))
    .orderBy('g.id')
    .limit(shownMax + 1)
    .execute()
  return rows.map(({ id, name, member_id, directory_id }) => ({ id, name, isDirect: member_id !== null, directory: directory_id }))
}

/** What his directory, or the connection that he signed in through last, says of him. */
async function saidOf({ tx, person }: Looking) {
  const [said] = await describedPeople(tx, { only: [person] })
  if (said === undefined) return null
  const from = said.directory.startsWith('dir_') ? ('directory' as const) : ('sso' as const)
  const row = await tx.selectFrom(from).select('name').where('id', '=', said.directory).executeTakeFirst()
  const attributes = mappingAttributes.flatMap((attribute) => {
    const value = said.attributes[attribute]
    return value === undefined ? [] : [{ attribute, value }]
  })
  return { id: said.directory, name: row?.name ?? said.directory, attributes }
}

async function invitationsOf({ tx, principal, person }: Looking) {
  const rows = await tx.selectFrom('guest').selectAll().where('person_id', '=', person).orderBy('id', 'desc').limit(shownMax).execute()
  return shownGuests(tx, rows, principal)
}

/** Shows a person. */
export const showPerson = action({
  name: 'person:show',
  summary: 'Show a person: what a directory says of him, the groups that he is in, what he holds and through what, his invitations.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ person: idOf('per') }),
  output: listed.extend({
    address: z.string(),
    said: z
      .object({
        id: z.string(),
        name: z.string(),
        attributes: z.array(z.object({ attribute: z.enum(mappingAttributes), value: z.string() })),
      })
      .nullable()
      .meta({ description: 'The directory, or sign-in connection, that speaks of him, and what mappings may ask of that.' }),
    groups: z.array(z.object({ id: idOf('grp'), name: z.string(), isDirect: z.boolean(), directory: z.string().nullable() })),
    holds: z.array(heldOutput),
    invitations: z.array(guestOutput),
    because: z.string().nullable(),
    truncated: z.boolean().meta({ description: `Whether he is in more than ${shownMax} groups, or holds more grants.` }),
  }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ found, tx, ports, principal }) {
    const looking: Looking = { tx, ports, principal, person: found.id }
    const [groups, holds, invitations] = [await groupsOf(looking), await heldBy(looking), await invitationsOf(looking)]
    const left = await tx.selectFrom('person_leaving').select(['at', 'because']).where('person_id', '=', found.id).executeTakeFirst()
    return {
      result: {
        ...shownPerson(found),
        kind: invitations.length > 0 ? ('guest' as const) : ('member' as const),
        since: found.created_at.toISOString(),
        address: found.email,
        said: await saidOf(looking),
        groups: groups.slice(0, shownMax),
        holds: holds.slice(0, shownMax),
        invitations,
        leftAt: leftAtOf(found.state, left?.at),
        because: found.state === 'left' ? (left?.because ?? null) : null,
        truncated: groups.length > shownMax || holds.length > shownMax,
      },
    }
  },
})
