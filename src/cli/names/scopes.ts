// On what something is given: the type of a scope says what its name is the name of, and an id says its type by itself.
import type { Answer } from '../api.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import { looksLikeId, resolveName } from './resolve-name.ts'

const prefixes: Readonly<Record<string, string>> = {
  Project: 'prj',
  Twin: 'twn',
  Scenario: 'scn',
  Asset: 'ast',
  Artifact: 'art',
  Connection: 'con',
}

const typed = Object.keys(prefixes)

/** The type of the scope with this id; nothing for what is no scope of these. */
function typeOfId(id: string): string | undefined {
  return looksLikeId(id) ? typed.find((type) => prefixes[type] === id.slice(0, 3)) : undefined
}

/** Where a scope was typed. */
export interface ScopeNaming {
  readonly flag: string
  /** Whether the flag holds more than this name: JSON, whose `scopeType` says what it is the name of. */
  readonly isWithin?: boolean
}

/** `environment/name`, with the environment by id or by name. */
async function resolveChannel(context: Context, naming: ScopeNaming, scope: string): Promise<string> {
  const [environment = '', name, ...more] = scope.split('/')
  if (name === undefined || more.length > 0)
    throw usage(`A scope is \`<environment>/<name>\` where it is a channel, not \`${scope}\`.`, 'For example: production/payments.')
  return `${await resolveName(context, { ...naming, prefixes: ['env'] }, environment)}/${name}`
}

/** A scope with its type and its id. Throws as `resolveName` does, and a usage failure where nothing says what a name is the name of. */
async function resolveScope(context: Context, naming: ScopeNaming, type: string | undefined, scope: string) {
  const typeBy = naming.isWithin === true ? 'scopeType' : '--scope-type'
  const own = typeOfId(scope)
  if ((type === undefined || type === 'Organization') && own === undefined && !scope.startsWith('org_'))
    throw usage(
      type === undefined ? `Nothing says what \`${scope}\` is the name of.` : 'The organization needs no scope.',
      `Say it with \`${typeBy}\`: one of ${[...typed, 'Channel'].join(', ')}.`,
    )
  const scopeType = type ?? own
  if (scopeType === 'Channel') return { scopeType, scope: await resolveChannel(context, naming, scope) }
  const prefix = prefixes[scopeType ?? '']
  const id = prefix === undefined ? scope : await resolveName(context, { ...naming, prefixes: [prefix] }, scope)
  return { ...(scopeType === undefined ? {} : { scopeType }), scope: id }
}

/** The scope of an input that has one, its name replaced by its id. */
export async function scopeIn(context: Context, naming: ScopeNaming, { scopeType, scope }: Answer): Promise<Answer> {
  if (typeof scope !== 'string') return {}
  return resolveScope(context, naming, typeof scopeType === 'string' ? scopeType : undefined, scope)
}
