import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Decision, decide, isMinted, policiesBehind, wouldAllow } from './decide.ts'
import { connection, org, principalOf, requestFor, smallDecider, thing } from './fixtures/small-catalogue.ts'
import { grantPolicy, type Policy } from './grants.ts'

const decider = smallDecider()
const operator = principalOf('person', 'per_operator')

function grant(change: Partial<Parameters<typeof grantPolicy>[0]> = {}): Policy {
  return grantPolicy({
    org_id: org,
    id: 'grt_one',
    principal_type: 'Person',
    principal_id: operator.id,
    role: 'operator',
    scope_type: 'Organization',
    scope_id: org,
    environments: [],
    not_before: null,
    expires_at: null,
    given_by: 'per_admin',
    created_at: new Date(0),
    revoked_at: null,
    ...change,
  })
}

const change = (policies: readonly Policy[], rest: Parameters<typeof requestFor>[2] = {}) =>
  decide(decider, requestFor('thing:change', operator, { policies, ...rest }))
const isAllowed = (decision: Decision) => decision.kind === 'allowed'
const reason = (decision: Decision) => (decision.kind === 'denied' ? decision.detail : 'allowed')

describe('a decision', () => {
  it('names the grant that allowed it, and every one that did', () => {
    const decision = change([grant(), grant({ id: 'grt_two' }), grant({ id: 'grt_other', role: 'observer' })])
    assert.ok(decision.kind === 'allowed')
    assert.deepEqual([...decision.allowed.policies].sort(), ['grt_one', 'grt_two'])
    assert.deepEqual([decision.allowed.action, decision.allowed.resource], ['thing:change', { type: 'Thing', id: 'thing' }])
  })

  it('without a grant is a refusal that says so', () => {
    assert.equal(reason(change([])), 'Nothing permits this.')
  })

  it('holds a grant to its role, its scope and its principal', () => {
    assert.ok(isAllowed(change([grant()])))
    assert.ok(isAllowed(change([grant({ scope_type: 'Thing', scope_id: 'thing' })])))
    for (const other of [
      { role: 'observer' },
      { scope_id: 'org_other' },
      { scope_type: 'Thing', scope_id: 'another' },
      { principal_id: 'per_other' },
      { principal_type: 'Pipeline' },
    ]) {
      assert.equal(isAllowed(change([grant(other)])), false, JSON.stringify(other))
    }
  })

  it('honours the beginning and the end of a grant at the second', () => {
    const dated = grant({ not_before: new Date(50_000), expires_at: new Date(60_000) })
    const at = (now: number) => isAllowed(change([dated], { now }))
    assert.deepEqual([at(49_999), at(50_000), at(59_999), at(60_000), at(61_000)], [false, true, true, false, false])
  })

  it('honours the environments of a grant, by id', () => {
    const bound = grant({ environments: ['env_staging', 'env_sandbox'] })
    const inside = (id: string) => isAllowed(change([bound], { environment: { id, class: 'staging' } }))
    assert.deepEqual([inside('env_staging'), inside('env_sandbox'), inside('env_other')], [true, true, false])
    assert.ok(isAllowed(change([bound])), 'an act outside of every environment is not bound to one')
  })

  it('takes everything that it takes besides: each allowed by what reaches that, or nothing is allowed and nothing minted', () => {
    const onThing = grant({ scope_type: 'Thing', scope_id: 'thing' })
    const onPart = grant({ id: 'grt_part', role: 'observer', scope_type: 'Thing', scope_id: 'part' })
    const { capability } = requestFor('thing:read', operator, {})
    const withPart = (policies: readonly Policy[]) => {
      const { located, ...request } = requestFor('thing:change', operator, { policies })
      const part = { ...located, resource: thing('part', 1) }
      return { ...request, located: { ...located, also: [{ capability, located: part }] } }
    }
    const whole = decide(decider, withPart([onThing, onPart]))
    assert.ok(whole.kind === 'allowed')
    assert.deepEqual(whole.allowed.policies, ['grt_one'])
    assert.deepEqual(
      whole.allowed.also?.map(({ action, resource, policies }) => [action, resource.id, policies]),
      [['thing:read', 'part', ['grt_part']]],
    )
    assert.deepEqual(policiesBehind(whole.allowed), ['grt_one', 'grt_part'])
    assert.ok(isMinted(whole.allowed) && whole.allowed.also?.every(isMinted))
    for (const policies of [[onThing], [onPart], []]) assert.equal(isAllowed(decide(decider, withPart(policies))), false)
    const lacking = decide(decider, withPart([onThing]))
    assert.ok(lacking.kind === 'denied')
    assert.deepEqual(
      [lacking.besides?.capability.name, lacking.detail],
      ['thing:read', 'It takes thing:read as well. Nothing permits this.'],
    )
    const asked = wouldAllow(decider, withPart([onThing, onPart]))
    assert.deepEqual([asked.allowed, asked.policies], [true, ['grt_one', 'grt_part']])
    const simple = { ...operator, clearance: 0 }
    const { located, ...request } = withPart([onThing, onPart])
    const cleared = decide(decider, { ...request, principal: simple, located })
    assert.ok(cleared.kind === 'denied')
    assert.deepEqual(cleared.policies, ['guardrail/clearance'], 'a guardrail on what it takes besides holds too')
  })

  it('is refused where a policy forbids, whatever was granted, and names that policy', () => {
    const production = { environment: { id: 'env_production', class: 'production' } as const }
    const launch = decide(decider, requestFor('run:launch', operator, { policies: [grant()], ...production }))
    assert.equal(reason(launch), 'Forbidden by guardrail/no-simulation-in-production.')
    const forbid = { id: 'frb_1', text: 'forbid(principal, action, resource) when { resource has sensitivity };' }
    assert.equal(reason(change([grant(), forbid])), 'Forbidden by frb_1.')
  })

  it('counts a permit that errs as no permit, and reports it', () => {
    const erring = { id: 'prm_err', text: 'permit(principal, action, resource) when { context.now + 9223372036854775807 > 0 };' }
    const alone = change([erring])
    assert.ok(alone.kind === 'denied')
    assert.deepEqual([alone.detail, alone.erred], ['Nothing permits this.', ['prm_err']])
    assert.ok(isAllowed(change([erring, grant()])), 'a sound grant beside it still holds')
  })

  it('is refused when a policy that forbids errs', () => {
    const erring = { id: 'frb_err', text: 'forbid(principal, action, resource) when { context.now + 9223372036854775807 > 0 };' }
    const decision = change([grant(), erring])
    assert.ok(decision.kind === 'denied')
    assert.deepEqual([decision.detail, decision.erred], ['A policy that forbids could not be evaluated.', ['frb_err']])
  })

  it('is refused when the engine cannot be asked: a policy that is no policy, a resource that the schema does not know', () => {
    assert.match(reason(change([grant(), { id: 'x', text: 'permit everything' }])), /^The decision could not be made: /)
    assert.match(
      reason(change([grant()], { resource: { type: 'Ghost', id: '1', attributes: {}, parents: [] } })),
      /^The decision could not be made: /,
    )
    assert.match(
      reason(change([grant()], { resource: { ...thing(), attributes: { sensitivity: 'high' } } })),
      /^The decision could not be made: /,
    )
    assert.match(
      reason(change([grant()], { resource: { ...thing(), attributes: { sensitivity: 2 ** 53 } } })),
      /^The decision could not be made: /,
    )
    assert.ok(isAllowed(change([grant()])), 'and the next one is decided as before')
  })

  it('is refused to kinds of principals that the action does not know', () => {
    const everything = { id: 'all', text: 'permit(principal, action, resource);' }
    const as = (kind: Parameters<typeof principalOf>[0], name: string, resource = thing()) =>
      isAllowed(
        decide(
          decider,
          requestFor(name, principalOf(kind, 'x'), {
            policies: [everything],
            resource,
            context: name === 'connection:call' ? { method: 'GET', path: '/', slashes: 1, shape: '/' } : {},
          }),
        ),
      )
    assert.deepEqual([as('run', 'thing:change'), as('system', 'thing:change')], [false, false])
    assert.deepEqual([as('person', 'thing:sweep'), as('run', 'thing:sweep')], [false, false])
    assert.deepEqual([as('person', 'connection:call', connection()), as('agent', 'connection:call', connection())], [false, false])
    assert.deepEqual([as('service', 'thing:change'), as('run', 'connection:call', connection())], [true, true])
  })

  it('lets each part of the product do what names it, and nothing else', () => {
    const sweep = (part: string) => isAllowed(decide(decider, requestFor('thing:sweep', principalOf('system', part), {})))
    assert.deepEqual([sweep('reaper'), sweep('worker'), sweep('broker')], [true, false, false])
  })

  it('lets somebody do to his own what nobody else may', () => {
    const desk = (self: string) => ({ type: 'Desk', id: 'desk', attributes: { self }, parents: [] })
    const use = (self: string, chain: readonly string[]) =>
      isAllowed(decide(decider, requestFor('desk:use', principalOf('person', 'per_1', { chain }), { resource: desk(self) })))
    assert.deepEqual(
      [use('per_1', ['per_1']), use('per_2', ['per_1']), use('', ['per_1']), use('per_2', ['per_1', 'per_2'])],
      [true, false, false, true],
    )
  })

  it('on content needs a clearance as high as the content', () => {
    const read = (clearance: number, sensitivity: number) =>
      isAllowed(
        decide(
          decider,
          requestFor('thing:read', { ...operator, clearance }, { policies: [grant()], resource: thing('thing', sensitivity) }),
        ),
      )
    for (const clearance of [0, 1, 2, 3])
      for (const sensitivity of [0, 1, 2, 3]) assert.equal(read(clearance, sensitivity), clearance >= sensitivity)
    assert.ok(isAllowed(change([grant()], { resource: thing('thing', 3) })), 'what shows no content needs none')
  })

  it('never lets anybody grant something to himself, along the whole chain', () => {
    const admin = principalOf('person', 'per_admin', { chain: ['per_admin', 'per_sponsor'] })
    const give = (grantee: string) =>
      decide(
        decider,
        requestFor('grant:create', admin, {
          policies: [grant({ role: 'admin', principal_id: 'per_admin' })],
          resource: { type: 'Organization', id: org, attributes: {}, parents: [] },
          context: { grantees: [grantee] },
        }),
      )
    assert.ok(isAllowed(give('per_other')))
    for (const own of admin.chain) assert.equal(reason(give(own)), 'Forbidden by guardrail/granter-is-not-grantee.')
  })

  it('is refused to a credential of another environment', () => {
    const bound = principalOf('pipeline', 'pip_1', { environment: 'env_staging' })
    const policies = [grant({ principal_type: 'Pipeline', principal_id: 'pip_1' })]
    const here = (id: string) => decide(decider, requestFor('thing:change', bound, { policies, environment: { id, class: 'staging' } }))
    assert.ok(isAllowed(here('env_staging')))
    assert.equal(reason(here('env_other')), 'This credential is good for another environment.')
  })

  it('alone mints an `Allowed`: a copy, a look-alike and a hypothetical one are not it', () => {
    const decision = change([grant()])
    assert.ok(decision.kind === 'allowed')
    assert.ok(isMinted(decision.allowed))
    assert.ok(Object.isFrozen(decision.allowed))
    assert.equal(isMinted({ ...decision.allowed }), false)
    assert.deepEqual(wouldAllow(decider, requestFor('thing:change', operator, { policies: [grant()] })), {
      allowed: true,
      policies: ['grt_one'],
    })
    assert.equal(wouldAllow(decider, requestFor('thing:change', operator, {})).allowed, false)
  })

  it('stays right when more policy sets were met than are remembered', () => {
    const sets = Array.from({ length: 150 }, (_, at) => ({
      at,
      policies: [grant({ id: `grt_${at}`, ...(at % 3 === 0 ? { role: 'observer' } : {}) })],
    }))
    for (const round of [1, 2]) {
      for (const { at, policies } of sets) {
        const decision = change(policies)
        assert.equal(isAllowed(decision), at % 3 !== 0, `round ${round}, set ${at}`)
        if (decision.kind === 'allowed') assert.deepEqual(decision.allowed.policies, [`grt_${at}`])
      }
    }
  })
})
