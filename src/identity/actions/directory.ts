// Directories, as administrators see them: one for each connection of an identity provider. Its token is shown once and kept as a hash; a rotation leaves the old
// one good for a while. What the directory asked for can be read, and what it said can be compared with what is here.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  isId,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  slugText,
  type Tx,
  titleText,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { adminLinkContext, askedOf, noteMade, stateOfNew, yetToMake } from '../admin-link/reach.ts'
import { requireActivePerson } from '../people.ts'
import { directoryType, locateDirectory } from '../scim/directories.ts'
import type { DirectoryTable } from '../scim/tables.ts'
import { newSecretToken } from '../secret-token.ts'

const overlapHoursMax = 168

/** What is shown of a directory. */
export const directoryOutput = z.object({
  id: idOf('dir'),
  slug: z.string(),
  name: z.string(),
  owner: idOf('per'),
  adopts: z.boolean().meta({ description: 'Whether it may take over people who were here before it, by their address.' }),
  state: z
    .enum(['proposed', 'active', 'retired'])
    .meta({ description: '`proposed`: set up by an admin link, and not believed before it is accepted.' }),
  createdAt: z.string(),
})

const tokenOutput = z.object({
  directory: idOf('dir'),
  baseUrl: z.string().meta({ description: 'What the identity provider calls the tenant URL or base URL.' }),
  token: z.string().meta({ description: 'Shown this once.' }),
})

/** A directory as it is shown. */
export function shownDirectory(row: Selectable<DirectoryTable>) {
  const { id, slug, name, owner_id: owner, adopts, state } = row
  return { id, slug, name, owner, adopts, state, createdAt: row.created_at.toISOString() }
}

async function giveToken(tx: Tx, ports: Ports, { org, kind, id }: Principal, directory: string) {
  const { token, hash } = newSecretToken('twd', org, ports)
  const made = { made_by: kind === 'person' ? id : null, created_at: new Date(ports.clock.now()) }
  await tx
    .insertInto('directory_token')
    .values({ org_id: org, hash, directory_id: directory, ...made, ends_at: null })
    .execute()
  return { directory, baseUrl: `${ports.baseUrl}/scim/v2`, token, hash }
}

/** Who answers for a directory whose maker names nobody: he himself, or whoever made the admin link that he came by. */
function answering({ chain }: Principal): string {
  const person = chain.find((id) => isId('per', id))
  if (person === undefined) throw fail('invalid', 'Say who answers for it.', { pointer: '/owner' })
  return person
}

/** Opens a directory and gives its first token. */
export const createDirectory = action({
  name: 'directory:create',
  summary: 'Open a directory for a connection of an identity provider, and get the token that it sends over SCIM; it is shown this once.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({
    slug: slugText,
    name: titleText,
    owner: idOf('per').optional().meta({ description: 'Who answers for it; yourself where it is left out.' }),
    adopts: z.boolean().default(false).meta({ description: 'Whether it may take over people who are here already, by their address.' }),
  }),
  output: tokenOutput,
  locate: async ({ input, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'directory', yetToMake, input.adopts || input.owner !== undefined),
    found: undefined,
  }),
  async perform({ input, tx, ports, principal }) {
    const owner = input.owner ?? answering(principal)
    await requireActivePerson(tx, owner, '/owner')
    const { slug, name, adopts } = input
    const taken = await tx.selectFrom('directory').select('id').where('slug', '=', slug).executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'A directory has this slug already.', { pointer: '/slug' })
    const id = newId('dir', ports)
    const row = {
      org_id: principal.org,
      id,
      slug,
      name,
      owner_id: owner,
      adopts,
      state: stateOfNew(principal),
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('directory').values(row).execute()
    await noteMade(tx, principal, 'directory', id)
    const { hash, ...result } = await giveToken(tx, ports, principal, id)
    return {
      result,
      facts: { adopts, token: hash.slice(0, 16) },
      related: [
        { rel: 'directory', type: 'Directory', id },
        { rel: 'owner', type: 'Person', id: owner },
      ],
      texts: { name },
    }
  },
})

/** Lists directories. */
export const listDirectories = action({
  name: 'directory:list',
  summary: 'List the directories of the organization.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(directoryOutput),
  locate: locateOrganization,
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('directory')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { ...page, items: page.items.map(shownDirectory) } }
  },
})

const ofOne = z.strictObject({ directory: idOf('dir') })

