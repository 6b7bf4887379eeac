// The compiled engine against the reference engine, question by question, with everything that hands over counted.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CedarAnswer, type CedarEngine, type CedarQuestion, createCedar } from '../cedar.ts'
import type { Policy } from '../grants.ts'
import { compiledPoliciesMax, createCompiledCedar, listedMax } from './compiled-cedar.ts'
import { chanceFrom } from './fixtures/chance.ts'

const schema = `
entity Organization; entity Folder in [Organization, Folder] = { level: Long };
entity Person = { clearance: Long, chain: Set<String>, nick?: String }; entity Tag enum ["red"];
entity Machine = { at: datetime };
action "role:operator"; action "role:observer" in ["role:all"]; action "role:all";
action "run" in ["role:operator"] appliesTo { principal: [Person], resource: [Folder], context: { now: Long, env: String } };
action "look" in ["role:operator", "role:observer"] appliesTo { principal: [Person, Machine], resource: [Folder, Tag], context: { now: Long, env: String, note?: String } };
`
const reference = createCedar(schema)

const folder = (id: string, parents: readonly { type: string; id: string }[] = [], level = 1) => ({
  type: 'Folder',
  id,
  attributes: { level },
  parents,
})
const person = { type: 'Person', id: 'p', attributes: { clearance: 2, chain: ['p', 'q'] }, parents: [] }
const top = { type: 'Organization', id: 'o', attributes: {}, parents: [] }
const permit: Policy = { id: 'all', text: 'permit(principal, action, resource);' }
const question: CedarQuestion = {
  principal: person,
  action: 'look',
  resource: { type: 'Folder', id: 'a' },
  context: { now: 5, env: 'staging' },
  entities: [person, folder('a', [{ type: 'Folder', id: 'b' }]), folder('b', [{ type: 'Organization', id: 'o' }]), top],
  policies: [permit],
}

const sorted = ({ allowed, policies, erred }: CedarAnswer) => ({ allowed, policies: policies.toSorted(), erred: erred.toSorted() })

