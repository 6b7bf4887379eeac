// Keys of standing workloads that follow one another: who may bring the next one, how long the one before is good, and what whoever holds the wrong one meets.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { baseUrl, type WorkloadKey, workloadKey } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { type Credential, tokenEndpoint } from '../../app/index.ts'

let world: World
let admin: Act

/** A workload of the operator's in staging, and how it shows a key. */
interface Standing {
  readonly id: string
  readonly key: WorkloadKey
  readonly newKey: () => WorkloadKey
  show(key: WorkloadKey): Promise<Credential>
  /** What it gets for a key. */
  token(key: WorkloadKey): Promise<Record<string, unknown>>
  /** Acts with a token that it gets for a key. */
  as(key: WorkloadKey): Promise<Act>
}

let number = 0

async function standing(more: Record<string, unknown> = {}, by: Act = world.part('starter')): Promise<Standing> {
  const newKey = () => workloadKey(world.clock.now)
  const key = newKey()
  const { environments, people } = world.starter
  const input = {
    kind: 'agent',
    slug: `agent-${++number}`,
    environment: environments.staging,
    owner: people.operator,
    jwk: key.jwk,
    ...more,
  }
  const made = await by('workload:create', input)
  const audience = tokenEndpoint(baseUrl, world.org, textAt(made, 'environment'))
  const { door } = world.twinlock
  const show = async (one: WorkloadKey): Promise<Credential> => ({
    kind: 'assertion',
    token: await one.assertion(audience, textAt(made, 'spiffeId')),
    org: world.org,
    audience,
  })
  const token = async (one: WorkloadKey) => actWith(door, await show(one))('token:issue')
  return {
    id: textAt(made, 'id'),
    key,
    newKey,
    show,
    token,
    as: async (one) => actWith(door, { kind: 'token', token: textAt(await token(one), 'accessToken') }),
  }
}

before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world?.close())

const listed = async (id: string) => listAt(await admin('workload:list', { limit: 200 }), 'items').find((one) => at(one, 'id') === id)

