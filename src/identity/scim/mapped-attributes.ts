// The attributes of people that mappings may ask for: a short list, each said by a directory, compared without regard to case and to spaces around it.
// A directory is believed; what it lets people say of themselves should be mapped to nothing.
import { sql } from 'kysely'
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

/** Somebody, and what his directory says of him. */
export interface Described {
  readonly person: string
  readonly directory: string
  readonly attributes: Attributes
}

const rowsAtOnce = 5_000

/** People who work here and are of a directory, after an id; all of them, or those of a list. */
async function page(tx: Tx, after: string, only: readonly string[] | undefined): Promise<Described[]> {
  const among = only === undefined ? sql`` : sql`and u.person_id = any(${only}::text[])`
  const found = await sql<{ person: string; directory: string; doc: Doc }>`
    select u.person_id as person, u.directory_id as directory,
      jsonb_build_object('title', u.doc -> 'title', 'userType', u.doc -> 'userType', ${enterprise}::text, u.doc -> ${enterprise}::text) as doc
    from directory_user u join person p on p.org_id = u.org_id and p.id = u.person_id
    where u.active and p.state = 'active' and u.person_id > ${after} ${among} order by u.person_id limit ${rowsAtOnce}`.execute(tx)
  return found.rows.map(({ person, directory, doc }) => ({ person, directory, attributes: attributesOf(doc) }))
}

/** What directories say of people who work here: of all, or of those of a list. */
export async function describedPeople(tx: Tx, only?: readonly string[]): Promise<Described[]> {
  const all: Described[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rows: Described[] = await page(tx, after, only)
    all.push(...rows)
    after = rows.length < rowsAtOnce ? undefined : rows.at(-1)?.person
  }
  return all
}
