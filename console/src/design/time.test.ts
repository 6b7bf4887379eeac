// Times are told in one unit, and the exact one is UTC.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted, exact, left, momentOf, relative, size, span, withMoments } from './time.ts'

const now = Date.parse('2026-11-22T07:42:32Z')
const after = (seconds: number): string => relative(now + seconds * 1000, now)

test('how far a moment is', () => {
  const told = [
    0,
    -2,
    -3,
    -60,
    -119,
    -3600,
    -86_400,
    -3 * 86_400,
    -70 * 86_400,
    5,
    61,
    7200,
    47.9 * 3600,
    89.9 * 86_400,
    3660 * 86_400,
  ].map(after)
  const said = ['now', 'now', '3 seconds ago', '1 minute ago', '1 minute ago', '1 hour ago', '1 day ago', '3 days ago', '2 months ago']
  assert.deepEqual(told, [...said, 'in 5 seconds', 'in 1 minute', 'in 2 hours', 'in 2 days', 'in 3 months', 'in 10 years'])
})

test('the exact moment is UTC, whatever this machine keeps', () => assert.equal(exact(now), '2026-11-22 07:42:32 UTC'))

test('moments within a sentence are told in the same way, and what is none stays as it was written', () => {
  assert.equal(withMoments('It ends at 2026-11-22T07:42:32.231Z.'), 'It ends at 2026-11-22 07:42:32 UTC.')
  assert.equal(withMoments('From 2026-99-22T07:42:32Z on, or 2026-11-22.'), 'From 2026-99-22T07:42:32Z on, or 2026-11-22.')
})

test('what is left counts down to nothing', () => {
  const told = [1, 59.2, 245, 3599, 3600, 3723, 172_799, 200_000, 0, -1].map((seconds) => left(now + seconds * 1000, now))
  assert.deepEqual(told, ['0:01', '1:00', '4:05', '59:59', '1 h', '1 h 2 min', '1 d 23 h', '2 d 7 h', undefined, undefined])
})

test('lengths, sizes and counts', () => {
  assert.deepEqual([0.44, 12.6, 4_230, 59_900, 120_000, 200_000, 7_500_000].map(span), [
    '0.4 ms',
    '13 ms',
    '4.2 s',
    '60 s',
    '2 min',
    '3 min 20 s',
    '2 h 5 min',
  ])
  assert.deepEqual([812, 3_400, 12_000_000, 2_500_000_000].map(size), ['812 B', '3.4 kB', '12 MB', '2.5 GB'])
  assert.deepEqual([counted(1, 'call'), counted(12_000, 'call'), counted(2, 'entry', 'entries')], ['1 call', '12,000 calls', '2 entries'])
})

test('a moment that is none is undefined, never the year 1970', () => {
  assert.equal(momentOf(null), undefined)
  assert.equal(momentOf('soon'), undefined)
  assert.equal(momentOf('2026-11-22T07:42:32Z'), now)
})
