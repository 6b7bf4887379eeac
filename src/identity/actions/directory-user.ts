// What a directory does to users: each is an act of the directory's own, on itself, recorded with the names of what changed and logged for people. Bodies are
// attacker-controlled JSON and are read by `scim/`; a person follows what his directory says at once, and `active: false` is exact at admission.
import { z } from 'zod'
import { action, type Performing, type Refused } from '../../kernel/index.ts'
import { nothingFollowed } from '../following.ts'
import { userKind } from '../scim/attributes.ts'
import { logDelivery } from '../scim/deliveries.ts'
import { directoryType, locateSelf } from '../scim/directories.ts'
import { type Doc, textIn } from '../scim/document.ts'
import { findInput, findResources, selectionInput, shownResources } from '../scim/find.ts'
import { nameOf } from '../scim/names.ts'
import { patchDocument, readOperations } from '../scim/patch.ts'
import { readDocument } from '../scim/read-document.ts'
import { type ChangedUser, changeUser, createUser, findUser, removeUser, requireVersion, type UserRow } from '../scim/users.ts'

const idText = z.string().max(64)
const resourceOutput = z.object({ resource: z.record(z.string(), z.unknown()), version: z.number() })
/** The input of a change to one resource; its body is read later, so that a refusal is logged. */
export const changeInput = z.strictObject({ id: idText, body: z.unknown(), ifMatch: z.string().max(200).optional(), ...selectionInput })

/** What every action of a directory is: its own, on itself. */
export const ofDirectory = {
  roles: [],
  by: ['directory'],
  servedBy: 'scim',
  resource: directoryType,
} as const

type Acting = Pick<Performing<string, unknown, unknown>, 'tx' | 'ports' | 'principal' | 'entry'>

/** Logs a refusal beside its entry; what was asked for named at most an id. */
export const logRefusal =
  (operation: string) =>
  async (it: Refused<{ readonly id?: string | undefined }>): Promise<void> =>
    logDelivery(it, { operation, resource: it.input.id, changed: [], code: it.code })

const idOfRow = (row: UserRow) => ({ ...row, id: row.person_id })

/** The names of the attributes that differ between two documents. */
export function differing(before: Doc, after: Doc): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}

interface Told {
  readonly operation: string
  readonly changed: readonly string[]
  readonly texts?: Readonly<Record<string, string>>
}

async function done(
  it: Acting & { readonly input: z.output<typeof changeInput> | { attributes: string[]; excluded: string[] } },
  user: ChangedUser,
  { operation, changed, texts }: Told,
) {
  const { row, takesAway, followed } = user
  await logDelivery(it, { operation, resource: row.person_id, changed })
  const [resource = {}] = await shownResources(it, 'User', [idOfRow(row)], { attributes: it.input.attributes, excluded: it.input.excluded })
  return {
    result: { resource, version: row.version },
    facts: {
      changed: [...changed],
      active: row.active,
      version: row.version,
      ...(followed === nothingFollowed ? {} : { mapping: { ...followed } }),
    },
    related: [{ rel: 'person', type: 'Person', id: row.person_id }],
    takesAway,
    ...(texts === undefined ? {} : { texts }),
  }
}

/** Makes a user, and the person that it is here. */
export const createDirectoryUser = action({
  ...ofDirectory,
  name: 'directory:create-user',
  summary: 'As a directory, add a person, who holds nothing but what the groups give that the directory puts him into.',
  effect: 'change',
  input: z.strictObject({ body: z.unknown(), ...selectionInput }),
  output: resourceOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const doc = readDocument(userKind, it.input.body)
    const user = await createUser(it, doc)
    const texts = { name: nameOf(doc), userName: textIn(doc, 'userName') ?? '' }
    // Somebody who has just been made is in no group, so none is looked up.
    const input = { attributes: it.input.attributes, excluded: [...it.input.excluded, 'groups'] }
    return done({ ...it, input }, user, { operation: 'create-user', changed: Object.keys(doc), texts })
  },
  refused: (it) => logRefusal('create-user')({ ...it, input: {} }),
})

/** Replaces what a directory says of a user. */
export const replaceDirectoryUser = action({
  ...ofDirectory,
  name: 'directory:replace-user',
  summary: 'As a directory, say anew all that is to be said of a person; `active: false` ends his time here.',
  effect: 'change',
  input: changeInput,
  output: resourceOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const before = await findUser(it, it.input.id, true)
    requireVersion(before.version, it.input.ifMatch)
    const doc = readDocument(userKind, it.input.body)
    return done(it, await changeUser(it, before, doc), { operation: 'replace-user', changed: differing(before.doc, doc) })
  },
  refused: logRefusal('replace-user'),
})

/** Changes some of what a directory says of a user. */
export const patchDirectoryUser = action({
  ...ofDirectory,
  name: 'directory:patch-user',
  summary: 'As a directory, change some of what is said of a person; `active: false` ends his time here.',
  effect: 'change',
  input: changeInput,
  output: resourceOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const operations = readOperations(it.input.body)
    const before = await findUser(it, it.input.id, true)
    requireVersion(before.version, it.input.ifMatch)
    const { doc, changed } = patchDocument(userKind, before.doc, operations, before.person_id)
    return done(it, await changeUser(it, before, doc), { operation: 'patch-user', changed })
  },
  refused: logRefusal('patch-user'),
})

/** Removes a user; the person leaves. */
export const removeDirectoryUser = action({
  ...ofDirectory,
  name: 'directory:remove-user',
  summary: 'As a directory, remove a person: his time here ends, and nothing is admitted for him any more.',
  effect: 'change',
  input: z.strictObject({ id: idText, ifMatch: z.string().max(200).optional() }),
  output: z.object({ removed: z.boolean() }),
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const before = await findUser(it, it.input.id, true)
    requireVersion(before.version, it.input.ifMatch)
    await removeUser(it, before)
    await logDelivery(it, { operation: 'remove-user', resource: before.person_id, changed: [] })
    return { result: { removed: true }, related: [{ rel: 'person', type: 'Person', id: before.person_id }], takesAway: true }
  },
  refused: logRefusal('remove-user'),
})

/** Shows a user to his directory. */
export const showDirectoryUser = action({
  ...ofDirectory,
  name: 'directory:show-user',
  summary: 'As a directory, read what it said of a person.',
  effect: 'read',
  input: z.strictObject({ id: idText, ...selectionInput }),
  output: resourceOutput,
  locate: async ({ principal }) => locateSelf(principal),
  async perform(it) {
    const row = await findUser(it, it.input.id, false)
    const [resource = {}] = await shownResources(it, 'User', [idOfRow(row)], {
      attributes: it.input.attributes,
      excluded: it.input.excluded,
    })
    return { result: { resource, version: row.version } }
  },
})

/** The output of a search. */
export const pageOutput = z.object({ total: z.number(), startIndex: z.number(), resources: z.array(z.record(z.string(), z.unknown())) })

/** Finds users of a directory. */
export const findDirectoryUsers = action({
  ...ofDirectory,
  name: 'directory:find-users',
  summary: 'As a directory, look for people that it said something of.',
  effect: 'read',
  input: findInput,
  output: pageOutput,
  locate: async ({ principal }) => locateSelf(principal),
  perform: async (it) => ({ result: { ...(await findResources(it, 'User', it.input)) } as z.input<typeof pageOutput> }), // read-only lists are lists
})
