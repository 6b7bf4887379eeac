// What the views on access compute by themselves: filters, differences, terms of a grant, places in a policy. What is in an address may be anything.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Problem } from '../../api/problem.ts'
import { endOf, termsIn } from './grants/grant-terms.ts'
import { brokenIn, faultIn, linesOf } from './guardrails/place.ts'
import { holdersIn, type Leg, narrowed, type Path, toxicOf } from './paths/narrow.ts'
import { changeIn, kindIn } from './what-if/change.ts'
import { byPrincipal } from './what-if/differences.ts'

const path = (id: string, leg: Leg, more: Partial<Path> = {}): Path =>
  ({
    leg,
    action: 'run:launch',
    kind: 'grant',
    ways: [],
    principal: { type: 'Person', id, name: id },
    owner: null,
    environments: ['env_a'],
    policies: [],
    grants: [],
    conditions: [],
    lastUsed: null,
    ...more,
  }) as Path // every member that is read is there

const toxic = [{ principal: 'per_b', name: 'b', legs: ['input', 'output'] as const, workloads: ['pip_c'] }]
const told = {
  paths: [
    path('per_a', 'input', { lastUsed: '2026-01-02T00:00:00Z' }),
    path('per_b', 'input'),
    path('pip_c', 'output', { owner: 'per_b', environments: ['env_b'] }),
    path('per_z', 'input', { environments: [] }),
    path('per_g', 'production', { kind: 'break-glass', environments: ['env_c'] }),
  ],
  toxic,
}
const idsOf = (search: Record<string, string>) =>
  narrowed(told, search, (id) => (id === 'per_b' ? 'Bella' : undefined)).map(({ principal }) => principal.id)

describe('the paths of a thing', () => {
  it('are narrowed by who, by use, by place, to what is toxic, and by words; words that are not known narrow nothing', () => {
    assert.deepEqual(idsOf({ kind: 'workloads' }), ['pip_c'])
    assert.deepEqual(idsOf({ used: 'used' }), ['per_a'])
    assert.deepEqual(idsOf({ environment: 'env_a' }), ['per_a', 'per_b', 'per_z'], 'what happens in no environment is left in')
    assert.deepEqual(idsOf({ only: 'toxic' }), ['per_b', 'pip_c'], 'a workload counts as its owner')
    assert.deepEqual(idsOf({ find: 'BELLA' }), ['pip_c'], 'an owner is found by name')
    assert.deepEqual([idsOf({ only: 'glass' }), idsOf({ only: 'held' }).length], [['per_g'], 4])
    assert.equal(idsOf({ kind: 'constructor', used: '__proto__', only: 'all' }).length, 5)
  })

  it('stand in their column by whoever has them, what is toxic first, then what was used last', () => {
    assert.deepEqual(
      holdersIn('input', told.paths, toxic).map(({ id }) => id),
      ['per_b', 'per_a', 'per_z'],
    )
    assert.equal(toxicOf(path('per_a', 'input'), toxic), undefined)
    const glass = path('per_b', 'production', { kind: 'break-glass', lastUsed: '2026-01-03T00:00:00Z' })
    const [first, last, ...others] = holdersIn('production', [glass, path('per_a', 'production')], toxic)
    assert.deepEqual([first?.id, last?.id, others], ['per_a', 'per_b', []], 'whoever would have to break the glass comes last')
    assert.deepEqual([last?.held.length, last?.byGlass.length, last?.toxic], [0, 1, undefined], 'and is not toxic by that')
  })
})

describe('a difference', () => {
  it('is one line for what comes to the same on the same thing', () => {
    const one = { principal: 'per_a', name: 'a', scope: { type: 'Twin', id: 'twn_a' }, environments: [] }
    const [a, ...others] = byPrincipal([
      { ...one, action: 'run:list' },
      { ...one, action: 'run:show' },
      { ...one, action: 'run:launch', environments: ['env_a'] },
    ])
    assert.deepEqual([a?.lines.map(({ actions }) => actions), a?.count, others], [[['run:list', 'run:show'], ['run:launch']], 3, []])
  })
})

