// Records: the attributes of entities, contexts and record values. Names and values lie apart, and records with the same names in the same order share
// their list of names, so that a record costs little and an attribute is found by comparing references. Names come from outside: lists are shared in a
// bounded number and up to a bounded length, and what is beyond that works the same with a list of its own.
import { Unsupported } from './faults.ts'

/** How many names a list that is shared may have. */
export const sharedNamesMax = 16
/** How many lists are shared. */
export const sharedListsMax = 10_000
/** A longer list is looked up, a shorter one is scanned. */
const scannedMax = 8

/** A text as the runtime keeps the names of properties: equal ones are one text in memory, which makes comparing them cheap. */
export function asName(text: string): string {
  if (!text.isWellFormed()) throw new Unsupported('A text is not well-formed Unicode.')
  return Object.keys({ [text]: 0 })[0] ?? text
}

let shared = 0

/** A list of names, none twice. */
class NameList {
  readonly all: readonly string[]
  private readonly places: ReadonlyMap<string, number> | undefined
  private lastName: string | undefined
  private last: NameList | undefined
  private more: Map<string, NameList> | undefined

  constructor(all: readonly string[]) {
    this.all = all
    this.places = all.length > scannedMax ? new Map(all.map((name, at) => [name, at])) : undefined
  }

  /** The place of a name, or -1. */
  find(name: string): number {
    if (this.places !== undefined) return this.places.get(name) ?? -1
    const { all } = this
    for (let at = 0; at < all.length; at++) if (all[at] === name) return at
    return -1
  }

  /** The list with one more name at its end. */
  with(name: string): NameList {
    if (this.lastName === name && this.last !== undefined) return this.last
    const next = this.more?.get(name) ?? this.make(asName(name))
    this.lastName = name
    this.last = next
    return next
  }

  private make(name: string): NameList {
    const made = new NameList([...this.all, name])
    if (shared >= sharedListsMax) return made
    shared++
    this.more ??= new Map()
    this.more.set(name, made)
    return made
  }
}

const noNames = new NameList([])

function namesOf(list: readonly string[]): NameList {
  if (list.length > sharedNamesMax) return new NameList(list.map(asName))
  let names = noNames
  for (const name of list) names = names.with(name)
  return names
}

/** One name that is looked up again and again: where it was in the last list is where it mostly is in the next record. */
export class Slot {
  readonly name: string
  private names: NameList | undefined
  private at = -1

  constructor(name: string) {
    this.name = asName(name)
  }

  /** The place of the name in a list, or -1. */
  in(names: NameList): number {
    if (this.names !== names) {
      this.names = names
      this.at = names.find(this.name)
    }
    return this.at
  }
}

/** A record. Immutable; made from entries whose names differ. */
export class RecordOf<V> {
  private readonly names: NameList
  private readonly values: readonly V[]

  private constructor(names: NameList, values: readonly V[]) {
    this.names = names
    this.values = values
  }

  /** The record of these entries; of two with one name the last counts. Throws `Unsupported` when a name is not well-formed Unicode. */
  static of<V>(entries: Iterable<readonly [string, V]>): RecordOf<V> {
    const unique = new Map(entries)
    return new RecordOf(namesOf([...unique.keys()]), [...unique.values()])
  }

  /** The record of an object's own properties, with what `convert` makes of each. Throws `Unsupported` as `of` does. */
  static from<V>(json: Readonly<Record<string, unknown>>, convert: (value: unknown) => V): RecordOf<V> {
    const names = Object.keys(json)
    if (names.length === 0) return emptyRecord
    return new RecordOf(namesOf(names), Object.values(json).map(convert))
  }

  /** How many attributes it has. */
  get size(): number {
    return this.values.length
  }

  /** The value of an attribute; undefined where there is none. */
  get(name: string): V | undefined {
    const at = this.names.find(name)
    return at === -1 ? undefined : this.values[at]
  }

  /** The value of an attribute, by a slot; undefined where there is none. */
  read(slot: Slot): V | undefined {
    const at = slot.in(this.names)
    return at === -1 ? undefined : this.values[at]
  }

  /** Whether it has an attribute. */
  has(name: string): boolean {
    return this.names.find(name) !== -1
  }

  /** Name and value of each attribute. */
  entries(): readonly (readonly [string, V])[] {
    return this.values.map((value, at) => [this.names.all[at] ?? '', value] as const)
  }
}

/** The record without attributes. */
export const emptyRecord: RecordOf<never> = RecordOf.of<never>([])
