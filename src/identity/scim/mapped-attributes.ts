// The attributes of people that mappings may ask for: a short list, each said by a directory or by a sign-in connection, compared without regard to case and to spaces around it.
// A directory is believed; what it lets people say of themselves should be mapped to nothing.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../kernel/index.ts'
import { type Doc, isDoc, textIn } from './document.ts'

/** Attributes of the core schema and of the enterprise extension (RFC 7643 sections 4.1 and 4.3). */
export const mappingAttributes = ['title', 'userType', 'department', 'division', 'costCenter', 'organization'] as const

/** One of them. */
export type MappingAttribute = (typeof mappingAttributes)[number]

/** What a directory says of somebody, as it is compared; no member for what it does not say. */
export type Attributes = Readonly<Partial<Record<MappingAttribute, string>>>

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const ofCore: ReadonlySet<MappingAttribute> = new Set(['title', 'userType'])

/** A value as it is compared. */
export function comparable(value: string): string {
  return value.normalize('NFC').trim().toLowerCase()
}

/** The attributes of a user's document. */
export function attributesOf(doc: Doc): Attributes {
  const extension = doc[enterprise]
  const found = mappingAttributes.map((name) => {
    const value = textIn(ofCore.has(name) ? doc : isDoc(extension) ? extension : undefined, name)
    return [name, value === undefined ? '' : comparable(value)] as const
  })
  return Object.fromEntries(found.filter(([, value]) => value !== ''))
}

/** What identity providers call these attributes in claims (OpenID Connect has no names for them) and in assertions. */
const claimNames: Readonly<Record<MappingAttribute, readonly string[]>> = {
  title: ['title', 'job_title', 'jobTitle', 'urn:oid:2.5.4.12'],
  userType: ['user_type', 'userType', 'employee_type', 'employeeType', 'urn:oid:2.16.840.1.113730.3.1.4'],
  department: ['department', 'urn:oid:2.16.840.1.113730.3.1.2'],
  division: ['division'],
  costCenter: ['cost_center', 'costCenter'],
  organization: ['organization', 'company_name', 'companyName', 'urn:oid:2.5.4.10'],
}
const saidCharactersMax = 200

/** The attributes of what a provider said of somebody who signs in; the first name that is there counts. */
export function attributesSaid(claims: Readonly<Record<string, unknown>>): Attributes {
  const found = mappingAttributes.map((name) => {
    const value = claimNames[name].map((claim) => claims[claim]).find((one) => typeof one === 'string' && one.trim() !== '')
    return [name, typeof value === 'string' && value.length <= saidCharactersMax ? comparable(value) : ''] as const
  })
  return Object.fromEntries(found.filter(([, value]) => value !== ''))
}

/** Somebody, and what is said of him: by his directory, or by the connection that he signs in through. */
export interface Described {
  readonly person: string
  /** The directory (`dir_…`) or sign-in connection (`sso_…`). */
  readonly directory: string
  readonly attributes: Attributes
}

/** A condition of a mapping: what an attribute has to be said to be. */
export interface Asked {
  readonly attribute: MappingAttribute
  readonly oneOf: readonly string[]
}

/** Of whom is asked: those of a list, those of whom all of this is said. */
export interface Among {
  readonly only?: readonly string[]
  readonly when?: readonly Asked[]
}

/** Both sides are kept, and asked for, as they are compared. */
function isAmong({ only, when = [] }: Among, person: RawBuilder<unknown>, said: RawBuilder<unknown>): RawBuilder<unknown> {
  const terms = when.map(({ attribute, oneOf }) => sql`${said} ->> ${attribute}::text = any(${oneOf.map(comparable)}::text[])`)
  return sql.join([sql`true`, ...(only === undefined ? [] : [sql`${person} = any(${[...only]}::text[])`]), ...terms], sql` and `)
}

/** People who work here and are of a directory. */
async function saidByDirectories(tx: Tx, among: Among): Promise<readonly Described[]> {
  const found = await sql<Described>`
    select u.person_id as person, u.directory_id as directory, u.said as attributes
    from directory_user u join person p on p.org_id = u.org_id and p.id = u.person_id
    where u.active and p.state = 'active' and ${isAmong(among, sql`u.person_id`, sql`u.said`)} order by u.person_id`.execute(tx)
  return found.rows
}

/** People who are of no directory, as the connection said that they signed in through last. */
async function saidAtSignIn(tx: Tx, among: Among): Promise<readonly Described[]> {
  const found = await sql<Described>`
    select person, directory, attributes from (
      select distinct on (i.person_id) i.person_id as person, i.sso_id as directory, i.said as attributes
      from sso_identity i join person p on p.org_id = i.org_id and p.id = i.person_id join sso s on s.org_id = i.org_id and s.id = i.sso_id
      where i.said is not null and p.state = 'active' and s.state = 'active'
        and not exists (select from directory_user u where u.org_id = i.org_id and u.person_id = i.person_id)
      order by i.person_id, i.said_at desc
    ) as last where ${isAmong(among, sql`last.person`, sql`last.attributes`)}`.execute(tx)
  return found.rows
}

/** What is said of people who work here, as far as is asked for. Where a directory speaks of somebody, it alone does. */
export async function describedPeople(tx: Tx, among: Among): Promise<readonly Described[]> {
  return [...(await saidAtSignIn(tx, among)), ...(await saidByDirectories(tx, among))]
}
