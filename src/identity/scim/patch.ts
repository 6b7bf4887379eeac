// Changes to a document (RFC 7644 section 3.5.2): each operation names a path, or brings an object whose names are paths. Pure: from a document to the next one.
// The dialects: operations in any case; names with dots and URNs inside of an object; a value of a list that is not there yet is made from the filter that
// asked for it; values to remove as a list. What is set here cannot be addressed.
import { fail } from '../../kernel/index.ts'
import { type Attribute, attributeIn, commonAttributes, type Found, findAttribute, type ResourceKind, schemaOf } from './attributes.ts'
import { matches, partsAsked } from './conditions.ts'
import { type Doc, isDoc, isList, isRecord, isSame, type Value, valuesOf, without } from './document.ts'
import { type Filter, type Path, parsePath } from './filter.ts'
import { isKept, readValue, requireWhole, valuesMax } from './read-document.ts'

/** The most operations of one change. */
const operationsMax = 1_000

/** One operation, its path read. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: Path | undefined
  readonly value: unknown
}

/** Reads the operations of a change. Throws `value_refused`, `attribute_unknown`, `no_target`, `filter_refused`. */
export function readOperations(body: unknown): Operation[] {
  const named = isRecord(body) ? Object.entries(body).find(([name]) => name.toLowerCase() === 'operations')?.[1] : undefined
  if (!Array.isArray(named) || named.length === 0) throw fail('value_refused', 'A change has a list of `Operations`.')
  if (named.length > operationsMax) throw fail('value_refused', `A change has at most ${operationsMax} operations.`)
  return named.map((one: unknown) => {
    if (!isRecord(one)) throw fail('value_refused', 'An operation is an object.')
    const op = String(one.op).toLowerCase()
    if (op !== 'add' && op !== 'replace' && op !== 'remove') throw fail('value_refused', '`op` must be `add`, `replace` or `remove`.')
    const path = typeof one.path === 'string' && one.path !== '' ? parsePath(one.path) : undefined
    if (one.path !== undefined && one.path !== null && typeof one.path !== 'string') throw fail('attribute_unknown', 'A path is a text.')
    if (path === undefined && op === 'remove') throw fail('no_target', 'A removal names a path.')
    return { op, path, value: one.value }
  })
}

/** The attribute that a change addresses. Throws `attribute_unknown`, and `read_only` for what is set here. */
function requireChangeable(resource: ResourceKind, path: string): Found {
  const found = findAttribute(resource, path)
  if (found === undefined) throw fail('attribute_unknown', `There is no attribute \`${path.slice(0, 100)}\`.`)
  if (found.attribute.mutability === 'readOnly' || found.sub?.mutability === 'readOnly')
    throw fail('read_only', `\`${path.slice(0, 100)}\` is set here.`)
  return found
}

function put(doc: Doc, name: string, value: Value | undefined): Doc {
  return value === undefined ? without(doc, name) : { ...doc, [name]: value }
}

/** Of one list at most one value is primary: a new one takes it from the others. */
function onePrimary(values: readonly Value[], added: readonly Value[]): readonly Value[] {
  if (!added.some((value) => isDoc(value) && value.primary === true)) return values
  return values.map((value) => (isDoc(value) && value.primary === true && !added.includes(value) ? { ...value, primary: false } : value))
}

function joined(attribute: Attribute, before: readonly Value[], added: readonly Value[]): Value | undefined {
  const fresh = added.filter((value) => !before.some((one) => isSame(one, value)))
  const values = onePrimary([...before, ...fresh], fresh)
  if (values.length > valuesMax) throw fail('value_refused', `\`${attribute.name}\` has more than ${valuesMax} values.`)
  return values.length === 0 ? undefined : values
}

/** The values of a list without those that a removal names; all of them, where it names none. */
function remaining(attribute: Attribute, before: readonly Value[], named: unknown): Value | undefined {
  if (named === undefined || named === null) return undefined
  const gone = valuesOf(readValue(attribute, named)).flatMap((value) => (isDoc(value) ? (value.value ?? []) : value))
  const left = before.filter((value) => !gone.some((one) => isDoc(value) && value.value !== undefined && isSame(value.value, one)))
  return left.length === 0 ? undefined : left
}

function changeWhole(attribute: Attribute, before: Value | undefined, { op, value }: Operation): Value | undefined {
  if (op === 'remove') return attribute.multiValued ? remaining(attribute, valuesOf(before), value) : undefined
  const read = readValue(attribute, value)
  if (attribute.multiValued) return op === 'add' ? joined(attribute, valuesOf(before), valuesOf(read)) : read
  // The parts that are sent replace their like; the others stay.
  if (attribute.type === 'complex' && isDoc(before) && isDoc(read)) return { ...before, ...read }
  return read
}

