// Findings are counted, kept apart by organization, and never more than there is room for.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OrgId } from '../kernel/index.ts'
import { createCompiledCedar } from './compiled/compiled-cedar.ts'
import { decide } from './decide.ts'
import { DecisionFindings, findingKinds, findingsMax, furtherFindings, organizationsMax } from './decision-findings.ts'
import { org, principalOf, requestFor, smallCatalogue } from './fixtures/small-catalogue.ts'
import { cedarSchema } from './schema.ts'

const other = 'org_00000000000000000000000001' as OrgId // its form is an id's

describe('findings', () => {
  it('are counted, the most frequent first, each organization apart', () => {
    const findings = new DecisionFindings()
    for (const about of ['grt_a', 'grt_b', 'grt_b']) findings.note(org, 'permit-errs', about)
    assert.deepEqual(findings.list(org), [
      { kind: 'permit-errs', about: 'grt_b', count: 2 },
      { kind: 'permit-errs', about: 'grt_a', count: 1 },
    ])
    assert.deepEqual(findings.list(other), [])
  })

  it('beyond the limit are counted together', () => {
    const findings = new DecisionFindings()
    for (let at = 0; at < findingsMax + 50; at++) findings.note(org, 'forbid-errs', `p${at}`)
    const listed = findings.list(org)
    assert.equal(listed.length, findingsMax + 1)
    assert.deepEqual(listed[0], { kind: 'forbid-errs', about: furtherFindings, count: 50 })
    for (const kind of findingKinds) findings.note(org, kind, 'late')
    assert.ok(findings.list(org).length <= findingsMax + findingKinds.length)
  })

  it('of the organization that was met first make room when there are too many', () => {
    const findings = new DecisionFindings()
    for (let at = 0; at <= organizationsMax; at++) findings.note(`org_${at}` as OrgId, 'permit-errs', 'p')
    assert.deepEqual([findings.list('org_0' as OrgId).length, findings.list(`org_${organizationsMax}` as OrgId).length], [0, 1])
  })

  it('come from deciding: what errs, and what the compiler leaves to the reference engine', () => {
    const findings = new DecisionFindings()
    const decider = { engine: createCompiledCedar(cedarSchema(smallCatalogue)), shipped: [], findings }
    const errs = 'context.now + 9223372036854775807 > 0'
    const policies = [
      { id: 'prm', text: `permit(principal, action, resource) when { ${errs} };` },
      { id: 'frb', text: `@note("x") forbid(principal, action, resource) when { ${errs} };` },
    ]
    const decision = decide(decider, requestFor('thing:change', principalOf('person', 'per_1'), { policies }))
    assert.equal(decision.kind === 'denied' && decision.detail, 'A policy that forbids could not be evaluated.')
    decide(decider, requestFor('thing:change', principalOf('person', 'per_1'), { policies: [{ id: 'bad', text: 'permit' }] }))
    decide(decider, requestFor('thing:change', principalOf('person', 'per_1'), { context: { odd: 1 } }))
    assert.deepEqual(
      findings.list(org).map(({ kind, about }) => `${kind} ${about}`),
      ['permit-errs prm', 'forbid-errs frb', 'policy-not-compiled bad', 'request-not-compiled thing:change'],
    )
    assert.deepEqual(findings.list(other), [])
  })
})
