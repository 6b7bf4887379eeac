import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  cedarSchema,
  grantPolicy,
  guardrails,
  permissionPolicy,
  readByCedar,
  readPolicy,
  readSchema,
  shippedPolicies,
} from '../access/index.ts'
import { roles } from '../kernel/index.ts'
import { catalogue } from './catalogue.ts'
import { createDecider } from './deciding.ts'
import read from './generated/shipped-policies.json' with { type: 'json' }

const { engine, shipped } = createDecider()

describe('the catalogue', () => {
  it('names every action once, by noun and verb', () => {
    const names = catalogue.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const name of names) assert.match(name, /^[a-z]+:[a-z-]+$/)
  })

  it('declares what each consequence takes effect by', () => {
    for (const { name, effect, takesEffectBy } of catalogue) {
      if (takesEffectBy === undefined) continue
      assert.equal(effect, 'consequence', name)
      assert.ok(catalogue.find((one) => one.name === takesEffectBy.action)?.system.includes(takesEffectBy.as), name)
    }
  })

  it('gives nobody an action by default: each names its roles, its own kinds or its parts', () => {
    for (const { name, roles: named, by, system } of catalogue) assert.ok(named.length + by.length + system.length > 0, name)
  })

  it('gives no shipped role two of author, run, export and hand off', () => {
    const marks: [string, (name: string) => boolean][] = [
      ['author', (name) => name === 'scenario:publish'],
      ['run', (name) => name === 'run:launch'],
      ['export', (name) => name === 'artifact:export'],
      ['review', (name) => name === 'promotion:approve'],
      ['hand off', (name) => name === 'promotion:cross'],
    ]
    for (const role of roles) {
      const held = marks.filter(([, is]) => catalogue.some((one) => is(one.name) && one.roles.includes(role))).map(([mark]) => mark)
      assert.ok(held.length <= 1, `${role} holds ${held.join(' and ')}`)
    }
  })

  it('refuses unknown fields in every input', () => {
    for (const { name, input } of catalogue) {
      const parsed = input.safeParse({ surelyUnknown: 1 })
      assert.ok(
        parsed.error?.issues.some((issue) => issue.code === 'unrecognized_keys'),
        name,
      )
    }
  })
})

describe('the shipped policies', () => {
  it('hold strictly against the generated schema', () => {
    assert.ok(shipped.length > guardrails.length)
    assert.deepEqual(engine.validate(shipped), [])
  })

  it('are those of this catalogue, each under an id of its own', () => {
    assert.deepEqual(shippedPolicies(catalogue), shipped)
    assert.equal(new Set(shipped.map(({ id }) => id)).size, shipped.length)
    assert.equal(cedarSchema(catalogue), cedarSchema(catalogue))
  })

  it('are decided by a schema that is known as cedar-wasm reads it', () => {
    const { text, json } = readSchema(catalogue)
    assert.equal(text, cedarSchema(catalogue))
    assert.deepEqual(json, readByCedar(text))
  })

  it('are kept as cedar-wasm reads them, each of them and no other (`npm run generate`)', () => {
    const asRead = Object.fromEntries(shipped.map(({ text }) => [text, JSON.parse(JSON.stringify(readPolicy(text)))]))
    assert.deepEqual(read, asRead)
  })

  it('forbid nothing that does not exist: every action that a guardrail names is in the catalogue', () => {
    for (const { id, text } of guardrails) {
      const named = [...text.matchAll(/Action::"([^"]+)"/g)].map((match) => match[1])
      assert.ok(named.length > 0, id)
      for (const name of named)
        assert.ok(
          catalogue.some((one) => one.name === name),
          `${id}: ${name}`,
        )
    }
  })
})

function grantOf(id: string, role: string, principal_type: string, scope_type: string) {
  const ends = { not_before: new Date(1000), expires_at: new Date(2000), created_at: new Date(0), revoked_at: null }
  return grantPolicy({
    org_id: 'o',
    id,
    principal_type,
    principal_id: 'p',
    role,
    scope_type,
    scope_id: 's',
    environments: ['env_1'],
    given_by: 'g',
    ...ends,
  })
}

describe('the policies of grants and permissions', () => {
  it('hold strictly against the generated schema, for every role, scope and kind', () => {
    const kinds = ['Person', 'Pipeline', 'Agent', 'Service']
    const scopes = ['Organization', 'Project', 'Twin']
    const grants = roles.flatMap((role) =>
      kinds.flatMap((kind) => scopes.map((scope) => grantOf(`grt_${role}_${kind}_${scope}`, role, kind, scope))),
    )
    const permissions = ['/a', '/a/*', '/a/**'].flatMap((path, at) =>
      ['RunIdentity', 'Service'].map((holder) =>
        permissionPolicy(holder, {
          org_id: 'o',
          holder_id: 'h',
          number: at,
          connection_id: 'c',
          methods: ['GET'],
          path,
          origin_id: holder,
        }),
      ),
    )
    assert.equal(new Set([...grants, ...permissions].map(({ id }) => id)).size, 8 * 4 * 3 + 6)
    assert.deepEqual(engine.validate([...grants, ...permissions]), [])
  })
})
