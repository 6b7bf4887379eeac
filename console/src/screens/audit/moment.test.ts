// Moments as auditors write them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentIn, typedMoment } from './moment.ts'

const now = Date.parse('2026-11-22T08:00:00Z')

test('a day, a minute, a second and a length of time each tell a moment in UTC', () => {
  for (const [text, moment] of [
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
    [' 2026-11-22 07:30 ', '2026-11-22T07:30:00.000Z'],
    ['2026-11-22T07:30:15.250Z', '2026-11-22T07:30:15.250Z'],
    ['2026-11-22 07:30:15 UTC', '2026-11-22T07:30:15.000Z'],
    ['15m', '2026-11-22T07:45:00.000Z'],
    ['2 h', '2026-11-22T06:00:00.000Z'],
    ['7d', '2026-11-15T08:00:00.000Z'],
  ] as const)
    assert.equal(momentIn(text, now), moment, text)
})

test('what is no moment tells none', () => {
  for (const text of ['', 'yesterday', '2026-02-30', '2026-13-01', '2026-11-22 25:00', '2026-11-22T07:30+02:00', '7y', "' or 1=1"])
    assert.equal(momentIn(text, now), undefined, text)
})

test('a moment of the URL is typed without what says nothing, and leads back to itself', () => {
  for (const [moment, typed] of [
    ['2026-11-22T00:00:00.000Z', '2026-11-22'],
    ['2026-11-22T07:30:00Z', '2026-11-22 07:30'],
    ['2026-11-22T07:30:15.250Z', '2026-11-22 07:30:15.250'],
  ] as const) {
    assert.equal(typedMoment(moment), typed)
    assert.equal(momentIn(typed, now), new Date(moment).toISOString())
  }
  assert.equal(typedMoment('<b>soon'), '<b>soon')
})
