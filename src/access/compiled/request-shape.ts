// Whether a request is plainly what the schema allows, so that it can be decided without cedar-wasm's own request validation.
// Deliberately narrow: it says yes only to what cedar-wasm accepts for certain; for everything else cedar-wasm is asked, and says what is wrong.
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { AttributeValue, Entity } from '../../kernel/index.ts'
import type { CedarQuestion } from '../cedar.ts'
import { isObject } from './json-values.ts'

/** The types that are checked here; an attribute of another type is left to cedar-wasm. */
type Kind = 'String' | 'Long' | 'Bool' | 'Set<String>' | 'other'

interface Shape {
  readonly kinds: ReadonlyMap<string, Kind>
  readonly required: readonly string[]
}

interface EntityShape extends Shape {
  readonly parents: ReadonlySet<string>
}

interface ActionShape {
  readonly principals: ReadonlySet<string>
  readonly resources: ReadonlySet<string>
  readonly context: Shape
}

/** An action or group of actions with the groups that it is in. */
export interface ActionGroup {
  readonly id: string
  readonly within: readonly string[]
}

/** What a schema says about requests. */
export interface RequestShapes {
  /** Every action and group of the schema. */
  readonly actions: readonly ActionGroup[]
  /** Whether cedar-wasm would certainly accept the request. */
  accepts(question: CedarQuestion): boolean
}

function kindOf(type: unknown): Kind {
  if (!isObject(type)) return 'other'
  if (type.type === 'String' || type.type === 'Long' || type.type === 'Bool') return type.type
  if (type.type === 'Boolean') return 'Bool'
  return type.type === 'Set' && isObject(type.element) && type.element.type === 'String' ? 'Set<String>' : 'other'
}

function shapeOf(record: unknown): Shape {
  const attributes = isObject(record) && isObject(record.attributes) ? Object.entries(record.attributes) : []
  return {
    kinds: new Map(attributes.map(([name, type]) => [name, kindOf(type)])),
    required: attributes.filter(([, type]) => isObject(type) && type.required !== false).map(([name]) => name),
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed()
}

function isOfKind(value: AttributeValue, kind: Kind | undefined): boolean {
  switch (kind) {
    case 'String':
      return isText(value)
    case 'Long':
      return Number.isSafeInteger(value)
    case 'Bool':
      return typeof value === 'boolean'
    case 'Set<String>':
      return Array.isArray(value) && value.every(isText)
    default:
      return false
  }
}

function has(attributes: Readonly<Record<string, AttributeValue>>, shape: Shape): boolean {
  for (const name in attributes) {
    const value = attributes[name]
    if (value === undefined || !isOfKind(value, shape.kinds.get(name))) return false
  }
  return shape.required.every((name) => Object.hasOwn(attributes, name))
}

function entityShapes(types: Readonly<Record<string, unknown>>): Map<string, EntityShape> {
  const shapes = new Map<string, EntityShape>()
  for (const [name, type] of Object.entries(types)) {
    // an enumerated type allows some ids alone: cedar-wasm knows which
    if (isObject(type) && type.enum === undefined) shapes.set(name, { ...shapeOf(type.shape), parents: new Set(texts(type.memberOfTypes)) })
  }
  return shapes
}

function actionShape(action: unknown): ActionShape | undefined {
  if (!isObject(action) || !isObject(action.appliesTo)) return undefined
  const { principalTypes, resourceTypes, context } = action.appliesTo
  return { principals: new Set(texts(principalTypes)), resources: new Set(texts(resourceTypes)), context: shapeOf(context) }
}

function groupOf([id, action]: [string, unknown]): ActionGroup {
  const within = isObject(action) && Array.isArray(action.memberOf) ? action.memberOf : []
  return { id, within: within.flatMap((group: unknown) => (isObject(group) && typeof group.id === 'string' ? [group.id] : [])) }
}

function areDistinct(entities: readonly Entity[]): boolean {
  return entities.every((one, at) => entities.findIndex((other) => other.id === one.id && other.type === one.type) === at)
}

/** How many entities of one request are looked at here; cedar-wasm takes more, slowly. */
const entitiesMax = 64

/** What cedar-wasm reads in a schema's text. Throws when it does not parse. */
export function readByCedar(schema: string): unknown {
  const answer = cedar.schemaToJsonWithResolvedTypes(schema)
  if (answer.type === 'success') return answer.json
  throw new Error(`The Cedar schema does not parse: ${answer.errors.map((error) => error.message).join('; ')}`)
}

/** Finds out what a schema in JSON says, as `readByCedar` answers it. Only the empty namespace is known here; what is in others is left to cedar-wasm. */
export function requestShapes(schema: unknown): RequestShapes {
  const plain = isObject(schema) ? schema[''] : undefined
  const { entityTypes, actions } = isObject(plain) ? plain : {}
  const entities = entityShapes(isObject(entityTypes) ? entityTypes : {})
  const named = Object.entries(isObject(actions) ? actions : {})
  const asked = new Map(named.map(([name, action]) => [name, actionShape(action)]))

  function isSound(entity: Entity): boolean {
    const shape = entities.get(entity.type)
    if (shape === undefined || !isText(entity.id) || !has(entity.attributes, shape)) return false
    return entity.parents.every((parent) => shape.parents.has(parent.type) && isText(parent.id))
  }

  return {
    actions: named.map(groupOf),
    accepts(question) {
      const action = asked.get(question.action)
      if (action === undefined || question.entities.length > entitiesMax) return false
      if (!action.principals.has(question.principal.type) || !action.resources.has(question.resource.type)) return false
      if (!entities.has(question.principal.type) || !entities.has(question.resource.type)) return false
      if (!isText(question.principal.id) || !isText(question.resource.id)) return false
      return has(question.context, action.context) && question.entities.every(isSound) && areDistinct(question.entities)
    },
  }
}