function outcome(engine: CedarEngine, asked: CedarQuestion): unknown {
  try {
    return sorted(engine.ask(asked))
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

const policies: readonly Policy[] = [
  {
    id: 'grant',
    text: 'permit(principal == Person::"p", action in Action::"role:operator", resource in Organization::"o") when { context.now < 10 };',
  },
  { id: 'everyone', text: 'permit(principal is Person, action in [Action::"role:all", Action::"run"], resource in Folder::"b");' },
  { id: 'erring', text: 'permit(principal, action, resource) when { principal.nick == "x" };' },
  { id: 'chained', text: 'permit(principal, action, resource) when { principal.chain.contains(context.env) };' },
  { id: 'note', text: 'permit(principal, action == Action::"look", resource) when { context has note && context.note like "a*" };' },
  { id: 'high', text: 'forbid(principal, action, resource) when { resource.level > principal.clearance };' },
  {
    id: 'erring-forbid',
    text: 'forbid(principal, action, resource) when { resource.level * 9223372036854775807 > 0 && context.env == "odd" };',
  },
]

/** Lists of policies that stand at every question, and those that are left to be asked about beside each. */
const standings = [0, 2, policies.length].map((from) => ({ standing: policies.slice(from), others: policies.slice(0, from) }))

describe('the compiled engine', () => {
  it('answers generated questions exactly as the reference engine does, without asking it, whichever policies stand', () => {
    const engine = createCompiledCedar(schema, reference)
    const chance = chanceFrom(7)
    for (let at = 0; at < 400; at++) {
      const { standing, others } = chance.pick(standings)
      const level = chance.below(4)
      const context = { now: chance.below(20), env: chance.pick(['staging', 'q', 'odd', '']) }
      const asked: CedarQuestion = {
        principal: { type: 'Person', id: chance.pick(['p', 'unknown']) },
        action: chance.pick(['run', 'look']),
        resource: { type: 'Folder', id: chance.pick(['a', 'b', 'missing']) },
        context,
        entities: [
          person,
          folder('a', chance.some([{ type: 'Folder', id: 'b' }], 70), level),
          folder('b', chance.some([top], 70), level),
          top,
        ],
        policies: chance.some(others, 70),
        standing,
      }
      assert.deepEqual(outcome(engine, asked), outcome(reference, asked), JSON.stringify(asked))
    }
    assert.deepEqual(engine.counts(), { compiled: 400, requestFallbacks: 0, policyFallbacks: 0 })
  })

  const odd: Readonly<Record<string, Partial<CedarQuestion>>> = {
    'an action that the schema does not know': { action: 'fly' },
    'a group of actions': { action: 'role:all' },
    'a principal of a type that cannot do this': { action: 'run', principal: { type: 'Machine', id: 'm' } },
    'a resource of a type that this is not done to': { action: 'run', resource: { type: 'Tag', id: 'red' } },
    'an enumerated resource': { resource: { type: 'Tag', id: 'red' } },
    'an enumerated resource of no known name': { resource: { type: 'Tag', id: 'blue' } },
    'a context that lacks something': { context: { now: 1 } },
    'a context with something more': { context: { now: 1, env: '', more: 1 } },
    'a context with another type': { context: { now: '1', env: '' } },
    'a fraction': { context: { now: 1.5, env: '' } },
    'an unsafe number': { context: { now: 2 ** 53, env: '' } },
    'a set for a text': { context: { now: 1, env: ['a'] } },
    'an entity of an unknown type': { entities: [{ type: 'Ghost', id: 'g', attributes: {}, parents: [] }] },
    'an entity that lacks an attribute': { entities: [{ type: 'Folder', id: 'a', attributes: {}, parents: [] }] },
    'an entity below a type that it cannot be below': { entities: [folder('a', [{ type: 'Person', id: 'p' }])] },
    'an entity that is given twice': { entities: [folder('a'), folder('a')] },
    'an entity that is given twice and differs': { entities: [folder('a'), folder('a', [], 9)] },
    'entities in a cycle': { entities: [folder('a', [{ type: 'Folder', id: 'b' }]), folder('b', [{ type: 'Folder', id: 'a' }])] },
    'an entity above itself': { entities: [folder('a', [{ type: 'Folder', id: 'a' }])] },
    'an attribute of an extension type': { entities: [{ type: 'Machine', id: 'm', attributes: { at: '2024-01-01' }, parents: [] }] },
    'ill-formed Unicode': { context: { now: 1, env: '\ud800' } },
  }
  for (const [name, change] of Object.entries(odd)) {
    it(`leaves ${name} to the reference engine, and counts it`, () => {
      const engine = createCompiledCedar(schema, reference)
      // which entity of a cycle is named first is up to the hash of the engine
      const told = (by: CedarEngine) =>
        JSON.stringify(outcome(by, { ...question, ...change })).replace(/cycle containing vertex.*/, 'cycle')
      assert.equal(told(engine), told(reference))
      assert.deepEqual(engine.counts(), { compiled: 0, requestFallbacks: 1, policyFallbacks: 0 })
    })
  }

  const unsound: Readonly<Record<string, readonly Policy[]>> = {
    'a text that does not parse': [permit, { id: 'bad', text: 'permit(principal, action' }],
    'a text with two policies': [{ id: 'two', text: `${permit.text} ${permit.text}` }],
    'a template': [{ id: 'template', text: 'permit(principal == ?principal, action, resource);' }],
    'an id that is used twice': [permit, { id: 'all', text: 'permit(principal, action, resource) when { false };' }],
  }
  for (const [name, list] of Object.entries(unsound)) {
    it(`leaves ${name} to the reference engine, each time, and counts it`, () => {
      const engine = createCompiledCedar(schema, reference)
      for (const time of [1, 2]) {
        assert.deepEqual(outcome(engine, { ...question, policies: list }), outcome(reference, { ...question, policies: list }))
        assert.deepEqual(engine.counts(), { compiled: 0, requestFallbacks: 0, policyFallbacks: time })
      }
    })
  }

  it('takes a policy for no other than the one of its id that stands, and leaves the two to the reference engine', () => {
    const engine = createCompiledCedar(schema, reference)
    const forbid = { id: 'all', text: 'forbid(principal, action, resource);' }
    const handed: (readonly string[])[] = []
    const twice = { ...question, standing: [permit], policies: [forbid], handedOver: (ids: readonly string[]) => handed.push(ids) }
    assert.deepEqual(outcome(engine, twice), outcome(reference, twice))
    const unread = { ...question, standing: [{ id: 'bad', text: 'permit(principal, action' }], policies: [permit] }
    assert.deepEqual(outcome(engine, unread), outcome(reference, unread))
    assert.deepEqual([handed, engine.counts()], [[['all']], { compiled: 0, requestFallbacks: 0, policyFallbacks: 2 }])
  })

  it('keeps a policy that is nested too deep from both engines, which then go on deciding', () => {
    const engine = createCompiledCedar(schema, reference)
    const deep = { id: 'deep', text: `permit(principal, action, resource) when { ${'('.repeat(500)}true${')'.repeat(500)} };` }
    assert.throws(() => engine.ask({ ...question, policies: [permit, deep] }), /nested deeper/)
    assert.deepEqual(engine.validate([deep]), ['deep: A policy is nested deeper than 180 units.'])
    assert.deepEqual([engine.ask(question).allowed, reference.ask(question).allowed], [true, true])
  })

  it('validates as the reference engine does', () => {
    const engine = createCompiledCedar(schema, reference)
    const unknown = [{ id: 'u', text: 'permit(principal, action, resource) when { principal.unknown };' }]
    assert.deepEqual(engine.validate([permit]), [])
    assert.deepEqual(engine.validate(unknown).sort(), reference.validate(unknown).sort())
    assert.match(engine.validate(unknown).join(), /attribute `unknown`/)
  })

  it('refuses a schema that does not parse', () => {
    assert.throws(() => createCompiledCedar('entity;'), /schema does not parse/)
  })

  it('answers by a list that cannot change, long or short, as by one that is read anew', () => {
    const compiling = createCompiledCedar(schema, reference)
    const chance = chanceFrom(20_260_720)
    const roles = ['Action::"role:operator"', 'Action::"role:observer"', 'Action::"role:all"', 'Action::"look"']
    const made = (at: number): Policy => {
      const head = `${chance.pick(['principal == Person::"p"', 'principal', 'principal == Person::"other"'])}, action in ${chance.pick(roles)}`
      const below = chance.pick(['resource', 'resource in Folder::"b"', 'resource == Folder::"a"', 'resource in Organization::"else"'])
      const effect = at % 40 === 0 ? 'forbid' : 'permit'
      return { id: `one-${at}`, text: `${effect}(${head}, ${below}) when { context.now ${chance.pick(['<', '>='])} ${chance.below(10)} };` }
    }
    const standing = [{ id: 'stands', text: 'forbid(principal, action, resource) when { context.env == "production" };' }]
    for (const length of [0, 3, 25, listedMax + 30]) {
      const list = Array.from({ length }, (_, at) => made(at))
      const kept = Object.freeze([...list])
      for (let round = 0; round < 40; round++) {
        const context = { now: chance.below(10), env: chance.pick(['staging', 'production']) }
        const asked = { ...question, context, standing, action: chance.pick(['look', 'run']) }
        assert.deepEqual(
          outcome(compiling, { ...asked, policies: kept }),
          outcome(compiling, { ...asked, policies: list }),
          `${length}, ${round}`,
        )
      }
    }
    assert.equal(compiling.counts().policyFallbacks, 0)
  })

  it('keeps deciding when more policies came by than it keeps', { timeout: 120_000 }, () => {
    const engine = createCompiledCedar(schema, reference)
    const ask = (limit: number) =>
      engine.ask({ ...question, policies: [{ id: 'x', text: `permit(principal,action,resource)when{context.now<${limit}};` }] })
    assert.ok(ask(6).allowed)
    for (let limit = 7; limit < compiledPoliciesMax + 10; limit++) ask(limit)
    assert.deepEqual([ask(6).allowed, ask(5).allowed], [true, false])
  })
})
