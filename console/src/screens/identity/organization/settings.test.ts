// What is typed for an organization is a whole number within the bounds that the server holds to, or the field says which.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshIn, limitBounds, limitIn, numberIn, waitsIn } from './settings.ts'

const minutes = { min: 5, max: 10, unit: 'minutes' }
const now = { requestOpenMinutes: 1_440, requestMinutes: 60, deletionGraceDays: 14, deliveryDays: 90 }
const typed = { requestOpenMinutes: '1440', requestMinutes: '60', deletionGraceDays: '14', deliveryDays: '90' }

test('a number is read within its bounds; anything else says what they are', () => {
  assert.deepEqual([numberIn(' 5 ', minutes), numberIn('10', minutes)], [{ is: 5 }, { is: 10 }])
  for (const text of ['', '4', '11', '7.5', '-6', '1e1', 'six', '0x7'])
    assert.deepEqual(numberIn(text, minutes), { wrong: 'From 5 to 10 minutes, as a whole number.' }, text)
})

test('only what is another than now is changed', () => {
  assert.equal(waitsIn(typed, now), undefined)
  assert.deepEqual(waitsIn({ ...typed, deletionGraceDays: '30' }, now), { change: { deletionGraceDays: 30 } })
  assert.deepEqual(waitsIn({ ...typed, deliveryDays: '400' }, now), { change: { deliveryDays: 400 } })
  const wrong = { deletionGraceDays: 'From 7 to 90 days, as a whole number.' }
  assert.deepEqual(waitsIn({ ...typed, deletionGraceDays: '3', requestMinutes: '90' }, now), { wrong })
  assert.equal(freshIn('30', 30), undefined)
  assert.deepEqual(freshIn('15', 30), { change: 15 })
  assert.deepEqual(freshIn('481', 30), { wrong: { minutes: 'From 5 to 480 minutes, as a whole number.' } })
})

test('sessions of those who let something out are bounded more tightly', () => {
  const before = { idleMinutes: 60, absoluteMinutes: 480 }
  const long = { idle: '600', absolute: '1440' }
  assert.equal(limitIn('admin', { idle: '60', absolute: '480' }, before), undefined)
  assert.deepEqual(limitIn('author', long, before), { change: { role: 'author', idleMinutes: 600, absoluteMinutes: 1_440 } })
  assert.deepEqual(limitIn('reviewer', long, before), {
    wrong: { idle: 'From 5 to 120 minutes, as a whole number.', absolute: 'From 15 to 480 minutes, as a whole number.' },
  })
  assert.equal(limitBounds('deployer').idle.max, 120)
})
