// The entities that decisions are about, in memory: attributes, tags, parents, and the ancestors that follow from them.
// Ancestor sets are made when they are first asked for and dropped for everything below an entity whose parents change.
// INVARIANT: there is no cycle. Whoever can write here can change every decision: it follows the database, never a request.
import { emptyRecord, noNames, type Slot } from './records.ts'
import { EntityUid, entityKey, type RecordValue, type Value } from './values.ts'

/** What an entity has beside its name. */
export interface EntityContent {
  readonly attributes: RecordValue
  readonly tags?: RecordValue | undefined
  readonly parents: readonly EntityUid[]
}

/** How many ancestors an entity may have. */
export const ancestorsMax = 100_000

/** What stands directly below an entity, and the one reference to it that they all hold: equal keys are then the same text in memory. */
interface Children {
  readonly parent: EntityUid
  readonly nodes: Set<EntityNode>
}

const none: ReadonlySet<string> = new Set()

/** Thrown when an entity would stand above itself, or below too many. */
export class HierarchyError extends Error {}

/** An entity that exists. It is a reference to itself, so that a request's variables need no second look-up. */
export class EntityNode extends EntityUid {
  // What every decision reads comes first, the first attributes included: it then lies together in memory.
  private names = noNames
  private a: Value | undefined
  private b: Value | undefined
  private c: Value | undefined
  private d: Value | undefined
  /** For whom the words are which say what heads it fits; forgotten when its ancestors change. */
  fitting: object | undefined
  fitLow = 0
  fitHigh = 0
  /** What an index of policies remembers of it as a principal or an action; forgotten when its ancestors change. */
  indexed: Memo | undefined
  private held: RecordValue = emptyRecord
  /** The keys of all ancestors; undefined until somebody asks. */
  above: ReadonlySet<string> | undefined
  /** What an index of policies remembers of its name; good for that index and these ancestors alone. */
  memo: NameMemo | undefined
  tags: RecordValue = emptyRecord
  parents: readonly EntityUid[] = []
  /** Its own key and those of all ancestors, shared by every entity that has this one as its only parent. */
  withAbove: ReadonlySet<string> | undefined
  /** The next entity of this store with the same id and another type. */
  namesake: EntityNode | undefined

  /** What it has. */
  get attributes(): RecordValue {
    return this.held
  }

  set attributes(held: RecordValue) {
    this.held = held
    this.names = held.list
    this.a = held.at(0)
    this.b = held.at(1)
    this.c = held.at(2)
    this.d = held.at(3)
  }

  /** Notes which heads it fits, for whoever asked. */
  fit(fitting: object, low: number, high: number): void {
    this.fitting = fitting
    this.fitLow = low
    this.fitHigh = high
  }

  /** Whether it has an attribute. */
  has(name: string): boolean {
    return this.names.find(name) !== -1
  }

  /** An attribute, by a slot; undefined where there is none. */
  override read(slot: Slot): Value | undefined {
    const place = slot.in(this.names)
    switch (place) {
      case 0:
        return this.a
      case 1:
        return this.b
      case 2:
        return this.c
      case 3:
        return this.d
      default:
        return this.held.at(place)
    }
  }
}

/** Something that an index remembers; good for that index alone, and for as long as it says. */
export interface Memo {
  readonly owner: object
}

/** The numbers under which an index files the entity and what is above it. */
export interface NameMemo {
  readonly owner: object
  readonly version: number
  readonly above: ReadonlySet<string>
  readonly numbers: readonly number[]
}

/** Where an evaluation finds entities. */
export interface Entities {
  find(type: string, id: string): EntityNode | undefined
  /** The keys of everything above an entity; empty for one that does not exist. */
  ancestors(uid: EntityUid): ReadonlySet<string>
}

/** The node of a reference, when that entity exists. */
export function nodeOf(entities: Entities, uid: EntityUid): EntityNode | undefined {
  return uid instanceof EntityNode ? uid : entities.find(uid.type, uid.id)
}

/** A store of entities by type and id. */
export class EntityStore implements Entities {
  /** By id; nodes of other types with the same id follow each other. */
  private readonly byId = new Map<string, EntityNode>()
  /** By the key of an entity, whether it exists or not, the nodes that name it as a parent. */
  private readonly children = new Map<string, Children>()
  private count = 0

