// Names instead of ids, where a person types: a slug is looked up by listing, with the person's own rights. Only the command line does this; the API
// takes ids alone, so that a name that is given to something else later cannot redirect a script.
import type { Capability } from '../kernel/index.ts'
import { type Answer, type Api, listAll } from './api.ts'
import type { Context } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure, isProblem, usage } from './failure.ts'
import { type Field, fieldsOf } from './fields.ts'
import { readSessions } from './sign-in/session-file.ts'

const looksLikeId = /^[a-z]{3}_[0-9a-z]{26}$/

interface Lookup {
  readonly what: string
  find(api: Api, name: string, input: Answer): Promise<readonly Answer[]>
}

const bySlug =
  (action: string, fits: (item: Answer) => boolean = () => true) =>
  async (api: Api, name: string) =>
    (await listAll(api, action)).filter((item) => item.slug === name && fits(item))

/** `slug@version`, or the newest version of the slug. */
function atVersion(items: readonly Answer[], name: string): readonly Answer[] {
  const [slug, version] = name.split('@')
  const named = items.filter((item) => item.slug === slug)
  if (version !== undefined) return named.filter((item) => String(item.version) === version)
  const newest = Math.max(...named.map((item) => Number(item.version)))
  return named.filter((item) => item.version === newest)
}

async function findScenario(api: Api, name: string): Promise<readonly Answer[]> {
  const [twinName, rest] = name.includes('/') ? [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)] : [undefined, name]
  const twins = (await listAll(api, 'twin:list')).filter((twin) => twinName === undefined || twin.slug === twinName)
  const found: Answer[] = []
  for (const twin of twins) found.push(...atVersion(await listAll(api, 'scenario:list', { twin: twin.id }), rest))
  return found
}

async function findAsset(api: Api, name: string, input: Answer): Promise<readonly Answer[]> {
  const own =
    typeof input.project === 'string' && looksLikeId.test(input.project) ? [{ id: input.project }] : await listAll(api, 'project:list')
  const found: Answer[] = []
  for (const project of own) found.push(...atVersion(await listAll(api, 'asset:list', { project: project.id }), name))
  return found
}

/** `slug`, or `slug@environment` where several environments have one. */
async function findConnection(api: Api, name: string): Promise<readonly Answer[]> {
  const [slug, environment] = name.split('@')
  const all = (await listAll(api, 'connection:list')).filter((item) => item.slug === slug)
  if (environment === undefined) return all
  const ids = (await listAll(api, 'environment:list')).filter((item) => item.slug === environment).map((item) => item.id)
  return all.filter((item) => ids.includes(item.environment))
}

/** What one answers for first: whoever may list no others may name these. */
const answeredFor =
  (action: string, isMeant: (item: Answer) => boolean = () => true) =>
  async (api: Api, name: string) => {
    const called = (item: Answer) => item.slug === name && isMeant(item)
    const mine = (await listAll(api, action, { mine: true })).filter(called)
    return mine.length > 0 ? mine : (await listAll(api, action)).filter(called)
  }

const workload = (kind: string): Lookup => ({ what: kind, find: bySlug('workload:list', (item) => item.kind === kind) })

const lookups: Readonly<Record<string, Lookup>> = {
  prj: { what: 'project', find: bySlug('project:list') },
  env: { what: 'environment', find: bySlug('environment:list') },
  twn: { what: 'twin', find: bySlug('twin:list') },
  per: { what: 'person', find: bySlug('person:list') },
  grp: { what: 'group', find: bySlug('group:list') },
  dir: { what: 'directory', find: bySlug('directory:list') },
  map: { what: 'mapping', find: bySlug('mapping:list') },
  gst: { what: 'guest', find: answeredFor('guest:list', ({ state }) => state !== 'ended') },
  eng: { what: 'engagement', find: answeredFor('engagement:list') },
  con: { what: 'connection', find: findConnection },
  scn: { what: 'scenario', find: findScenario },
  ast: { what: 'asset', find: findAsset },
  svc: workload('service'),
  pip: workload('pipeline'),
  agt: workload('agent'),
}

function signedInHere(context: Context, name: string): string | undefined {
  return readSessions(context.io).sessions.findLast((one) => one.url === context.api.url && one.person.slug === name)?.person.id
}

interface Found {
  readonly ids: readonly string[]
  /** The refusal, where the caller may not list what this could be. */
  readonly refusal?: CliFailure
}

async function candidates(context: Context, prefix: string, name: string, input: Answer): Promise<Found> {
  const lookup = lookups[prefix]
  if (lookup === undefined) return { ids: [] }
  const known = prefix === 'per' ? signedInHere(context, name) : undefined
  if (known !== undefined) return { ids: [known] }
  try {
    return { ids: (await lookup.find(context.api, name, input)).map((item) => String(item.id)) }
  } catch (error) {
    if (!isProblem(error, 'denied')) throw error
    const message = `\`${name}\` cannot be looked up: you may not list what it could be (${lookup.what}).`
    return {
      ids: [],
      refusal: new CliFailure(exitCodes.denied, message, { next: 'Give the id instead.', problem: error.problem, cause: error }),
    }
  }
}

/** The id that a name stands for. Throws `not found`, or a usage failure when it stands for several things. */
export async function resolveName(context: Context, field: Pick<Field, 'flag' | 'prefixes'>, name: string, input: Answer): Promise<string> {
  if (looksLikeId.test(name) || !field.prefixes.some((prefix) => prefix in lookups)) return name
  const looked: Found[] = []
  for (const prefix of field.prefixes) looked.push(await candidates(context, prefix, name, input))
  const found = looked.flatMap((one) => one.ids)
  const [first, second] = found
  if (first === undefined) {
    const refusal = looked.find((one) => one.refusal !== undefined)?.refusal
    if (refusal !== undefined) throw refusal
    const what = field.prefixes.map((prefix) => lookups[prefix]?.what ?? 'thing').join(', ')
    throw new CliFailure(exitCodes.notFound, `There is no ${what} called \`${name}\`.`, {
      next: `Check \`--${field.flag}\`, or give the id.`,
    })
  }
  if (second !== undefined)
    throw usage(`\`${name}\` is the name of ${found.length} things: ${found.join(', ')}.`, `Give \`--${field.flag}\` as an id.`)
  return first
}

const scopePrefixes: Readonly<Record<string, string>> = { Project: 'prj', Twin: 'twn' }

/** The prefixes of the ids that a field takes; a grant's scope says by its type what it is an id of. */
function prefixesFor(field: Field, input: Answer): readonly string[] {
  const scope = field.name === 'scope' ? scopePrefixes[String(input.scopeType)] : undefined
  return scope === undefined ? field.prefixes : [scope]
}

/** An input with the names in it replaced by ids. */
export async function resolveNames(
  context: Context,
  capability: Capability,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const resolved: Record<string, unknown> = { ...input }
  for (const field of fieldsOf(capability)) {
    const value = resolved[field.name]
    const taking = { flag: field.flag, prefixes: prefixesFor(field, input) }
    if (typeof value === 'string') resolved[field.name] = await resolveName(context, taking, value, resolved)
    if (!Array.isArray(value) || !field.many) continue
    const ids: string[] = []
    for (const one of value) ids.push(await resolveName(context, taking, String(one), resolved))
    resolved[field.name] = ids
  }
  return resolved
}
