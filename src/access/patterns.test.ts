// Patterns of paths as policies: each wildcard reaches exactly as far as a reviewer reads it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide } from './decide.ts'
import { connection, org, principalOf, requestFor, smallDecider } from './fixtures/small-catalogue.ts'
import { pathContext, permissionPolicy } from './grants.ts'

const decider = smallDecider()

function mayCall(pattern: string, path: string): boolean {
  const policy = permissionPolicy('RunIdentity', {
    org_id: org,
    holder_id: 'run_1',
    number: 1,
    connection_id: 'con',
    methods: ['GET'],
    path: pattern,
    origin_id: 'scn_1',
  })
  const context = { method: 'GET', ...pathContext(path) }
  return (
    decide(decider, requestFor('connection:call', principalOf('run', 'run_1'), { policies: [policy], resource: connection(), context }))
      .kind === 'allowed'
  )
}

describe('a permission as a policy', () => {
  it('keeps `*` within its segment, and `{id}` to segments that hold a digit', () => {
    assert.ok(mayCall('/accounts/*/public', '/accounts/seven/public'))
    assert.equal(mayCall('/accounts/*/public', '/accounts/7/secret/public'), false)
    assert.ok(mayCall('/accounts/{id}', '/accounts/a7'))
    for (const path of ['/accounts/export', '/accounts/7/keys', '/accounts/', '/accounts'])
      assert.equal(mayCall('/accounts/{id}', path), false, path)
    assert.ok(mayCall('/v2/accounts/{id}', '/v2/accounts/7'))
    assert.equal(mayCall('/v2/accounts/{id}', '/v3/accounts/7'), false)
  })

  it('lets `/**` reach any rest, and a pattern that mixes wildcards nothing', () => {
    assert.ok(mayCall('/accounts/**', '/accounts/7/public/notes/1'))
    assert.equal(mayCall('/accounts/**', '/accounts'), false)
    for (const mixed of ['/accounts/*/public/**', '/accounts/{id}/**', '/*/{id}']) {
      assert.equal(mayCall(mixed, '/accounts/7'), false, mixed)
      assert.equal(mayCall(mixed, '/accounts/7/public/notes'), false, mixed)
    }
  })
})
