// Groups of a directory and the groups that they are here. Membership in one is given by the directory; what the group holds, by the organization's own
// administrators, who know by that grant that whoever the directory puts in has it.
import { type Selectable, sql } from 'kysely'
import { fail, newId } from '../../kernel/index.ts'
import { selfAndMembers } from '../groups.ts'
import { keepingAdministrator } from './administrators.ts'
import { findDirectory } from './directories.ts'
import { type Doc, isSame, textIn } from './document.ts'
import { changeMembers, type MemberStep, type MembersChanged, mayTakeAway } from './members.ts'
import { slugBeside, slugFrom } from './names.ts'
import type { DirectoryGroupTable } from './tables.ts'
import type { Change } from './users.ts'

/** A group as its row says. */
export type GroupRow = Omit<Selectable<DirectoryGroupTable>, 'members_at_most'>

const titleCharactersMax = 120
const keyOf = (doc: Doc): string => (textIn(doc, 'displayName') ?? '').toLowerCase()
const titleOf = (doc: Doc): string =>
  (textIn(doc, 'displayName') ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, titleCharactersMax)

/** Finds a group of the directory, and keeps others from changing it meanwhile where it is about to be changed. Throws `not_found`. */
export async function findGroupOf({ tx, principal }: Change, id: string, isToChange: boolean): Promise<GroupRow> {
  const query = tx.selectFrom('directory_group').selectAll().where('group_id', '=', id).where('directory_id', '=', principal.id)
  const found = await (isToChange ? query.forUpdate() : query).executeTakeFirst()
  if (found === undefined) throw fail('not_found', 'There is no group with this id in this directory.')
  return found
}

async function requireFree({ tx, principal }: Change, doc: Doc, own: string): Promise<void> {
  const found = await sql<{ id: string }>`select group_id as id from directory_group
    where directory_id = ${principal.id} and (display_key = ${keyOf(doc)} or external_id = ${textIn(doc, 'externalId') ?? null}) and group_id <> ${own} limit 1`.execute(
    tx,
  )
  if (found.rows.length > 0) throw fail('claimed', 'A group of this directory has this name or external id already.')
}

async function freeSlug({ tx, ports }: Change, doc: Doc): Promise<string> {
  const slug = slugFrom(textIn(doc, 'displayName') ?? '', 'group')
  const taken = await tx.selectFrom('group').select('id').where('slug', '=', slug).executeTakeFirst()
  return taken === undefined ? slug : slugBeside(slug, ports.random)
}

/** A group after a change, and what became of its members. */
export interface ChangedGroup {
  readonly row: GroupRow
  readonly members: MembersChanged
}

/** Makes a group, which holds nothing until something is granted to it. Throws `claimed`. */
export async function createGroupOf(change: Change, doc: Doc, members: readonly string[]): Promise<ChangedGroup> {
  const { tx, ports, principal } = change
  await requireFree(change, doc, '')
  const { owner_id } = await findDirectory(tx, principal.id)
  const now = new Date(ports.clock.now())
  const id = newId('grp', ports)
  const group = { org_id: principal.org, id, slug: await freeSlug(change, doc), name: titleOf(doc), owner_id, created_at: now }
  await tx.insertInto('group').values(group).execute()
  const row: GroupRow = {
    org_id: principal.org,
    group_id: id,
    directory_id: principal.id,
    external_id: textIn(doc, 'externalId') ?? null,
    display_key: keyOf(doc),
    doc,
    version: 1,
    created_at: now,
    updated_at: now,
  }
  await tx
    .insertInto('directory_group')
    .values({ ...row, doc: JSON.stringify(doc) })
    .execute()
  return { row, members: await changeMembers(change, id, [{ kind: 'add', ids: members }]) }
}

/** Changes a group and who is in it. Throws `claimed`, `last_administrator` and what members are refused with. */
export async function changeGroup(change: Change, before: GroupRow, doc: Doc, steps: readonly MemberStep[]): Promise<ChangedGroup> {
  const { tx, ports } = change
  await requireFree(change, doc, before.group_id)
  const apply = () => changeMembers(change, before.group_id, steps)
  if (mayTakeAway(steps)) await ports.holdAdmissions(tx)
  const members = await (mayTakeAway(steps) ? keepingAdministrator(tx, ports, apply) : apply())
  // Whoever pushes what was so already finds the version that he knows.
  if (isSame(before.doc, doc) && members.added + members.removed === 0) return { row: before, members }
  const row: GroupRow = {
    ...before,
    doc,
    external_id: textIn(doc, 'externalId') ?? null,
    display_key: keyOf(doc),
    version: before.version + 1,
    updated_at: new Date(ports.clock.now()),
  }
  const { external_id, display_key, version, updated_at } = row
  await tx
    .updateTable('directory_group')
    .set({ external_id, display_key, version, updated_at, doc: JSON.stringify(doc) })
    .where('group_id', '=', row.group_id)
    .execute()
  if (titleOf(doc) !== titleOf(before.doc))
    await tx
      .updateTable('group')
      .set({ name: titleOf(doc) })
      .where('id', '=', row.group_id)
      .execute()
  return { row, members }
}

/** Removes a group: nobody is in it any more, it is in no other, and what it was granted ends. The group itself stays, because entries speak of it. */
export async function removeGroup(change: Change, before: GroupRow): Promise<void> {
  const { tx, ports, principal } = change
  const { group_id: id } = before
  await ports.holdAdmissions(tx)
  const holders = await selfAndMembers(tx, id)
  await keepingAdministrator(tx, ports, async () => {
    await tx.deleteFrom('group_member').where('group_id', '=', id).execute()
    // What later rooms keep for somebody by his id they keep for a group in the same way.
    const leaver = { org: principal.org, person: id, at: new Date(ports.clock.now()), ports }
    for (const holder of ports.holders) await holder.endFor(tx, leaver)
  })
  await ports.dependents.endFor(tx, { holders, at: new Date(ports.clock.now()), ports })
  await tx
    .deleteFrom('directory_member')
    .where((eb) => eb.or([eb('group_id', '=', id), eb('member_id', '=', id)]))
    .execute()
  await tx.deleteFrom('directory_group').where('group_id', '=', id).execute()
}
