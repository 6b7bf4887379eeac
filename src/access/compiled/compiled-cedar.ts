// The compiled engine behind the same door as cedar-wasm's: `ask` decides with closures wherever that is exact, and hands over to the reference
// engine, with a count, wherever it is not: a request that is not plainly what the schema allows, a policy that cannot be compiled.
// Compiled policies are kept by their text, in a bounded number, or with the list that they stand in; a text is trusted no more than cedar-wasm's parser trusts it.
import type { Entity } from '../../kernel/index.ts'
import { type CedarCounts, type CedarEngine, type CedarQuestion, createCedarWhenAsked } from '../cedar.ts'
import type { Policy } from '../grants.ts'
import type { ReadSchema } from '../schema.ts'
import { Verdict } from './answers.ts'
import { type Asked, asking } from './asked.ts'
import { type Entities, type EntityContent, EntityNode, EntityStore } from './entity-store.ts'
import { Unsupported } from './faults.ts'
import { recordFrom } from './json-values.ts'
import { type CompiledPolicy, compileReadPolicy, PolicyParseError, type ReadPolicy, readPolicy } from './policies.ts'
import { PolicyIndex } from './policy-index.ts'
import { emptyRecord } from './records.ts'
import { type RequestShapes, readByCedar, requestShapes } from './request-shape.ts'
import { endsFit, fits, headFits } from './scopes.ts'
import { EntityUid } from './values.ts'

/** How many compiled policies are kept; the oldest makes room. */
export const compiledPoliciesMax = 2_000

/** A Cedar engine that compiles, and counts when it could not. */
export interface CompiledCedar extends CedarEngine {
  counts(): CedarCounts
  /** Compiles policies before they are first asked about: from what was read of a text, where that is known. */
  prepare(policies: readonly Policy[], read?: ReadonlyMap<string, ReadPolicy>): void
}

const none: ReadonlySet<string> = new Set()
const nothing: readonly Policy[] = []

