// Users of a directory and the people that they are here. What the directory says is kept as it said it; the person follows it: name, address, and whether he
// works here. A person belongs to one directory at most.
import { sql } from 'kysely'
import { fail, newId, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { type Followed, nothingFollowed } from '../following.ts'
import { endPerson } from '../leave.ts'
import { addressColumns } from '../people.ts'
import { keepingAdministrator } from './administrators.ts'
import { findDirectory } from './directories.ts'
import { type Doc, isSame, textIn } from './document.ts'
import { addressesOf, addressOf, nameOf, slugBeside, slugFrom } from './names.ts'
import { insertNew, keyOf, rowOf, type UserRow } from './new-users.ts'
import { entityTag } from './represent.ts'

/** Where a change happens, and for which directory. */
export interface Change {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** A changed user, and whether anything was taken away from him. */
export interface ChangedUser {
  readonly row: UserRow
  readonly takesAway: boolean
  /** What came of it for what he holds by what is said of him. */
  readonly followed: Followed
  /** Whether he was here before, and this directory's never: from now on it says what he is called, and whether he works here. */
  readonly isTakenOver?: boolean
}

function claimed(what: string): Error {
  return fail('claimed', `${what} already, here or in another directory.`)
}

/**
 * Requires that a version is the one that a change is meant for. What a tag marks besides, the groups of a user, is changed by no such change: somebody who was put into
 * a group since does not stand in its way. Throws `etag_moved`.
 */
export function requireVersion(version: number, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return
  const named = ifMatch.split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (!named.some((one) => /^"(\d+)(?:-[0-9a-f]+)?"$/.exec(one)?.[1] === String(version)))
    throw fail('etag_moved', `The resource is at version ${entityTag(version)}.`)
}

/** Finds a user of the directory, and keeps others from changing it meanwhile where it is about to be changed. Throws `not_found`. */
export async function findUser({ tx, principal }: Change, id: string, isToChange: boolean): Promise<UserRow> {
  const query = tx.selectFrom('directory_user').selectAll().where('person_id', '=', id).where('directory_id', '=', principal.id)
  const found = await (isToChange ? query.forUpdate() : query).executeTakeFirst()
  if (found === undefined) throw fail('not_found', 'There is no user with this id in this directory.')
  return found
}

interface Clash {
  readonly what: 'user' | 'external' | 'person' | 'slug'
  readonly id: string
  /** The directory that claims the person, and whether it is retired. */
  readonly directory: string | null
  readonly retired: boolean | null
  readonly former: string | null
}

/** Whatever is called, or reached, like a user that is to be; one statement, because each create asks it. */
async function clashes({ tx, principal }: Change, doc: Doc, slug: string): Promise<readonly Clash[]> {
  const email = addressOf(doc, '')
  const found = await sql<Clash>`
    select 'user' as what, u.person_id as id, u.directory_id as directory, d.state = 'retired' as retired, null as former
      from directory_user u join directory d on d.org_id = u.org_id and d.id = u.directory_id where u.user_name_key = ${keyOf(doc)}
    union all select 'external', u.person_id, u.directory_id, false, null
      from directory_user u where u.directory_id = ${principal.id} and u.external_id = ${textIn(doc, 'externalId') ?? null}
    union all select 'person', p.id, u.directory_id, d.state = 'retired', f.directory_id
      from person p left join directory_user u on u.org_id = p.org_id and u.person_id = p.id
      left join directory d on d.org_id = u.org_id and d.id = u.directory_id
      left join directory_former f on f.org_id = p.org_id and f.person_id = p.id where p.email_key = lower(${email}::text)
    union all select 'slug', p.id, null, null, null from person p where p.slug = ${slug}`.execute(tx)
  return found.rows
}

/** The person that a new user is, if he is here: one whom the directory removed before, or whom it may take over. Throws `claimed`. */
async function personToBe(change: Change, found: readonly Clash[]): Promise<string | undefined> {
  if (found.some(({ what }) => what === 'external')) throw claimed('A user has this external id')
  const here = found.filter(({ what }) => what === 'user' || what === 'person')
  const [first, ...others] = new Set(here.map(({ id }) => id))
  if (first === undefined) return undefined
  if (others.length > 0 || here.some(({ directory, retired }) => directory !== null && retired !== true))
    throw claimed('Somebody has this user name or address')
  if (here.some(({ former }) => former === change.principal.id)) return first
  const { adopts } = await findDirectory(change.tx, change.principal.id)
  if (!adopts) throw claimed('Somebody has this user name or address')
  return first
}

async function keepAddresses({ tx, principal }: Change, id: string, doc: Doc): Promise<void> {
  const addresses = addressesOf(doc)
  if (addresses.length === 0) return
  const rows = addresses.map((address) => ({ org_id: principal.org, person_id: id, address }))
  await tx.insertInto('directory_address').values(rows).execute()
}

/** A person who is here already becomes a user of the directory. Being active again gives him nothing back. */
async function insertKnown(change: Change, row: UserRow): Promise<boolean> {
  const { tx, ports, principal } = change
  const { person_id: id, doc } = row
  await tx.deleteFrom('directory_user').where('person_id', '=', id).execute()
  await tx.deleteFrom('directory_address').where('person_id', '=', id).execute()
  await tx.deleteFrom('directory_former').where('person_id', '=', id).execute()
  await tx
    .updateTable('person')
    .set({ name: nameOf(doc), ...addressColumns(addressOf(doc, id), ports.clock.now()), ...(row.active ? { state: 'active' } : {}) })
    .where('id', '=', id)
    .execute()
  await tx
    .insertInto('directory_user')
    .values({ ...row, doc: JSON.stringify(doc), said: JSON.stringify(row.said) })
    .execute()
  await keepAddresses(change, id, doc)
  if (row.active) return false
  await ports.holdAdmissions(tx)
  await keepingAdministrator(tx, ports, () => endPerson(tx, ports, { org: principal.org, person: id, because: 'directory' }))
  return true
}

/** Makes a user, and the person that it is here, who holds nothing. Throws `claimed`. */
export async function createUser(change: Change, doc: Doc): Promise<ChangedUser> {
  const { ports } = change
  const slug = slugFrom(textIn(doc, 'userName') ?? '', 'user')
  const found = await clashes(change, doc, slug)
  const known = await personToBe(change, found)
  const row = rowOf(change, known ?? newId('per', ports), doc)
  if (known !== undefined) {
    const isTakenOver = !found.some(({ former }) => former === change.principal.id)
    const takesAway = await insertKnown(change, row)
    return { ...(await followSaid(change, row, takesAway)), isTakenOver }
  }
  const isTaken = found.some(({ what }) => what === 'slug')
  await insertNew(change, [{ row, slug: isTaken ? slugBeside(slug, ports.random) : slug }])
  return followSaid(change, row, false)
}

/** Lets what a person holds by what is said of him follow what is said now. Whoever left holds nothing, and is given nothing. */
async function followSaid(change: Change, row: UserRow, takesAway: boolean): Promise<ChangedUser> {
  const { tx, ports, principal } = change
  if (!row.active) return { row, takesAway, followed: nothingFollowed }
  const followed = await ports.following.follow({ tx, ports, org: principal.org, people: [row.person_id] })
  return { row, takesAway: takesAway || followed.ended > 0, followed }
}

/** Whether mappings would look at a person anew: something that they ask for is said otherwise, or he is here again. */
function isSaidOtherwise(before: UserRow, after: UserRow): boolean {
  return before.active !== after.active || !isSame({ ...before.said }, { ...after.said })
}

async function requireFree(change: Change, before: UserRow, doc: Doc): Promise<void> {
  const isSame = before.user_name_key === keyOf(doc) && addressOf(before.doc, '') === addressOf(doc, '')
  if (isSame && before.external_id === (textIn(doc, 'externalId') ?? null)) return
  const found = await clashes(change, doc, '')
  if (found.some(({ id, what }) => what !== 'slug' && id !== before.person_id))
    throw claimed('Somebody has this user name, address or external id')
}

/** The person follows what was said: he leaves, or is here again, when the directory says so and had said otherwise before. */
async function follow(change: Change, before: UserRow, after: UserRow): Promise<boolean> {
  const { tx, ports, principal } = change
  const { person_id: id, doc } = after
  const [name, email] = [nameOf(doc), addressOf(doc, id)]
  if (name !== nameOf(before.doc) || email !== addressOf(before.doc, id)) {
    await tx
      .updateTable('person')
      .set({ name, ...addressColumns(email, ports.clock.now()) })
      .where('id', '=', id)
      .execute()
    await tx.deleteFrom('directory_address').where('person_id', '=', id).execute()
    await keepAddresses(change, id, doc)
  } else if (addressesOf(doc).join(' ') !== addressesOf(before.doc).join(' ')) {
    await tx.deleteFrom('directory_address').where('person_id', '=', id).execute()
    await keepAddresses(change, id, doc)
  }
  if (after.active && !before.active) await tx.updateTable('person').set({ state: 'active' }).where('id', '=', id).execute()
  if (after.active || !before.active) return false
  await keepingAdministrator(tx, ports, () => endPerson(tx, ports, { org: principal.org, person: id, because: 'directory' }))
  return true
}

/** Changes a user to what a document says. Throws `claimed`, `last_administrator`. */
export async function changeUser(change: Change, before: UserRow, doc: Doc): Promise<ChangedUser> {
  const { tx, ports } = change
  if (isSame(doc, before.doc)) return { row: before, takesAway: false, followed: nothingFollowed }
  await requireFree(change, before, doc)
  const { external_id, user_name_key, active, said, updated_at } = rowOf(change, before.person_id, doc)
  const row: UserRow = { ...before, external_id, user_name_key, active, said, updated_at, doc, version: before.version + 1 }
  if (before.active && !active) await ports.holdAdmissions(tx)
  await tx
    .updateTable('directory_user')
    .set({ external_id, user_name_key, active, updated_at, doc: JSON.stringify(doc), said: JSON.stringify(said), version: row.version })
    .where('person_id', '=', row.person_id)
    .execute()
  const takesAway = await follow(change, before, row)
  return isSaidOtherwise(before, row) ? followSaid(change, row, takesAway) : { row, takesAway, followed: nothingFollowed }
}

/** Removes a user: the person leaves, as with `active: false`, and the directory does not know him any more. Throws `last_administrator`. */
export async function removeUser(change: Change, before: UserRow): Promise<void> {
  const { tx, ports, principal } = change
  const { person_id: id } = before
  await ports.holdAdmissions(tx)
  await tx.deleteFrom('directory_user').where('person_id', '=', id).execute()
  await tx.deleteFrom('directory_address').where('person_id', '=', id).execute()
  await tx.deleteFrom('directory_member').where('member_id', '=', id).execute()
  const former = { org_id: principal.org, person_id: id, directory_id: principal.id }
  await tx
    .insertInto('directory_former')
    .values(former)
    .onConflict((conflict) => conflict.columns(['org_id', 'person_id']).doUpdateSet(former))
    .execute()
  await keepingAdministrator(tx, ports, () => endPerson(tx, ports, { org: principal.org, person: id, because: 'directory' }))
}
