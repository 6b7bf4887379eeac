// The compiled engine behind the same door as cedar-wasm's: `ask` decides with closures wherever that is exact, and hands over to the reference
// engine, with a count, wherever it is not: a request that is not plainly what the schema allows, a policy that cannot be compiled.
// Compiled policies are kept by their text, in a bounded number; a text is trusted no more than cedar-wasm's parser trusts it.
import type { AttributeValue, Entity } from '../../kernel/index.ts'
import { type CedarAnswer, type CedarCounts, type CedarEngine, type CedarQuestion, createCedarWhenAsked } from '../cedar.ts'
import type { Policy } from '../grants.ts'
import type { ReadSchema } from '../schema.ts'
import { Verdict } from './answers.ts'
import { type Asked, asking } from './asked.ts'
import { type Entities, type EntityContent, EntityNode, EntityStore } from './entity-store.ts'
import { Unsupported } from './faults.ts'
import { recordFrom } from './json-values.ts'
import { type CompiledPolicy, compileReadPolicy, PolicyParseError, type ReadPolicy, readPolicy } from './policies.ts'
import { emptyRecord } from './records.ts'
import { type RequestShapes, readByCedar, requestShapes } from './request-shape.ts'
import { endsFit, fits, headFits } from './scopes.ts'
import { EntityUid, type RecordValue } from './values.ts'

/** How many compiled policies are kept; the oldest makes room. */
export const compiledPoliciesMax = 10_000

/** A Cedar engine that compiles, and counts when it could not. */
export interface CompiledCedar extends CedarEngine {
  counts(): CedarCounts
  /** Compiles policies before they are first asked about: from what was read of a text, where that is known. */
  prepare(policies: readonly Policy[], read?: ReadonlyMap<string, ReadPolicy>): void
}

const none: ReadonlySet<string> = new Set()
const nothing: readonly Policy[] = []

/** The attributes of an entity or a context as policies see them. Throws `Unsupported`. */
export function recordOfAttributes(attributes: Readonly<Record<string, AttributeValue>>): RecordValue {
  return recordFrom(attributes)
}

/** What an entity of the kernel's vocabulary puts into a store. Throws `Unsupported`. */
export function contentOf(entity: Entity): EntityContent {
  return { attributes: recordFrom(entity.attributes), parents: entity.parents.map(({ type, id }) => new EntityUid(type, id)) }
}

/** The few entities of one request, above them the actions of the schema. */
class RequestEntities implements Entities {
  private readonly nodes: EntityNode[]
  private readonly actions: EntityStore

  constructor(entities: readonly Entity[], actions: EntityStore) {
    this.nodes = entities.map((entity) => {
      const { attributes, parents } = contentOf(entity)
      const node = new EntityNode(entity.type, entity.id)
      node.attributes = attributes
      node.parents = parents
      return node
    })
    this.actions = actions
  }

  find(type: string, id: string): EntityNode | undefined {
    for (const node of this.nodes) if (node.id === id && node.type === type) return node
    return this.actions.find(type, id)
  }

  ancestors(uid: EntityUid): ReadonlySet<string> {
    if (uid.type === 'Action') return this.actions.ancestors(uid)
    const node = this.find(uid.type, uid.id)
    if (node === undefined) return none
    node.above ??= this.gather(node)
    return node.above
  }

  /** Throws `Unsupported` on a cycle: cedar-wasm refuses such a request. */
  private gather(node: EntityNode): ReadonlySet<string> {
    const above = new Set<string>()
    const pending = [node.parents]
    for (let parents = pending.pop(); parents !== undefined; parents = pending.pop()) {
      for (const { type, id, key } of parents) {
        if (key === node.key) throw new Unsupported('An entity stands above itself.')
        if (above.has(key)) continue
        above.add(key)
        pending.push(this.find(type, id)?.parents ?? [])
      }
    }
    return above
  }

  /** Finds cycles before anything is decided, as cedar-wasm does. Throws `Unsupported`. */
  refuseCycles(): void {
    for (const node of this.nodes) if (node.parents.length > 0) this.ancestors(node)
  }
}

type Condition = Omit<CompiledPolicy, 'id'>

/** Compiled policies by their text. */
class CompiledTexts {
  private readonly known = new Map<string, Condition | undefined>()

  /** The compiled form of a text; undefined when there is none, which is remembered too. `read` is what Cedar reads in it, where that is known. */
  get(text: string, read?: ReadPolicy): Condition | undefined {
    if (this.known.has(text)) return this.known.get(text)
    const compiled = this.compile(text, read)
    if (this.known.size >= compiledPoliciesMax) for (const oldest of this.known.keys()) if (this.known.delete(oldest)) break
    this.known.set(text, compiled)
    return compiled
  }

  private compile(text: string, read?: ReadPolicy): Condition | undefined {
    try {
      return compileReadPolicy('', read ?? readPolicy(text))
    } catch (error) {
      // what Cedar refuses is the reference engine's to report
      if (error instanceof Unsupported || error instanceof PolicyParseError) return undefined
      throw error
    }
  }
}

