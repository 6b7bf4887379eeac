// Narrowing against paths that look like patterns.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Call } from '../egress/index.ts'
import { covers, narrow } from './narrow.ts'

const call = (path: string): Call => ({
  org_id: 'org',
  id: 'cal_1',
  holder_id: 'run_1',
  number: 1,
  connection_id: 'con_a',
  connection: 'accounts',
  method: 'GET',
  path,
  decision: 'allowed',
  code: null,
  state: 'settled',
  status: 404,
  request_digest: 'sha256:0',
  response_digest: null,
  response_bytes: null,
  duration_ms: null,
  entry_id: 'ent_1',
  at: new Date(0),
})

describe('narrowing', () => {
  it('never makes a wildcard of a star that a run wrote into its path', () => {
    for (const [called, never] of [
      ['/accounts/*', '/accounts/7'],
      ['/accounts/**', '/accounts/7/keys/all'],
      ['/acc*', '/access-keys'],
    ] as const) {
      const { rules } = narrow([], [call(called)], new Map([['con_a', 'con_A']]))
      assert.equal(
        rules.some((rule) => covers(rule.path, never)),
        false,
        `one call to ${called} proposes ${rules[0]?.path}, which covers ${never}`,
      )
    }
  })

  it('looks for the texts between stars once: a pattern of many and a long path that nearly fits keep nobody else waiting', () => {
    const began = performance.now()
    assert.equal(covers(`/x/${'*a'.repeat(3)}*b`, `/x/${'a'.repeat(500)}`), false)
    assert.equal(covers(`/x/${'*a'.repeat(90)}*b`, `/x/${'a'.repeat(1900)}`), false)
    assert.equal(covers(`/x/${'*a'.repeat(90)}*b`, `/x/${'a'.repeat(1900)}b`), true)
    const milliseconds = performance.now() - began
    assert.ok(milliseconds < 2_000, `it took ${Math.round(milliseconds)} ms`)
  })
})
