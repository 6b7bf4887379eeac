import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Seeded, seeded } from '../../test/harness/seeded.ts'
import { decide } from './decide.ts'
import { connection, org, principalOf, requestFor, smallDecider, thing } from './fixtures/small-catalogue.ts'
import { grantPolicy, pathContext, permissionPolicy } from './grants.ts'

const decider = smallDecider()

function rule(path: string, methods: readonly string[] = ['GET'], holder = 'run_1', on = 'con') {
  return permissionPolicy('RunIdentity', {
    org_id: org,
    holder_id: holder,
    number: 1,
    connection_id: on,
    methods: [...methods],
    path,
    origin_id: 'scn_1',
  })
}

function mayCall(
  policy: ReturnType<typeof rule>,
  path: string,
  it: { method?: string; holder?: string; on?: string; access?: string } = {},
): boolean {
  const { method = 'GET', holder = 'run_1', on = 'con', access = 'write' } = it
  const context = { method, ...pathContext(path) }
  const decision = decide(
    decider,
    requestFor('connection:call', principalOf('run', holder), { policies: [policy], resource: connection(on, access), context }),
  )
  if (decision.kind === 'denied') assert.doesNotMatch(decision.detail, /could not be made/, `${policy.text} on ${path}`)
  return decision.kind === 'allowed'
}

// What would end a string, an argument, a policy or a comment, had it a meaning.
const hostile = [
  '"',
  '\\',
  '\\"',
  '")',
  '");',
  '*',
  '//',
  '/*',
  '\n',
  '\r\n',
  '\t',
  "'",
  '{',
  '}',
  '[',
  ']',
  ', ',
  ' == ',
  '::',
  'permit(principal, action, resource);',
  '?principal',
  '\\u{0}',
  '😀',
  '\u00a0',
  'true',
  ' || true',
]

function hostileText(random: Seeded): string {
  return Array.from({ length: 1 + random.below(5) }, () => (random.once(2) ? random.pick(hostile) : random.text('abc01_', 1, 3))).join('')
}

describe('a grant as a policy', () => {
  it('keeps ids, roles and environments as strings, whatever they hold', () => {
    for (let seed = 1; seed <= 80; seed++) {
      const random = seeded(seed)
      const [person, scope, environment] = [hostileText(random), hostileText(random), hostileText(random)]
      const policy = grantPolicy({
        org_id: org,
        id: 'grt_1',
        principal_type: 'Person',
        principal_id: person,
        role: 'operator',
        scope_type: 'Thing',
        scope_id: scope,
        environments: [environment, 'env_1'],
        not_before: null,
        expires_at: null,
        given_by: 'per_admin',
        created_at: new Date(0),
        revoked_at: null,
      })
      const decides = (who: string, what: string, where: string) =>
        decide(
          decider,
          requestFor('thing:change', principalOf('person', who), {
            policies: [policy],
            resource: thing(what),
            environment: { id: where, class: 'staging' },
          }),
        )
      assert.equal(decides(person, scope, environment).kind, 'allowed', `seed ${seed}: ${policy.text}`)
      for (const [who, what, where] of [
        [`${person}x`, scope, environment],
        [person, `${scope}x`, environment],
        [person, scope, `${environment}x`],
      ] as const) {
        const other = decides(who, what, where)
        assert.ok(other.kind === 'denied' && other.detail === 'Nothing permits this.', `seed ${seed}: ${policy.text}`)
      }
    }
  })

  it('with a role that is none grants nothing', () => {
    for (const role of ['operator"]', 'root', '', 'operator", "role:admin']) {
      const policy = grantPolicy({
        org_id: org,
        id: 'grt_1',
        principal_type: 'Person',
        principal_id: 'per_1',
        role,
        scope_type: 'Organization',
        scope_id: org,
        environments: [],
        not_before: null,
        expires_at: null,
        given_by: 'per_admin',
        created_at: new Date(0),
        revoked_at: null,
      })
      assert.equal(decide(decider, requestFor('thing:change', principalOf('person', 'per_1'), { policies: [policy] })).kind, 'denied', role)
    }
  })
})