  /** How many entities there are. */
  get size(): number {
    return this.count
  }

  find(type: string, id: string): EntityNode | undefined {
    let node = this.byId.get(id)
    while (node !== undefined && node.type !== type) node = node.namesake
    return node
  }

  /** Puts an entity, or gives one that is there a new content. Throws `HierarchyError` and changes nothing when it would stand above itself. */
  put(type: string, id: string, content: EntityContent): void {
    const found = this.find(type, id)
    const parentsChange = found === undefined || !sameParents(found.parents, content.parents)
    if (parentsChange) this.refuseCycle(entityKey(type, id), content.parents)
    const node = found ?? this.create(type, id)
    node.attributes = content.attributes
    node.tags = content.tags ?? emptyRecord
    if (parentsChange) this.setParents(node, content.parents)
  }

  /** Removes an entity; whoever names it as a parent still stands below it. Says whether it was there. */
  remove(type: string, id: string): boolean {
    const node = this.find(type, id)
    if (node === undefined) return false
    this.setParents(node, [])
    this.unlink(node)
    this.count--
    return true
  }

  ancestors(uid: EntityUid): ReadonlySet<string> {
    const node = nodeOf(this, uid)
    return node === undefined ? none : (node.above ?? this.gather(node))
  }

  private create(type: string, id: string): EntityNode {
    const node = new EntityNode(type, id)
    node.namesake = this.byId.get(id)
    this.byId.set(id, node)
    this.count++
    return node
  }

  private unlink(node: EntityNode): void {
    const first = this.byId.get(node.id)
    if (first === node) {
      if (node.namesake === undefined) this.byId.delete(node.id)
      else this.byId.set(node.id, node.namesake)
    } else {
      for (let one = first; one !== undefined; one = one.namesake) if (one.namesake === node) one.namesake = node.namesake
    }
    node.namesake = undefined
  }

  private setParents(node: EntityNode, parents: readonly EntityUid[]): void {
    for (const parent of node.parents) this.disown(parent.key, node)
    node.parents = parents.map((parent) => this.adopt(parent, node))
    this.forgetBelow(node)
  }

  private adopt(parent: EntityUid, node: EntityNode): EntityUid {
    const known = this.children.get(parent.key) ?? { parent: this.find(parent.type, parent.id) ?? parent, nodes: new Set() }
    if (known.nodes.size === 0) this.children.set(parent.key, known)
    known.nodes.add(node)
    return known.parent
  }

  private disown(parent: string, node: EntityNode): void {
    const known = this.children.get(parent)
    known?.nodes.delete(node)
    if (known?.nodes.size === 0) this.children.delete(parent)
  }

  /** Drops the ancestor sets of a node and of everything below it. */
  private forgetBelow(node: EntityNode): void {
    const seen = new Set([node])
    for (const one of seen) {
      one.above = undefined
      one.withAbove = undefined
      one.indexed = undefined
      one.fitting = undefined
      for (const child of this.children.get(one.key)?.nodes ?? []) seen.add(child)
    }
  }

  private gather(node: EntityNode): ReadonlySet<string> {
    const [only, ...more] = node.parents
    const parent = only === undefined || more.length > 0 ? undefined : this.find(only.type, only.id)
    if (parent === undefined) node.above = only === undefined ? none : this.walk(node.parents)
    else {
      parent.withAbove ??= this.walk([parent])
      node.above = parent.withAbove
    }
    return node.above
  }

  private refuseCycle(key: string, parents: readonly EntityUid[]): void {
    if (this.walk(parents).has(key)) throw new HierarchyError('An entity cannot stand above itself.')
  }

  /** The keys of these entities and of everything above them. */
  private walk(from: readonly EntityUid[]): Set<string> {
    const seen = new Set<string>()
    const pending = [from]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const { type, id, key } of next) {
        if (seen.has(key)) continue
        if (seen.add(key).size > ancestorsMax) throw new HierarchyError(`An entity has more than ${ancestorsMax} ancestors.`)
        pending.push(this.find(type, id)?.parents ?? [])
      }
    }
    return seen
  }
}

function sameParents(left: readonly EntityUid[], right: readonly EntityUid[]): boolean {
  return left.length === right.length && left.every((one, index) => one.key === right[index]?.key)
}
