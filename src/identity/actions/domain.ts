// Actions on domains: an organization says that a domain is its own, and proves it by a TXT record. A proved domain belongs to one organization at a time; the
// connection that it was given to vouches for its addresses. What DNS says comes from outside and is believed at that moment alone.
import { z } from 'zod'
import {
  action,
  base64url,
  fail,
  idOf,
  newId,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { adminLinkContext, askedOf, notIts } from '../admin-link/reach.ts'
import { findSso } from '../sign-in/connection.ts'
import { domainOutput, findDomain, lookUp, relatedDomain, shownDomain } from '../sign-in/domains.ts'
import type { DomainRow } from '../sign-in/tables.ts'

const domainsMax = 200
const domainsByLinkMax = 20

const domainName = z
  .string()
  .max(253)
  .transform((text) => text.toLowerCase())
  .pipe(
    z
      .string()
      .regex(
        /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
        'must be a domain name like example.com, in letters, digits and hyphens (others in their xn-- form)',
      ),
  )

/** A domain, and what a decision about it stands on: an admin link reaches those of its own connection. */
async function locateDomain(tx: Tx, principal: Principal, id: string) {
  const found = await findDomain(tx, id)
  return { resource: organizationEntity(principal.org), context: askedOf(principal, 'sso', found.sso_id), found }
}

/** Claims a domain, to be proved. A claim gives nothing and stands in nobody's way. */
export const claimDomain = action({
  name: 'domain:claim',
  summary: 'Claim a domain for a sign-in connection; a DNS record proves it.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ name: domainName, sso: idOf('sso') }),
  output: domainOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', input.sso),
    found: await findSso(tx, input.sso),
  }),
  async perform({ input, found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This sign-in connection is retired.', { pointer: '/sso' })
    const held = await tx.selectFrom('domain').select(['name', 'sso_id']).limit(domainsMax).execute()
    if (held.some(({ name }) => name === input.name))
      throw fail('conflict', 'This organization claims this domain already.', { pointer: '/name' })
    if (held.length >= domainsMax) throw fail('too_large', `An organization claims at most ${domainsMax} domains.`)
    if (principal.kind === 'admin_link' && held.filter(({ sso_id }) => sso_id === found.id).length >= domainsByLinkMax)
      throw fail('too_large', `By an admin link at most ${domainsByLinkMax} domains are claimed.`)
    const row: DomainRow = {
      org_id: principal.org,
      id: newId('dom', ports),
      name: input.name,
      sso_id: found.id,
      token: base64url(ports.random.bytes(24)),
      verified_at: null,
      checked_at: null,
      missing_since: null,
      missed_looks: 0,
      lapsed_at: null,
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('domain').values(row).execute()
    return {
      result: shownDomain(row),
      related: relatedDomain(row),
      texts: { name: row.name },
    }
  },
})

async function requireProof(row: DomainRow, ports: Ports): Promise<void> {
  const { isThere, told, next } = await lookUp(row, ports)
  if (!isThere) throw fail('domain_unproved', told, { next })
}

/** Proves a claimed domain by its DNS record. */
export const verifyDomain = action({
  name: 'domain:verify',
  summary: 'Prove a claimed domain by its DNS record; from then on its addresses sign in through its connection.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ domain: idOf('dom') }),
  output: domainOutput,
  locate: ({ input, tx, principal }) => locateDomain(tx, principal, input.domain),
  async perform({ found, tx, ports }) {
    await requireProof(found, ports)
    const others = await tx
      .selectNoFrom((eb) => eb.fn<string | null>('domain_elsewhere', [eb.val(found.name)]).as('elsewhere'))
      .executeTakeFirstOrThrow()
    if (others.elsewhere !== null) {
      throw fail('domain_taken', 'Another organization here has proved this domain.', {
        next: 'Have it released there first; a domain belongs to one organization at a time.',
      })
    }
    const now = new Date(ports.clock.now())
    const proved = { verified_at: now, checked_at: now, missing_since: null, missed_looks: 0, lapsed_at: null }
    // Two organizations at the same moment: the unique index lets one of them through, and the other one decides again.
    await tx.updateTable('domain').set(proved).where('id', '=', found.id).execute()
    return {
      result: shownDomain({ ...found, ...proved }),
      related: relatedDomain(found),
      texts: { name: found.name },
    }
  },
})

/** Lists claimed and proved domains. */
export const listDomains = action({
  name: 'domain:list',
  summary: 'List the domains of the organization, with the DNS record that proves each.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ sso: idOf('sso').optional().meta({ description: 'Only those of this connection.' }), ...pageInput }),
  output: pageOf(domainOutput),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', input.sso ?? notIts),
    found: input.sso === undefined ? undefined : await findSso(tx, input.sso),
  }),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('domain')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (input.sso !== undefined) query = query.where('sso_id', '=', input.sso)
    const { items, next } = toPage(await query.execute(), input.limit)
    return { result: { items: items.map(shownDomain), next } }
  },
})

/** Gives a domain up: its addresses find no provider here any more, and nobody is added for it. */
export const releaseDomain = action({
  name: 'domain:release',
  summary: 'Give a domain up: nobody is added or linked by its addresses any more. Who is linked already stays.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ domain: idOf('dom') }),
  output: z.object({ id: idOf('dom'), released: z.literal(true) }),
  locate: ({ input, tx, principal }) => locateDomain(tx, principal, input.domain),
  async perform({ input, found, tx }) {
    await tx.deleteFrom('domain').where('id', '=', found.id).execute()
    return {
      result: { id: input.domain, released: true as const },
      related: relatedDomain(found),
      texts: { name: found.name },
      takesAway: true,
    }
  },
})