/** What an entity of the kernel's vocabulary puts into a store. Throws `Unsupported`. */
function contentOf(entity: Entity): EntityContent {
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

type Unnamed = Omit<CompiledPolicy, 'id'>

/** The compiled form of what was read; undefined when there is none. */
function compiledFrom(read: () => ReadPolicy): Unnamed | undefined {
  try {
    return compileReadPolicy('', read())
  } catch (error) {
    // what Cedar refuses is the reference engine's to report
    if (error instanceof Unsupported || error instanceof PolicyParseError) return undefined
    throw error
  }
}

/** Compiled policies by their text. */
class CompiledTexts {
  private readonly known = new Map<string, Unnamed | undefined>()

  /** The compiled form of a text; undefined when there is none, which is remembered too. `read` is what Cedar reads in it, where that is known. */
  get(text: string, read?: ReadPolicy): Unnamed | undefined {
    if (this.known.has(text)) return this.known.get(text)
    const compiled = compiledFrom(() => read ?? readPolicy(text))
    if (this.known.size >= compiledPoliciesMax) for (const oldest of this.known.keys()) if (this.known.delete(oldest)) break
    this.known.set(text, compiled)
    return compiled
  }

  /** The compiled form of a policy. One that comes with its form is compiled in less time than its text would be looked for, and takes nobody's place here. */
  of({ text, form }: Policy): Unnamed | undefined {
    return form === undefined ? this.get(text) : compiledFrom(() => ({ json: form }))
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
  for (const policy of policies) {
    const { id } = policy
    const made = texts.of(policy)
    if (made === undefined || ids.has(id) || standing.has(id)) uncompiled.push(id)
    else compiled.push({ id, effect: made.effect, head: made.head, condition: made.condition })
    ids.add(id)
  }
  return { policies: compiled, uncompiled }
}

/** Of a list that is longer than this, most would be looked at in vain: it is filed. */
export const listedMax = 200

/** Policies that are asked about as one list again and again: a question looks at those alone whose heads name its action; and of a great many, its resource. */
class Listed {
  readonly ids: ReadonlySet<string>
  readonly uncompiled: readonly string[]
  private readonly policies: readonly CompiledPolicy[]
  private readonly byAction = new Map<string, readonly CompiledPolicy[]>()
  private readonly filed: PolicyIndex | undefined

  constructor(policies: readonly Policy[], texts: CompiledTexts, standing?: ReadonlySet<string>) {
    const set = compiledSet(policies, texts, standing)
    this.ids = new Set(policies.map(({ id }) => id))
    this.policies = set.policies
    this.uncompiled = set.uncompiled
    if (set.policies.length <= listedMax) return
    this.filed = new PolicyIndex()
    for (const policy of set.policies) this.filed.add(policy)
  }

  /** Has those speak that are about a request. */
  hear(asked: Asked, verdict: Verdict): void {
    if (this.filed === undefined) hearEach(this.of(asked), asked, verdict)
    else this.filed.hear(asked, verdict)
  }

  /** Those whose heads name the action of a request that the schema allows: there are as many as the schema has. */
  private of(asked: Asked): readonly CompiledPolicy[] {
    const known = this.byAction.get(asked.action.id)
    if (known !== undefined) return known
    const found = this.policies.filter(({ head }) => fits(head.action, asked.action, asked))
    this.byAction.set(asked.action.id, found)
    return found
  }
}

/** Policies whose heads name the action. */
function hearEach(policies: readonly CompiledPolicy[], asked: Asked, verdict: Verdict): void {
  for (const policy of policies) if (endsFit(policy.head, asked)) verdict.hear(policy, asked)
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

/** Policies that are asked about once. */
class Passing {
  readonly uncompiled: readonly string[]
  private readonly policies: readonly CompiledPolicy[]

  constructor({ policies, uncompiled }: CompiledSet) {
    this.policies = policies
    this.uncompiled = uncompiled
  }

  hear(asked: Asked, verdict: Verdict): void {
    for (const policy of this.policies) if (headFits(policy.head, asked)) verdict.hear(policy, asked)
  }
}

/** What was made of a list, and which policies stood beside it. */
interface Made {
  readonly beside: Listed
  readonly listed: Listed
}

function compiling(shapes: RequestShapes, reference: CedarEngine): CompiledCedar {
  const actions = actionStore(shapes.actions)
  const texts = new CompiledTexts()
  const standing = new WeakMap<readonly Policy[], Listed>()
  const kept = new WeakMap<readonly Policy[], Made>()
  const counted = { compiled: 0, requestFallbacks: 0, policyFallbacks: 0 }

  function standingOf(policies: readonly Policy[]): Listed {
    const known = standing.get(policies)
    if (known !== undefined) return known
    const made = new Listed(policies, texts)
    standing.set(policies, made)
    return made
  }

  /** What a list comes to beside those that stand. INVARIANT: only what was made of a list that cannot change is kept with it. */
  function listedOf(policies: readonly Policy[], beside: Listed): Pick<Listed, 'hear' | 'uncompiled'> {
    if (!Object.isFrozen(policies)) return new Passing(compiledSet(policies, texts, beside.ids))
    const known = kept.get(policies)
    if (known?.beside === beside) return known.listed
    const listed = new Listed(policies, texts, beside.ids)
    kept.set(policies, { beside, listed })
    return listed
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
      const listed = listedOf(question.policies, stands)
      if (stands.uncompiled.length > 0 || listed.uncompiled.length > 0) {
        counted.policyFallbacks++
        question.handedOver?.([...stands.uncompiled, ...listed.uncompiled])
        return reference.ask(question)
      }
      counted.compiled++
      const verdict = new Verdict()
      stands.hear(asked, verdict)
      listed.hear(asked, verdict)
      const { allowed, reasons, errors } = verdict.answer()
      return { allowed, policies: reasons, erred: errors.map(({ policy }) => policy) }
    },
    validate: (policies) => reference.validate(policies),
    counts: () => ({ ...counted }),
    prepare(policies, read) {
      for (const { text } of policies) texts.get(text, read?.get(text))
    },
  }
}
