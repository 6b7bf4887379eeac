// From a policy's text or JSON to what decides: a head, a condition and an effect. cedar-wasm parses; nothing else reads Cedar's text.
// A template is compiled once; its links share the condition, because slots occur in heads alone.
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { Condition } from './conditions.ts'
import { markLongs } from './exact-longs.ts'
import { type Compilation, compileUnless, compileWhen } from './expressions.ts'
import { Unsupported } from './faults.ts'
import { isObject } from './json-values.ts'
import { operators as exactOperators, type Operators } from './operators.ts'
import { checkPolicyLimits } from './policy-limits.ts'
import { type Head, headFrom, type Slots } from './scopes.ts'
import type { EntityUid } from './values.ts'

/** A policy that can be evaluated. */
export interface CompiledPolicy {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly head: Head
  /** What `when` and `unless` say; undefined when the policy has none. */
  readonly condition: Condition | undefined
}

/** A template that can be linked. */
export interface CompiledTemplate {
  readonly slots: readonly string[]
  /** The policy that it becomes with these entities. Throws `Unsupported` when a slot is left open or one is given that it does not have. */
  link(id: string, values: Slots): CompiledPolicy
}

/** What tests may change about a compilation. */
export interface CompileOptions {
  readonly operators?: Operators
}

/** A policy as Cedar reads it: its JSON form, in which `marker` stands for longs that JSON could not say exactly. */
export interface ReadPolicy {
  readonly json: Readonly<Record<string, unknown>>
  readonly marker?: string | undefined
}

type Parse = (text: string) => cedar.PolicyToJsonAnswer

/** Thrown when Cedar itself refuses a text. */
export class PolicyParseError extends Error {}

/** INVARIANT: no text reaches cedar-wasm's parser unmeasured. */
function parseOnce(text: string, parse: Parse): Readonly<Record<string, unknown>> {
  checkPolicyLimits(text)
  const answer = parse(text)
  if (answer.type === 'failure') throw new PolicyParseError(answer.errors.map((error) => error.message).join('; '))
  return { ...answer.json }
}

function parsed(text: string, parse: Parse): ReadPolicy {
  const json = parseOnce(text, parse)
  const marked = markLongs(text)
  return marked.marker === undefined ? { json, marker: undefined } : { json: parseOnce(marked.text, parse), marker: marked.marker }
}

function conditionFrom({ json, marker }: ReadPolicy, operators: Operators): Condition | undefined {
  if (!Array.isArray(json.conditions)) throw new Unsupported('A policy has no list of conditions.')
  const it: Compilation = { operators, longMarker: marker, parts: 0, depth: 0 }
  const clauses = json.conditions.map((clause: unknown): Condition => {
    if (!isObject(clause)) throw new Unsupported('A condition is not an object.')
    if (clause.kind === 'when') return compileWhen(clause.body, it)
    if (clause.kind === 'unless') return compileUnless(clause.body, it)
    throw new Unsupported('A condition is neither `when` nor `unless`.')
  })
  return clauses.length <= 1 ? clauses[0] : Condition.all(clauses, operators)
}

function effectOf(json: Readonly<Record<string, unknown>>): 'permit' | 'forbid' {
  if (json.effect === 'permit' || json.effect === 'forbid') return json.effect
  throw new Unsupported('A policy neither permits nor forbids.')
}

function slotsOf(json: Readonly<Record<string, unknown>>): string[] {
  const places = [json.principal, json.resource].flatMap((place) => (isObject(place) ? [place, place.in] : []))
  return places.flatMap((place) => (isObject(place) && typeof place.slot === 'string' ? [place.slot] : []))
}

/** Compiles Cedar's JSON form of a policy. Throws `Unsupported`. */
export function compilePolicyJson(id: string, json: object, options: CompileOptions = {}): CompiledPolicy {
  return compileReadPolicy(id, { json: { ...json } }, options)
}

/** Reads the text of one policy. Throws `PolicyParseError` when Cedar refuses it, `PolicyLimitError` when it is too large. */
export function readPolicy(text: string): ReadPolicy {
  return parsed(text, cedar.policyToJson)
}

/** Compiles what was read of one policy. Throws `Unsupported` when it cannot be compiled exactly. */
export function compileReadPolicy(id: string, read: ReadPolicy, options: CompileOptions = {}): CompiledPolicy {
  const operators = options.operators ?? exactOperators
  return { id, effect: effectOf(read.json), head: headFrom(read.json, {}), condition: conditionFrom(read, operators) }
}

/** Compiles the text of one policy. Throws `PolicyParseError` when Cedar refuses it, `PolicyLimitError` when it is too large, `Unsupported` when it cannot be compiled exactly. */
export function compilePolicy(id: string, text: string, options: CompileOptions = {}): CompiledPolicy {
  return compileReadPolicy(id, readPolicy(text), options)
}

/** Compiles the text of one template. Throws as `compilePolicy` does. */
export function compileTemplate(text: string, options: CompileOptions = {}): CompiledTemplate {
  const parts = parsed(text, cedar.templateToJson)
  const slots = slotsOf(parts.json)
  const effect = effectOf(parts.json)
  const condition = conditionFrom(parts, options.operators ?? exactOperators)
  return {
    slots,
    link(id, values: Readonly<Record<string, EntityUid>>) {
      const extra = Object.keys(values).find((slot) => !slots.includes(slot))
      if (extra !== undefined) throw new Unsupported(`The template has no slot ${extra}.`)
      return { id, effect, head: headFrom(parts.json, values), condition }
    },
  }
}