describe('the next key of a workload', () => {
  it('is brought by itself, with the one that it has; both are good for the overlap, and the one before dies at its end, with what it got', async () => {
    const one = await standing()
    const next = one.newKey()
    const rotated = await (await one.as(one.key))('workload:rotate', { workload: one.id, jwk: next.jwk, overlapHours: 1 })
    assert.deepEqual(await listed(one.id).then((row) => [at(row, 'thumbprint'), at(row, 'former', 'thumbprint')]), [
      rotated.thumbprint,
      rotated.former,
    ])
    assert.equal(at(await one.token(next), 'expiresIn'), 300)
    assert.equal(at(await one.token(one.key), 'expiresIn'), 300)
    world.clock.forward(3_600 - 100)
    const last = await one.token(one.key)
    assert.ok(Number(last.expiresIn) <= 100, 'what the key before gets ends with it')
    const facts = await world.rows(
      `select body::json -> 'facts' ->> 'key' as key from entry where action = 'token:issue' order by id desc limit 1`,
    )
    assert.equal(facts[0]?.key, rotated.former, 'and it is on the record which one it was')
    // Five seconds are for clocks that differ.
    world.clock.forward(106)
    assert.equal(await codeOf(one.token(one.key)), 'token_signature')
    const late = actWith(world.twinlock.door, { kind: 'token', token: textAt(last, 'accessToken') })
    assert.equal(await codeOf(late('session:show')), 'token_expired')
    assert.equal(at(await one.token(next), 'expiresIn'), 300)
    assert.equal(at(await listed(one.id), 'former'), null)
  })

  it('ends the one before at once where it was stolen, and every token that it got; what was before that ends with any rotation', async () => {
    const one = await standing()
    const [second, third, fourth] = [one.newKey(), one.newKey(), one.newKey()]
    const owner = await world.as('operator')
    await owner('workload:rotate', { workload: one.id, jwk: second.jwk })
    const thief = await one.as(one.key)
    await owner('workload:rotate', { workload: one.id, jwk: third.jwk })
    assert.equal(await codeOf(one.token(one.key)), 'token_signature', 'two keys are good at most')
    assert.equal(textAt(await thief('session:show'), 'id'), one.id)
    const { tokensEnded } = await owner('workload:rotate', { workload: one.id, jwk: fourth.jwk, overlapHours: 0 })
    assert.ok(Number(tokensEnded) >= 1)
    assert.equal(await codeOf(thief('session:show')), 'token_revoked')
    for (const dead of [one.key, second, third]) assert.equal(await codeOf(one.token(dead)), 'token_signature')
    await one.token(fourth)
  })

  it('is not brought by whoever holds the one before, with what he still gets by that or got by it earlier', async () => {
    const one = await standing()
    const [next, theirs] = [one.newKey(), one.newKey()]
    const earlier = await one.as(one.key)
    await (await one.as(one.key))('workload:rotate', { workload: one.id, jwk: next.jwk, overlapHours: 1 })
    for (const act of [earlier, await one.as(one.key)]) {
      const told = await refusalOf(act('workload:rotate', { workload: one.id, jwk: theirs.jwk, overlapHours: 0 }))
      assert.deepEqual([told.code, /got by the key before/.test(told.message)], ['denied', true])
    }
    await one.token(next)
    await (await one.as(next))('workload:rotate', { workload: one.id, jwk: one.newKey().jwk, overlapHours: 0 })
  })

  it('is nobody’s who is neither the workload nor its owner: no administrator’s, no other workload’s of the same owner', async () => {
    const [one, other] = [await standing(), await standing()]
    const jwk = one.newKey().jwk
    for (const act of [admin, await world.as('author'), await other.as(other.key)])
      assert.equal(await codeOf(act('workload:rotate', { workload: one.id, jwk })), 'denied')
    const told = await refusalOf(admin('workload:rotate', { workload: one.id, jwk }))
    assert.match(String(told.notes.next), /^Only the workload itself, or its owner, brings its next key\./)
    await one.token(one.key)
  })

  it('is not its owner’s to bring where it holds what takes two people, unless he brought the one that it has', async () => {
    const [one, other] = [await standing(), await standing()]
    const owner = await world.as('operator')
    const starter = world.part('starter')
    const far = { role: 'observer', scopeType: 'Organization', scope: world.org, reason: 'Everywhere, production too.' }
    const mine = one.newKey()
    await owner('workload:rotate', { workload: one.id, jwk: mine.jwk })
    for (const { id } of [one, other]) await starter('grant:create', { ...far, principal: id })
    await owner('workload:rotate', { workload: one.id, jwk: one.newKey().jwk })
    const told = await refusalOf(owner('workload:rotate', { workload: other.id, jwk: other.newKey().jwk }))
    assert.deepEqual([told.code, /reaches far \(production/.test(told.message)], ['denied', true])
    await (await other.as(other.key))('workload:rotate', { workload: other.id, jwk: other.newKey().jwk })
  })

  it('launders nothing: what its former key’s bringer could not give it, he cannot give it while that key is good', async () => {
    // There is another hand to give it.
    const starter = world.part('starter')
    const second = textAt(await starter('person:create', { slug: 'second', name: 'Second', email: 'second@starter.example' }), 'id')
    await starter('grant:create', { principal: second, role: 'admin', scopeType: 'Organization', scope: world.org, reason: 'A second.' })
    const one = await standing({}, admin)
    const [owner, given] = [
      await world.as('operator'),
      { principal: one.id, role: 'deployer', scopeType: 'Organization', scope: world.org, reason: 'A try.' },
    ]
    assert.equal(await codeOf(admin('grant:create', given)), 'denied')
    await owner('workload:rotate', { workload: one.id, jwk: one.newKey().jwk, overlapHours: 168 })
    assert.equal(await codeOf(admin('grant:create', given)), 'denied')
  })

  it('of production is brought by itself alone, and proves no promotion by the key before', async () => {
    const { services, people } = world.starter
    const owner = await world.as('owner')
    assert.ok(people.owner)
    const told = await refusalOf(owner('workload:rotate', { workload: services.payments.id, jwk: workloadKey().jwk }))
    assert.deepEqual([told.code, /proved before it was approved/.test(told.message)], ['denied', true])
    // As if it had been promoted, and had rotated since.
    const next = workloadKey(world.clock.now)
    const before = world.keys.payments
    await world.tamper(
      `update workload set jwk = $2::jsonb, former_jwk = jwk, former_thumbprint = thumbprint, thumbprint = 'next', former_until = now() + interval '1 day' where id = $1`,
      [services.payments.id, JSON.stringify(next.jwk)],
    )
    const audience = `${baseUrl}/v1/promotions/prm_x/prove-key#n`
    const prove = async (key: WorkloadKey) =>
      codeOf(
        actWith(world.twinlock.door, {
          kind: 'assertion',
          token: await key.assertion(audience, services.payments.spiffeId),
          org: world.org,
          audience,
        })('promotion:prove-key', { promotion: `prm_${'0'.repeat(26)}`, nonce: 'n' }),
      )
    assert.equal(await prove(before), 'token_signature')
    assert.equal(await prove(next), 'not_found', 'the newest is one to prove with')
  })

  it('is looked at with the one before by whoever answers for the workload, without a role, and by itself; by nobody else without one', async () => {
    const { people } = world.starter
    const [one, other] = [await standing({ owner: people.owner }), await standing({ owner: people.owner })]
    const owner = await world.as('owner')
    await owner('workload:rotate', { workload: one.id, jwk: one.newKey().jwk, overlapHours: 1 })
    const itself = await one.as(one.key)
    const shown = await owner('workload:show', { workload: one.id })
    assert.deepEqual(
      [shown.state, shown.tokens, at(shown, 'broughtBy', 'id'), shown.environmentSlug],
      ['active', 1, people.owner, 'staging'],
    )
    assert.ok(Date.parse(textAt(shown, 'former', 'until')) > world.clock.now())
    assert.deepEqual(await itself('workload:show', { workload: one.id }), shown)
    for (const act of [await world.as('author'), await other.as(other.key)])
      assert.equal(await codeOf(act('workload:show', { workload: one.id })), 'denied')
    assert.equal(await codeOf(admin('workload:show', { workload: `agt_${'0'.repeat(26)}` })), 'not_found')
    await admin('workload:suspend', { workload: one.id })
    assert.deepEqual([at(await admin('workload:show', { workload: one.id }), 'tokens')], [0])
  })

  it('is one that nobody had: not another’s, not one that went before, not of a workload that was stopped', async () => {
    const [one, other] = [await standing(), await standing()]
    const act = await one.as(one.key)
    for (const { jwk } of [other.key, one.key]) assert.equal(await codeOf(act('workload:rotate', { workload: one.id, jwk })), 'conflict')
    const next = one.newKey()
    await act('workload:rotate', { workload: one.id, jwk: next.jwk })
    const later = await one.as(next)
    assert.equal(await codeOf(later('workload:rotate', { workload: one.id, jwk: one.key.jwk })), 'conflict')
    assert.equal(await codeOf(standing({ jwk: one.key.jwk })), 'conflict')
    await admin('workload:suspend', { workload: one.id })
    const owner = await world.as('operator')
    assert.equal(await codeOf(owner('workload:rotate', { workload: one.id, jwk: one.newKey().jwk })), 'conflict')
    assert.equal(await codeOf(owner('workload:rotate', { workload: one.id, jwk: one.newKey().jwk, overlapHours: 169 })), 'invalid')
  })
})
