// Records find exactly what they hold, whatever it is called and however many there are.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../../test/harness/seeded.ts'
import { recordFrom } from './json-values.ts'
import { asName, emptyRecord, RecordOf, Slot, sharedListsMax, sharedNamesMax } from './records.ts'
import { equal } from './values.ts'

const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'length', '0']

describe('a record', () => {
  it('finds the attributes that there are, whatever they are called, and no others', () => {
    const record = RecordOf.of(odd.map((name, at) => [name, at]))
    assert.deepEqual(
      odd.map((name) => record.get(name)),
      [0, 1, 2, 3, 4, 5, 6],
    )
    assert.deepEqual([record.size, record.has('valueOf'), record.get('valueOf')], [7, false, undefined])
    assert.deepEqual([emptyRecord.size, emptyRecord.has('__proto__'), emptyRecord.get('constructor')], [0, false, undefined])
  })

  it('answers a slot as it answers a look-up, in whatever order records of other names come', () => {
    const random = seeded(7)
    const names = [...odd, 'a', 'b', 'c', 'd']
    const slots = names.map((name) => new Slot(name))
    for (let round = 0; round < 500; round++) {
      const held = names.filter(() => random.below(2) === 0)
      const record = RecordOf.of(held.map((name, at) => [name, at]))
      for (const slot of slots) assert.equal(record.read(slot), record.get(slot.name), `${slot.name} among ${held.join()}`)
    }
  })

  it('takes an object’s own properties, never what it inherits', () => {
    const json: Record<string, unknown> = JSON.parse('{"__proto__": "own", "a": 1}')
    assert.deepEqual(recordFrom(json).entries().toSorted(), [
      ['__proto__', 'own'],
      ['a', 1],
    ])
    assert.deepEqual(recordFrom(Object.create({ inherited: true })).entries(), [])
    assert.deepEqual(recordFrom(Object.assign(Object.create({ inherited: true }), { own: 1 })).entries(), [['own', 1]])
  })

  it('is the same whatever order its names came in, and of several values under one name keeps the last', () => {
    const left = recordFrom({ a: 1, b: 2 })
    assert.ok(equal(left, recordFrom({ b: 2, a: 1 })))
    assert.equal(equal(left, recordFrom({ a: 1, c: 2 })), false)
    assert.equal(
      RecordOf.of([
        ['a', 1],
        ['a', 2],
      ]).get('a'),
      2,
    )
  })

  it('of any size finds its first and its last, and a name that is built while running', () => {
    for (const size of [1, 8, 9, sharedNamesMax, sharedNamesMax + 1, 500]) {
      const json = Object.fromEntries(Array.from({ length: size }, (_, at) => [`n${at}`, at]))
      for (const record of [recordFrom(json), RecordOf.of(Object.entries(json))]) {
        assert.deepEqual(
          [record.size, record.get(['n', 0].join('')), record.get(asName(`n${size - 1}`)), record.get(`n${size}`)],
          [size, 0, size - 1, undefined],
        )
      }
    }
  })

  it('stays right when there are more lists of names than are shared', () => {
    for (let at = 0; at < sharedListsMax + 100; at++) assert.equal(recordFrom({ [`only-${at}`]: at, same: 1 }).get(`only-${at}`), at)
    assert.deepEqual([recordFrom({ late: 1, later: 2 }).get('later'), recordFrom({ late: 1, later: 2 }).get('late')], [2, 1])
  })

  it('refuses a name that is not well-formed Unicode, whether its list is shared or not', () => {
    assert.throws(() => recordFrom({ 'a\ud800': 1 }), /well-formed/)
    assert.throws(() => recordFrom(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}\ud800`, 1]))), /well-formed/)
  })
})