describe('the terms of a grant in an address', () => {
  const whom = { principal: 'per_a' }
  it('say what is missing, one thing after the other', () => {
    assert.equal(termsIn({}, 0), 'Choose to whom it is given.')
    assert.equal(termsIn({ ...whom, gives: 'root' }, 0), 'Choose what is given.')
    assert.equal(termsIn({ ...whom, gives: 'actions', actions: ' , ' }, 0), 'Name at least one action.')
    assert.equal(termsIn({ ...whom, gives: 'author', scopeType: 'Twin' }, 0), 'Choose the twin that it is given on.')
  })

  it('become what is given, with an end that is counted from when it is given', () => {
    assert.deepEqual(termsIn({ ...whom, gives: 'own:lookout', scopeType: 'Galaxy', until: '1h', environments: 'env_a env_b' }, 0), {
      ...whom,
      customRole: 'lookout',
      scopeType: 'Organization',
      environments: ['env_a', 'env_b'],
      expiresAt: '1970-01-01T01:00:00Z',
    })
    assert.equal(endOf('for ever', 0), undefined)
  })

  it('end with what was chosen: a day, a run, a batch or an engagement, and lack it until it is', () => {
    const gives = { ...whom, gives: 'author' }
    const ends = (until: string, end?: string) =>
      termsIn({ ...gives, until, ...(end === undefined ? {} : { end }) }, Date.parse('2026-03-02T12:00:00Z'))
    const whole = { ...whom, role: 'author', scopeType: 'Organization' }
    assert.deepEqual(ends('run', 'run_a'), { ...whole, untilRun: 'run_a' })
    assert.deepEqual(ends('batch', 'bat_a'), { ...whole, untilBatch: 'bat_a' })
    assert.deepEqual(ends('engagement', 'eng_a'), { ...whole, untilEngagement: 'eng_a' })
    assert.deepEqual(ends('day', '2026-03-02'), { ...whole, expiresAt: '2026-03-02T23:59:59Z' })
    assert.deepEqual(
      [ends('run'), ends('batch'), ends('engagement'), ends('day'), ends('day', 'soon'), ends('day', '2026-03-01')],
      [
        'Choose the run whose end it ends with.',
        'Choose the batch that it ends with.',
        'Choose the engagement that it ends with.',
        'Say the day that it ends.',
        'Say the day that it ends.',
        'The day that it would end has passed.',
      ],
    )
    assert.deepEqual(
      changeIn({ change: 'give', ...gives, until: 'batch', end: 'bat_a' }, 0),
      { kind: 'give', ...whole },
      'what if knows lengths alone',
    )
  })

  it('are asked about before they are given, like every other change', () => {
    assert.deepEqual(changeIn({ change: 'leave', group: 'grp_a', member: 'per_a' }, 0), { kind: 'leave', group: 'grp_a', member: 'per_a' })
    assert.equal(kindIn({ change: 'constructor' }), 'give')
    assert.equal(changeIn({ change: 'take' }, 0), 'Name the grant.')
    assert.deepEqual(changeIn({ change: 'role', role: 'lookout', add: 'run:list' }, 0), {
      kind: 'role',
      role: 'lookout',
      add: ['run:list'],
    })
    assert.deepEqual(changeIn({ change: 'policy', guardrail: 'quiet', retire: '1' }, 0), {
      kind: 'policy',
      guardrail: 'quiet',
      retire: true,
    })
    assert.deepEqual(changeIn({ change: 'policy', guardrail: 'quiet', classes: 'staging __proto__', sensitivity: 'any' }, 0), {
      kind: 'policy',
      guardrail: 'quiet',
      environmentClasses: ['staging'],
      sensitivity: null,
    })
    assert.deepEqual(changeIn({ change: 'dissolve', group: 'grp_a' }, 0), { kind: 'dissolve', group: 'grp_a' })
    assert.deepEqual(changeIn({ change: 'mapping', mapping: 'map_a' }, 0), { kind: 'mapping', mapping: 'map_a' })
    assert.deepEqual(
      [changeIn({ change: 'dissolve' }, 0), changeIn({ change: 'mapping' }, 0)],
      ['Choose the group.', 'Choose the mapping.'],
    )
  })
})

describe('a fault in a policy', () => {
  const problem = (facts: Record<string, unknown>, errors: { pointer: string; detail: string }[] = []) =>
    new Problem({
      code: 'invalid',
      status: 400,
      title: 'No',
      detail: 'Line 2, column 3: x',
      next: undefined,
      requestId: undefined,
      errors,
      facts,
    })
  it('has its place where the server tells one, and none where that is no number', () => {
    assert.deepEqual(faultIn(problem({ line: 2, column: 3, problem: 'x' })), { line: 2, column: 3, detail: 'x', next: undefined })
    assert.deepEqual(faultIn(problem({ line: '2', column: -1 }, [{ pointer: '/policy', detail: 'y' }])), {
      line: undefined,
      column: undefined,
      detail: 'y',
      next: undefined,
    })
    assert.equal(faultIn(problem({}, [{ pointer: '/slug', detail: 'z' }])), undefined)
    assert.deepEqual([linesOf('a\r\nb'), brokenIn(problem({ broken: ['one', 2] }))], [['a', 'b'], ['one']])
  })
})
