// The language, section by section: every row is true of the compiled form, and cedar-wasm says the same.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compiledAnswers, type PlainAnswer, referenceAnswers } from './fixtures/differential.ts'
import { extensionTables } from './fixtures/extension-tables.ts'
import type { GeneratedSet, JsonEntity } from './fixtures/generated-worlds.ts'
import { languageTables, type Row } from './fixtures/language-tables.ts'

const entity = (type: string, id: string, rest: Partial<JsonEntity> = {}): JsonEntity => ({
  uid: { type, id },
  attrs: {},
  parents: [],
  tags: {},
  ...rest,
})
const staff = { type: 'Group', id: 'staff' }
const entities = [
  entity('User', 'ann', {
    attrs: { name: 'Ann', 'odd key': 1, boss: { __entity: { type: 'User', id: 'boss' } } },
    parents: [staff],
    tags: { team: 'red', next: 'team' },
  }),
  entity('User', 'boss', { attrs: { name: 'Boss', boss: { __entity: { type: 'User', id: 'ghost' } } } }),
  entity('Group', 'staff', { parents: [{ type: 'Group', id: 'all' }] }),
  entity('Group', 'all'),
  entity('Doc', 'd'),
  entity('Action', 'view', { parents: [{ type: 'Action', id: 'group' }] }),
]
const request = {
  principal: { type: 'User', id: 'ann' },
  action: { type: 'Action', id: 'view' },
  resource: { type: 'Doc', id: 'd' },
  context: { inner: { deep: { x: 1 } }, big: 2n ** 53n + 1n },
}

const set = (policies: Readonly<Record<string, string>>, rest: Partial<GeneratedSet> = {}): GeneratedSet => ({
  policies,
  templates: {},
  links: [],
  ...rest,
})
const when = (expression: string): string => `permit(principal, action, resource) when { ${expression} };`

/** Both answers to one set; the first is the compiled form's. */
function both(policies: GeneratedSet): [PlainAnswer, PlainAnswer] {
  const world = { entities, set: policies, requests: [request] }
  const [compiled] = compiledAnswers(world)
  const [reference] = referenceAnswers(world)
  assert.ok(compiled !== undefined && reference !== undefined)
  return [compiled, reference]
}

function outcomes(rows: readonly Row[]): { readonly expected: Map<string, unknown>; readonly answers: readonly PlainAnswer[] } {
  const expressions = rows.flatMap((row) => row.expressions.map((expression) => [expression, row.is] as const))
  return {
    expected: new Map(expressions),
    answers: both(set(Object.fromEntries(expressions.map(([expression]) => [expression, when(expression)])))),
  }
}

describe('the Cedar language', () => {
  for (const [section, rows] of Object.entries({ ...languageTables, ...extensionTables })) {
    it(`${section}: every expression is what the specification says`, () => {
      const { expected, answers } = outcomes(rows)
      for (const answer of answers) {
        const errors = new Set(answer.errors)
        const satisfied = new Set(answer.reasons)
        for (const [expression, is] of expected) {
          assert.equal(errors.has(expression) ? 'error' : satisfied.has(expression), is, expression)
        }
      }
    })
  }

  const ann = 'User::"ann"'
  const heads: Readonly<Record<string, boolean>> = {
    'principal, action, resource': true,
    [`principal == ${ann}, action, resource`]: true,
    'principal == User::"boss", action, resource': false,
    'principal in Group::"all", action, resource': true,
    [`principal in ${ann}, action, resource`]: true,
    'principal in Group::"none", action, resource': false,
    'principal is User, action, resource': true,
    'principal is Group, action, resource': false,
    'principal is User in Group::"staff", action, resource': true,
    'principal is Group in Group::"staff", action, resource': false,
    'principal is User in Group::"none", action, resource': false,
    'principal, action == Action::"view", resource': true,
    'principal, action == Action::"group", resource': false,
    'principal, action in Action::"group", resource': true,
    'principal, action in [Action::"edit", Action::"group"], resource': true,
    'principal, action in [Action::"view", Action::"group", Action::"view"], resource': true,
    'principal, action in [], resource': false,
    'principal, action, resource == Doc::"d"': true,
    'principal, action, resource in Doc::"d"': true,
    'principal, action, resource is Space::Doc': false,
    'principal, action, resource is Doc in Doc::"d"': true,
  }
  it('heads: each place fits what it names, and nothing else', () => {
    const answers = both(set(Object.fromEntries(Object.keys(heads).map((head) => [head, `permit(${head});`]))))
    for (const answer of answers) for (const [head, fits] of Object.entries(heads)) assert.equal(answer.reasons.includes(head), fits, head)
  })

  it('templates: a link stands for its template with its slots filled', () => {
    const filled = { '?principal': staff, '?resource': { type: 'Doc', id: 'd' } }
    const answers = both(
      set(
        {},
        {
          templates: {
            both: 'permit(principal in ?principal, action, resource == ?resource) when { principal.name == "Ann" };',
            is: 'permit(principal is User in ?principal, action, resource);',
          },
          links: [
            { templateId: 'both', newId: 'fits', values: filled },
            { templateId: 'both', newId: 'other', values: { ...filled, '?resource': staff } },
            { templateId: 'is', newId: 'linked', values: { '?principal': staff } },
          ],
        },
      ),
    )
    for (const answer of answers) assert.deepEqual(answer.reasons, ['fits', 'linked'])
  })

  const decisions: readonly { readonly name: string; readonly policies: readonly string[]; readonly answer: PlainAnswer }[] = [
    { name: 'nothing permits', policies: [], answer: { decision: 'deny', reasons: [], errors: [] } },
    { name: 'a permit', policies: ['permit(principal, action, resource);'], answer: { decision: 'allow', reasons: ['0'], errors: [] } },
    {
      name: 'a forbid over permits: the forbids are the reasons',
      policies: [
        'permit(principal, action, resource);',
        'forbid(principal, action, resource);',
        'forbid(principal, action, resource) when { 1 == 1 };',
      ],
      answer: { decision: 'deny', reasons: ['1', '2'], errors: [] },
    },
    {
      name: 'errors: neither permit nor forbid, and named even when others decide',
      policies: ['permit(principal, action, resource);', 'forbid(principal, action, resource) when { context.missing };', when('1')],
      answer: { decision: 'allow', reasons: ['0'], errors: ['1', '2'] },
    },
    {
      name: '`unless`, and clauses in their order',
      policies: [
        'permit(principal, action, resource) unless { false };',
        'permit(principal, action, resource) unless { true };',
        'permit(principal, action, resource) when { false } when { context.missing };',
        'permit(principal, action, resource) when { true } unless { 1 };',
        'permit(principal, action, resource) when { true } unless { false } when { 1 < 2 };',
      ],
      answer: { decision: 'allow', reasons: ['0', '4'], errors: ['3'] },
    },
  ]
  for (const { name, policies, answer } of decisions) {
    it(`authorization: ${name}`, () => {
      for (const given of both(set(Object.fromEntries(policies.map((text, at) => [String(at), text]))))) assert.deepEqual(given, answer)
    })
  }
})
