// What every request carries: read from clock, store and server, with the unknown never to anybody's advantage; and policies that use it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide } from './decide.ts'
import { principalOf, requestFor, smallDecider } from './fixtures/small-catalogue.ts'
import { contextOf, neverSignedIn } from './request-context.ts'

const decider = smallDecider()
const at = (text: string) => Date.parse(text)
const everything = { id: 'all', text: 'permit(principal, action, resource);' }
const forbid = (condition: string) => ({ id: 'frb', text: `forbid(principal, action, resource) when { ${condition} };` })

function mayChange(condition: string, principal: Partial<ReturnType<typeof principalOf>>, now: number): boolean {
  const policies = [everything, forbid(condition)]
  return decide(decider, requestFor('thing:change', principalOf('person', 'per_1', principal), { policies, now })).kind === 'allowed'
}

describe('the context of a request', () => {
  it('says the day of the week and the minute of the day, in UTC, at their edges', () => {
    const told = (text: string) => {
      const { weekday, minute, now } = contextOf(principalOf('person', 'p'), undefined, at(text))
      return [weekday, minute, now]
    }
    assert.deepEqual(told('1970-01-01T00:00:00.000Z'), [4, 0, 0])
    assert.deepEqual(told('2026-11-22T23:59:59.999Z').slice(0, 2), [7, 1439])
    assert.deepEqual(told('2026-11-23T00:00:00.000Z').slice(0, 2), [1, 0])
  })

  it('says how long ago somebody signed in, and takes an unknown time, or one in the future, for too long ago', () => {
    const ago = (authenticatedAt?: number) =>
      contextOf(principalOf('person', 'p', authenticatedAt === undefined ? {} : { authenticatedAt }), undefined, 10_000).signedInSecondsAgo
    assert.deepEqual([ago(10_000), ago(9_999), ago(0), ago(10_001), ago()], [0, 1, 10, neverSignedIn, neverSignedIn])
  })

  it('gives one address one name', () => {
    const named = (address?: string) =>
      contextOf(principalOf('person', 'p', address === undefined ? {} : { address }), undefined, 0).address
    assert.deepEqual(
      [named('::ffff:10.1.2.3'), named('::FFFF:10.1.2.3'), named('10.1.2.3'), named('2001:DB8::1'), named()],
      ['10.1.2.3', '10.1.2.3', '10.1.2.3', '2001:db8::1', ''],
    )
  })

  it('cannot be spoken by an action or a caller', () => {
    const request = requestFor('thing:change', principalOf('person', 'per_1'), {
      policies: [everything, forbid('context.now > 0')],
      now: 5000,
    })
    const located = { ...request.located, context: { now: 0, address: '10.0.0.1' } }
    assert.equal(decide(decider, { ...request, located }).kind, 'denied')
  })

  it('lets policies ask for a time window', () => {
    const office = 'context.weekday > 5 || context.minute < 480 || context.minute >= 1080'
    const may = (text: string) => mayChange(office, {}, at(text))
    assert.deepEqual(
      ['2026-11-23T07:59:59Z', '2026-11-23T08:00:00Z', '2026-11-23T17:59:59Z', '2026-11-23T18:00:00Z', '2026-11-22T12:00:00Z'].map(may),
      [false, true, true, false, false],
    )
  })

  it('lets policies ask for a fresh sign-in, which nobody has who did not sign in', () => {
    const stale = 'context.signedInSecondsAgo > 300'
    const now = 1_000_000
    assert.deepEqual(
      [now - 300_000, now - 300_001, now + 1, undefined].map((authenticatedAt) =>
        mayChange(stale, authenticatedAt === undefined ? {} : { authenticatedAt }, now),
      ),
      [true, false, false, false],
    )
  })

  it('lets policies ask for a network, which a request from nowhere is not in', () => {
    const outside = '!(context.address like "10.1.*")'
    assert.deepEqual(
      ['10.1.2.3', '::ffff:10.1.9.9', '10.10.1.1', '110.1.2.3', '::10.1.2.3', ''].map((address) => mayChange(outside, { address }, 0)),
      [true, true, false, false, false, false],
    )
  })
})
