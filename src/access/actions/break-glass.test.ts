// Breaking the glass: a role at once, for minutes, for everybody to see, and reviewed by another. And what somebody tries who likes it that way: admin, an hour
// and a bit, without a reason, where he could not, again and again, reviewing himself.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'

interface Person {
  readonly id: string
  readonly act: Act
}

let world: World
let admin: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

let people = 0
async function person(...grants: readonly object[]): Promise<Person> {
  const slug = `p${++people}`
  const starter = world.part('starter')
  const id = textAt(await starter('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'confidential' }), 'id')
  for (const grant of grants) await starter('grant:create', { principal: id, reason: 'A test needs it.', ...grant })
  return { id, act: actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, id)) }
}

const reason = 'The line stands still and nobody answers.'
const mayBreak = { actions: ['grant:break-glass'] }
const onProject = () => ({ scopeType: 'Project', scope: world.starter.project })
const breakGlass = ({ act }: Person, input: object = {}) => act('grant:break-glass', { role: 'operator', ...onProject(), reason, ...input })
const review = (act: Act, grant: unknown, verdict = 'justified') =>
  act('grant:review', { grant, verdict, reason: 'I have looked at what was done.' })
const launches = async (act: Act) => {
  const input = { scenario: world.starter.scenario, environment: world.starter.environments.staging }
  return at(listAt(await act('access:check', { questions: [{ action: 'run:launch', input }] }), 'answers')[0], 'allowed')
}
const told = async (act: Act, grant: unknown) =>
  listAt(await act('attention:list'), 'items').flatMap((item) => (at(item, 'subject', 'id') === grant ? [at(item, 'kind')] : []))
const listed = async (act: Act, which: string) => listAt(await act('grant:broken-glass', { which, limit: 200 }), 'items')

describe('breaking the glass', () => {
  it('gives a role at once, for minutes, is told to everybody who could review it, and stays until one of them has', async () => {
    const [one, other, bystander] = [await person(mayBreak), await person({ role: 'admin' }), await person({ role: 'operator' })]
    assert.equal(await launches(one.act), false)
    const made = await breakGlass(one)
    assert.equal(await launches(one.act), true)
    const lasts = Date.parse(textAt(made, 'expiresAt')) - world.clock.now()
    assert.ok(lasts > 14 * 60_000 && lasts <= 15 * 60_000, String(lasts))
    for (const [who, kinds] of [
      [admin, ['break_glass_to_review']],
      [other.act, ['break_glass_to_review']],
      [bystander.act, []],
      [one.act, []],
    ] as const)
      assert.deepEqual(await told(who, made.id), kinds)
    const [entry] = await world.rows(`select body from entry where action = 'grant:break-glass' and outcome = 'done' and actor_id = $1`, [
      one.id,
    ])
    assert.equal(at(JSON.parse(String(entry?.body)), 'facts', 'alarm'), 'break-glass')

    world.clock.forward(20 * 60)
    assert.equal(await launches(one.act), false, 'it ends by itself')
    assert.deepEqual(await told(admin, made.id), ['break_glass_to_review'], 'and waits for its review all the same')
    const seen = await review(other.act, made.id)
    assert.deepEqual(
      [seen.isLive, at(seen, 'review', 'verdict'), at(seen, 'review', 'by'), seen.reason],
      [false, 'justified', other.id, reason],
    )
    assert.deepEqual(await told(admin, made.id), [])
    assert.ok(
      (await listed(one.act, 'all')).some((use) => at(use, 'id') === made.id),
      'its holder sees what was said of it',
    )
    await breakGlass(other)
    assert.deepEqual(await listed(bystander.act, 'all'), [])
    assert.equal((await bystander.act('grant:broken-glass', { which: 'all', limit: 1 })).next, null, 'nor that there are any')
    assert.equal(await codeOf(review(admin, made.id, 'not_justified')), 'conflict')
  })

  it('that was not justified ends at once, exactly at admission', async () => {
    const one = await person(mayBreak)
    const made = await breakGlass(one, { minutes: 60 })
    const version = async () => Number((await world.rows('select version from takeaway'))[0]?.version)
    const before = await version()
    assert.equal((await review(admin, made.id, 'not_justified')).isLive, false)
    assert.equal(await launches(one.act), false)
    assert.equal(await version(), before + 1)
  })

  it('that was not justified ends the run that it launched, also when it is reviewed after its minutes are over', async () => {
    const one = await person(mayBreak)
    const made = await breakGlass(one, { minutes: 5 })
    const run = await one.act('run:launch', { scenario: world.starter.scenario, environment: world.starter.environments.staging })
    const state = async () => (await world.rows('select state, outcome from run where id = $1', [run.id]))[0]
    world.clock.forward(6 * 60)
    assert.equal((await state())?.outcome, null)
    await review(admin, made.id, 'not_justified')
    assert.deepEqual(await state(), { state: 'ending', outcome: 'revoked' })
  })

  it('is over when its minutes are, for what was launched by it as well: a run ends with the last of the grants that allowed it', async () => {
    const [one, other] = [await person(mayBreak), await person(mayBreak)]
    const run = ({ act }: Person) =>
      act('run:launch', { scenario: world.starter.scenario, environment: world.starter.environments.staging })
    const made = await breakGlass(one, { minutes: 5 })
    assert.notEqual((await run(one)).deadline, made.expiresAt, 'its own deadline comes first')
    world.clock.forward(4 * 60)
    const cut = await run(one)
    assert.equal(cut.deadline, made.expiresAt)
    const [entry] = await world.rows(
      `select body from entry where action = 'run:launch' and outcome = 'done' and body like '%' || $1 || '%'`,
      [cut.id],
    )
    assert.equal(at(JSON.parse(String(entry?.body)), 'facts', 'endsEarly'), true)
    // A longer grant beside it carries the run further; one without an end leaves it its own deadline.
    const expiresAt = new Date(world.clock.now() + 100_000).toISOString()
    await world.part('starter')('grant:create', { principal: one.id, role: 'operator', ...onProject(), expiresAt, reason })
    assert.equal((await run(one)).deadline, expiresAt)
    await world.part('starter')('grant:create', { principal: one.id, role: 'operator', reason })
    assert.ok(textAt(await run(one), 'deadline') > expiresAt)
    // A grant that ends within seconds launches nothing.
    await breakGlass(other, { minutes: 5 })
    await world.tamper(`update "grant" set expires_at = $1 where principal_id = $2`, [new Date(world.clock.now() + 4_900), other.id])
    const late = await refusalOf(run(other))
    assert.ok(['ends_too_soon', 'denied'].includes(late.code), late.code)
  })

  it('is for those who hold the right to it: of the shipped roles, administrators; and of them, people alone', async () => {
    for (const role of ['author', 'operator', 'reviewer', 'deployer', 'auditor'])
      assert.equal(await codeOf(breakGlass(await person({ role }))), 'denied', role)
    assert.equal((await breakGlass(await person({ role: 'admin' }))).role, 'operator')
    await world.part('starter')('grant:create', { principal: world.starter.pipeline.id, role: 'admin', reason: 'A test needs it.' })
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    const refused = await refusalOf(pipeline('grant:break-glass', { role: 'operator', ...onProject(), reason }))
    assert.deepEqual([refused.code, refused.notes.facts?.policies], ['denied', ['guardrail/people-break-glass']])
  })
})

