// A day is whole: what begins on it begins with it, and what ends on it ends with it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CliFailure } from '../failure.ts'
import { momentOf } from './moment-of.ts'

const until = { name: 'until', flag: 'until' }

describe('a moment that is typed', () => {
  it('to the second is taken as it is', () => assert.equal(momentOf(until, '2027-03-31T18:00:00Z'), '2027-03-31T18:00:00Z'))

  it('as a day ends with that day, and begins with it where something begins', () => {
    assert.equal(momentOf(until, '2027-03-31'), '2027-03-31T23:59:59Z')
    assert.equal(momentOf({ name: 'expiresAt', flag: 'expires-at' }, '2028-02-29'), '2028-02-29T23:59:59Z')
    for (const name of ['notBefore', 'since']) assert.equal(momentOf({ name, flag: name }, '2027-03-31'), '2027-03-31T00:00:00Z')
  })

  it('that is none is refused with its flag and an example', () => {
    for (const text of ['', 'never', '2027-02-29', '2027-13-01', '31.3.2027', '2027-03-31T18:00', '2027-03-31T18:00:00+01:00'])
      assert.throws(
        () => momentOf(until, text),
        (error) =>
          error instanceof CliFailure && error.exit === 2 && error.message.startsWith('`--until`') && /2027-03-31/.test(error.next ?? ''),
        text,
      )
  })
})
