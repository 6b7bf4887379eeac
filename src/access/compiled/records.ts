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

/** The list without names. */
export const noNames = new NameList([])

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

  /** A name is found sooner as `asName` gives it. */
  constructor(name: string) {
    this.name = name
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

/** How many values lie in a record itself. */
const ownMax = 6
const noMore: never[] = []
const isOwn = Object.prototype.hasOwnProperty

/** Makes a value of what JSON has, `depth` levels down, within a budget. */
export type Convert<V, B> = (json: unknown, depth: number, budget: B) => V

/** A record. Immutable; made from entries whose names differ. The first values lie in the object itself: reading one touches no memory but the record's. */
export class RecordOf<V> {
  private names: NameList
  private a: V | undefined
  private b: V | undefined
  private c: V | undefined
  private d: V | undefined
  private e: V | undefined
  private f: V | undefined
  private more: V[]

  private constructor(names: NameList) {
    this.names = names
    this.a = undefined
    this.b = undefined
    this.c = undefined
    this.d = undefined
    this.e = undefined
    this.f = undefined
    this.more = noMore
  }

  /** The record of these entries; of two with one name the last counts. Throws `Unsupported` when a name is not well-formed Unicode. */
  static of<V>(entries: Iterable<readonly [string, V]>): RecordOf<V> {
    const unique = new Map(entries)
    const made = new RecordOf<V>(namesOf([...unique.keys()]))
    let place = 0
    for (const value of unique.values()) made.put(place++, value)
    return made
  }

  /** The record of an object's own properties, with what `convert` makes of each. Throws `Unsupported` as `of` does. */
  static from<V, B>(json: Readonly<Record<string, unknown>>, convert: Convert<V, B>, depth: number, budget: B): RecordOf<V> {
    const made = new RecordOf<V>(noNames)
    let place = 0
    for (const name in json) {
      if (!isOwn.call(json, name)) continue
      if (place === sharedNamesMax) return made.listed(json, convert, depth, budget)
      made.names = made.names.with(name)
      made.put(place++, convert(json[name], depth, budget))
    }
    return place === 0 ? emptyRecord : made
  }

  /** The first values are there; the others follow, under a list of names of its own. */
  private listed<B>(json: Readonly<Record<string, unknown>>, convert: Convert<V, B>, depth: number, budget: B): RecordOf<V> {
    const names = Object.keys(json)
    for (let place = this.size; place < names.length; place++) this.put(place, convert(json[names[place] ?? ''], depth, budget))
    this.names = namesOf(names)
    return this
  }

  private put(place: number, value: V): void {
    switch (place) {
      case 0:
        this.a = value
        break
      case 1:
        this.b = value
        break
      case 2:
        this.c = value
        break
      case 3:
        this.d = value
        break
      case 4:
        this.e = value
        break
      case 5:
        this.f = value
        break
      case ownMax:
        this.more = [value]
        break
      default:
        this.more.push(value)
    }
  }

  /** Its names, each at the place of its value. */
  get list(): NameList {
    return this.names
  }

  /** How many attributes it has. */
  get size(): number {
    return this.names.all.length
  }

  /** The value of an attribute; undefined where there is none. */
  get(name: string): V | undefined {
    return this.at(this.names.find(name))
  }

  /** The value of an attribute, by a slot; undefined where there is none. */
  read(slot: Slot): V | undefined {
    return this.at(slot.in(this.names))
  }

  /** Whether it has an attribute. */
  has(name: string): boolean {
    return this.names.find(name) !== -1
  }

  /** Name and value of each attribute. */
  entries(): readonly (readonly [string, V])[] {
    // reason: there is a value at the place of every name
    return this.names.all.map((name, place) => [name, this.at(place) as V] as const)
  }

  /** The value at a place; undefined at any other than those of its names. */
  at(place: number): V | undefined {
    switch (place) {
      case -1:
        return undefined
      case 0:
        return this.a
      case 1:
        return this.b
      case 2:
        return this.c
      case 3:
        return this.d
      case 4:
        return this.e
      case 5:
        return this.f
      default:
        return this.more[place - ownMax]
    }
  }
}

/** The record without attributes. */
export const emptyRecord: RecordOf<never> = RecordOf.of<never>([])
