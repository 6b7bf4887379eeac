// From what a directory sent to a document: names in their own spelling, values of their attribute's type, what is set here left out, unknown names passed over.
// The dialects are read here: booleans as texts, numbers where texts belong, one value where a list belongs and a list of one where one value does, a text where a
// complex value does and the other way round.
import { fail } from '../../kernel/index.ts'
import { type Attribute, attributeIn, commonAttributes, type ResourceKind, splitUrn } from './attributes.ts'
import { booleanOf } from './conditions.ts'
import { type Doc, isDoc, isList, isRecord, type Value } from './document.ts'

/** The longest text of an attribute, in characters. */
const textCharactersMax = 1_024
/** The most values of one attribute. */
export const valuesMax = 50
/** The most characters of one resource, as JSON. */
const documentCharactersMax = 32_768

function unfit(attribute: Attribute, what: string): Error {
  return fail('value_refused', `\`${attribute.name}\` ${what}.`)
}

function readText(attribute: Attribute, given: unknown): Value | undefined {
  const plain = isRecord(given) && typeof given.value === 'string' ? given.value : given
  const text = Number.isFinite(plain) || typeof plain === 'boolean' ? String(plain) : plain
  if (typeof text !== 'string') throw unfit(attribute, 'must be a text')
  if (text.length > textCharactersMax) throw unfit(attribute, `has more than ${textCharactersMax} characters`)
  return text === '' ? undefined : text
}

function readBoolean(attribute: Attribute, given: unknown): Value {
  const read = typeof given === 'string' ? booleanOf(given) : given
  if (typeof read !== 'boolean') throw unfit(attribute, 'must be true or false')
  return read
}

function readParts(attribute: Attribute, given: unknown): Value | undefined {
  const parts = attribute.subAttributes ?? []
  const whole = typeof given === 'string' && attributeIn(parts, 'value') !== undefined ? { value: given } : given
  if (!isRecord(whole)) throw unfit(attribute, 'must be an object')
  const read: Record<string, Value> = {}
  for (const [name, member] of Object.entries(whole)) {
    const part = attributeIn(parts, name)
    const value = part === undefined || part.mutability === 'readOnly' ? undefined : readOne(part, member)
    if (part !== undefined && value !== undefined) read[part.name] = value
  }
  return Object.keys(read).length === 0 ? undefined : read
}

function readOne(attribute: Attribute, given: unknown): Value | undefined {
  if (given === null || given === undefined) return undefined
  if (Array.isArray(given) && given.length === 1) return readOne(attribute, given[0])
  if (attribute.type === 'complex') return readParts(attribute, given)
  return attribute.type === 'boolean' ? readBoolean(attribute, given) : readText(attribute, given)
}

function requireOnePrimary(attribute: Attribute, values: readonly Value[]): void {
  if (values.filter((value) => isDoc(value) && value.primary === true).length > 1) throw unfit(attribute, 'has more than one primary value')
}

/** Reads the value of an attribute; undefined where it says that there is none. Throws `value_refused`. */
export function readValue(attribute: Attribute, given: unknown): Value | undefined {
  if (!attribute.multiValued) return readOne(attribute, given)
  const list = Array.isArray(given) ? given : [given]
  if (list.length > valuesMax) throw unfit(attribute, `has more than ${valuesMax} values`)
  const values = list.map((one) => readOne(attribute, one)).filter((one) => one !== undefined)
  requireOnePrimary(attribute, values)
  return values.length === 0 ? undefined : values
}

/** Whether a directory may set an attribute, and it is kept. */
export function isKept({ mutability }: Attribute): boolean {
  return mutability === 'readWrite' || mutability === 'immutable'
}

/** Requires that a document is not too large, and has what it must have. Throws `value_refused`. */
export function requireWhole(resource: ResourceKind, doc: Doc): Doc {
  const missing = resource.core.attributes.find(({ name, required }) => required && doc[name] === undefined)
  if (missing !== undefined) throw unfit(missing, 'is missing')
  for (const attribute of resource.core.attributes) {
    const value = doc[attribute.name]
    if (isList(value)) requireOnePrimary(attribute, value)
  }
  if (JSON.stringify(doc).length > documentCharactersMax)
    throw fail('value_refused', `A resource has at most ${documentCharactersMax} characters.`)
  return doc
}

function requireSchemas(resource: ResourceKind, given: unknown): void {
  if (given === undefined) return
  const named = Array.isArray(given) ? given.map((one) => String(one).toLowerCase()) : []
  if (!named.includes(resource.core.id.toLowerCase())) throw fail('value_refused', `\`schemas\` must name \`${resource.core.id}\`.`)
}

/** One member of a resource: the name that it is kept under, and its value; undefined for what is not kept. */
function readMember(resource: ResourceKind, name: string, given: unknown): readonly [string, Value] | undefined {
  const { schema, rest } = splitUrn(resource, name)
  if (schema !== undefined && schema !== resource.core) {
    const parts = rest === '' ? readParts({ ...wholeExtension, name: schema.id, subAttributes: schema.attributes }, given ?? {}) : undefined
    return parts === undefined ? undefined : [schema.id, parts]
  }
  const attribute = attributeIn([...commonAttributes, ...resource.core.attributes], rest)
  if (attribute === undefined || !isKept(attribute) || attribute.name === 'members') return undefined
  const value = readValue(attribute, given)
  return value === undefined ? undefined : [attribute.name, value]
}

/** Reads a whole resource; members of a group are read apart. Throws `value_refused`. */
export function readDocument(resource: ResourceKind, body: unknown): Doc {
  if (!isRecord(body)) throw fail('value_refused', 'A resource is a JSON object.')
  const members = Object.entries(body)
  requireSchemas(resource, members.find(([name]) => name.toLowerCase() === 'schemas')?.[1])
  const read = members.map(([name, given]) => readMember(resource, name, given)).filter((one) => one !== undefined)
  return requireWhole(resource, Object.fromEntries(read))
}

/** An extension as if it were a complex attribute. */
const wholeExtension: Attribute = {
  name: '',
  type: 'complex',
  multiValued: false,
  description: '',
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
}
