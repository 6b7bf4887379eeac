// Drift: where what a directory last said and what is here differ. Nothing is repaired here: either the directory says it again, or an administrator decides.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../kernel/index.ts'
import type { Doc } from './document.ts'
import { addressOf, nameOf } from './names.ts'

/** How two views of one thing can differ. */
export const driftKinds = ['left-here', 'active-here', 'name', 'address', 'member-missing', 'member-extra'] as const
/** One of the kinds. */
export type DriftKind = (typeof driftKinds)[number]

/** One difference. */
export interface Drift {
  readonly kind: DriftKind
  readonly resource: string
  readonly member: string | null
  readonly told: string
}

const shownMax = 200

const told: Readonly<Record<DriftKind, string>> = {
  'left-here': 'The directory says that this person works here; he was offboarded here.',
  'active-here': 'The directory says that this person does not work here; he is active here.',
  name: 'This person is called otherwise here than the directory says.',
  address: 'This person has another address here than the directory says.',
  'member-missing': 'The directory put this member into the group; he is not in it here.',
  'member-extra': 'This member is in the group here; the directory did not put him there.',
}

const statements: Readonly<Record<Exclude<DriftKind, 'name' | 'address'>, (directory: string) => RawBuilder<Found>>> = {
  'left-here': (directory) => sql<Found>`select u.person_id as resource, null as member from directory_user u
    join person p on p.org_id = u.org_id and p.id = u.person_id where u.directory_id = ${directory} and u.active and p.state = 'left'`,
  'active-here': (directory) => sql<Found>`select u.person_id as resource, null as member from directory_user u
    join person p on p.org_id = u.org_id and p.id = u.person_id where u.directory_id = ${directory} and not u.active and p.state = 'active'`,
  'member-missing': (directory) => sql<Found>`select m.group_id as resource, m.member_id as member from directory_member m
    join directory_group g on g.org_id = m.org_id and g.group_id = m.group_id left join person p on p.org_id = m.org_id and p.id = m.member_id
    where g.directory_id = ${directory} and p.state is distinct from 'left'
      and not exists (select from group_member h where h.group_id = m.group_id and h.member_id = m.member_id)`,
  'member-extra': (directory) => sql<Found>`select h.group_id as resource, h.member_id as member from group_member h
    join directory_group g on g.org_id = h.org_id and g.group_id = h.group_id
    where g.directory_id = ${directory} and not exists (select from directory_member m where m.group_id = h.group_id and m.member_id = h.member_id)`,
}

interface Found {
  readonly resource: string
  readonly member: string | null
}

async function differences(
  tx: Tx,
  kind: keyof typeof statements,
  directory: string,
): Promise<{ readonly count: number; readonly drift: Drift[] }> {
  const found = await sql<Found & { count: number }>`select x.*, count(*) over ()::int as count from (${statements[kind](directory)}) as x
    order by x.resource, x.member limit ${shownMax}`.execute(tx)
  const drift = found.rows.map(({ resource, member }) => ({ kind, resource, member, told: told[kind] }))
  return { count: found.rows[0]?.count ?? 0, drift }
}

interface Called {
  readonly id: string
  readonly doc: Doc
  readonly name: string
  readonly email: string
}

const rowsAtOnce = 5_000

/** A page of people as they are called here, with what was said of them. */
function calledAfter(tx: Tx, directory: string, after: string): Promise<Called[]> {
  return tx
    .selectFrom('directory_user as u')
    .innerJoin('person as p', (join) => join.onRef('p.org_id', '=', 'u.org_id').onRef('p.id', '=', 'u.person_id'))
    .select(['u.person_id as id', 'u.doc', 'p.name', 'p.email'])
    .where('u.directory_id', '=', directory)
    .where('u.person_id', '>', after)
    .orderBy('u.person_id')
    .limit(rowsAtOnce)
    .execute()
}

/** What people are called is made from what was said, so it is made again and compared. */
async function called(tx: Tx, directory: string, kind: 'name' | 'address'): Promise<{ readonly count: number; readonly drift: Drift[] }> {
  const found: string[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rows: Called[] = await calledAfter(tx, directory, after)
    const differs = ({ id, doc, name, email }: Called) => (kind === 'name' ? name !== nameOf(doc) : email !== addressOf(doc, id))
    found.push(...rows.filter(differs).map(({ id }) => id))
    after = rows.length < rowsAtOnce ? undefined : rows.at(-1)?.id
  }
  const drift = found.slice(0, shownMax).map((resource) => ({ kind, resource, member: null, told: told[kind] }))
  return { count: found.length, drift }
}

/** Everything that differs: counted, and the first of each kind. */
export async function driftOf(tx: Tx, directory: string): Promise<{ readonly count: number; readonly drift: Drift[] }> {
  const found: { readonly count: number; readonly drift: Drift[] }[] = []
  for (const kind of driftKinds)
    found.push(await (kind === 'name' || kind === 'address' ? called(tx, directory, kind) : differences(tx, kind, directory)))
  return { count: found.reduce((sum, { count }) => sum + count, 0), drift: found.flatMap(({ drift }) => drift) }
}
