// Whom a provider speaks of. A provider is believed about addresses of the verified domains that were given to it, and about nobody else; whoever is linked
// once is found by the provider's subject alone, so that an address that is given to somebody else later signs nobody in as who had it before.
import { type Selectable, sql } from 'kysely'
import { base64url, fail, newId, type OrgId, type Ports, type Tx } from '../../kernel/index.ts'
import type { PersonTable } from '../tables.ts'
import type { SsoTable } from './tables.ts'

/** What a provider says of a person who signs in for the first time. Its own words. */
export interface Newcomer {
  readonly subject: string
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly name: string | undefined
}

/** Whom a newcomer turned out to be. */
export interface Matched {
  readonly person: string
  readonly provisioned: boolean
  /** Whether the subject was linked before, so that nothing was changed. */
  readonly isLinkedAlready: boolean
}

function unmatched(detail: string, next = 'Ask an administrator to add you with the address that your provider knows.'): Error {
  return fail('sign_in_unmatched', detail, { next })
}

/** The domain of an address, in lower case. */
export function domainOf(address: string): string | undefined {
  return /^[^@\s]+@([^@\s]+)$/.exec(address)?.[1]?.toLowerCase()
}

/** The address of a newcomer, which his provider verified and may speak for. Throws `sign_in_unmatched`. */
export async function requireVouchedFor(tx: Tx, sso: string, { email, emailVerified }: Omit<Newcomer, 'name'>): Promise<string> {
  if (email === undefined || !emailVerified) throw unmatched('The provider does not vouch for an address of yours.')
  const name = domainOf(email)
  const domain = name === undefined ? undefined : await tx.selectFrom('domain').selectAll().where('name', '=', name).executeTakeFirst()
  if (domain === undefined || domain.verified_at === null || domain.sso_id !== sso)
    throw unmatched('This provider does not speak for the domain of your address here.')
  if (domain.lapsed_at !== null)
    throw unmatched(
      'The domain of your address is not proved here any more: its DNS record was gone for too long.',
      'An administrator sets the record again and proves the domain: `twinlock domain list`, then `twinlock domain verify`.',
    )
  return email
}

const isFree = async (tx: Tx, slug: string): Promise<boolean> =>
  (await tx.selectFrom('person').select('id').where('slug', '=', slug).executeTakeFirst()) === undefined

async function freeSlug(tx: Tx, email: string, ports: Ports): Promise<string> {
  const local = email.slice(0, email.indexOf('@')).toLowerCase()
  const stem =
    local
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 30)
      .replace(/^-+|-+$/g, '') || 'person'
  if (await isFree(tx, stem)) return stem
  const tail = base64url(ports.random.bytes(6))
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '0')
  return `${stem}-${tail}`
}

function plainName(name: string | undefined, slug: string): string {
  const plain = (name ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 120)
    .trim()
  return plain === '' ? slug : plain
}

async function provision(
  tx: Tx,
  ports: Ports,
  org: OrgId,
  it: { email: string; name: string | undefined; clearance: number },
): Promise<string> {
  const id = newId('per', ports)
  const slug = await freeSlug(tx, it.email, ports)
  await tx
    .insertInto('person')
    .values({
      org_id: org,
      id,
      slug,
      name: plainName(it.name, slug),
      email: it.email,
      clearance: it.clearance,
      state: 'active',
      salt: base64url(ports.random.bytes(16)),
      created_at: new Date(ports.clock.now()),
    })
    .execute()
  return id
}

/** Whether he came in by another way before his address became this one: then whoever has the address now may be somebody else. */
async function cameInBefore(tx: Tx, sso: string, { id, address_since: since }: Selectable<PersonTable>): Promise<boolean> {
  if (since === null) return false
  const session = tx
    .selectFrom('session')
    .select(sql`1`.as('one'))
    .where('person_id', '=', id)
    .where('created_at', '<=', since)
    .where((eb) => eb.or([eb('sso_id', 'is', null), eb('sso_id', '<>', sso)]))
  const link = tx.selectFrom('sso_identity').select(sql`1`.as('one')).where('person_id', '=', id).where('created_at', '<=', since)
  const passkey = tx.selectFrom('passkey').select(sql`1`.as('one')).where('person_id', '=', id).where('created_at', '<=', since)
  return (await session.unionAll(link).unionAll(passkey).limit(1).execute()).length > 0
}

async function knownPerson(tx: Tx, sso: string, person: Selectable<PersonTable>): Promise<string> {
  if (person.state !== 'active') throw unmatched('Whoever had this address here has left.')
  const linked = await tx
    .selectFrom('sso_identity')
    .select('subject')
    .where('sso_id', '=', sso)
    .where('person_id', '=', person.id)
    .executeTakeFirst()
  if (linked !== undefined)
    throw unmatched(
      'Somebody else of your provider signs in as the person with this address.',
      'If the address was given to you lately, an administrator ends the former person’s time here and adds you anew.',
    )
  if (await cameInBefore(tx, sso, person))
    throw unmatched(
      'The address was given to a person here who had come in by another way before.',
      'An administrator who knows that it is the same person says so: `twinlock person change-address --lets-provider-in`.',
    )
  return person.id
}

/** Whom a newcomer is: linked before, somebody who is found by his address, or nobody yet. */
export type Judged = { readonly kind: 'linked' | 'found'; readonly person: string } | { readonly kind: 'new' }

/** Says whom a newcomer is, and changes nothing. Throws `sign_in_unmatched` where he is nobody here and is not to be added. */
export async function judgeNewcomer(tx: Tx, sso: Selectable<SsoTable>, newcomer: Omit<Newcomer, 'name'>): Promise<Judged> {
  const first = await tx
    .selectFrom('sso_identity')
    .select('person_id')
    .where('sso_id', '=', sso.id)
    .where('subject', '=', newcomer.subject)
    .executeTakeFirst()
  if (first !== undefined) return { kind: 'linked', person: first.person_id }
  const email = await requireVouchedFor(tx, sso.id, newcomer)
  const there = await tx
    .selectFrom('person')
    .selectAll()
    .where((eb) => eb('email_key', '=', eb.fn<string>('lower', [eb.val(email)])))
    .executeTakeFirst()
  if (there === undefined && !sso.provisions) throw unmatched('There is nobody here with your address.')
  return there === undefined ? { kind: 'new' } : { kind: 'found', person: await knownPerson(tx, sso.id, there) }
}

/** Finds or adds the person whom a newcomer is, and links his subject. Throws `sign_in_unmatched`. */
export async function matchNewcomer(tx: Tx, ports: Ports, sso: Selectable<SsoTable>, newcomer: Newcomer): Promise<Matched> {
  const org = sso.org_id as OrgId // the column holds nothing else
  const judged = await judgeNewcomer(tx, sso, newcomer)
  // Another tab of his was first: the same subject was linked between the look for it and here.
  if (judged.kind === 'linked') return { person: judged.person, provisioned: false, isLinkedAlready: true }
  const person =
    judged.kind === 'new'
      ? await provision(tx, ports, org, { email: newcomer.email ?? '', name: newcomer.name, clearance: sso.clearance })
      : judged.person
  await tx
    .insertInto('sso_identity')
    .values({ org_id: org, sso_id: sso.id, subject: newcomer.subject, person_id: person, created_at: new Date(ports.clock.now()) })
    .execute()
  return { person, provisioned: judged.kind === 'new', isLinkedAlready: false }
}
