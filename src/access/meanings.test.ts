import assert from 'node:assert/strict'
import { test } from 'node:test'
import { because, meaningOf } from './meanings.ts'
import { guardrails } from './shipped-policies.ts'

test('every guardrail says in a sentence why somebody may not', () => {
  for (const { id } of [...guardrails, { id: 'guardrail/clearance' }]) assert.ok((meaningOf(id)?.length ?? 0) > 10, id)
  assert.equal(meaningOf('grt_1'), undefined)
})

test('a reason names the guardrail before the role, the role that does not reach, and the role that is missing', () => {
  const capability = { roles: ['reviewer'] } as const
  const denied = { allowed: false, policies: [] }
  assert.equal(because(capability, { allowed: true, policies: [] }, ['reviewer', 'admin']), 'Holds the role reviewer here.')
  assert.match(
    because(capability, { ...denied, policies: ['guardrail/people-review'] }, ['reviewer']),
    /^guardrail\/people-review: only people review\.$/,
  )
  assert.match(because(capability, denied, ['reviewer']), /does not reach this/)
  assert.equal(because(capability, denied, ['admin']), 'Does not hold the role reviewer.')
  assert.equal(because({ roles: [] }, denied, []), 'Nobody can be granted this.')
  assert.match(because({ name: 'passkey:add', by: ['person'], roles: [] }, denied, []), /everybody does it with what is his own/)
  assert.match(
    because({ name: 'guest:extend', by: ['person'], roles: [] }, denied, []),
    /^Only the sponsor of the guest prolongs his time\./,
  )
})
