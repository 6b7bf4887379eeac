// The index leaves out only what could not have spoken, through every change of policies and entities.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Answer, answerOf } from './answers.ts'
import { asking } from './asked.ts'
import { EntityStore } from './entity-store.ts'
import { type Chance, chanceFrom } from './fixtures/chance.ts'
import { maskedPoliciesMax, selectionsMax } from './masks.ts'
import { numberedActionsMax } from './plans.ts'
import { type CompiledPolicy, compilePolicy, compilePolicyJson } from './policies.ts'
import { PolicyIndex, type Question } from './policy-index.ts'
import { emptyRecord, RecordOf } from './records.ts'
import { EntityUid } from './values.ts'

const context = RecordOf.of([['now', 5]])
const question = (principal: string, action: string, resource: string): Question => ({
  principal: { type: 'Person', id: principal },
  action,
  resource: { type: 'Twin', id: resource },
  context,
})
const put = (store: EntityStore, type: string, id: string, ...above: readonly (readonly [string, string])[]) =>
  store.put(type, id, { attributes: emptyRecord, parents: above.map(([parent, name]) => new EntityUid(parent, name)) })

const scope = (type: string, id: string, op = 'in') => ({ op, entity: { type, id } })
const all = { op: 'All' }

function grant(id: string, principal: object, action: object, resource: object, conditions: readonly object[] = []): CompiledPolicy {
  return compilePolicyJson(id, { effect: 'permit', principal, action, resource, conditions })
}