/** Shows a directory: how much it said, and which tokens are good. */
export const showDirectory = action({
  name: 'directory:show',
  summary: 'Show a directory: how many users and groups it has, when it last asked for something, and until when its tokens are good.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['admin_link'],
  resource: directoryType,
  context: adminLinkContext,
  input: ofOne,
  output: directoryOutput.extend({
    users: z.number(),
    activeUsers: z.number(),
    groups: z.number(),
    lastDelivery: z.string().nullable(),
    tokens: z.array(z.object({ createdAt: z.string(), endsAt: z.string().nullable() })),
  }),
  locate: async ({ input, tx, principal }) => ({
    ...(await locateDirectory(tx, input.directory)),
    context: askedOf(principal, 'directory', input.directory),
  }),
  async perform({ found, tx, ports }) {
    const { id } = found
    const users = await tx
      .selectFrom('directory_user')
      .select((eb) => [eb.fn.countAll<number>().as('all'), eb.fn.countAll<number>().filterWhere('active', '=', true).as('active')])
      .where('directory_id', '=', id)
      .executeTakeFirstOrThrow()
    const groups = await tx
      .selectFrom('directory_group')
      .select((eb) => eb.fn.countAll<number>().as('all'))
      .where('directory_id', '=', id)
      .executeTakeFirstOrThrow()
    const last = await tx
      .selectFrom('directory_delivery')
      .select('at')
      .where('directory_id', '=', id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const tokens = await tx
      .selectFrom('directory_token')
      .select(['created_at', 'ends_at'])
      .where('directory_id', '=', id)
      .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', new Date(ports.clock.now()))]))
      .orderBy('created_at')
      .execute()
    return {
      result: {
        ...shownDirectory(found),
        users: users.all,
        activeUsers: users.active,
        groups: groups.all,
        lastDelivery: toMoment(last?.at ?? null),
        tokens: tokens.map((token) => ({ createdAt: token.created_at.toISOString(), endsAt: toMoment(token.ends_at) })),
      },
    }
  },
})

/** Gives a directory a new token. The one before stays good for the overlap; those that were rotated out earlier end at once. */
export const rotateDirectoryToken = action({
  name: 'directory:rotate-token',
  summary:
    'Give a directory a new token. The one before stays good for some hours, so that the provider can be told; older ones end at once.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: directoryType,
  context: adminLinkContext,
  input: z.strictObject({
    directory: idOf('dir'),
    overlapHours: z.coerce
      .number()
      .int()
      .min(0)
      .max(overlapHoursMax)
      .default(24)
      .meta({ description: 'How long the token before stays good; 0 ends it at once.' }),
  }),
  output: tokenOutput.extend({ previousEndsAt: z.string() }),
  locate: async ({ input, tx, principal }) => ({
    ...(await locateDirectory(tx, input.directory)),
    context: askedOf(principal, 'directory', input.directory),
  }),
  async perform({ input, found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This directory is retired.', { pointer: '/directory' })
    const now = ports.clock.now()
    const ends = new Date(now + input.overlapHours * 3_600_000)
    // Of two who rotate at the same moment the second ends what the first made: only the newest token has no end.
    await tx.selectFrom('directory').select('id').where('id', '=', found.id).forUpdate().execute()
    const cut = await tx
      .updateTable('directory_token')
      .set({ ends_at: new Date(now) })
      .where('directory_id', '=', found.id)
      .where('ends_at', '>', new Date(now))
      .executeTakeFirst()
    await tx
      .updateTable('directory_token')
      .set({ ends_at: ends })
      .where('directory_id', '=', found.id)
      .where('ends_at', 'is', null)
      .execute()
    const { hash, ...result } = await giveToken(tx, ports, principal, found.id)
    return {
      result: { ...result, previousEndsAt: ends.toISOString() },
      facts: { token: hash.slice(0, 16), overlapHours: input.overlapHours },
      related: [{ rel: 'directory', type: 'Directory', id: found.id }],
      takesAway: input.overlapHours === 0 || cut.numUpdatedRows > 0n,
    }
  },
})

/** Ends a directory: its tokens are good for nothing any more. Whoever came by it stays as he is. */
export const retireDirectory = action({
  name: 'directory:retire',
  summary:
    'End a directory: its tokens are good for nothing any more. People and groups that came by it stay as they are, and nobody says anything of them.',
  effect: 'change',
  roles: ['admin'],
  resource: directoryType,
  input: ofOne,
  output: directoryOutput,
  locate: ({ input, tx }) => locateDirectory(tx, input.directory),
  async perform({ found, tx, ports }) {
    if (found.state === 'retired') throw fail('conflict', 'This directory was retired before.', { pointer: '/directory' })
    const now = new Date(ports.clock.now())
    await tx.updateTable('directory').set({ state: 'retired' }).where('id', '=', found.id).execute()
    await tx
      .updateTable('directory_token')
      .set({ ends_at: now })
      .where('directory_id', '=', found.id)
      .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
      .execute()
    return {
      result: shownDirectory({ ...found, state: 'retired' }),
      related: [{ rel: 'directory', type: 'Directory', id: found.id }],
      takesAway: true,
    }
  },
})
