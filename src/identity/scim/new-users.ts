// Rows of users who are new here, and the people that they become: as many at once as come together, in one statement. Nobody is looked for here: whoever calls it
// knows that the names are free, and where they are not after all, the store refuses all of them.
import { type Selectable, sql } from 'kysely'
import { base64url, type Ports, type Principal, sensitivityLevel, type Tx } from '../../kernel/index.ts'
import { type Doc, textIn } from './document.ts'
import { attributesOf } from './mapped-attributes.ts'
import { addressesOf, addressOf, nameOf } from './names.ts'
import type { DirectoryUserTable } from './tables.ts'

/** A user as its row says. */
export type UserRow = Selectable<DirectoryUserTable>

/** A user name as it is compared. */
export const keyOf = (doc: Doc): string => (textIn(doc, 'userName') ?? '').toLowerCase()

interface Saying {
  readonly tx: Tx
  readonly ports: Ports
  /** The directory that says it. */
  readonly principal: Pick<Principal, 'org' | 'id'>
}

/** The row of a user whom a directory has just told of. */
export function rowOf({ ports, principal }: Omit<Saying, 'tx'>, id: string, doc: Doc): UserRow {
  const now = new Date(ports.clock.now())
  return {
    org_id: principal.org,
    person_id: id,
    directory_id: principal.id,
    external_id: textIn(doc, 'externalId') ?? null,
    user_name_key: keyOf(doc),
    active: doc.active !== false,
    doc,
    said: attributesOf(doc),
    version: 1,
    created_at: now,
    updated_at: now,
  }
}

/** A user who is new here, and the slug of the person that he becomes. */
export interface NewUser {
  readonly row: UserRow
  readonly slug: string
}

/** Puts in people, their users and addresses, of one organization, in one statement. */
export async function insertNew({ tx, ports }: Pick<Saying, 'tx' | 'ports'>, users: readonly NewUser[]): Promise<void> {
  const [first] = users
  if (first === undefined) return
  const { org_id, created_at: now } = first.row
  const column = (of: (user: NewUser) => string | null) => users.map(of)
  const addresses = users.flatMap(({ row }) => addressesOf(row.doc).map((address) => ({ id: row.person_id, address })))
  await sql`
    with said as materialized (select * from unnest(
      ${column(({ row }) => row.person_id)}::text[], ${column(({ slug }) => slug)}::text[], ${column(({ row }) => nameOf(row.doc))}::text[],
      ${column(({ row }) => addressOf(row.doc, row.person_id))}::text[], ${column(() => base64url(ports.random.bytes(16)))}::text[],
      ${column(({ row }) => row.directory_id)}::text[], ${column(({ row }) => row.external_id)}::text[],
      ${column(({ row }) => row.user_name_key)}::text[], ${users.map(({ row }) => row.active)}::boolean[],
      ${column(({ row }) => JSON.stringify(row.doc))}::text[], ${column(({ row }) => JSON.stringify(row.said))}::text[]
    ) as s (id, slug, name, email, salt, directory, external, user_name, active, doc, attributes)), people as (
      insert into person (org_id, id, slug, name, email, clearance, state, salt, created_at)
      select ${org_id}, id, slug, name, email, ${sensitivityLevel('internal')}::int, case when active then 'active' else 'left' end, salt, ${now} from said
    ), users as (
      insert into directory_user (org_id, person_id, directory_id, external_id, user_name_key, active, doc, said, version, created_at, updated_at)
      select ${org_id}, id, directory, external, user_name, active, doc::jsonb, attributes::jsonb, 1, ${now}, ${now} from said
    ) insert into directory_address (org_id, person_id, address)
      select ${org_id}, a.id, a.address
      from unnest(${addresses.map(({ id }) => id)}::text[], ${addresses.map(({ address }) => address)}::text[]) as a (id, address)`.execute(
    tx,
  )
}
