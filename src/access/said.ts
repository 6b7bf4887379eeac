// What the policies that the product itself writes say, twice: as Cedar's text, which people read and the reference engine parses, and as the JSON that Cedar makes
// of that very text, which compiles without a parser. A parser takes a thousand times as long, and who holds what is written anew whenever it changed.
// Trust: values come from our own columns; they are quoted as Cedar strings, so that none can become policy text. A test holds the two forms together.
import type { EntityRef } from '../kernel/index.ts'

type Json = Readonly<Record<string, unknown>>

/** A part of a policy. */
export interface Said {
  readonly text: string
  readonly json: Json
}

/** A policy under its id. */
export interface Policy {
  readonly id: string
  readonly text: string
  /** What Cedar reads in the text, where whoever wrote the text has written that as well. */
  readonly form?: Json
}

/** A text as a Cedar string. */
const quote = (text: string): string => JSON.stringify(text)

const name = ({ type, id }: EntityRef): string => `${type}::${quote(id)}`
const reference = ({ type, id }: EntityRef): Json => ({ type, id })

/** What is never so. */
export const never: Said = { text: 'false', json: { Value: false } }

/** A word of the context. */
export const word = (attr: string): Said => ({ text: `context.${attr}`, json: { '.': { left: { Var: 'context' }, attr } } })

/** A word compared with a text or a long. */
export function compared(left: Said, operator: '==' | '>=' | '<', right: string | number): Said {
  const text = typeof right === 'string' ? quote(right) : String(right)
  return { text: `${left.text} ${operator} ${text}`, json: { [operator]: { left: left.json, right: { Value: right } } } }
}

/** Whether a word is one of some texts. */
export function isOneOf(texts: readonly string[], of: Said): Said {
  const set = { Set: texts.map((text) => ({ Value: text })) }
  return { text: `[${texts.map(quote).join(', ')}].contains(${of.text})`, json: { contains: { left: set, right: of.json } } }
}

/** Whether a word is like a pattern, in which each `*` stands for any characters. */
export function isLike(left: Said, stars: string): Said {
  const pattern = [...stars].map((char) => (char === '*' ? 'Wildcard' : { Literal: char }))
  return { text: `${left.text} like ${quote(stars)}`, json: { like: { left: left.json, pattern } } }
}

/** Whether the resource is this or below it. */
export function resourceIn(ref: EntityRef): Said {
  return { text: `resource in ${name(ref)}`, json: { in: { left: { Var: 'resource' }, right: { Value: { __entity: reference(ref) } } } } }
}

function chained(operator: '&&' | '||', [first, ...more]: readonly Said[]): Said {
  if (first === undefined) throw new Error('A chain of conditions has a first one.')
  return more.reduce(
    (left, right) => ({ text: `${left.text} ${operator} ${right.text}`, json: { [operator]: { left: left.json, right: right.json } } }),
    first,
  )
}

/** All of these. Throws where there are none. */
export const all = (parts: readonly Said[]): Said => chained('&&', parts)

/** Any of these, in brackets. Throws where there are none. */
export function any(parts: readonly Said[]): Said {
  return grouped(chained('||', parts))
}

/** The same in brackets. */
export const grouped = ({ text, json }: Said): Said => ({ text: `(${text})`, json })

/** Whoever is this, or in this group. */
export function principalIs(ref: EntityRef, isGroup: boolean): Said {
  const operator = isGroup ? 'in' : '=='
  return { text: `principal ${operator} ${name(ref)}`, json: { op: operator, entity: reference(ref) } }
}

/** An action of a group of actions. */
export function actionIn(group: string): Said {
  const ref = { type: 'Action', id: group }
  return { text: `action in ${name(ref)}`, json: { op: 'in', entity: reference(ref) } }
}

/** One of these actions. */
export function actionAmong(names: readonly string[]): Said {
  const refs = names.map((id) => ({ type: 'Action', id }))
  const [only] = refs
  const json = only !== undefined && refs.length === 1 ? { op: 'in', entity: reference(only) } : { op: 'in', entities: refs.map(reference) }
  return { text: `action in [${refs.map(name).join(', ')}]`, json }
}

/** This action alone. */
export function actionIs(id: string): Said {
  const ref = { type: 'Action', id }
  return { text: `action == ${name(ref)}`, json: { op: '==', entity: reference(ref) } }
}

/** A resource that is this, or this and what is below it. */
export function resourceOf(operator: '==' | 'in', ref: EntityRef): Said {
  return { text: `resource ${operator} ${name(ref)}`, json: { op: operator, entity: reference(ref) } }
}

/** A policy that permits. */
export function permit(id: string, head: readonly [principal: Said, action: Said, resource: Said], when?: Said): Policy {
  const [principal, action, resource] = head
  return {
    id,
    text: `permit(${principal.text}, ${action.text}, ${resource.text})${when === undefined ? '' : ` when { ${when.text} }`};`,
    form: {
      effect: 'permit',
      principal: principal.json,
      action: action.json,
      resource: resource.json,
      conditions: when === undefined ? [] : [{ kind: 'when', body: when.json }],
    },
  }
}

/** A policy that forbids everything, where a condition holds. */
export function forbidAll(id: string, when?: Said): Policy {
  const anything = { op: 'All' }
  return {
    id,
    text: `forbid(principal, action, resource)${when === undefined ? '' : ` when { ${when.text} }`};`,
    form: {
      effect: 'forbid',
      principal: anything,
      action: anything,
      resource: anything,
      conditions: when === undefined ? [] : [{ kind: 'when', body: when.json }],
    },
  }
}