function actionStore(actions: readonly { readonly id: string; readonly within: readonly string[] }[]): EntityStore {
  const store = new EntityStore()
  for (const { id, within } of actions) {
    store.put('Action', id, { attributes: emptyRecord, parents: within.map((group) => new EntityUid('Action', group)) })
  }
  return store
}

interface CompiledSet {
  readonly policies: readonly CompiledPolicy[]
  /** The ids of those that the reference engine must read. */
  readonly uncompiled: readonly string[]
}

/** Compiles policies; of several with one id, those in `standing` included, all after the first are the reference engine's to refuse. */
function compiledSet(policies: readonly Policy[], texts: CompiledTexts, standing: ReadonlySet<string> = none): CompiledSet {
  const ids = new Set<string>()
  const compiled: CompiledPolicy[] = []
  const uncompiled: string[] = []
  for (const { id, text } of policies) {
    const condition = texts.get(text)
    if (condition === undefined || ids.has(id) || standing.has(id)) uncompiled.push(id)
    else compiled.push({ id, effect: condition.effect, head: condition.head, condition: condition.condition })
    ids.add(id)
  }
  return { policies: compiled, uncompiled }
}

/** Policies that stand at every question, by the action that is asked for: a question looks at those alone whose heads name it. */
class Standing {
  readonly ids: ReadonlySet<string>
  readonly uncompiled: readonly string[]
  private readonly policies: readonly CompiledPolicy[]
  private readonly byAction = new Map<string, readonly CompiledPolicy[]>()

  constructor(policies: readonly Policy[], texts: CompiledTexts) {
    const set = compiledSet(policies, texts)
    this.ids = new Set(policies.map(({ id }) => id))
    this.policies = set.policies
    this.uncompiled = set.uncompiled
  }

  /** Those whose heads name the action of a request that the schema allows: there are as many as the schema has. */
  of(asked: Asked): readonly CompiledPolicy[] {
    const known = this.byAction.get(asked.action.id)
    if (known !== undefined) return known
    const found = this.policies.filter(({ head }) => fits(head.action, asked.action, asked))
    this.byAction.set(asked.action.id, found)
    return found
  }
}

function askedOf(question: CedarQuestion, actions: EntityStore): Asked | undefined {
  try {
    const entities = new RequestEntities(question.entities, actions)
    entities.refuseCycles()
    return {
      principal: asking(entities, question.principal.type, question.principal.id),
      action: asking(entities, 'Action', question.action),
      resource: asking(entities, question.resource.type, question.resource.id),
      context: recordFrom(question.context),
      entities,
    }
  } catch (error) {
    if (error instanceof Unsupported) return undefined
    throw error
  }
}

/**
 * Makes a compiling engine for a schema, over the engine that it falls back to. A text that nobody read yet is read by cedar-wasm, and throws when it does not
 * parse; `ask` throws `PolicyLimitError` on a policy that no engine may see.
 */
export function createCompiledCedar(schema: string | ReadSchema, reference?: CedarEngine): CompiledCedar {
  const { text, json } = typeof schema === 'string' ? { text: schema, json: readByCedar(schema) } : schema
  return compiling(requestShapes(json), reference ?? createCedarWhenAsked(text))
}

function compiling(shapes: RequestShapes, reference: CedarEngine): CompiledCedar {
  const actions = actionStore(shapes.actions)
  const texts = new CompiledTexts()
  const standing = new WeakMap<readonly Policy[], Standing>()
  const counted = { compiled: 0, requestFallbacks: 0, policyFallbacks: 0 }

  function answer(asked: Asked, stands: readonly CompiledPolicy[], policies: readonly CompiledPolicy[]): CedarAnswer {
    const verdict = new Verdict()
    for (const policy of stands) if (endsFit(policy.head, asked)) verdict.hear(policy, asked)
    for (const policy of policies) if (headFits(policy.head, asked)) verdict.hear(policy, asked)
    const { allowed, reasons, errors } = verdict.answer()
    return { allowed, policies: reasons, erred: errors.map(({ policy }) => policy) }
  }

  function standingOf(policies: readonly Policy[]): Standing {
    const known = standing.get(policies)
    if (known !== undefined) return known
    const made = new Standing(policies, texts)
    standing.set(policies, made)
    return made
  }

  return {
    ask(question) {
      const asked = shapes.accepts(question) ? askedOf(question, actions) : undefined
      if (asked === undefined) {
        counted.requestFallbacks++
        question.handedOver?.([])
        return reference.ask(question)
      }
      const stands = standingOf(question.standing ?? nothing)
      const { policies, uncompiled } = compiledSet(question.policies, texts, stands.ids)
      if (stands.uncompiled.length > 0 || uncompiled.length > 0) {
        counted.policyFallbacks++
        question.handedOver?.([...stands.uncompiled, ...uncompiled])
        return reference.ask(question)
      }
      counted.compiled++
      return answer(asked, stands.of(asked), policies)
    },
    validate: (policies) => reference.validate(policies),
    counts: () => ({ ...counted }),
    prepare(policies, read) {
      for (const { text } of policies) texts.get(text, read?.get(text))
    },
  }
}
