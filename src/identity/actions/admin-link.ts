// Actions on admin links: with one a customer's administrator sets up single sign-on and a directory without an account here. The link is shown once and kept as
// a hash; what is set up by it waits until somebody here accepts it, which ends the link.
import { z } from 'zod'
import {
  action,
  digestText,
  fail,
  idOf,
  locateOrganization,
  newId,
  organizationEntity,
  organizationRef,
  organizationType,
  type Ports,
  pageInput,
  pageOf,
  reasonText,
  type Tx,
  titleText,
  toPage,
} from '../../kernel/index.ts'
import { type AdminLinkRow, findAdminLink, linkPurposes } from '../admin-link/links.ts'
import { holdProposal, type Proposal, proposalOf } from '../admin-link/proposal.ts'
import { adminLinkType } from '../admin-link/reach.ts'
import { newSecretToken } from '../secret-token.ts'
import { shownSso } from '../sign-in/connection.ts'
import type { SsoRow } from '../sign-in/tables.ts'
import { directoryOutput, shownDirectory } from './directory.ts'
import { ssoOutput } from './sso-shape.ts'

const hoursMax = 336
const openMax = 50

const purpose = z.enum(linkPurposes).meta({ description: 'What is set up by it: single sign-on, a directory, or both.' })

const linkShape = {
  id: idOf('lnk'),
  name: z.string(),
  purpose,
  expiresAt: z.string(),
  sso: z.string().nullable().meta({ description: 'The sign-in connection that it made; null until it has.' }),
  directory: z.string().nullable().meta({ description: 'The directory that it made; null until it has.' }),
}

const linkOutput = z.object({
  ...linkShape,
  state: z.enum(['open', 'accepted', 'revoked', 'expired']).meta({ description: '`revoked` also where its maker left.' }),
  waits: z.boolean().meta({ description: 'Whether something that it set up waits to be accepted.' }),
  madeBy: idOf('per'),
  createdAt: z.string(),
})

function stateOf({ accepted_at, ended_at, expires_at }: AdminLinkRow, now: number) {
  if (accepted_at !== null) return 'accepted' as const
  if (ended_at !== null) return 'revoked' as const
  return expires_at.getTime() <= now ? ('expired' as const) : ('open' as const)
}

function shown(row: AdminLinkRow) {
  const { id, name, purpose: what, expires_at, sso_id: sso, directory_id: directory } = row
  return { id, name, purpose: what, expiresAt: expires_at.toISOString(), sso, directory }
}

/** A link as administrators are shown it. */
function listed(row: AdminLinkRow, isWaiting: boolean, now: number) {
  return {
    ...shown(row),
    state: stateOf(row, now),
    waits: isWaiting,
    madeBy: row.made_by,
    createdAt: row.created_at.toISOString(),
  }
}

/** The things of these links that wait to be accepted. */
async function proposedAmong(tx: Tx, rows: readonly AdminLinkRow[]): Promise<ReadonlySet<string>> {
  const ids = rows.flatMap(({ sso_id, directory_id }) => [sso_id, directory_id]).filter((id) => id !== null)
  if (ids.length === 0) return new Set()
  const [connections, directories] = await Promise.all([
    tx.selectFrom('sso').select('id').where('id', 'in', ids).where('state', '=', 'proposed').execute(),
    tx.selectFrom('directory').select('id').where('id', 'in', ids).where('state', '=', 'proposed').execute(),
  ])
  return new Set([...connections, ...directories].map(({ id }) => id))
}

const waits = ({ sso_id, directory_id }: AdminLinkRow, proposed: ReadonlySet<string>): boolean =>
  proposed.has(sso_id ?? '') || proposed.has(directory_id ?? '')

const related = ({ id, sso_id, directory_id }: AdminLinkRow) => [
  { rel: 'admin_link', type: 'AdminLink', id },
  ...(sso_id === null ? [] : [{ rel: 'sso', type: 'Sso', id: sso_id }]),
  ...(directory_id === null ? [] : [{ rel: 'directory', type: 'Directory', id: directory_id }]),
]