describe('the policy index', () => {
  it('answers from the grants of a principal alone, and names each once', () => {
    const index = new PolicyIndex()
    const store = new EntityStore()
    put(store, 'Action', 'run', ['Action', 'role:a'], ['Action', 'role:b'])
    put(store, 'Twin', 't', ['Project', 'p'])
    const both = {
      op: 'in',
      entities: [
        { type: 'Action', id: 'role:a' },
        { type: 'Action', id: 'role:b' },
        { type: 'Action', id: 'run' },
      ],
    }
    index.add(grant('mine', scope('Person', 'x', '=='), both, scope('Project', 'p')))
    index.add(grant('other', scope('Person', 'y', '=='), both, scope('Project', 'p')))
    assert.deepEqual(index.answer(question('x', 'run', 't'), store), { allowed: true, reasons: ['mine'], errors: [] })
    assert.deepEqual(index.answer(question('x', 'stop', 't'), store).allowed, false)
    assert.deepEqual(index.answer(question('x', 'run', 'u'), store).allowed, false)
  })

  it('does not take what asks for a group itself for what asks for those below it', () => {
    const index = new PolicyIndex()
    const store = new EntityStore()
    put(store, 'Person', 'x', ['Group', 'g'])
    put(store, 'Action', 'run', ['Action', 'role'])
    index.add(grant('below', scope('Group', 'g'), all, all))
    index.add(grant('itself', scope('Group', 'g', '=='), all, all))
    index.add(grant('role', all, scope('Action', 'role', '=='), all))
    index.add(grant('type', { op: 'is', entity_type: 'Robot', in: { entity: { type: 'Group', id: 'g' } } }, all, all))
    assert.deepEqual(index.answer(question('x', 'run', 't'), store).reasons, ['below'])
  })

  it('forgets a policy that is taken away or replaced, at the next question', () => {
    const index = new PolicyIndex()
    const store = new EntityStore()
    index.add(grant('one', all, all, all))
    index.add(grant('one', scope('Person', 'x', '=='), all, all))
    assert.deepEqual([index.size, index.answer(question('y', 'run', 't'), store).allowed], [1, false])
    assert.ok(index.answer(question('x', 'run', 't'), store).allowed)
    assert.deepEqual([index.remove('one'), index.remove('one'), index.get('one')], [true, false, undefined])
    assert.equal(index.answer(question('x', 'run', 't'), store).allowed, false)
  })

  it('names the effect and the fault of a policy that errs', () => {
    const index = new PolicyIndex()
    index.add(compilePolicy('bad', 'forbid(principal, action, resource) when { resource.missing == 1 };'))
    const { allowed, errors } = index.answer(question('x', 'run', 't'), new EntityStore())
    assert.equal(allowed, false)
    assert.deepEqual(
      errors.map(({ policy, effect, fault }) => [policy, effect, fault.kind]),
      [['bad', 'forbid', 'missing-entity']],
    )
  })

  it('does not mistake for each other two indexes over one store', () => {
    const store = new EntityStore()
    put(store, 'Person', 'x')
    put(store, 'Action', 'run')
    const [left, right] = [new PolicyIndex(), new PolicyIndex()]
    left.add(grant('left', all, all, all))
    right.add(grant('right', all, all, all))
    for (const _ of [1, 2]) {
      assert.deepEqual(left.answer(question('x', 'run', 't'), store).reasons, ['left'])
      assert.deepEqual(right.answer(question('x', 'run', 't'), store).reasons, ['right'])
    }
  })

  it('stays right when there are more actions than it numbers', () => {
    const index = new PolicyIndex()
    const store = new EntityStore()
    const last = numberedActionsMax + 20
    put(store, 'Person', 'x')
    for (let at = 0; at <= last; at++) {
      put(store, 'Action', `a${at}`)
      index.add(grant(`p${at}`, scope('Person', 'x'), scope('Action', `a${at}`, '=='), all))
    }
    for (const _ of [1, 2]) {
      for (let at = 0; at <= last; at++) assert.deepEqual(index.answer(question('x', `a${at}`, 't'), store).reasons, [`p${at}`])
    }
  })

  it('stays right when there are more selections than it remembers', () => {
    const index = new PolicyIndex()
    const store = new EntityStore()
    const bits = Array.from({ length: 14 }, (_, bit) => bit)
    put(store, 'Action', 'run')
    for (const bit of bits) index.add(grant(`p${bit}`, scope('Group', `g${bit}`), all, all))
    for (let number = 0; number < selectionsMax + 10; number++) {
      const held = bits.filter((bit) => (number & (1 << bit)) !== 0)
      put(store, 'Person', 'x', ...held.map((bit): readonly [string, string] => ['Group', `g${bit}`]))
      assert.deepEqual(
        index.answer(question('x', 'run', 't'), store).reasons,
        held.map((bit) => `p${bit}`),
      )
    }
  })

  it('lets nobody change an answer that many requests share', () => {
    const index = new PolicyIndex()
    const store = new EntityStore()
    index.add(grant('one', all, all, all))
    const answer = index.answer(question('x', 'run', 't'), store)
    assert.equal(answer, index.answer(question('y', 'look', 'u'), store))
    assert.ok([answer, answer.reasons, answer.errors].every((part) => Object.isFrozen(part)))
  })

  it('makes once what is answered where the same conditions are met, and lets nobody change that either', () => {
    const index = new PolicyIndex()
    index.add(compilePolicy('always', 'permit(principal, action, resource);'))
    index.add(compilePolicy('early', 'permit(principal, action, resource) when { context.now < 6 };'))
    index.add(compilePolicy('late', 'forbid(principal, action, resource) when { context.now > 8 };'))
    const at = (hour: number) => index.answer({ ...question('x', 'run', 't'), context: RecordOf.of([['now', hour]]) }, new EntityStore())
    for (const [hour, other, reasons] of [
      [4, 5, ['always', 'early']],
      [6, 8, ['always']],
      [9, 10, ['late']],
    ] as const) {
      assert.deepEqual([at(hour), at(hour).reasons], [at(other), reasons])
      assert.equal(at(hour), at(other))
      assert.ok([at(hour), at(hour).reasons].every((part) => Object.isFrozen(part)))
    }
  })

  for (const idle of [0, 30, maskedPoliciesMax]) {
    it(`answers as a pass over every policy does, after any changes of policies and entities, beside ${idle} that fit nobody (seeds 1 to 8)`, () => {
      for (let seed = 1; seed <= 8; seed++) agreesAfterChanges(chanceFrom(seed), seed, idle)
    })
  }
})

const people = ['x', 'y', 'z']
const groups = ['g', 'h']
const actions = ['run', 'look', 'role:a', 'role:b']
const twins = ['t', 'u', 'v']
const projects = ['p', 'q']

