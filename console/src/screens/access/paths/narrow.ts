// Narrowing the paths of a thing, and putting them together by whoever has them. Pure: words in the URL that are not known mean all.
import type { OutputOf } from '../../../api/call.ts'

/** One of the three columns. */
export type Leg = 'input' | 'output' | 'production'
/** One identity on two of the three. */
export type Toxic = OutputOf<'access:paths'>['toxic'][number]
/** One way of somebody to do something. */
export type Path = OutputOf<'access:paths'>['paths'][number]
/** What is told of a thing's paths. */
export type Told = OutputOf<'access:paths'>

/** The three columns, with what each is about: as a heading, and within a sentence. */
export const legs: readonly { readonly leg: Leg; readonly title: string; readonly does: string; readonly nobody: string }[] = [
  { leg: 'input', title: 'Change its input', does: 'change what goes in', nobody: 'Nobody can change what goes in.' },
  { leg: 'output', title: 'Observe its output', does: 'observe what comes out', nobody: 'Nobody can observe what comes out.' },
  { leg: 'production', title: 'Move it into production', does: 'move it into production', nobody: 'Nobody can move it into production.' },
]

/** The word of a column in a badge. */
export const legWord: Readonly<Record<Leg, string>> = { input: 'input', output: 'output', production: 'production' }

/** What an action of a path means, for people. */
export const meanings: Readonly<Record<string, string>> = {
  'scenario:publish': 'publish a version of its scenario',
  'asset:add': 'add a data set that it uses',
  'asset:read': 'read the data set itself',
  'run:launch': 'launch a run with parameters',
  'artifact:read': 'read what a run left',
  'artifact:export': 'take out what a run left',
  'run:output': 'read a file while the run lives',
  'run:tape': 'read the calls of a run',
  'promotion:approve': 'approve its promotion',
  'promotion:cross': 'carry it across',
  'promotion:roll-back': 'roll it back',
  'connection:call': 'answer the calls that it is fed by',
}

type Search = Readonly<Record<string, string | undefined>>

/** A key for one path among those of one thing. */
export const keyOf = ({ leg, action, kind, principal }: Path): string => `${leg}.${action}.${kind}.${principal.id}`

/** Whoever answers for what a path's principal does: its owner, where it is a workload. */
const identityOf = ({ owner, principal }: Path): string => owner ?? principal.id

/** The toxic combination that a path is part of; undefined for none. */
export function toxicOf(path: Path, toxic: readonly Toxic[]): Toxic | undefined {
  const identity = identityOf(path)
  return toxic.find(({ principal }) => principal === identity)
}

const kinds: Readonly<Record<string, (path: Path) => boolean>> = {
  people: ({ principal }) => principal.id.startsWith('per_'),
  workloads: ({ principal }) => !principal.id.startsWith('per_'),
}

const uses: Readonly<Record<string, (path: Path) => boolean>> = {
  used: ({ lastUsed }) => lastUsed !== null,
  never: ({ lastUsed }) => lastUsed === null,
}

const known = <T>(all: Readonly<Record<string, T>>, word: string | undefined): T | undefined =>
  word !== undefined && Object.hasOwn(all, word) ? all[word] : undefined

function saidOf(path: Path, nameOf: (id: string) => string | undefined): string {
  const grants = path.grants.flatMap(({ id, role, actions, through }) => [
    id,
    role ?? '',
    ...actions,
    through ?? '',
    nameOf(through ?? '') ?? '',
  ])
  const { principal, owner, action } = path
  return [principal.name, principal.id, owner ?? '', nameOf(owner ?? '') ?? '', action, ...grants].join(' ').toLowerCase()
}

/** The paths that the filters of the URL leave: `kind`, `used`, `environment`, `only` (toxic, held or glass), `find`. */
export function narrowed(told: Pick<Told, 'paths' | 'toxic'>, search: Search, nameOf: (id: string) => string | undefined): readonly Path[] {
  const [kind, use] = [known(kinds, search.kind), known(uses, search.used)]
  const words = (search.find ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const { environment } = search
  return told.paths.filter((path) => {
    if (kind?.(path) === false || use?.(path) === false) return false
    if (environment !== undefined && path.environments.length > 0 && !path.environments.includes(environment)) return false
    if (search.only === 'toxic' && toxicOf(path, told.toxic) === undefined) return false
    if (search.only === 'held' && path.kind === 'break-glass') return false
    if (search.only === 'glass' && path.kind !== 'break-glass') return false
    const said = saidOf(path, nameOf)
    return words.every((word) => said.includes(word))
  })
}

/** The names of the filters in the URL. */
export const filterNames = ['kind', 'used', 'environment', 'only', 'find'] as const

/** Whoever has paths in one column: what is toxic first, then what was used last, then by name; whoever holds none and would have to break the glass, last. */
export interface Holder {
  readonly id: string
  readonly name: string
  readonly owner: string | null
  /** What he can do as it is. */
  readonly held: readonly Path[]
  /** What takes breaking the glass. */
  readonly byGlass: readonly Path[]
  /** Where this column is one of those that make it so. */
  readonly toxic: Toxic | undefined
}

const newest = (paths: readonly Path[]): string =>
  paths.reduce((best, { lastUsed }) => ((lastUsed ?? '') > best ? (lastUsed ?? '') : best), '')

/** The paths of one column by whoever has them. */
export function holdersIn(leg: Leg, paths: readonly Path[], toxic: readonly Toxic[]): readonly Holder[] {
  const found = new Map<string, Path[]>()
  for (const path of paths) {
    if (path.leg !== leg) continue
    const own = found.get(path.principal.id)
    if (own === undefined) found.set(path.principal.id, [path])
    else own.push(path)
  }
  const holders = [...found.values()].flatMap((own): Holder[] => {
    const [first] = own
    if (first === undefined) return []
    const [held, byGlass] = [own.filter(({ kind }) => kind !== 'break-glass'), own.filter(({ kind }) => kind === 'break-glass')]
    const combined = toxicOf(first, toxic)
    const isHere = held.length > 0 && combined?.legs.includes(leg) === true
    const { principal, owner } = first
    return [{ id: principal.id, name: principal.name, owner, held, byGlass, toxic: isHere ? combined : undefined }]
  })
  const rank = (one: Holder): number => (one.held.length === 0 ? 0 : one.toxic === undefined ? 1 : 2)
  return holders.sort(
    (one, other) => rank(other) - rank(one) || newest(other.held).localeCompare(newest(one.held)) || one.name.localeCompare(other.name),
  )
}
