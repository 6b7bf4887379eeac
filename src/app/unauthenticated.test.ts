import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OrgId } from '../kernel/index.ts'
import { UnauthenticatedCounter } from './unauthenticated.ts'

const org = (number: number) => `org_${String(number).padStart(26, '0')}` as OrgId // its form is an id's

describe('refusals that nobody can be found behind', () => {
  it('are counted by organization and code until they are taken, once', () => {
    const counter = new UnauthenticatedCounter()
    for (const code of ['unauthenticated', 'token_expired', 'unauthenticated']) counter.count(org(1), code)
    counter.count(org(2), 'unauthenticated')
    assert.deepEqual(counter.take(), [
      { org: org(1), counts: { unauthenticated: 2, token_expired: 1 } },
      { org: org(2), counts: { unauthenticated: 1 } },
    ])
    assert.deepEqual(counter.take(), [])
  })

  it('of no organization are nobody’s', () => {
    const counter = new UnauthenticatedCounter()
    counter.count(undefined, 'unauthenticated')
    assert.deepEqual(counter.take(), [])
  })

  it('fill no more than a thousand places, however many organizations a flood names', () => {
    const counter = new UnauthenticatedCounter()
    counter.count(org(0), 'unauthenticated')
    for (let number = 1; number <= 5000; number++) counter.count(org(number), 'token_malformed')
    counter.count(org(0), 'unauthenticated')
    const taken = counter.take()
    assert.equal(taken.length, 1000)
    assert.deepEqual(taken[0], { org: org(0), counts: { unauthenticated: 2 } })
    counter.count(org(4999), 'unauthenticated')
    assert.equal(counter.take().length, 1, 'after it was taken there is room again')
  })
})