/** Makes a link. */
export const createAdminLink = action({
  name: 'link:create',
  summary:
    'Make a link with which a customer’s administrator sets up single sign-on and a directory, and sees nothing else; it is shown this once.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    name: titleText.meta({ description: 'Whom it is for.' }),
    purpose: purpose.default('both'),
    hours: z.coerce.number().int().min(1).max(hoursMax).default(72).meta({ description: 'How long it is good for.' }),
    reason: reasonText,
  }),
  output: z.object({
    id: idOf('lnk'),
    url: z.string().meta({ description: 'The link. Shown this once.' }),
    token: z.string().meta({ description: 'What it proves itself with: the part of the link behind `#`.' }),
    expiresAt: z.string(),
  }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const now = ports.clock.now()
    const open = await tx
      .selectFrom('admin_link')
      .select('id')
      .where('ended_at', 'is', null)
      .where('expires_at', '>', new Date(now))
      .limit(openMax)
      .execute()
    if (open.length >= openMax) throw fail('too_large', `At most ${openMax} admin links are open at once.`, { next: 'Revoke some.' })
    const id = newId('lnk', ports)
    const { token, hash } = newSecretToken('twa', principal.org, ports)
    const expires = new Date(now + input.hours * 3_600_000)
    await tx
      .insertInto('admin_link')
      .values({
        org_id: principal.org,
        id,
        hash,
        name: input.name,
        purpose: input.purpose,
        sso_id: null,
        directory_id: null,
        made_by: principal.id,
        created_at: new Date(now),
        expires_at: expires,
        ended_at: null,
        accepted_at: null,
      })
      .execute()
    return {
      result: { id, url: `${ports.baseUrl}/console/identity/set-up#${token}`, token, expiresAt: expires.toISOString() },
      facts: { purpose: input.purpose, hours: input.hours, link: hash.slice(0, 16) },
      related: [{ rel: 'admin_link', type: 'AdminLink', id }],
      texts: { name: input.name, reason: input.reason },
    }
  },
})

/** Lists links. */
export const listAdminLinks = action({
  name: 'link:list',
  summary: 'List the admin links, newest first: whom each is for, what it set up, and whether that waits to be accepted.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(linkOutput),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    let query = tx
      .selectFrom('admin_link')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '<', input.after)
    const { items, next } = toPage(await query.execute(), input.limit)
    const [proposed, now] = [await proposedAmong(tx, items), ports.clock.now()]
    return { result: { items: items.map((row) => listed(row, waits(row, proposed), now)), next } }
  },
})

/** Shows a link with what waits, as whoever accepts it looks at it. */
export const showAdminLink = action({
  name: 'link:show',
  summary: 'Show an admin link and what was set up by it and waits, with the digest by which that is accepted.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ link: idOf('lnk') }),
  output: linkOutput.extend({
    waiting: z
      .object({
        seen: digestText.meta({ description: 'Of all of it: `link:accept` takes what you looked at, and nothing else.' }),
        sso: ssoOutput.nullable(),
        directory: directoryOutput.nullable(),
      })
      .nullable()
      .meta({ description: 'What is taken into use when it is accepted; null where nothing waits.' }),
  }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findAdminLink(tx, input.link),
  }),
  async perform({ found, tx, ports }) {
    const proposal = await proposalOf(tx, found, ports)
    if (proposal === undefined) return { result: { ...listed(found, false, ports.clock.now()), waiting: null } }
    const { digest: seen, sso, domains, directory } = proposal
    const waiting = {
      seen,
      sso: sso === undefined ? null : shownSso(sso, domains, ports),
      directory: directory === undefined ? null : shownDirectory(directory),
    }
    return { result: { ...listed(found, true, ports.clock.now()), waiting } }
  },
})

