// What names are looked up in: what the caller may list; and where he may not, what he holds something on or answers for, whose names are his to know. Whether
// he may list is asked first: every refusal goes on the record, and somebody who typed a name tried nothing.
import { z } from 'zod'
import { type Answer, type Api, listAll } from '../api.ts'
import { isProblem } from '../failure.ts'

const checked = z.object({ answers: z.array(z.object({ code: z.string().nullable() })) })

/** How many questions one request asks; the server takes no more. */
const questionsMax = 30

/** Which of some lists the caller may have. */
async function mayList(api: Api, action: string, inputs: readonly Answer[]): Promise<boolean[]> {
  try {
    const { answers } = checked.parse(await api.call('access:check', { questions: inputs.map((input) => ({ action, input })) }))
    return answers.map(({ code }) => code !== 'denied')
  } catch (error) {
    // Whoever may not ask learns it by trying.
    if (isProblem(error, 'denied')) return inputs.map(() => true)
    throw error
  }
}

async function tried(api: Api, action: string, input: Answer): Promise<readonly Answer[] | undefined> {
  try {
    return await listAll(api, action, input)
  } catch (error) {
    if (isProblem(error, 'denied')) return undefined
    throw error
  }
}

/** Whether the caller may have a list. */
export async function mayHave(api: Api, action: string, input: Answer): Promise<boolean> {
  return (await mayList(api, action, [input]))[0] === true
}

/** Every item of each of some lists; nothing at all in the place of one that the caller may not have. */
export async function listedEach(api: Api, action: string, inputs: readonly Answer[]): Promise<(readonly Answer[] | undefined)[]> {
  const lists: (readonly Answer[] | undefined)[] = []
  for (let at = 0; at < inputs.length; at += questionsMax) {
    const some = inputs.slice(at, at + questionsMax)
    const may = await mayList(api, action, some)
    for (const [nth, input] of some.entries()) lists.push(may[nth] === true ? await tried(api, action, input) : undefined)
  }
  return lists
}

/** Every item of a list; nothing at all where the caller may not have it. */
export async function listed(api: Api, action: string, input: Answer = {}): Promise<readonly Answer[] | undefined> {
  return (await listedEach(api, action, [input]))[0]
}

/** Something by its name: `slug`, or `slug@version`. */
function named(id: string, name: string): Answer {
  const [slug, version] = name.split('@')
  return version === undefined ? { id, slug } : { id, slug, version: Number(version) }
}

const held = z.object({ kind: z.string(), id: z.string(), names: z.record(z.string(), z.string()).default({}) })

/** Kinds of standing things whose owner reads a title where others type a slug. */
const titled = new Set(['project', 'group', 'directory', 'channel'])
const owned = z.object({ id: z.string(), kind: z.string(), name: z.string() })

async function findOwn(api: Api): Promise<readonly Answer[]> {
  const { kind, id, names } = held.parse(await api.call('session:show', {}))
  const things = kind === 'person' ? ((await listed(api, 'ownership:list', { person: id })) ?? []) : []
  const answeredFor = things.map((thing) => owned.parse(thing)).filter((one) => !titled.has(one.kind))
  return [...Object.entries(names).map(([one, name]) => named(one, name)), ...answeredFor.map((one) => named(one.id, one.name))]
}

const known = new WeakMap<Api, Promise<readonly Answer[]>>()

/** What the caller holds something on, or answers for: each once, by the prefix of its id. */
export async function ownOf(api: Api, prefix: string): Promise<readonly Answer[]> {
  const own = known.get(api) ?? findOwn(api)
  known.set(api, own)
  const these = (await own).filter(({ id }) => String(id).startsWith(`${prefix}_`))
  return [...new Map(these.map((one) => [one.id, one])).values()]
}

/** Things of a kind, as far as the caller may know of them. */
export interface Seen {
  readonly items: readonly Answer[]
  /** Whether these are all that there are. */
  readonly isAll: boolean
}

/** What the caller may list of a kind; else what of it is his own to know. */
export async function seenBy(api: Api, prefix: string, action: string, input: Answer = {}): Promise<Seen> {
  const items = await listed(api, action, input)
  return items === undefined ? { items: await ownOf(api, prefix), isAll: false } : { items, isAll: true }
}
