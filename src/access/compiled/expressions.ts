// From Cedar's JSON expressions to closures: one form per kind of expression, every meaning taken from the table of operators.
// What is not one of these forms, or is too large, is `Unsupported`. The JSON is cedar-wasm's own; nothing else about it is trusted.
import type { Asked, Evaluate } from './asked.ts'
import { type Comparing, Condition, comparisons } from './conditions.ts'
import { Fault, Unsupported } from './faults.ts'
import { isObject, uidFromJson, valueFromJson, wellFormed } from './json-values.ts'
import { longOf } from './longs.ts'
import { attributeOfVariable, presenceOnVariable } from './on-variables.ts'
import { type Operand, operandOf } from './operands.ts'
import type { Operators } from './operators.ts'
import { asName, RecordOf } from './records.ts'
import type { Value } from './values.ts'
import type { PatternPart } from './wildcard.ts'

/** How deep expressions may be nested; a chain of `&&` or `||` counts once. */
export const expressionDepthMax = 200
/** How many parts one policy's expressions may have. */
export const expressionPartsMax = 20_000

/** What a compilation carries along. */
export interface Compilation {
  readonly operators: Operators
  /** The entity type that stands for longs beyond the safe integers (see `exact-longs.ts`); undefined when there are none. */
  readonly longMarker?: string | undefined
  parts: number
  depth: number
}

type Form = (body: unknown, it: Compilation) => Evaluate

function field(body: unknown, name: string): unknown {
  if (isObject(body) && Object.hasOwn(body, name)) return body[name]
  throw new Unsupported(`An expression lacks \`${name}\`.`)
}

function binary(pick: (operators: Operators) => (asked: Asked, left: Value, right: Value) => Value): Form {
  return (body, it) => {
    const apply = pick(it.operators)
    const [left, right] = sides(body, it)
    return (asked) => apply(asked, left.of(asked), right.of(asked))
  }
}

/** A binary operator that needs nothing of the request. */
function plain(pick: (operators: Operators) => (left: Value, right: Value) => Value): Form {
  return (body, it) => {
    const apply = pick(it.operators)
    const [left, right] = sides(body, it)
    return (asked) => apply(left.of(asked), right.of(asked))
  }
}

function compileOperand(json: unknown, it: Compilation): Operand {
  const evaluate = compileExpression(json, it)
  // a literal comes to the same for every request: it is not looked at
  return operandOf(json, evaluate, isObject(json) && Object.hasOwn(json, 'Value') ? evaluate({} as Asked) : undefined)
}

const sides = (body: unknown, it: Compilation): readonly [left: Operand, right: Operand] => [
  compileOperand(field(body, 'left'), it),
  compileOperand(field(body, 'right'), it),
]

function comparison(by: Comparing, body: unknown, it: Compilation): Condition {
  const [left, right] = sides(body, it)
  return Condition.that(left, by, right, it.operators)
}

function unary(pick: (operators: Operators) => (value: Value) => Value): Form {
  return (body, it) => {
    const apply = pick(it.operators)
    const arg = compileOperand(field(body, 'arg'), it)
    return (asked) => apply(arg.of(asked))
  }
}

/** `a && b && c` is nested to the left: its operands in order. */
function operands(kind: '&&' | '||', body: unknown): unknown[] {
  const found: unknown[] = []
  let rest: unknown = { [kind]: body }
  while (isObject(rest) && Object.hasOwn(rest, kind)) {
    found.push(field(rest[kind], 'right'))
    rest = field(rest[kind], 'left')
  }
  return [...found, rest].reverse()
}

function chained(kind: '&&' | '||', pick: (operators: Operators) => (parts: readonly Evaluate[]) => Evaluate): Form {
  return (body, it) => pick(it.operators)(operands(kind, body).map((operand) => compileExpression(operand, it)))
}

/** A long that was taken out of the text for being unsafe, possibly with a sign in front. */
function markedLong(json: unknown, it: Compilation): bigint | undefined {
  const value = isObject(json) ? json.Value : undefined
  if (it.longMarker === undefined || !isObject(value) || !('__entity' in value)) return undefined
  const { type, id } = uidFromJson(value)
  return type === it.longMarker ? BigInt(id) : undefined
}

