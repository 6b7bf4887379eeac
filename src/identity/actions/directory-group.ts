// What a directory does to groups: each is an act of the directory's own, on itself. Members change by what comes and goes; nobody reads fifty thousand of them
// to change one. Whoever is taken out has lost what the group holds when the answer returns.
import { z } from 'zod'
import { action, type Performing } from '../../kernel/index.ts'
import { groupKind } from '../scim/attributes.ts'
import { logDelivery } from '../scim/deliveries.ts'
import { differing } from '../scim/differing.ts'
import { locateSelf } from '../scim/directories.ts'
import { isRecord, textIn } from '../scim/document.ts'
import { findInput, findResources, selectionInput, shownResource } from '../scim/find.ts'
import { type ChangedGroup, changeGroup, createGroupOf, findGroupOf, type GroupRow, removeGroup } from '../scim/groups.ts'
import { type MemberStep, partOperations, readMembers } from '../scim/members.ts'
import { patchDocument, readOperations } from '../scim/patch.ts'
import { readDocument } from '../scim/read-document.ts'
import { requireVersion } from '../scim/users.ts'
import { changeInput, logRefusal, ofDirectory, pageOutput } from './directory-user.ts'

const idText = z.string().max(64)
/** Fifty thousand members, as they are sent by clients that show each of them. */
const bodyBytesMax = 16_777_216
// Members are shown only where they are asked for by name: a change answers with the rest.
const groupOutput = z.object({ resource: z.record(z.string(), z.unknown()), version: z.string().meta({ description: 'Its entity tag.' }) })
const withoutMembers = { attributes: [], excluded: ['members'] }
const fewMembers = 1_000

type Acting = Pick<Performing<string, unknown, unknown>, 'tx' | 'ports' | 'principal' | 'entry'>

const idOfRow = (row: GroupRow) => ({ ...row, id: row.group_id })

function membersIn(body: unknown): unknown {
  return isRecord(body) ? Object.entries(body).find(([name]) => name.toLowerCase() === 'members')?.[1] : undefined
}

async function done(
  it: Acting & { readonly named: number },
  { row, members }: ChangedGroup,
  operation: string,
  changed: readonly string[],
) {
  const { added, removed, runs } = members
  const about = [...changed, ...(added + removed > 0 ? [`members (${added} added, ${removed} removed)`] : [])]
  await logDelivery(it, { operation, resource: row.group_id, changed: about })
  const selection = it.named > fewMembers ? withoutMembers : { attributes: [], excluded: operation === 'patch-group' ? ['members'] : [] }
  return {
    result: await shownResource(it, 'Group', idOfRow(row), selection),
    facts: { changed: [...changed], added, removed, version: row.version, ...(runs > 0 ? { runs } : {}) },
    related: [{ rel: 'group', type: 'Group', id: row.group_id }],
    takesAway: removed > 0,
  }
}

/** Makes a group. */
export const createDirectoryGroup = action({
  ...ofDirectory,
  name: 'directory:create-group',
  summary: 'As a directory, make a group, which holds nothing until an administrator grants it something.',
  effect: 'change',
  bodyBytesMax,
  input: z.strictObject({ body: z.unknown() }),
  output: groupOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const doc = readDocument(groupKind, it.input.body)
    const ids = readMembers(membersIn(it.input.body))
    const group = await createGroupOf(it, doc, ids)
    const answer = await done({ ...it, named: ids.length }, group, 'create-group', Object.keys(doc))
    return { ...answer, texts: { name: textIn(doc, 'displayName') ?? '' } }
  },
  refused: (it) => logRefusal('create-group')({ ...it, input: {} }),
})

/** Replaces a group and who is in it. */
export const replaceDirectoryGroup = action({
  ...ofDirectory,
  name: 'directory:replace-group',
  summary: 'As a directory, say anew what a group is called and who is in it.',
  effect: 'change',
  bodyBytesMax,
  input: changeInput,
  output: groupOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const before = await findGroupOf(it, it.input.id, true)
    requireVersion(before.version, it.input.ifMatch)
    const doc = readDocument(groupKind, it.input.body)
    const ids = readMembers(membersIn(it.input.body))
    const steps: MemberStep[] = [{ kind: 'all', ids }]
    const group = await changeGroup(it, before, doc, steps)
    return done({ ...it, named: ids.length }, group, 'replace-group', differing(before.doc, doc))
  },
  refused: logRefusal('replace-group'),
})

/** Changes a group, or who comes and goes. */
export const patchDirectoryGroup = action({
  ...ofDirectory,
  name: 'directory:patch-group',
  summary: 'As a directory, change a group, and put members in or take them out.',
  effect: 'change',
  bodyBytesMax,
  input: changeInput,
  output: groupOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const operations = readOperations(it.input.body)
    const before = await findGroupOf(it, it.input.id, true)
    requireVersion(before.version, it.input.ifMatch)
    const { steps, rest } = partOperations(operations, before.group_id)
    const doc = patchDocument(groupKind, before.doc, rest, before.group_id)
    return done({ ...it, named: 0 }, await changeGroup(it, before, doc, steps), 'patch-group', differing(before.doc, doc))
  },
  refused: logRefusal('patch-group'),
})

/** Removes a group. */
export const removeDirectoryGroup = action({
  ...ofDirectory,
  name: 'directory:remove-group',
  summary: 'As a directory, remove a group: nobody is in it any more, and what it was granted ends.',
  effect: 'change',
  input: z.strictObject({ id: idText, ifMatch: z.string().max(200).optional() }),
  output: z.object({ removed: z.boolean() }),
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const before = await findGroupOf(it, it.input.id, true)
    requireVersion(before.version, it.input.ifMatch)
    await removeGroup(it, before)
    await logDelivery(it, { operation: 'remove-group', resource: before.group_id, changed: [] })
    return { result: { removed: true }, related: [{ rel: 'group', type: 'Group', id: before.group_id }], takesAway: true }
  },
  refused: logRefusal('remove-group'),
})

/** Shows a group to its directory. */
export const showDirectoryGroup = action({
  ...ofDirectory,
  name: 'directory:show-group',
  summary: 'As a directory, read what it said of a group.',
  effect: 'read',
  input: z.strictObject({ id: idText, ...selectionInput }),
  output: groupOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const row = await findGroupOf(it, it.input.id, false)
    const { attributes, excluded } = it.input
    return { result: await shownResource(it, 'Group', idOfRow(row), { attributes, excluded }) }
  },
})

/** Finds groups of a directory. */
export const findDirectoryGroups = action({
  ...ofDirectory,
  name: 'directory:find-groups',
  summary: 'As a directory, look for groups that it made.',
  effect: 'read',
  input: findInput,
  output: pageOutput,
  locate: async ({ principal }) => locateSelf(principal),
  perform: async (it) => ({ result: { ...(await findResources(it, 'Group', it.input)) } as z.input<typeof pageOutput> }), // read-only lists are lists
})
