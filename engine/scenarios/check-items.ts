// The gate for what a scenario's lists hold: each item is a record with the fields of its kind and no others, each of the right shape. What the
// numbers may be is checked by those who use them. Everything here comes from outside.

import { EngineError } from '../errors.ts'

/** What a field must be. A `?` behind it says that it may be left out. */
type Wanted = 'text' | 'number' | 'true or false' | 'list of places' | 'size'
type Fields = Readonly<Record<string, Wanted | `${Wanted}?`>>

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const isPlace = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)

const tests: Readonly<Record<Wanted, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value.length > 0 && value.length <= 200,
  number: Number.isFinite,
  'true or false': (value) => typeof value === 'boolean',
  'list of places': (value) => Array.isArray(value) && value.every(isPlace),
  size: (value) => isRecord(value) && Object.keys(value).length === 3 && [value.x, value.y, value.z].every(Number.isFinite),
}

const thing: Fields = { kind: 'text', name: 'text', x: 'number', y: 'number', size: 'size?', movable: 'true or false?' }

/** Fields of the items of each list; of lists whose items have a kind, by that kind. */
const shapes = {
  goals: { name: 'text', x: 'number', y: 'number' },
  people: {
    ...{ name: 'text', path: 'list of places', speed: 'number' },
    ...{ startMetres: 'number?', waitsWithinMetres: 'number?', patienceSeconds: 'number?' },
  },
  faults: { kind: 'text', fromSeconds: 'number', untilSeconds: 'number', amount: 'number?' },
} as const satisfies Readonly<Record<string, Fields>>

const kinds: Readonly<Record<'clutter' | 'assertions', Readonly<Record<string, Fields>>>> = {
  clutter: { pallet: thing, box: thing },
  assertions: {
    'reaches-goals': { kind: 'text' },
    'touches-nothing': { kind: 'text' },
    'keeps-distance': { kind: 'text', metres: 'number' },
    'keeps-charge': { kind: 'text', share: 'number' },
    'within-seconds': { kind: 'text', seconds: 'number' },
    'stays-localised': { kind: 'text', metres: 'number' },
  },
}

/** The lists of a scenario. */
type ListName = keyof typeof shapes | keyof typeof kinds

const refuse = (message: string): never => {
  throw new EngineError('run/bad-input', message)
}

function fieldsOf(list: ListName, item: Record<string, unknown>, where: string): Fields {
  if (list === 'goals' || list === 'people' || list === 'faults') return shapes[list]
  const kind = String(item.kind)
  const fields = Object.hasOwn(kinds[list], kind) ? kinds[list][kind] : undefined
  return fields ?? refuse(`\`${where}\` is of the kind \`${kind}\`; there are ${Object.keys(kinds[list]).join(', ')}`)
}

function checkItem(list: ListName, item: unknown, where: string): void {
  const record = isRecord(item) ? item : refuse(`\`${where}\` must be a record`)
  const fields = fieldsOf(list, record, where)
  for (const name of Object.keys(record)) if (!Object.hasOwn(fields, name)) refuse(`\`${where}\` has the unknown field \`${name}\``)
  for (const [name, wanted] of Object.entries(fields)) {
    if (wanted.endsWith('?') && record[name] === undefined) continue
    const shape = wanted.replace('?', '') as Wanted // what is left is the name of a test
    if (!tests[shape](record[name])) refuse(`\`${where}.${name}\` must be a ${shape}`)
  }
}

/** Checks a list of a scenario item by item; `run/bad-input` names the item and the field. */
export function checkItems(list: ListName, items: readonly unknown[]): void {
  for (const [index, item] of items.entries()) checkItem(list, item, `${list}.${index}`)
}
