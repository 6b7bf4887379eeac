// Law 8, where paths look like patterns: a path that a run called is a literal, and what is proposed is never broader than what was granted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathContext, permissionPolicy, wouldAllow } from '../../src/access/index.ts'
import { createDecider } from '../../src/app/deciding.ts'
import { type Call, callConnectionCapability, readRequestPath } from '../../src/egress/index.ts'
import type { OrgId, Principal } from '../../src/kernel/index.ts'
import { narrow } from '../../src/promotion/index.ts'

const org = 'org_00000000000000000000000001' as OrgId // the form is the brand's
const decider = createDecider()
const rule = (holder: string, connection: string, path: string) => ({
  org_id: org,
  holder_id: holder,
  number: 1,
  connection_id: connection,
  methods: ['GET'],
  path,
  origin_id: 'scn_1',
})

function may(kind: 'run' | 'service', rules: readonly ReturnType<typeof rule>[], connection: string, path: string): boolean {
  const id = kind === 'run' ? 'run_1' : 'svc_1'
  const principal: Principal = { kind, id, org, name: id, clearance: 3, chain: [id] }
  const resource = { type: 'Connection', id: connection, attributes: { access: 'read', sensitivity: 0 }, parents: [] }
  const located = { resource, context: { method: 'GET', ...pathContext(path) }, found: undefined }
  const policies = rules.map((one, at) => permissionPolicy(kind === 'run' ? 'RunIdentity' : 'Service', { ...one, number: at }))
  return wouldAllow(decider, { capability: callConnectionCapability, principal, located, policies, version: 0, now: 0 }).allowed
}

const called = (path: string, at = 1) =>
  ({ number: at, connection_id: 'con_1', method: 'GET', path, decision: 'allowed' }) as unknown as Call // narrowing reads these alone

const proposedFor = (paths: readonly string[], granted: string[]) =>
  narrow(
    granted.map((path) => rule('run_1', 'con_1', path)),
    paths.map(called),
    new Map([['con_1', 'con_2']]),
  ).rules.map((one) => rule('svc_1', 'con_2', one.path))

test('a run that calls the path /files/* or /files/** carries no pattern into production, but that path', () => {
  for (const sly of ['/files/*', '/files/**']) {
    assert.throws(() => readRequestPath(sly), { code: 'path_refused' }, 'the broker lets no such path through')
    const proposed = proposedFor([sly], ['/files/*'])
    for (const never of ['/files/7', '/files/a/b/c/keys'])
      assert.equal(may('service', proposed, 'con_2', never), false, `${never} was never called, and is allowed after ${sly} was`)
  }
})

test('two paths that were granted one by one do not open all paths between them', () => {
  const granted = ['/reports/2025', '/reports/2026']
  const proposed = proposedFor(granted, granted)
  assert.ok(granted.every((path) => may('service', proposed, 'con_2', path)))
  for (const never of ['/reports/2027', '/reports/salaries'])
    assert.equal(may('service', proposed, 'con_2', never), false, `${never} was neither granted nor called`)
})

test('a segment that becomes a star where ids were used does not match words that are no ids', () => {
  const proposed = proposedFor(['/accounts/1', '/accounts/2'], ['/accounts/*'])
  assert.equal(may('service', proposed, 'con_2', '/accounts/export'), false, '/accounts/export was never called')
})
