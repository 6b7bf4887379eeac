// How the things of each kind are found by their names: by a slug, a slug with its version, or the name that a person gave.
import type { Answer, Api } from '../api.ts'
import { listed, listedEach, ownOf, type Seen, seenBy } from './seen.ts'

/** How things of one kind are found by name. */
export interface Lookup {
  readonly what: string
  readonly many: string
  /** The command that lists them. */
  readonly list: string
  find(api: Api, name: string, input: Answer): Promise<Seen>
}

const only = ({ items, isAll }: Seen, fits: (item: Answer) => boolean): Seen => ({ items: items.filter(fits), isAll })

/** `slug@version`, or the newest version of the slug. */
function atVersion(items: readonly Answer[], name: string): readonly Answer[] {
  const [slug, version] = name.split('@')
  const called = items.filter((item) => item.slug === slug)
  if (version !== undefined) return called.filter((item) => String(item.version) === version)
  const newest = Math.max(...called.map((item) => Number(item.version)))
  return called.filter((item) => Number(item.version) === newest)
}

interface Lists {
  readonly lists: readonly (readonly Answer[] | undefined)[]
  /** Whether these are all the lists that there are. */
  readonly isAll: boolean
}

/** The newest, or the named, version in each of several lists; where there are others, of what is the caller's own to know. */
async function versionsIn(api: Api, prefix: string, { lists, isAll: areAll }: Lists, name: string): Promise<Seen> {
  const isAll = areAll && !lists.includes(undefined)
  const found = lists.flatMap((list) => atVersion(list ?? [], name))
  return { items: found.length > 0 || isAll ? found : atVersion(await ownOf(api, prefix), name), isAll }
}

/** `slug`, `slug@version`, or either after the name of its twin: `twin/slug`. */
async function findScenario(api: Api, name: string): Promise<Seen> {
  const [twin, rest] = name.includes('/') ? [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)] : [undefined, name]
  const twins = only(await seenBy(api, 'twn', 'twin:list'), ({ slug }) => twin === undefined || slug === twin)
  if (twin !== undefined && twins.items.length === 0) return twins
  const inputs = twins.items.map(({ id }) => ({ twin: id }))
  return versionsIn(api, 'scn', { lists: await listedEach(api, 'scenario:list', inputs), isAll: twins.isAll }, rest)
}

async function findAsset(api: Api, name: string, input: Answer): Promise<Seen> {
  const project = typeof input.project === 'string' && /^prj_[0-9a-z]{26}$/.test(input.project) ? input.project : undefined
  const projects = project === undefined ? await seenBy(api, 'prj', 'project:list') : { items: [{ id: project }], isAll: true }
  const inputs = projects.items.map(({ id }) => ({ project: id }))
  return versionsIn(api, 'ast', { lists: await listedEach(api, 'asset:list', inputs), isAll: projects.isAll }, name)
}

/** `slug`, or `slug@environment` where several environments have one. */
async function findConnection(api: Api, name: string): Promise<Seen> {
  const [slug, environment] = name.split('@')
  const all = only(await seenBy(api, 'con', 'connection:list'), (item) => item.slug === slug)
  if (environment === undefined) return all
  const places = only(await seenBy(api, 'env', 'environment:list'), (item) => item.slug === environment)
  const ids = places.items.map(({ id }) => id)
  return { ...only(all, (item) => ids.includes(item.environment)), isAll: all.isAll && places.isAll }
}

/** What one answers for first: whoever may list no others may name these. */
const answeredFor =
  (prefix: string, action: string, isMeant: (item: Answer) => boolean = () => true) =>
  async (api: Api, name: string): Promise<Seen> => {
    const called = (item: Answer) => item.slug === name && isMeant(item)
    const mine = ((await listed(api, action, { mine: true })) ?? []).filter(called)
    return mine.length > 0 ? { items: mine, isAll: true } : only(await seenBy(api, prefix, action), called)
  }

async function findPasskey(api: Api, name: string): Promise<Seen> {
  const { kind, id } = await api.call('session:show', {})
  const own = kind === 'person' ? await listed(api, 'person:passkeys', { person: id }) : undefined
  return { items: (own ?? []).filter((item) => item.name === name), isAll: own !== undefined }
}

interface Plain {
  readonly prefix: string
  readonly what: string
  readonly many?: string
  /** What is asked of the list; a search, where it takes one. */
  readonly asking?: (name: string) => Answer
  readonly isMeant?: (item: Answer) => boolean
  /** The member that names it; its slug where it is left out. */
  readonly by?: 'name'
}

/** Things that one list has. */
function inList(noun: string, { prefix, what, many = `${what}s`, asking = () => ({}), isMeant = () => true, by }: Plain): [string, Lookup] {
  const find = async (api: Api, name: string) =>
    only(await seenBy(api, prefix, `${noun}:list`, asking(name)), (item) => item[by ?? 'slug'] === name && isMeant(item))
  return [prefix, { what, many, list: `twinlock ${noun} list`, find }]
}

const workload = (prefix: string, kind: string) =>
  inList('workload', { prefix, what: kind, isMeant: (item) => item.kind === undefined || item.kind === kind })

/** How things are found by name, by the prefixes of their ids. */
export const lookups: ReadonlyMap<string, Lookup> = new Map([
  inList('project', { prefix: 'prj', what: 'project' }),
  inList('environment', { prefix: 'env', what: 'environment' }),
  inList('twin', { prefix: 'twn', what: 'twin' }),
  inList('person', { prefix: 'per', what: 'person', many: 'people', asking: (find) => ({ find }) }),
  inList('group', { prefix: 'grp', what: 'group', asking: (find) => ({ find, brief: true }) }),
  inList('directory', { prefix: 'dir', what: 'directory', many: 'directories' }),
  inList('mapping', { prefix: 'map', what: 'mapping' }),
  inList('sso', { prefix: 'sso', what: 'sign-in connection' }),
  inList('domain', { prefix: 'dom', what: 'domain', by: 'name' }),
  inList('link', { prefix: 'lnk', what: 'admin link', by: 'name' }),
  workload('svc', 'service'),
  workload('pip', 'pipeline'),
  workload('agt', 'agent'),
  [
    'gst',
    {
      what: 'guest',
      many: 'guests',
      list: 'twinlock guest list',
      find: answeredFor('gst', 'guest:list', ({ state }) => state !== 'ended'),
    },
  ],
  ['eng', { what: 'engagement', many: 'engagements', list: 'twinlock engagement list', find: answeredFor('eng', 'engagement:list') }],
  ['con', { what: 'connection', many: 'connections', list: 'twinlock connection list', find: findConnection }],
  ['scn', { what: 'scenario', many: 'scenarios', list: 'twinlock scenario list', find: findScenario }],
  ['ast', { what: 'asset', many: 'assets', list: 'twinlock asset list', find: findAsset }],
  ['psk', { what: 'passkey of yours', many: 'passkeys', list: 'twinlock person passkeys', find: findPasskey }],
])
