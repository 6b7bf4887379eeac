// What the product writes as policies is said twice, as text and as what Cedar reads in it. The two are one: Cedar itself says so.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { type Seeded, seeded } from '../../test/harness/seeded.ts'
import type { Bound } from '../identity/index.ts'
import { createCompiledCedar } from './compiled/compiled-cedar.ts'
import { grantPolicy, permissionPolicy } from './grants.ts'
import { boundCondition, boundForbids } from './guests/bounded-policies.ts'
import type { Policy } from './said.ts'

const seed = Number(process.env.TWINLOCK_SAID_SEED ?? 20_260_719)
const rounds = 150

/** Texts as columns may hold them, and as somebody might wish that they did. */
const pieces = [
  'prj_1',
  'env_staging',
  '"',
  '\\',
  '*',
  '{id}',
  '", "',
  '"] || true || ["',
  'principal',
  '😀',
  '/',
  '**',
  ' ',
  "'",
  '?principal',
  '\u00a0',
]
const text = (random: Seeded): string => Array.from({ length: 1 + random.below(3) }, () => random.pick(pieces)).join('')
const maybe = <T>(random: Seeded, value: () => T): T | null => (random.once(2) ? value() : null)
const date = (random: Seeded): Date => new Date(random.below(4_000_000_000) * (random.once(9) ? -1 : 999) + random.below(1000))
const some = (random: Seeded, from = 0): string[] => Array.from({ length: from + random.below(3) }, () => text(random))

function boundsFrom(random: Seeded): Bound[] {
  return Array.from({ length: random.below(4) }, () => ({
    kind: random.pick(['guest', 'engagement'] as const),
    id: text(random),
    isOn: !random.once(4),
    until: date(random),
    projects: some(random),
  }))
}

function grantFrom(random: Seeded): Policy {
  const type = random.pick(['Person', 'Group', 'Pipeline'])
  return grantPolicy(
    {
      org_id: 'org_1',
      id: text(random),
      principal_type: type,
      principal_id: text(random),
      role: maybe(random, () => text(random)),
      actions: some(random, 1),
      scope_type: random.pick(['Organization', 'Project', 'Twin']),
      scope_id: text(random),
      environments: some(random),
      not_before: maybe(random, () => date(random)),
      expires_at: maybe(random, () => date(random)),
      given_by: '',
      created_at: new Date(0),
      revoked_at: null,
    },
    random.once(2) ? { type: 'Person', id: text(random) } : undefined,
    boundCondition(boundsFrom(random)),
  )
}

function permissionFrom(random: Seeded): Policy {
  return permissionPolicy(random.pick(['Run', 'Service']), {
    org_id: 'org_1',
    holder_id: text(random),
    number: random.below(100),
    connection_id: text(random),
    methods: some(random),
    path: `/${Array.from({ length: random.below(4) }, () => random.pick(['a', 'b1', '*', '{id}', 'x*', 'ä"'])).join('/')}${random.once(3) ? '/**' : ''}`,
    origin_id: text(random),
  })
}

describe('a policy of the product’s own', () => {
  it(`says as its form what Cedar reads in its text, whatever its columns hold: ${rounds} rounds from seed ${seed}`, () => {
    const random = seeded(seed)
    for (let round = 0; round < rounds; round++)
      for (const policy of [grantFrom(random), permissionFrom(random), ...boundForbids(boundsFrom(random))]) {
        const read = cedar.policyToJson(policy.text)
        assert.ok(read.type === 'success', `seed ${seed}, round ${round}: ${policy.text}`)
        assert.deepEqual({ ...policy.form }, read.json, `seed ${seed}, round ${round}: ${policy.text}`)
      }
  })

  it('is read by no parser, and takes no place among the texts that are kept', () => {
    const schema =
      'entity Person, Project; action "thing:change" appliesTo { principal: Person, resource: Project, context: { now: Long } };'
    const engine = createCompiledCedar(schema, { ask: () => assert.fail('nothing is handed over'), validate: () => [] })
    const policy = grantPolicy({
      org_id: 'org_1',
      id: 'grt_1',
      principal_type: 'Person',
      principal_id: 'per_1',
      role: null,
      actions: ['thing:change'],
      scope_type: 'Project',
      scope_id: 'prj_1',
      environments: [],
      not_before: null,
      expires_at: new Date(5_000),
      given_by: '',
      created_at: new Date(0),
      revoked_at: null,
    })
    const ask = (policies: readonly Policy[], now: number) =>
      engine.ask({
        principal: { type: 'Person', id: 'per_1' },
        action: 'thing:change',
        resource: { type: 'Project', id: 'prj_1' },
        context: { now },
        entities: [
          { type: 'Person', id: 'per_1', attributes: {}, parents: [] },
          { type: 'Project', id: 'prj_1', attributes: {}, parents: [] },
        ],
        policies,
      }).allowed
    // A text that no parser would take shows that none was asked.
    const unread = [{ ...policy, text: 'permit everything' }]
    assert.deepEqual([ask(unread, 4), ask(unread, 5)], [true, false], 'its end is looked at whenever it is asked about')
    // What was made of a list is kept only with one that cannot change.
    const growing: Policy[] = []
    assert.equal(ask(growing, 4), false)
    growing.push(policy)
    assert.equal(ask(growing, 4), true)
    const kept = Object.freeze([policy])
    assert.deepEqual([ask(kept, 4), ask(kept, 5), ask(kept, 4)], [true, false, true])
  })
})