function constantLong(value: bigint): Evaluate {
  const long = longOf(value)
  if (long === undefined) throw new Unsupported('A long does not fit into 64 bits.')
  return () => long
}

const literal: Form = (body, it) => {
  const marked = markedLong({ Value: body }, it)
  if (marked !== undefined) return constantLong(marked)
  const value = valueFromJson(body)
  return () => value
}

const negation: Form = (body, it) => {
  const marked = markedLong(field(body, 'arg'), it)
  return marked === undefined ? unary((operators) => operators.negate)(body, it) : constantLong(-marked)
}

const variables: Readonly<Record<string, Evaluate>> = {
  principal: (asked) => asked.principal,
  action: (asked) => asked.action,
  resource: (asked) => asked.resource,
  context: (asked) => asked.context,
}

const variable: Form = (body) => {
  const found = typeof body === 'string' && Object.hasOwn(variables, body) ? variables[body] : undefined
  if (found === undefined) throw new Unsupported('An expression names an unknown variable.')
  return found
}

const attribute: Form = (body, it) => {
  const { getAttribute } = it.operators
  const name = asName(wellFormed(field(body, 'attr')))
  const short = attributeOfVariable(field(body, 'left'), name, getAttribute)
  if (short !== undefined) return short
  const of = compileExpression(field(body, 'left'), it)
  return (asked) => getAttribute(asked, of(asked), name)
}

/** `x has a.b.c` is `x has a && x.a has b && x.a.b has c`. */
const has: Form = (body, it) => {
  const { hasAttribute, getAttribute } = it.operators
  const of = compileExpression(field(body, 'left'), it)
  const attr = field(body, 'attr')
  const names = (Array.isArray(attr) ? attr : [attr]).map((one) => asName(wellFormed(one)))
  const last = names.pop()
  if (last === undefined) throw new Unsupported('`has` names no attribute.')
  if (names.length === 0)
    return presenceOnVariable(field(body, 'left'), last, it.operators) ?? ((asked) => hasAttribute(asked, of(asked), last))
  return (asked) => {
    let value = of(asked)
    for (const name of names) {
      if (!hasAttribute(asked, value, name)) return false
      value = getAttribute(asked, value, name)
    }
    return hasAttribute(asked, value, last)
  }
}

function patternPart(part: unknown): PatternPart {
  return part === 'Wildcard' ? 'wildcard' : { literal: wellFormed(field(part, 'Literal')) }
}

const like: Form = (body, it) => {
  const pattern = field(body, 'pattern')
  if (!Array.isArray(pattern)) throw new Unsupported('`like` has no pattern.')
  const matches = it.operators.compilePattern(pattern.map(patternPart))
  const apply = it.operators.like
  const left = compileExpression(field(body, 'left'), it)
  return (asked) => apply(left(asked), matches)
}

const is: Form = (body, it) => {
  const { isOfType, isIn } = it.operators
  const left = compileExpression(field(body, 'left'), it)
  const type = wellFormed(field(body, 'entity_type'))
  if (!isObject(body) || body.in === undefined) return (asked) => isOfType(left(asked), type)
  const within = compileExpression(body.in, it)
  return (asked) => isOfType(left(asked), type) && isIn(asked, left(asked), within(asked))
}

const conditional: Form = (body, it) =>
  it.operators.conditional(
    compileExpression(field(body, 'if'), it),
    compileExpression(field(body, 'then'), it),
    compileExpression(field(body, 'else'), it),
  )

const setOf: Form = (body, it) => {
  if (!Array.isArray(body)) throw new Unsupported('A set is not a list.')
  const items = body.map((item) => compileExpression(item, it))
  const make = it.operators.setOf
  if (body.every((item) => isObject(item) && Object.hasOwn(item, 'Value'))) {
    // literals alone: one set for every evaluation; the request is not looked at
    const value = make(items.map((item) => item({} as Asked)))
    return () => value
  }
  return (asked) => make(items.map((item) => item(asked)))
}

const record: Form = (body, it) => {
  if (!isObject(body)) throw new Unsupported('A record is not an object.')
  const entries = Object.keys(body).map((name) => [wellFormed(name), compileExpression(body[name], it)] as const)
  return (asked) => RecordOf.of(entries.map(([name, value]) => [name, value(asked)] as const))
}

