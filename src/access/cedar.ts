// The bridge to cedar-wasm: parses, validates, decides. Policy sets that are met again keep their parsed form in a bounded set of slots,
// because the engine has no way to forget a parsed set; a slot is overwritten under its own name.
// INVARIANT: no text reaches the engine's parser unmeasured: one that nests too deep would end every later decision of the process.
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { AttributeValue, Entity, EntityRef } from '../kernel/index.ts'
import { checkPolicyLimits, policyLimitProblem } from './compiled/policy-limits.ts'
import type { Policy } from './grants.ts'

/** One question to the engine. */
export interface CedarQuestion {
  readonly principal: EntityRef
  readonly action: string
  readonly resource: EntityRef
  readonly context: Readonly<Record<string, AttributeValue>>
  readonly entities: readonly Entity[]
  readonly policies: readonly Policy[]
  /** More policies, which stand at every question: the same list each time, never changed, so that an engine can keep what it makes of it. */
  readonly standing?: readonly Policy[]
  /** Called by a compiling engine before it hands over to the reference engine: with the policies that it could not compile, or with none when it was the request. */
  handedOver?(uncompiled: readonly string[]): void
}

/** What the engine says: the decision, the policies that made it, and those that erred. */
export interface CedarAnswer {
  readonly allowed: boolean
  readonly policies: readonly string[]
  readonly erred: readonly string[]
}

/** How many questions were decided in which way since the engine was made. */
export interface CedarCounts {
  readonly compiled: number
  /** Handed over because the request was not plainly valid. */
  readonly requestFallbacks: number
  /** Handed over because a policy could not be compiled. */
  readonly policyFallbacks: number
}

/** An engine bound to one schema. */
export interface CedarEngine {
  /** Throws when the request or a policy is not one that the engine can decide on, and `PolicyLimitError` on a policy that no engine may see. */
  ask(question: CedarQuestion): CedarAnswer
  /** The problems that strict validation finds in policies; empty when they are sound. */
  validate(policies: readonly Policy[]): string[]
  /** What a compiling engine counts. */
  counts?(): CedarCounts
}

const slotsMax = 64
let engines = 0

function toSet(policies: readonly Policy[]): cedar.PolicySet {
  return { staticPolicies: Object.fromEntries(policies.map((policy) => [policy.id, policy.text])), templates: {}, templateLinks: [] }
}

function toJson(entity: Entity): cedar.EntityJson {
  const attributes = Object.fromEntries(Object.entries(entity.attributes).map(([name, value]) => [name, toValue(value)]))
  return { uid: { type: entity.type, id: entity.id }, attrs: attributes, parents: entity.parents.map(({ type, id }) => ({ type, id })) }
}

function toValue(value: AttributeValue): cedar.CedarValueJson {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error('A long is not a safe integer.')
  return typeof value === 'object' ? [...value] : value
}

function problems(answer: { readonly errors: readonly { readonly message: string }[] }): string {
  return answer.errors.map((error) => error.message).join('; ')
}

/** Makes an engine for a schema. Throws when the schema does not parse. */
export function createCedar(schema: string): CedarEngine {
  const schemaName = `schema-${engines++}`
  const parsed = cedar.preparseSchema(schemaName, schema)
  if (parsed.type === 'failure') throw new Error(`The Cedar schema does not parse: ${problems(parsed)}`)
  const slots = new Map<string, string>()
  let next = 0

  function slotFor(policies: readonly Policy[]): string {
    const key = policies.map((policy) => `${policy.id}\n${policy.text}`).join('\n')
    const known = slots.get(key)
    if (known !== undefined) return known
    for (const { text } of policies) checkPolicyLimits(text)
    const slot = `${schemaName}/set-${next++ % slotsMax}`
    for (const [before, name] of slots) if (name === slot) slots.delete(before)
    const answer = cedar.preparsePolicySet(slot, toSet(policies))
    if (answer.type === 'failure') throw new Error(`A policy does not parse: ${problems(answer)}`)
    slots.set(key, slot)
    return slot
  }

  return {
    ask(question) {
      const answer = cedar.statefulIsAuthorized({
        principal: { type: question.principal.type, id: question.principal.id },
        action: { type: 'Action', id: question.action },
        resource: { type: question.resource.type, id: question.resource.id },
        context: Object.fromEntries(Object.entries(question.context).map(([name, value]) => [name, toValue(value)])),
        entities: question.entities.map(toJson),
        preparsedPolicySetId: slotFor([...(question.standing ?? []), ...question.policies]),
        preparsedSchemaName: schemaName,
        validateRequest: true,
      })
      if (answer.type === 'failure') throw new Error(`The decision could not be made: ${problems(answer)}`)
      const { decision, diagnostics } = answer.response
      return { allowed: decision === 'allow', policies: diagnostics.reason, erred: diagnostics.errors.map((error) => error.policyId) }
    },
    validate(policies) {
      const tooLarge = policies.flatMap(({ id, text }) => policyLimitProblem(text).map((problem) => `${id}: ${problem}`))
      if (tooLarge.length > 0) return tooLarge
      const answer = cedar.validate({ schema, policies: toSet(policies), validationSettings: { mode: 'strict' } })
      if (answer.type === 'failure') return [problems(answer)]
      return answer.validationErrors.map((error) => `${error.policyId}: ${error.error.message}`)
    },
  }
}

/** The same engine, made when it is first asked: it is a large part of a start, and a compiling engine hardly ever hands a question over. */
export function createCedarWhenAsked(schema: string): CedarEngine {
  let made: CedarEngine | undefined
  const engine = (): CedarEngine => {
    made ??= createCedar(schema)
    return made
  }
  return { ask: (question) => engine().ask(question), validate: (policies) => engine().validate(policies) }
}
