// The engine that decides for every Twinlock of this process: it holds what the catalogue says and nothing of any organization, so one serves them all.
// Making it is a large part of a start: whoever waits for something else anyway makes it meanwhile, and what cedar-wasm reads in the shipped policies is kept
// beside their texts. A text that is not found there is read as any other.
import {
  type CompiledCedar,
  createCompiledCedar,
  type Decider,
  DecisionFindings,
  type ReadPolicy,
  readSchema,
  shippedPolicies,
} from '../access/index.ts'
import { catalogue } from './catalogue.ts'
import read from './generated/shipped-policies.json' with { type: 'json' }

let made: { readonly engine: CompiledCedar; readonly shipped: Decider['shipped'] } | undefined

/** Makes what deciding needs, where it is not made yet: compiled Cedar bound to the generated schema, and the shipped policies. */
export function prepareDeciding(): { readonly engine: CompiledCedar; readonly shipped: Decider['shipped'] } {
  if (made !== undefined) return made
  const engine = createCompiledCedar(readSchema(catalogue))
  const shipped = shippedPolicies(catalogue)
  engine.prepare(shipped, new Map<string, ReadPolicy>(Object.entries(read)))
  made = { engine, shipped }
  return made
}

/** The decider of the catalogue, with a place of its own for what deciding finds out. */
export function createDecider(): Decider {
  return { ...prepareDeciding(), findings: new DecisionFindings() }
}