describe('nobody breaks the glass', () => {
  it('to give: not for the role that gives, and what he holds by it he can hand to nobody', async () => {
    const [one, other] = [await person({ actions: ['grant:break-glass', 'grant:create'] }), await person()]
    assert.equal((await refusalOf(breakGlass(one, { role: 'admin' }))).notes.pointer, '/role')
    await breakGlass(one)
    const expiresAt = new Date(world.clock.now() + 60_000).toISOString()
    const handed = one.act('grant:create', { principal: other.id, role: 'operator', ...onProject(), expiresAt, reason })
    assert.equal(await codeOf(handed), 'denied')
  })

  it('for more than an hour, without saying why, or for another', async () => {
    const one = await person(mayBreak)
    assert.equal((await refusalOf(breakGlass(one, { minutes: 61 }))).notes.pointer, '/minutes')
    for (const short of ['Because.', `${' '.repeat(30)}short`])
      assert.equal((await refusalOf(breakGlass(one, { reason: short }))).notes.pointer, '/reason')
    assert.equal(await codeOf(breakGlass(one, { principal: world.starter.people.owner })), 'invalid')
  })

  it('beyond where, in which environments and until when he holds the right to', async () => {
    const { staging, production } = world.starter.environments
    const expiresAt = new Date(world.clock.now() + 30 * 60_000).toISOString()
    const one = await person({ ...mayBreak, ...onProject(), environments: [staging], expiresAt })
    for (const more of [
      { scopeType: 'Organization', scope: undefined },
      { environments: [production] },
      { environments: [staging, production] },
      { environments: [] },
      { environments: [staging], minutes: 45 },
    ])
      assert.equal(await codeOf(breakGlass(one, more)), 'denied', JSON.stringify(more))
    assert.equal((await breakGlass(one, { environments: [staging] })).breakGlass, true)
    assert.equal(await codeOf(breakGlass(one, { scope: newId('prj', world.twinlock.outside) })), 'invalid')
  })

  it('past duties that the organization keeps apart', async () => {
    const one = await person(mayBreak, { role: 'author' })
    await admin('conflict:declare', { slug: 'both', one: ['author'], other: ['operator'], reason: 'A test needs it.' })
    assert.equal(await codeOf(breakGlass(one)), 'conflict')
    await admin('conflict:end', { slug: 'both', reason: 'A test needs it.' })
  })

  it('again while an earlier use waits for its review for more than a day, nor more than three times before one is reviewed', async () => {
    const one = await person(mayBreak)
    const uses: unknown[] = []
    for (let number = 0; number < 3; number++) uses.push((await breakGlass(one)).id)
    assert.equal(await codeOf(breakGlass(one)), 'too_large')
    for (const use of uses.slice(1)) await review(admin, use)
    const [left] = uses
    await world.tamper(`update "grant" set created_at = created_at - interval '25 hours' where id = $1`, [left])
    const refused = await refusalOf(breakGlass(one))
    assert.deepEqual([refused.code, refused.notes.facts?.policies], ['denied', ['guardrail/break-glass-is-reviewed']])
    assert.deepEqual(
      (await listed(admin, 'to_review')).filter((use) => at(use, 'id') === left).map((use) => at(use, 'overdue')),
      [true],
    )
    await review(admin, left, 'not_justified')
    await breakGlass(one)
  })

  it('and reviews that himself, also not as an administrator; nor does one to whom it is not to give', async () => {
    const [own, weak] = [await person({ role: 'admin' }), await person({ actions: ['grant:review'] })]
    const { id } = await breakGlass(own)
    const refused = await refusalOf(review(own.act, id))
    assert.deepEqual([refused.code, refused.notes.facts?.policies], ['denied', ['guardrail/holder-does-not-review']])
    assert.equal(await codeOf(review(weak.act, id)), 'denied')
    assert.equal(await codeOf(review(admin, newId('grt', world.twinlock.outside))), 'not_found')
    const [plain] = await world.rows('select id from "grant" where not break_glass limit 1')
    assert.equal(await codeOf(review(admin, plain?.id)), 'not_found', 'what is no use of break-glass has no review')
  })
})