/** Tells a link what it is for; nobody else asks so. */
export const showPurpose = action({
  name: 'link:purpose',
  summary: 'As an admin link: say what it is for, until when, and what it has set up.',
  effect: 'read',
  roles: [],
  by: ['admin_link'],
  resource: adminLinkType,
  input: z.strictObject({}),
  output: z.object({ ...linkShape, organization: z.object({ id: idOf('org'), name: z.string() }) }),
  locate: async ({ principal: { id, org } }) => ({
    resource: { type: 'AdminLink', id, attributes: { self: id }, parents: [organizationRef(org)] },
    others: [organizationEntity(org)],
    found: undefined,
  }),
  async perform({ tx, principal: { id, org } }) {
    const link = await findAdminLink(tx, id)
    const { name } = await tx.selectFrom('organization').select('name').executeTakeFirstOrThrow()
    return { result: { ...shown(link), organization: { id: org, name } } }
  },
})

/** Ends a link. */
export const revokeAdminLink = action({
  name: 'link:revoke',
  summary: 'End an admin link at once. What it set up stays proposed until it is accepted or retired.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ link: idOf('lnk'), reason: reasonText }),
  output: z.object({ id: idOf('lnk'), waits: z.boolean() }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findAdminLink(tx, input.link),
  }),
  async perform({ input, found, tx, ports }) {
    if (found.ended_at !== null) throw fail('conflict', 'This link has ended already.', { pointer: '/link' })
    await tx
      .updateTable('admin_link')
      .set({ ended_at: new Date(ports.clock.now()) })
      .where('id', '=', found.id)
      .execute()
    return {
      result: { id: input.link, waits: waits(found, await proposedAmong(tx, [found])) },
      related: related(found),
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})

/** One provider for one organization, once: looked at again, because another connection to it may have come meanwhile. */
async function requireOnlyOne(tx: Tx, { issuer, protocol }: SsoRow): Promise<void> {
  if (protocol !== 'saml') return
  const other = await tx
    .selectFrom('sso')
    .select('id')
    .where('issuer', '=', issuer)
    .where('protocol', '=', 'saml')
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (other !== undefined) throw fail('conflict', 'There is a connection to this provider already.', { next: 'Retire one of the two.' })
}

/** What waits, where it is what somebody looked at. Throws `conflict`. */
async function requireAsSeen(tx: Tx, ports: Ports, link: string, seen: string): Promise<Proposal> {
  const proposal = await proposalOf(tx, await findAdminLink(tx, link), ports)
  if (proposal === undefined) throw fail('conflict', 'Nothing that this link set up waits to be accepted.', { pointer: '/link' })
  if (proposal.digest === seen) return proposal
  throw fail('conflict', 'What was set up is not what you looked at: whoever holds the link has changed it.', {
    pointer: '/seen',
    next: 'Look at it again: `twinlock link show`.',
  })
}

/** Takes what a link set up into use. */
export const acceptAdminLink = action({
  name: 'link:accept',
  summary:
    'Take into use what was set up by an admin link: people sign in through the connection, the directory is believed. The link ends.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    link: idOf('lnk'),
    seen: digestText.meta({ description: 'What was looked at, as `link:show` named it. Nothing else is taken into use.' }),
    reason: reasonText,
  }),
  output: z.object({
    id: idOf('lnk'),
    sso: z.string().nullable().meta({ description: 'The connection that is in use from now on.' }),
    directory: z.string().nullable().meta({ description: 'The directory that is believed from now on.' }),
  }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findAdminLink(tx, input.link),
  }),
  async perform({ input, found, tx, ports }) {
    // Whoever holds the link and is changing something at this moment is through before, and is seen, or not at all.
    await holdProposal(tx, found)
    await ports.holdAdmissions(tx)
    const { sso, directory } = await requireAsSeen(tx, ports, found.id, input.seen)
    if (sso !== undefined) {
      await requireOnlyOne(tx, sso)
      await tx.updateTable('sso').set({ state: 'active' }).where('id', '=', sso.id).execute()
    }
    if (directory !== undefined) await tx.updateTable('directory').set({ state: 'active' }).where('id', '=', directory.id).execute()
    const now = new Date(ports.clock.now())
    await tx
      .updateTable('admin_link')
      .set({ accepted_at: now, ended_at: found.ended_at ?? now })
      .where('id', '=', found.id)
      .execute()
    const taken = { sso: sso?.id ?? null, directory: directory?.id ?? null }
    return {
      result: { id: input.link, ...taken },
      facts: { ...taken, seen: input.seen },
      related: related(found),
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})
