import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Seeded, seeded } from '../../test/harness/seeded.ts'
import { cedarSchema, createCedar, pathContext, permissionPolicy } from '../access/index.ts'
import { type Call, callConnectionCapability } from '../egress/index.ts'
import { identityActions } from '../identity/index.ts'
import { covers, narrow, type ProposedRule } from './narrow.ts'

const engine = createCedar(cedarSchema([...identityActions, callConnectionCapability]))

// What every request carries beside what it is about; no rule of a promotion asks for it.
const anyTime = { now: 0, weekday: 1, minute: 0, signedInSecondsAgo: 0, stepUpSeconds: 0, acr: '', address: '' }

/** What the policy of a rule really decides. */
function decided(pattern: string, path: string): boolean {
  const policy = permissionPolicy('Service', {
    org_id: 'org',
    holder_id: 'svc',
    number: 1,
    connection_id: 'con',
    methods: ['GET'],
    path: pattern,
    origin_id: 'prm',
  })
  return engine.ask({
    principal: { type: 'Service', id: 'svc' },
    action: 'connection:call',
    resource: { type: 'Connection', id: 'con' },
    context: { ...anyTime, environment: '', environmentClass: '', method: 'GET', ...pathContext(path) },
    entities: [
      { type: 'Service', id: 'svc', attributes: { clearance: 0, chain: [] }, parents: [] },
      { type: 'Connection', id: 'con', attributes: { access: 'read', sensitivity: 0 }, parents: [] },
    ],
    policies: [policy],
  }).allowed
}

function anyPattern(random: Seeded): string {
  const segment = () => (random.once(5) ? '{id}' : random.text('ab1**', 0, 4).replace(/\*+/g, '*'))
  const segments = Array.from({ length: 1 + random.below(3) }, segment)
  return `/${segments.join('/')}${random.once(4) ? '/**' : ''}`
}

function pathNear(pattern: string, random: Seeded): string {
  if (random.once(4)) return `/${random.text('ab/', 0, 8)}`
  return (
    pattern
      .replaceAll('**', () => random.text('ab/', 0, 4))
      .replaceAll('*', () => random.text('ab1', 0, 3))
      .replaceAll('{id}', () => random.text('ab12', 1, 3)) + (random.once(5) ? random.pick(['a', '/', 'b/']) : '')
  )
}

const call = (
  number: number,
  connection: string | null,
  method: string,
  path: string,
  decision: 'allowed' | 'denied' = 'allowed',
): Call => ({
  org_id: 'org',
  id: `cal_${number}`,
  holder_id: 'run_1',
  number,
  connection_id: connection,
  connection: connection ?? 'unknown',
  method,
  path,
  decision,
  code: decision === 'allowed' ? null : 'denied',
  state: 'settled',
  status: 200,
  request_digest: 'sha256:0',
  response_digest: null,
  response_bytes: null,
  duration_ms: null,
  entry_id: `ent_${number}`,
  at: new Date(0),
})

const permission = (connection: string, methods: string[], path: string, number = 1) => ({
  org_id: 'org',
  holder_id: 'run_1',
  number,
  connection_id: connection,
  methods,
  path,
  origin_id: 'scn_1',
})
/** A grant of everything, so that only what was called narrows. */
const everything = ['con_a', 'con_b'].map((connection, at) => permission(connection, ['GET', 'POST'], '/**', at + 1))
const rules = (calls: readonly Call[], counterparts = new Map([['con_a', 'con_A']])) => narrow(everything, calls, counterparts).rules

const isOf = (rule: ProposedRule, one: Call): boolean =>
  rule.from === one.connection_id && rule.methods.includes(one.method) && covers(rule.path, one.path)

/** The places of a rule that are open although all its calls agree there. */
function loosePlaces(rule: ProposedRule, calls: readonly Call[]): string[] {
  const split = calls.filter((one) => isOf(rule, one)).map((one) => one.path.split('/'))
  return rule.path.split('/').filter((segment, at) => segment === '{id}' && new Set(split.map((segments) => segments[at])).size < 2)
}

describe('what a pattern covers', () => {
  it('is what the policy of that pattern decides, for patterns and paths of every shape', () => {
    let covered = 0
    for (let seed = 1; seed <= 700; seed++) {
      const random = seeded(seed)
      const pattern = anyPattern(random)
      const path = pathNear(pattern, random)
      const holds = covers(pattern, path)
      if (holds) covered++
      assert.equal(holds, decided(pattern, path), `seed ${seed}: ${pattern} on ${path}`)
    }
    assert.ok(covered > 150, `the property was tried where it holds: ${covered}`)
  })
})

