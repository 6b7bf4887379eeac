// The store keeps what stands above what, through every change, and lets nothing stand above itself.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ancestorsMax, EntityStore, HierarchyError } from './entity-store.ts'
import { chanceFrom } from './fixtures/chance.ts'
import { recordFrom } from './json-values.ts'
import { emptyRecord, RecordOf, Slot } from './records.ts'
import { EntityUid } from './values.ts'

const uid = (id: string): EntityUid => new EntityUid('Group', id)
const content = (parents: readonly string[], name = '') => ({ attributes: RecordOf.of([['name', name]]), parents: parents.map(uid) })

function storeWith(parents: Readonly<Record<string, readonly string[]>>): EntityStore {
  const store = new EntityStore()
  for (const [id, above] of Object.entries(parents)) store.put('Group', id, content(above))
  return store
}
const above = (store: EntityStore, id: string): string[] => [...store.ancestors(uid(id))].map((key) => key.replace('Group"', '')).sort()

describe('the entity store', () => {
  it('reads of an entity what was last put there, however many attributes that are', () => {
    const store = new EntityStore()
    const names = Array.from({ length: 7 }, (_, at) => `n${at}`)
    for (const size of [0, 1, 4, 5, 7, 3, 6, 0]) {
      const attributes = recordFrom(Object.fromEntries(names.slice(0, size).map((name, at) => [name, size * 10 + at])))
      store.put('Twin', 't', { attributes, parents: [] })
      const node = store.find('Twin', 't')
      for (const [at, name] of names.entries()) {
        const expected = at < size ? size * 10 + at : undefined
        assert.deepEqual([node?.read(new Slot(name)), node?.attributes.get(name), node?.has(name)], [expected, expected, at < size])
      }
    }
  })

  it('knows everything above an entity, through what does not exist only as far as that', () => {
    const store = storeWith({ a: ['b', 'c'], b: ['d'], d: ['e'] })
    assert.deepEqual(
      [above(store, 'a'), above(store, 'd'), above(store, 'e'), above(store, 'unknown')],
      [['b', 'c', 'd', 'e'], ['e'], [], []],
    )
  })

  it('forgets what it knew of everything below an entity whose parents change', () => {
    const store = storeWith({ a: ['b'], b: ['c'], c: [] })
    assert.deepEqual(above(store, 'a'), ['b', 'c'])
    store.put('Group', 'c', content(['top']))
    assert.deepEqual(above(store, 'a'), ['b', 'c', 'top'])
    store.put('Group', 'top', content(['roof']))
    assert.deepEqual(above(store, 'a'), ['b', 'c', 'roof', 'top'])
    store.put('Group', 'b', content([]))
    assert.deepEqual([above(store, 'a'), above(store, 'c')], [['b'], ['roof', 'top']])
  })

  it('takes an entity away without taking what names it as a parent along', () => {
    const store = storeWith({ a: ['b'], b: ['c'] })
    assert.deepEqual(above(store, 'a'), ['b', 'c'])
    assert.deepEqual([store.remove('Group', 'b'), store.remove('Group', 'b'), store.size], [true, false, 1])
    assert.deepEqual([above(store, 'a'), store.find('Group', 'b')], [['b'], undefined])
  })

  it('gives an entity new attributes and keeps what is above it', () => {
    const store = storeWith({ a: ['b'] })
    const before = store.ancestors(uid('a'))
    store.put('Group', 'a', content(['b'], 'new'))
    assert.equal(store.find('Group', 'a')?.attributes.get('name'), 'new')
    assert.equal(store.ancestors(uid('a')), before)
  })

  it('refuses a cycle, of any length and through what does not exist, and changes nothing', () => {
    const store = storeWith({ a: ['b'], b: ['c'], c: ['d'] })
    const cycles: readonly (readonly [string, string])[] = [
      ['c', 'a'],
      ['c', 'c'],
      ['d', 'a'],
    ]
    for (const [id, parent] of cycles) {
      assert.throws(() => store.put('Group', id, content([parent], 'changed')), HierarchyError)
    }
    assert.deepEqual([above(store, 'a'), store.find('Group', 'c')?.attributes.get('name'), store.size], [['b', 'c', 'd'], '', 3])
  })

  it('refuses more ancestors than it can carry', () => {
    const many = Array.from({ length: ancestorsMax + 1 }, (_, at) => `g${at}`)
    assert.throws(() => storeWith({ a: many }), /more than 100000 ancestors/)
  })

  it('tells types apart, and ids that look like keys', () => {
    const store = new EntityStore()
    store.put('A', 'x', { attributes: emptyRecord, parents: [new EntityUid('B', 'x"A')] })
    assert.equal(store.find('B', 'x'), undefined)
    assert.equal(store.ancestors(new EntityUid('A', 'x')).has(new EntityUid('B', 'x"A').key), true)
    assert.equal(store.ancestors(new EntityUid('A', 'x')).has(new EntityUid('B', 'x').key), false)
  })

  it('keeps entities of several types with one id apart, whichever goes first', () => {
    const types = ['A', 'B', 'C']
    for (const gone of types) {
      const store = new EntityStore()
      for (const type of types) store.put(type, 'same', { attributes: RecordOf.of([['type', type]]), parents: [] })
      assert.ok(store.remove(gone, 'same'))
      assert.deepEqual(
        types.map((type) => store.find(type, 'same')?.attributes.get('type')),
        types.map((type) => (type === gone ? undefined : type)),
      )
      for (const type of types) store.remove(type, 'same')
      assert.deepEqual([store.size, store.find('A', 'same')], [0, undefined])
    }
  })

  it('agrees with a walk that remembers nothing, after any changes (seeds 1 to 20)', () => {
    for (let seed = 1; seed <= 20; seed++) agreesAfterChanges(seed)
  })
})

function agreesAfterChanges(seed: number): void {
  const chance = chanceFrom(seed)
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const store = new EntityStore()
  const parents = new Map<string, readonly string[]>()
  const walk = (id: string, seen = new Set<string>()): Set<string> => {
    for (const parent of parents.get(id) ?? []) if (!seen.has(parent)) walk(parent, seen.add(parent))
    return seen
  }
  for (let change = 0; change < 100; change++) {
    const id = chance.pick(names)
    const next = chance.some(names, 20)
    const makesCycle = next.some((parent) => parent === id || walk(parent).has(id))
    if (chance.percent(15)) {
      store.remove('Group', id)
      parents.delete(id)
    } else if (makesCycle) assert.throws(() => store.put('Group', id, content(next)), HierarchyError)
    else {
      store.put('Group', id, content(next))
      parents.set(id, next)
    }
    for (const each of names) assert.deepEqual(above(store, each), [...walk(each)].sort(), `seed ${seed}, change ${change}, ${each}`)
  }
}