const forms = new Map<string, Form>([
  ['Value', literal],
  ['Var', variable],
  ['!', unary((operators) => operators.not)],
  ['neg', negation],
  ['+', plain((operators) => operators.add)],
  ['-', plain((operators) => operators.subtract)],
  ['*', plain((operators) => operators.multiply)],
  ['in', binary((operators) => operators.isIn)],
  ['getTag', binary((operators) => operators.getTag)],
  ['hasTag', binary((operators) => operators.hasTag)],
  ['containsAll', plain((operators) => operators.containsAll)],
  ['containsAny', plain((operators) => operators.containsAny)],
  ['isEmpty', unary((operators) => operators.isEmpty)],
  ['&&', chained('&&', (operators) => operators.and)],
  ['||', chained('||', (operators) => operators.or)],
  ['.', attribute],
  ['has', has],
  ['like', like],
  ['is', is],
  ['if-then-else', conditional],
  ['Set', setOf],
  ['Record', record],
])

function call(name: string, body: unknown, it: Compilation): Evaluate {
  const found = it.operators.functions.get(name)
  if (found === undefined || !Array.isArray(body)) throw new Unsupported(`Unknown expression \`${name}\`.`)
  const args = body.map((arg) => compileExpression(arg, it))
  const [first, second] = args
  if (args.length !== found.arity || first === undefined) {
    return (asked) => {
      for (const arg of args) arg(asked)
      throw new Fault('wrong-number-of-arguments', `${name} takes ${found.arity} arguments`)
    }
  }
  if (second === undefined) return constantCall(name, body, found.call) ?? ((asked) => found.call(first(asked), false))
  return (asked) => found.call(first(asked), second(asked))
}

/** A constructor of a literal text, such as `ip("10.0.0.0/8")`, is called once; one that faults is called anew each time. */
function constantCall(name: string, args: readonly unknown[], apply: (first: Value, second: Value) => Value): Evaluate | undefined {
  const [arg] = args
  const text = isObject(arg) ? arg.Value : undefined
  if (typeof text !== 'string' || !constructors.has(name)) return undefined
  try {
    const value = apply(text, false)
    return () => value
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

const constructors = new Set(['ip', 'decimal', 'datetime', 'duration'])

/** Goes into an expression, one level deeper. Throws `Unsupported` where it has no one kind, where it is nested too deep, and where there are too many parts. */
function entered(json: unknown, it: Compilation): { readonly kind: string; readonly body: unknown } {
  const [kind, ...more] = isObject(json) ? Object.keys(json) : []
  if (kind === undefined || more.length > 0 || !isObject(json)) throw new Unsupported('An expression has one kind.')
  if (++it.parts > expressionPartsMax) throw new Unsupported(`A policy has more than ${expressionPartsMax} parts.`)
  if (++it.depth > expressionDepthMax) throw new Unsupported(`An expression is nested deeper than ${expressionDepthMax}.`)
  return { kind, body: json[kind] }
}

function expressionOf(kind: string, body: unknown, it: Compilation): Evaluate {
  const by = comparisons.get(kind)
  if (by !== undefined) {
    const condition = comparison(by, body, it)
    return (asked) => condition.isMet(asked)
  }
  const form = forms.get(kind)
  return form === undefined ? call(kind, body, it) : form(body, it)
}

/** Compiles one expression. Throws `Unsupported`. */
function compileExpression(json: unknown, it: Compilation): Evaluate {
  const { kind, body } = entered(json, it)
  const evaluate = expressionOf(kind, body, it)
  it.depth--
  return evaluate
}

/** Compiles what `when` says. Throws `Unsupported`. */
export function compileWhen(json: unknown, it: Compilation): Condition {
  const by = isObject(json) ? comparisons.get(Object.keys(json).join()) : undefined
  if (by === undefined) return Condition.when(compileOperand(json, it), it.operators)
  const condition = comparison(by, entered(json, it).body, it)
  it.depth--
  return condition
}

/** Compiles what `unless` says. Throws `Unsupported`. */
export function compileUnless(json: unknown, it: Compilation): Condition {
  return Condition.unless(compileOperand(json, it), it.operators)
}