describe('narrowing', () => {
  it('proposes one rule for each connection, method and path that was called, and nothing that was only granted', () => {
    const granted = [permission('con_a', ['GET', 'DELETE'], '/accounts/**'), permission('con_b', ['POST'], '/payments', 2)]
    const proposal = narrow(
      granted,
      [call(1, 'con_a', 'GET', '/accounts'), call(2, 'con_a', 'GET', '/accounts/list'), call(3, 'con_a', 'GET', '/accounts')],
      new Map([['con_a', 'con_A']]),
    )
    assert.deepEqual(proposal.rules, [
      { from: 'con_a', connection: 'con_A', methods: ['GET'], path: '/accounts', calls: 2, generalised: 1 },
      { from: 'con_a', connection: 'con_A', methods: ['GET'], path: '/accounts/list', calls: 1, generalised: 1 },
    ])
    assert.deepEqual(
      proposal.granted.map((one) => one.used),
      [true, false],
    )
    assert.deepEqual(proposal.unmapped, [])
  })

  it('makes one `{id}` of a place that took several ids, and counts what it generalised', () => {
    const calls = ['7', '8', '8', '91'].map((id, at) => call(at, 'con_a', 'GET', `/accounts/${id}/invoices`))
    assert.deepEqual(rules(calls), [
      { from: 'con_a', connection: 'con_A', methods: ['GET'], path: '/accounts/{id}/invoices', calls: 4, generalised: 3 },
    ])
  })

  it('proposes each path by itself where nothing as wide as a pattern was granted', () => {
    const granted = [permission('con_a', ['GET'], '/reports/2025'), permission('con_a', ['GET'], '/reports/2026', 2)]
    const calls = [call(1, 'con_a', 'GET', '/reports/2025'), call(2, 'con_a', 'GET', '/reports/2026')]
    assert.deepEqual(
      narrow(granted, calls, new Map()).rules.map(({ path }) => path),
      ['/reports/2025', '/reports/2026'],
    )
  })

  it('keeps words apart, and an id that never changed as it was', () => {
    const calls = [
      call(1, 'con_a', 'GET', '/v1/accounts/7'),
      call(2, 'con_a', 'GET', '/v1/accounts/7'),
      call(3, 'con_a', 'GET', '/v1/payments/7'),
    ]
    assert.deepEqual(
      rules(calls).map(({ path }) => path),
      ['/v1/accounts/7', '/v1/payments/7'],
    )
  })

  it('keeps methods apart: a path that was read can only be read', () => {
    const calls = [call(1, 'con_a', 'GET', '/p/1'), call(2, 'con_a', 'POST', '/p/2')]
    assert.deepEqual(
      rules(calls).map(({ methods, path }) => [...methods, path]),
      [
        ['GET', '/p/1'],
        ['POST', '/p/2'],
      ],
    )
  })

  it('proposes nothing for what was refused, or went to nothing that is connected', () => {
    assert.deepEqual(rules([call(1, 'con_a', 'GET', '/admin', 'denied'), call(2, null, 'GET', '/x', 'denied')]), [])
  })

  it('says which connections have no counterpart', () => {
    const proposal = narrow([], [call(1, 'con_b', 'GET', '/x'), call(2, 'con_c', 'GET', '/x')], new Map([['con_b', null]]))
    assert.deepEqual(proposal.unmapped, ['con_b', 'con_c'])
    assert.ok(proposal.rules.every((rule) => rule.connection === null))
  })

  it('covers every call that was made, and is made of nothing but what was called', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const calls = Array.from({ length: 1 + random.below(12) }, (_, at) =>
        call(
          at,
          random.pick(['con_a', 'con_b']),
          random.pick(['GET', 'POST']),
          `/${Array.from({ length: 1 + random.below(3) }, () => random.text('ab12', 1, 2)).join('/')}`,
        ),
      )
      const proposed = narrow(everything, calls, new Map()).rules
      assert.deepEqual(
        calls.filter((one) => !proposed.some((rule) => isOf(rule, one))),
        [],
        `seed ${seed}: what was called is covered`,
      )
      for (const rule of proposed)
        assert.deepEqual(loosePlaces(rule, calls), [], `seed ${seed}: ${rule.path} is broader than what was called`)
      assert.equal(
        proposed.reduce((sum, rule) => sum + rule.calls, 0),
        calls.length,
        `seed ${seed}`,
      )
    }
  })
})