describe('a permission as a policy', () => {
  it('keeps holder, connection, methods and path as strings, whatever they hold', () => {
    for (let seed = 1; seed <= 80; seed++) {
      const random = seeded(seed)
      const [holder, on, method] = [hostileText(random), hostileText(random), hostileText(random)]
      const path = `/${hostileText(random).replaceAll('*', '')}`
      const policy = rule(path, [method, 'GET'], holder, on)
      assert.ok(mayCall(policy, path, { method, holder, on }), `seed ${seed}: ${policy.text}`)
      assert.equal(mayCall(policy, `${path}x`, { method, holder, on }), false, `seed ${seed}: ${policy.text}`)
      assert.equal(mayCall(policy, path, { method: `${method}x`, holder, on }), false, `seed ${seed}: ${policy.text}`)
      assert.equal(mayCall(policy, path, { method, holder: `${holder}x`, on }), false, `seed ${seed}: ${policy.text}`)
      assert.equal(mayCall(policy, path, { method, holder, on: `${on}x` }), false, `seed ${seed}: ${policy.text}`)
    }
  })

  it('reads `*` as characters within one segment, and a last `/**` as any rest', () => {
    const cases: [string, string, boolean][] = [
      ['/a', '/a', true],
      ['/a', '/a/', false],
      ['/a', '/ab', false],
      ['/a', '/A', false],
      ['/a/*', '/a/b', true],
      ['/a/*', '/a/', true],
      ['/a/*', '/a', false],
      ['/a/*', '/a/b/c', false],
      ['/a/*', '/a/b/', false],
      ['/a/*/c', '/a/b/c', true],
      ['/a/*/c', '/a/b/b/c', false],
      ['/a/*/c', '/a/c', false],
      ['/a/x*y', '/a/xy', true],
      ['/a/x*y', '/a/x1y', true],
      ['/a/x*y', '/a/x/y', false],
      ['/a/*-*', '/a/1-2', true],
      ['/a/*-*', '/a/12', false],
      ['/*', '/', true],
      ['/*/*', '/a', false],
      ['/a/**', '/a/b', true],
      ['/a/**', '/a/b/c/d', true],
      ['/a/**', '/a/', true],
      ['/a/**', '/a', false],
      ['/a/**', '/ab/c', false],
      ['/**', '/anything/at/all', true],
      ['/a.c', '/abc', false],
      ['/a%2Ab', '/aXb', false],
    ]
    for (const [pattern, path, holds] of cases) assert.equal(mayCall(rule(pattern), path), holds, `${pattern} on ${path}`)
  })

  it('means what a reader of the pattern would say, for patterns and paths of every shape', () => {
    const meaning = (pattern: string) => {
      const open = pattern.endsWith('/**')
      const body = (open ? pattern.slice(0, -2) : pattern).split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      return new RegExp(`^${body.join('[^/]*')}${open ? '.*' : ''}$`)
    }
    let allowed = 0
    for (let seed = 1; seed <= 500; seed++) {
      const random = seeded(seed)
      const segment = () => random.text('ab*', 1, 3).replace(/\*+/g, '*')
      const segments = Array.from({ length: 1 + random.below(3) }, segment)
      const pattern = random.once(4) ? `/${segments.join('/').replaceAll('*', 'a')}/**` : `/${segments.join('/')}`
      const path = random.once(3)
        ? `/${random.text('ab/', 1, 6)}`
        : pattern.replaceAll('**', random.text('ab/', 0, 3)).replaceAll('*', () => random.text('ab', 0, 2))
      const holds = mayCall(rule(pattern), path)
      if (holds) allowed++
      assert.equal(holds, meaning(pattern).test(path), `seed ${seed}: ${pattern} on ${path}`)
    }
    assert.ok(allowed > 100, `the property was tried where it holds: ${allowed}`)
  })

  it('lets nobody write through a connection that is only read', () => {
    const policy = rule('/a', ['GET', 'HEAD', 'POST', 'DELETE'])
    const may = (method: string, access: string) => mayCall(policy, '/a', { method, access })
    assert.deepEqual(
      ['GET', 'HEAD', 'POST', 'DELETE'].map((method) => may(method, 'read')),
      [true, true, false, false],
    )
    assert.deepEqual(
      ['GET', 'HEAD', 'POST', 'DELETE'].map((method) => may(method, 'write')),
      [true, true, true, true],
    )
  })
})
