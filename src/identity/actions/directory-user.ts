// What a directory does to users: each is an act of the directory's own, on itself, recorded with the names of what changed and logged for people. Bodies are
// attacker-controlled JSON and are read by `scim/`; a person follows what his directory says at once, and `active: false` is exact at admission.
import { z } from 'zod'
import { action, isCoded, type Located, type Performing, type Principal, type Refused, type Tx } from '../../kernel/index.ts'
import { nothingFollowed } from '../following.ts'
import { userKind } from '../scim/attributes.ts'
import { logDelivery, takenOver } from '../scim/deliveries.ts'
import { differing } from '../scim/differing.ts'
import { directoryType, locateSelf } from '../scim/directories.ts'
import { type Doc, textIn } from '../scim/document.ts'
import { findInput, findResources, selectionInput, shownResource } from '../scim/find.ts'
import { nameOf } from '../scim/names.ts'
import type { UserRow } from '../scim/new-users.ts'
import { patchDocument, readOperations } from '../scim/patch.ts'
import { readDocument } from '../scim/read-document.ts'
import { type ChangedUser, changeUser, createUser, findUser, removeUser, requireVersion } from '../scim/users.ts'
import { createPlainlyNew, type PlainlyNew, plainlyNew } from '../scim/users-together.ts'

const idText = z.string().max(64)
const resourceOutput = z.object({
  resource: z.record(z.string(), z.unknown()),
  version: z.string().meta({ description: 'Its entity tag.' }),
})
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

interface Told {
  readonly operation: string
  readonly changed: readonly string[]
  readonly texts?: Readonly<Record<string, string>>
}

interface Asking extends Acting {
  readonly input: { readonly attributes: string[]; readonly excluded: string[] }
  /** Somebody who has just been made is in no group, so none is looked up. */
  readonly isNew?: boolean
}

/** What is answered, and what the entry says. */
async function answerOf(it: Asking, { row, takesAway, followed }: ChangedUser, { changed, texts }: Told) {
  const { attributes, excluded } = it.input
  return {
    result: await shownResource(it, 'User', idOfRow(row), { attributes, excluded, areNew: it.isNew === true }),
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

async function done(it: Asking, user: ChangedUser, said: Told) {
  const told = user.isTakenOver === true ? { ...said, changed: [...said.changed, takenOver] } : said
  await logDelivery(it, { operation: told.operation, resource: user.row.person_id, changed: told.changed })
  return answerOf(it, user, told)
}

const creation = z.strictObject({ body: z.unknown(), ...selectionInput })
type Creating = Performing<string, z.output<typeof creation>, PlainlyNew | undefined>

function toldOfNew(doc: Doc): Told {
  const texts = { name: nameOf(doc), userName: textIn(doc, 'userName') ?? '' }
  return { operation: 'create-user', changed: Object.keys(doc), texts }
}

/** Makes a user, and the person that it is here. */
export const createDirectoryUser = action({
  ...ofDirectory,
  name: 'directory:create-user',
  summary: 'As a directory, add a person, who holds nothing but what the groups give that the directory puts him into.',
  effect: 'change',
  input: creation,
  output: resourceOutput,
  // Who he would be is found when several are made together, and asked again here: what is refused is then logged.
  locate: async ({ principal }): Promise<Located<PlainlyNew | undefined>> => locateSelf(principal),
  async perform(it) {
    const doc = readDocument(userKind, it.input.body)
    return done({ ...it, isNew: true }, await createUser(it, doc), toldOfNew(doc))
  },
  refused: (it) => logRefusal('create-user')({ ...it, input: {} }),
})

/** A body as a user; nothing for one that is refused, which the action itself says and logs. */
function readable(body: unknown): Doc | undefined {
  try {
    return readDocument(userKind, body)
  } catch (error) {
    if (isCoded(error)) return undefined
    throw error
  }
}

/** How several users are made together: those who are plainly new, by one statement each for finding, making and logging. All others are left to the action itself. */
export const createUsersTogether = {
  // The store works on them as long as we decide them: what overlapping would win, larger batches win as well, and they take a sixth less of our time.
  batchesMax: 1,
  async locate(tx: Tx, its: readonly { readonly input: unknown; readonly principal: Principal }[]) {
    const told = its.map(({ input, principal }) => {
      const doc = readable((input as z.output<typeof creation>).body) // the door has just parsed it with this action's schema
      return doc === undefined ? undefined : { doc, directory: principal.id }
    })
    const found = await plainlyNew(tx, told)
    return its.map(({ principal }, at) => (found[at] === undefined ? undefined : { ...locateSelf(principal), found: found[at] }))
  },
  async perform(performing: readonly Performing<string, unknown, unknown>[]) {
    // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
    const its = (performing as readonly Creating[]).flatMap((it) => (it.found === undefined ? [] : [{ ...it, found: it.found }]))
    const users = await createPlainlyNew(its)
    const made = its.flatMap((it, at) => {
      const user = users[at]
      return user === undefined ? [] : [{ it: { ...it, isNew: true }, user, told: toldOfNew(it.found.doc) }]
    })
    return Promise.all(made.map(({ it, user, told }) => answerOf(it, user, told)))
  },
}

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
    const doc = patchDocument(userKind, before.doc, operations, before.person_id)
    return done(it, await changeUser(it, before, doc), { operation: 'patch-user', changed: differing(before.doc, doc) })
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
    const { attributes, excluded } = it.input
    return { result: await shownResource(it, 'User', idOfRow(row), { attributes, excluded }) }
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