function changePart(part: Attribute, before: Value | undefined, operation: Operation): Value | undefined {
  const within: Doc = isDoc(before) ? before : {}
  const next = put(within, part.name, operation.op === 'remove' ? undefined : readValue(part, operation.value))
  return Object.keys(next).length === 0 ? undefined : next
}

/** Changes the values of a list that a filter asks for. */
function changeMatching(
  attribute: Attribute,
  before: readonly Value[],
  filter: Filter,
  sub: Attribute | undefined,
  it: Operation,
): Value | undefined {
  const chosen = before.filter((value) => matches(attribute, filter, value))
  const change = (value: Value) =>
    sub === undefined ? changeWhole({ ...attribute, multiValued: false }, value, it) : changePart(sub, value, it)
  if (chosen.length === 0 && it.op !== 'remove') {
    const asked = partsAsked(attribute, filter)
    if (asked === undefined) throw fail('no_target', `No value of \`${attribute.name}\` is what the filter asks for.`)
    const made = change(asked)
    return joined(attribute, before, made === undefined ? [] : [made])
  }
  const changed = new Map(chosen.map((value) => [value, change(value)]))
  const next = before.map((value) => (changed.has(value) ? changed.get(value) : value)).filter((value) => value !== undefined)
  const values =
    it.op === 'remove'
      ? next
      : onePrimary(
          next,
          [...changed.values()].filter((value) => value !== undefined),
        )
  return values.length === 0 ? undefined : values
}

function changed(found: Found, before: Value | undefined, path: Path, it: Operation): Value | undefined {
  const { attribute } = found
  if (path.filter === undefined) {
    if (found.sub === undefined) return changeWhole(attribute, before, it)
    if (!attribute.multiValued) return changePart(found.sub, before, it)
    const { sub } = found
    const next = valuesOf(before)
      .map((value) => changePart(sub, value, it))
      .filter((value) => value !== undefined)
    return next.length === 0 ? undefined : next
  }
  if (!attribute.multiValued) throw fail('attribute_unknown', `\`${attribute.name}\` is no list.`)
  const sub = path.sub === undefined ? undefined : attributeIn(attribute.subAttributes ?? [], path.sub)
  if (path.sub !== undefined && sub === undefined)
    throw fail('attribute_unknown', `\`${attribute.name}\` has no part \`${path.sub.slice(0, 100)}\`.`)
  return changeMatching(attribute, isList(before) ? before : [], path.filter, sub, it)
}

function at(resource: ResourceKind, doc: Doc, path: Path, it: Operation): Doc {
  const found = requireChangeable(resource, path.path)
  if (!isKept(found.attribute)) return doc
  const { extension, attribute } = found
  if (extension === undefined) return put(doc, attribute.name, changed(found, doc[attribute.name], path, it))
  const within = doc[extension.id]
  const own: Doc = isDoc(within) ? within : {}
  const next = put(own, attribute.name, changed(found, own[attribute.name], path, it))
  return put(doc, extension.id, Object.keys(next).length === 0 ? undefined : next)
}

/** The names of an object as paths of their own; an extension's object gives one for each of its attributes. Unknown names are passed over. */
export function spread(resource: ResourceKind, it: Operation, id: string): Operation[] {
  if (!isRecord(it.value)) throw fail('value_refused', 'Without a path, the value is an object.')
  return Object.entries(it.value).flatMap(([name, value]) => {
    const key = name.toLowerCase()
    if (key === 'schemas' || (key === 'id' && value === id)) return []
    const extension = schemaOf(resource, name)
    if (extension !== undefined && isRecord(value))
      return Object.entries(value).flatMap(([part, member]) => {
        const path = `${extension.id}:${part}`
        return findAttribute(resource, path) === undefined ? [] : [{ op: it.op, path: { path }, value: member }]
      })
    if (key.includes('[')) return [{ op: it.op, path: parsePath(name), value }]
    const isKnown = findAttribute(resource, name) !== undefined || attributeIn(commonAttributes, name) !== undefined
    return isKnown ? [{ op: it.op, path: { path: name }, value }] : []
  })
}

/** Applies operations to a document. Throws `attribute_unknown`, `read_only`, `no_target`, `value_refused`, `filter_refused`. */
export function patchDocument(resource: ResourceKind, doc: Doc, operations: readonly Operation[], id: string): Doc {
  let next = doc
  for (const operation of operations) {
    for (const one of operation.path === undefined ? spread(resource, operation, id) : [operation]) {
      if (one.path !== undefined) next = at(resource, next, one.path, one)
    }
  }
  return requireWhole(resource, next)
}