function anyScope(chance: Chance, type: string, ids: readonly string[], aboveType: string, above: readonly string[]): object {
  return chance.pick([
    () => all,
    () => scope(type, chance.pick(ids), '=='),
    () => scope(type, chance.pick(ids)),
    () => scope(aboveType, chance.pick(above)),
    () => scope(aboveType, chance.pick(above), '=='),
    () => ({ op: 'is', entity_type: chance.pick([type, aboveType]) }),
    () => ({ op: 'is', entity_type: chance.pick([type, aboveType]), in: { entity: { type: aboveType, id: chance.pick(above) } } }),
  ])()
}

function anyAction(chance: Chance): object {
  const several = { op: 'in', entities: chance.some(actions, 50).map((id) => ({ type: 'Action', id })) }
  return chance.pick([all, scope('Action', chance.pick(actions), '=='), scope('Action', chance.pick(actions)), several])
}

function changeEntities(chance: Chance, store: EntityStore): void {
  const parent = (type: string, ids: readonly string[]) => chance.some(ids, 50).map((id): readonly [string, string] => [type, id])
  chance.pick([
    () => put(store, 'Person', chance.pick(people), ...parent('Group', groups)),
    () => put(store, 'Twin', chance.pick(twins), ...parent('Project', projects)),
    () => put(store, 'Action', chance.pick(['run', 'look']), ...parent('Action', ['role:a', 'role:b'])),
    () => put(store, 'Group', 'g', ...parent('Group', ['h'])),
    () => store.remove('Person', chance.pick(people)),
  ])()
}

const now = { '.': { left: { Var: 'context' }, attr: 'now' } }
const when = (body: object) => [{ kind: 'when', body }]
/** What policies say beside their heads: nothing, always or never the same, by the hour, and what errs. */
const conditions: readonly (readonly object[])[] = [
  [],
  [],
  when({ Value: false }),
  [{ kind: 'unless', body: { Value: false } }],
  when({ '<': { left: now, right: { Value: 4 } } }),
  when({ '>=': { left: now, right: { Value: 7 } } }),
  [{ kind: 'unless', body: { '==': { left: now, right: { Value: 5 } } } }],
]
const erring = when({ '<': { left: now, right: { Value: 'text' } } })

function agreesAfterChanges(chance: Chance, seed: number, idle: number): void {
  const store = new EntityStore()
  const index = new PolicyIndex()
  for (let at = 0; at < idle; at++) index.add(grant(`idle${at}`, scope('Person', `idle${at}`, '=='), all, all))
  const held = new Map<string, CompiledPolicy>()
  for (let change = 0; change < 250; change++) {
    const id = `p${chance.below(80)}`
    // later on the policies rest, so that what is remembered of them meets changes of entities alone
    if (chance.percent(change < 150 ? 25 : 95)) changeEntities(chance, store)
    else if (chance.percent(20)) {
      index.remove(id)
      held.delete(id)
    } else {
      const policy = grant(
        id,
        anyScope(chance, 'Person', people, 'Group', groups),
        anyAction(chance),
        anyScope(chance, 'Twin', twins, 'Project', projects),
        chance.percent(3) ? erring : chance.pick(conditions),
      )
      const one = { ...policy, effect: chance.percent(15) ? ('forbid' as const) : ('permit' as const) }
      index.add(one)
      held.set(id, one)
    }
    for (const _ of [1, 2, 3]) agrees(chance, index, store, held.values(), `seed ${seed}, change ${change}`)
  }
}

function agrees(chance: Chance, index: PolicyIndex, store: EntityStore, held: Iterable<CompiledPolicy>, when: string): void {
  const context = RecordOf.of([['now', chance.below(10)]])
  const asked = { ...question(chance.pick(people), chance.pick([...actions, 'unknown']), chance.pick(twins)), context }
  const every = answerOf(held, {
    principal: asking(store, 'Person', asked.principal.id),
    action: asking(store, 'Action', String(asked.action)),
    resource: asking(store, 'Twin', asked.resource.id),
    context,
    entities: store,
  })
  const plain = ({ allowed, reasons, errors }: Answer) => [allowed, reasons.toSorted(), errors.map(({ policy }) => policy).sort()]
  assert.deepEqual(plain(index.answer(asked, store)), plain(every), when)
}
