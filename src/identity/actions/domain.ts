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
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { adminLinkContext, askedOf, notIts } from '../admin-link/reach.ts'
import { findSso } from '../sign-in/connection.ts'

const recordLabel = '_twinlock'
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

const domainOutput = z.object({
  id: idOf('dom'),
  name: z.string(),
  sso: idOf('sso'),
  state: z.enum(['claimed', 'verified']),
  verifiedAt: z.string().nullable(),
  record: z.object({ name: z.string(), type: z.literal('TXT'), value: z.string() }).meta({ description: 'The DNS record that proves it.' }),
})

interface DomainRow {
  readonly id: string
  readonly name: string
  readonly sso_id: string
  readonly token: string
  readonly verified_at: Date | null
}

function shown({ id, name, sso_id, token, verified_at }: DomainRow) {
  return {
    id,
    name,
    sso: sso_id,
    state: verified_at === null ? ('claimed' as const) : ('verified' as const),
    verifiedAt: toMoment(verified_at),
    record: { name: `${recordLabel}.${name}`, type: 'TXT' as const, value: recordValue(token) },
  }
}

/** The domain, and the connection that speaks for it: whoever is told of what became of a provider finds it by that. */
const related = ({ id, sso_id }: Pick<DomainRow, 'id' | 'sso_id'>) => [
  { rel: 'domain', type: 'Domain', id },
  { rel: 'sso', type: 'Sso', id: sso_id },
]

const recordValue = (token: string): string => `twinlock-domain-verification=${token}`

async function findDomain(tx: Tx, id: string): Promise<DomainRow> {
  const row = await tx.selectFrom('domain').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no domain with this id.')
  return row
}

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
    const row = {
      org_id: principal.org,
      id: newId('dom', ports),
      name: input.name,
      sso_id: found.id,
      token: base64url(ports.random.bytes(24)),
      verified_at: null,
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('domain').values(row).execute()
    return {
      result: shown(row),
      related: related(row),
      texts: { name: row.name },
    }
  },
})

async function requireProof({ name, token }: DomainRow, { textRecords }: Ports): Promise<void> {
  const records = await textRecords(`${recordLabel}.${name}`)
  if (records.includes(recordValue(token))) return
  throw fail(
    'domain_unproved',
    `The TXT record of ${recordLabel}.${name} does not say what was asked for; ${records.length} others were found.`,
    {
      next: `Set it to ${recordValue(token)}, wait until DNS tells it, then try again.`,
    },
  )
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
    const verified_at = new Date(ports.clock.now())
    // Two organizations at the same moment: the unique index lets one of them through, and the other one decides again.
    await tx.updateTable('domain').set({ verified_at }).where('id', '=', found.id).execute()
    return {
      result: shown({ ...found, verified_at }),
      related: related(found),
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
    return { result: { items: items.map(shown), next } }
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
      related: related(found),
      texts: { name: found.name },
      takesAway: true,
    }
  },
})
