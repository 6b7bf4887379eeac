// What a mapping or a position is to be, as it stands in the URL while it is made: so that it can be prepared by one person and made by another. Texts that
// anybody may have written; the server parses them. Pure.
import type { InputOf, OutputOf } from '../../../api/call.ts'
import { scopeTypes, shippedRoles } from '../../access/grants/grant-terms.ts'

type Wish = InputOf<'mapping:preview'>

/** One thing that is given: a role on something, in some environments. */
export type Term = NonNullable<Wish['gives']>[number]
/** A term as the server shows it. */
export type ShownTerm = OutputOf<'mapping:show'>['gives'][number]
/** A condition on what a directory says of somebody. */
export type Condition = NonNullable<Wish['when']>[number]
/** What a mapping may ask a directory for. */
export type Attribute = Condition['attribute']

/** The attributes that a mapping may ask for. */
export const attributes = [
  'department',
  'title',
  'userType',
  'division',
  'costCenter',
  'organization',
] as const satisfies readonly Attribute[]

const isOneOf = <T extends string>(all: readonly T[], word: string | undefined): word is T => all.some((one) => one === word)

/** A term as one word of the URL: `operator@Project:prj_…@env_…+env_…`; a role of the organization's own as `own:lookout`. */
export function termText({ role, customRole, scopeType = 'Organization', scope, environments = [] }: Term): string {
  const what = role ?? `own:${customRole ?? ''}`
  return [what, scope === undefined ? scopeType : `${scopeType}:${scope}`, environments.join('+')].join('@')
}

function termIn(text: string): Term | undefined {
  const [what = '', on = '', where = ''] = text.split('@')
  const at = on.indexOf(':')
  const type = at === -1 ? on : on.slice(0, at)
  const scopeType = isOneOf(scopeTypes, type) ? type : 'Organization'
  const given = isOneOf(shippedRoles, what) ? { role: what } : what.startsWith('own:') ? { customRole: what.slice(4) } : undefined
  if (given === undefined) return undefined
  const environments = where.split('+').filter(Boolean)
  return {
    ...given,
    scopeType,
    ...(scopeType === 'Organization' || at === -1 ? {} : { scope: on.slice(at + 1) }),
    ...(environments.length === 0 ? {} : { environments }),
  }
}

/** Terms as the URL says them. */
export function termsText(terms: readonly Term[]): string | undefined {
  return terms.length === 0 ? undefined : terms.map(termText).join(' ')
}

/** The terms that the URL says; what is none is left out. */
export function termsIn(text: string | undefined): readonly Term[] {
  return (text ?? '').split(' ').flatMap((one) => termIn(one) ?? [])
}

/** A term that is there, as it would be written. */
export function writtenTerm({ role, customRole, scope, environments }: ShownTerm): Term {
  const scopeType = isOneOf(scopeTypes, scope.type) ? scope.type : 'Organization'
  return {
    ...(role === null ? {} : { role }),
    ...(customRole === null ? {} : { customRole }),
    scopeType,
    ...(scopeType === 'Organization' ? {} : { scope: scope.id }),
    ...(environments.length === 0 ? {} : { environments: [...environments] }),
  }
}

/** A term that would be given, as the server would show it. */
export function shownTerm({ role, customRole, scopeType = 'Organization', scope = '', environments = [] }: Term): ShownTerm {
  return { role: role ?? null, customRole: customRole ?? null, scope: { type: scopeType, id: scope }, environments }
}

const valuesMax = 50

/** Conditions as the URL says them: `department:Robotics|Advanced%20robotics;title:Engineer`. */
export function conditionsText(conditions: readonly Condition[]): string | undefined {
  const said = conditions.map(({ attribute, oneOf }) => `${attribute}:${oneOf.map(encodeURIComponent).join('|')}`)
  return said.length === 0 ? undefined : said.join(';')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not ours: shown as it is, and refused by the server if it is nothing
  }
}

/** The conditions that the URL says; an attribute without a value is there to be filled in. */
export function conditionsIn(text: string | undefined): readonly Condition[] {
  return (text ?? '').split(';').flatMap((one) => {
    const at = one.indexOf(':')
    const attribute = one.slice(0, at)
    if (at === -1 || !isOneOf(attributes, attribute)) return []
    const oneOf = one
      .slice(at + 1)
      .split('|')
      .filter(Boolean)
      .map(decoded)
    return [{ attribute, oneOf: oneOf.slice(0, valuesMax) }]
  })
}

type Search = Readonly<Record<string, string | undefined>>

/** Of whom it is, or what is still missing of that. */
function sourceIn({ from, group, when, directory }: Search): Pick<Wish, 'group' | 'when' | 'directory'> | string {
  if (from !== 'attributes') return group === undefined ? 'Choose the group.' : { group }
  const conditions = conditionsIn(when)
  if (conditions.length === 0) return 'Say what a directory must say of somebody.'
  const empty = conditions.find(({ oneOf }) => oneOf.length === 0)
  if (empty !== undefined) return `Say which ${empty.attribute} it is.`
  return { when: [...conditions], ...(directory === undefined ? {} : { directory }) }
}

/** What is given: a position or terms, or what is still missing of it. */
function givesIn({ position, gives }: Search): Pick<Wish, 'position' | 'gives'> | string {
  if (position !== undefined) return { position }
  const terms = termsIn(gives)
  return terms.length === 0 ? 'Say what is given: a position, or a role on something.' : { gives: [...terms] }
}

/** What the URL says of a mapping, or the first thing that is missing of it. */
export function wishIn(search: Search): Pick<Wish, 'group' | 'when' | 'directory' | 'position' | 'gives'> | string {
  const source = sourceIn(search)
  if (typeof source === 'string') return source
  const given = givesIn(search)
  return typeof given === 'string' ? given : { ...source, ...given }
}
