// What ships for each class of environment and rises with sensitivity: every line of the table in docs/guides/guardrails.md as an example, decided by the
// catalogue's own decider. And the way out: what no guardrail of an organization can forbid is there, and is nothing that gives anybody anything.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { grantPolicy, isWayOut, wouldAllow } from '../access/index.ts'
import {
  type EnvironmentClass,
  type OrgId,
  organizationEntity,
  type Principal,
  type Sensitivity,
  sensitivityLevel,
} from '../kernel/index.ts'
import { catalogue } from './catalogue.ts'
import { createDecider } from './deciding.ts'

const decider = createDecider()
const org = `org_${'0'.repeat(26)}` as OrgId // its form is an id's
const at = 1_700_000_000_000

function mayBe(
  kind: 'person' | 'service',
  role: string,
  action: string,
  where: EnvironmentClass,
  sensitivity: Sensitivity,
  { clearance = 3, signedInMinutesAgo = 0 } = {},
): boolean {
  const capability = catalogue.find(({ name }) => name === action) ?? assert.fail(action)
  const signedIn = kind === 'person' ? { authenticatedAt: at - signedInMinutesAgo * 60_000, stepUpSeconds: 900 } : {}
  const principal: Principal = { kind, id: 'somebody', org, name: 'somebody', clearance, chain: ['somebody'], ...signedIn }
  const terms = {
    org_id: org,
    id: 'grt_one',
    scope_type: 'Organization',
    scope_id: org,
    environments: [],
    not_before: null,
    expires_at: null,
  }
  const holder = { principal_type: kind === 'person' ? 'Person' : 'Service', principal_id: 'somebody', role }
  const grant = grantPolicy({ ...terms, ...holder, given_by: '', created_at: new Date(0), revoked_at: null })
  const blank = { String: '', Long: 0, Boolean: false, 'Set<String>': [] }
  const attributes = Object.fromEntries(Object.entries(capability.resource.attributes).map(([name, type]) => [name, blank[type]]))
  const resource = {
    type: capability.resource.name,
    id: 'thing',
    attributes: { ...attributes, sensitivity: sensitivityLevel(sensitivity) },
    parents: [{ type: 'Twin', id: 'twin' }],
  }
  const others = [
    { type: 'Twin', id: 'twin', attributes: { owner: '', sensitivity: 0 }, parents: [{ type: 'Project', id: 'project' }] },
    { type: 'Project', id: 'project', attributes: {}, parents: [{ type: 'Organization', id: org }] },
    organizationEntity(org),
  ]
  const context = Object.fromEntries(Object.entries(capability.context).map(([name, type]) => [name, blank[type]]))
  const located = { resource, others, environment: { id: 'env', class: where }, context, found: undefined }
  return wouldAllow(decider, { capability, principal, located, policies: [grant], version: 0, now: at }).allowed
}

const exports = (kind: 'person' | 'service', where: EnvironmentClass, sensitivity: Sensitivity) =>
  mayBe(kind, 'exporter', 'artifact:export', where, sensitivity)
const crosses = (kind: 'person' | 'service', where: EnvironmentClass, sensitivity: Sensitivity) =>
  mayBe(kind, 'deployer', 'promotion:cross', where, sensitivity)

describe('the guardrails that ship for a class of environments', () => {
  it('let nothing restricted leave a sandbox, and what is less by whoever may', () => {
    assert.deepEqual([exports('person', 'sandbox', 'restricted'), exports('service', 'sandbox', 'restricted')], [false, false])
    assert.deepEqual([exports('person', 'sandbox', 'confidential'), exports('service', 'sandbox', 'confidential')], [true, true])
  })

  it('let what is restricted leave staging by people alone', () => {
    assert.deepEqual([exports('person', 'staging', 'restricted'), exports('service', 'staging', 'restricted')], [true, false])
    assert.equal(exports('service', 'staging', 'confidential'), true)
  })

  it('let what is confidential leave what comes after that by people alone', () => {
    for (const where of ['preproduction', 'production'] as const) {
      assert.deepEqual([exports('person', where, 'confidential'), exports('service', where, 'confidential')], [true, false], where)
      assert.deepEqual([exports('person', where, 'restricted'), exports('service', where, 'restricted')], [true, false], where)
      assert.equal(exports('service', where, 'internal'), true, where)
    }
  })

  it('let what is confidential be carried into production by people alone', () => {
    assert.deepEqual([crosses('person', 'production', 'confidential'), crosses('service', 'production', 'confidential')], [true, false])
    assert.deepEqual([crosses('service', 'production', 'internal'), crosses('service', 'preproduction', 'confidential')], [true, true])
  })

  it('ask for a fresh sign-in before what is restricted leaves, and from preproduction on before what is confidential does', () => {
    const old = { signedInMinutesAgo: 16 }
    const leaves = (where: EnvironmentClass, sensitivity: Sensitivity, how: object) =>
      mayBe('person', 'exporter', 'artifact:export', where, sensitivity, how)
    for (const [where, sensitivity] of [
      ['staging', 'restricted'],
      ['preproduction', 'confidential'],
      ['production', 'confidential'],
      ['production', 'restricted'],
    ] as const)
      assert.deepEqual([leaves(where, sensitivity, {}), leaves(where, sensitivity, old)], [true, false], `${where} ${sensitivity}`)
    for (const where of ['sandbox', 'staging'] as const) assert.equal(leaves(where, 'confidential', old), true, where)
    for (const where of ['preproduction', 'production'] as const) assert.equal(leaves(where, 'internal', old), true, where)
    assert.equal(mayBe('service', 'exporter', 'artifact:export', 'staging', 'confidential', old), true, 'a workload signs in nowhere')
  })

  it('ask for clearance everywhere, and simulate nowhere in production', () => {
    for (const where of ['sandbox', 'staging', 'preproduction', 'production'] as const) {
      assert.equal(mayBe('person', 'exporter', 'artifact:export', where, 'confidential', { clearance: 1 }), false, where)
      assert.equal(mayBe('person', 'operator', 'run:launch', where, 'internal'), where !== 'production', where)
    }
  })
})

describe('the way out', () => {
  it('leads past no guardrail that ships, and gives nobody anything', () => {
    const outside = catalogue.filter(({ name }) => isWayOut(name)).map(({ name }) => name)
    const inside = outside.filter((name) => name !== 'session:create')
    for (const name of inside) assert.doesNotMatch(name, /:(create|add|launch|approve|cross|export|activate|change|issue|read)$/, name)
    for (const name of [
      'session:create',
      'grant:revoke',
      'guardrail:retire',
      'role:retire',
      'person:offboard',
      'run:cancel',
      'promotion:roll-back',
    ])
      assert.ok(outside.includes(name), name)
  })

  it('has in it everything that the catalogue calls by a word for ending', () => {
    const ending = catalogue.filter(({ name }) => /:(revoke|retire|suspend|cancel|offboard|roll-back|freeze|remove|reject)$/.test(name))
    assert.ok(ending.length > 10)
    for (const { name } of ending) assert.ok(isWayOut(name), name)
  })
})
