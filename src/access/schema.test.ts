import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCedar } from './cedar.ts'
import { readByCedar } from './compiled/request-shape.ts'
import { smallCatalogue } from './fixtures/small-catalogue.ts'
import { cedarSchema, readSchema, resourceTypes } from './schema.ts'

const schema = cedarSchema(smallCatalogue)

describe('the schema', () => {
  it('is the same text for the same catalogue, in whatever order it is declared', () => {
    assert.equal(
      cedarSchema([...smallCatalogue].reverse())
        .split('\n')
        .sort()
        .join('\n'),
      schema.split('\n').sort().join('\n'),
    )
    assert.equal(cedarSchema(smallCatalogue), schema)
  })

  it('names each action with exactly the principals, the resource and the context that it declares', () => {
    const lines = schema.split('\n')
    const line = (name: string) => lines.find((one) => one.startsWith(`action "${name}"`)) ?? ''
    assert.match(
      line('thing:change'),
      /in \["role:operator"\] appliesTo \{ principal: \[Person, Pipeline, Agent, Service\], resource: \[Thing\]/,
    )
    assert.match(line('thing:sweep'), /in \["system:reaper"\] appliesTo \{ principal: \[System\], resource: \[Thing\]/)
    assert.match(
      line('connection:call'),
      /appliesTo \{ principal: \[Service, RunIdentity\], resource: \[Connection\], context: \{ acr: String, address: String, environment: String, environmentClass: String, method: String, minute: Long, now: Long, path: String, shape: String, signedInSecondsAgo: Long, slashes: Long, stepUpSeconds: Long, weekday: Long \}/,
    )
    assert.ok(lines.includes('entity Thing in [Organization] = { sensitivity: Long };'))
  })

  it('is known as cedar-wasm reads it, with every type that an attribute can have', () => {
    const resource = {
      name: 'Odd',
      attributes: { on: 'Boolean', tags: 'Set<String>', level: 'Long', name: 'String' },
      parents: ['Thing'],
    } as const
    const [first] = smallCatalogue
    assert.ok(first)
    const { text, json } = readSchema([...smallCatalogue, { ...first, name: 'odd:use', resource, context: { fresh: 'Boolean' } }])
    assert.deepEqual(json, readByCedar(text))
  })

  it('validates strictly: a policy on what is not there is found', () => {
    const engine = createCedar(schema)
    const problems = (text: string) => engine.validate([{ id: 'one', text }])
    assert.deepEqual(
      problems('permit(principal is Person, action == Action::"thing:read", resource) when { resource.sensitivity < 2 };'),
      [],
    )
    for (const text of [
      'permit(principal, action == Action::"thing:read", resource) when { resource.owner == "x" };',
      'permit(principal, action == Action::"thing:read", resource) when { context.path == "x" };',
      'permit(principal, action == Action::"thing:fly", resource);',
      'permit(principal is Ghost, action, resource);',
      'permit(principal, action == Action::"thing:read", resource) when { resource.sensitivity == "high" };',
      'permit(principal, action, resource) when { true',
    ]) {
      assert.notDeepEqual(problems(text), [], text)
    }
  })

  it('cannot be made of two types with one name', () => {
    const again = smallCatalogue.map((one, at) => (at === 0 ? { ...one, resource: { name: 'Thing', attributes: {}, parents: [] } } : one))
    assert.throws(() => resourceTypes(again), /Two resource types are called Thing/)
  })

  it('that does not parse stops the product from starting', () => {
    assert.throws(() => createCedar('entity ;'), /does not parse/)
  })
})
